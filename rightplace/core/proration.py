"""Parts of a charge that always add up to the whole: differences of rounded running totals.

Rounding each month by itself loses or gains pennies over a year. Here only the running total from
the first day is rounded; a part is what the rounded total is at its end less what it was at its start.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate, pairwise

from rightplace.core.money import round_half_up, split_pence
from rightplace.core.periods import Period

NIGHTS_IN_A_WEEK = 7


def weeks_in(period: Period) -> Fraction:
    """The weeks of seven nights in a period, exactly."""
    return Fraction(period.nights, NIGHTS_IN_A_WEEK)


def months_in(period: Period) -> Fraction:
    """The calendar months in a period, exactly: a night counts as its share of the month it is in.

    15 January to 15 February is 17/31 + 14/28 of a month; any twelve months in a row are twelve.
    """
    return _month_position(period.closed_end) - _month_position(period.start)


def parts_of(running: Sequence[Fraction]) -> tuple[int, ...]:
    """The parts between successive exact running totals (pence), each in whole pence.

    `running` starts with the total at the first cut, usually 0; there is one part fewer than totals.
    """
    return tuple(after - before for before, after in pairwise([round_half_up(total) for total in running]))


def prorate(running_total: Callable[[date], Fraction], parts: Sequence[Period]) -> tuple[int, ...]:
    """The charge for each part in whole pence, where `running_total` gives the exact pence up to a day.

    Whatever the parts, those that follow on from one another add up to the rounded total of the whole.
    """
    return tuple(
        round_half_up(running_total(part.closed_end)) - round_half_up(running_total(part.start))
        for part in parts
    )


def split_parts(parts: Sequence[int], shares: Sequence[int | Fraction]) -> tuple[tuple[int, ...], ...]:
    """Each part divided between the shares, so that both every row and every column add up.

    Rows are the parts (pence, in order of time), columns the shares (such as the funders of a joint
    placement). A row adds up to its part; a column to that share of the total, as `split_pence` has it.
    A cell is within two pence of its exact value.
    """
    running = [split_pence(total, shares) for total in accumulate(parts, initial=0)]
    return tuple(
        tuple(after - before for before, after in zip(earlier, later, strict=True))
        for earlier, later in pairwise(running)
    )


def _month_position(day: date) -> Fraction:
    """Months since year 0, with the share of the month gone before `day`."""
    next_month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    nights_in_month = (next_month - day.replace(day=1)).days
    return day.year * 12 + day.month + Fraction(day.day - 1, nights_in_month)
