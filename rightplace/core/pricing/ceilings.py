"""What a framework's ceiling leaves of a price: of each line by itself, and of a placement's lines together.

A ceiling for a night, week or four weeks holds prices by the night, week and four weeks, and together also by hours a week
and by the month, of which twelve are counted to 365 nights, as in every limit by the week; one by the month only those by the
month. Held together, lines share the ceiling in the order of their numbers: the first costs
what it costs, the next at most what is left. What is left is rounded down to whole pence of a line's own unit, so that the
sum is never above the ceiling. Discounts are taken off afterwards and make no room. Source: call-off terms of framework
agreements, by which a placement's weekly price, additional support included, is at most the tendered ceiling of the lot.
"""

from __future__ import annotations

from collections.abc import Callable

from rightplace.core.pricing.agreements import AgreedLine, Agreement, Ceiling
from rightplace.core.pricing.columns import HUNDREDTHS, Per
from rightplace.core.pricing.running import day_number

NIGHTS: dict[Per, int] = {Per.NIGHT: 1, Per.WEEK: 7, Per.FOUR_WEEKS: 28}
LONGEST = 28
"""Prices are compared for four weeks, of which nights, weeks and hours a week are all whole parts."""
NIGHTS_OF_A_YEAR, MONTHS_OF_A_YEAR = 365, 12
AmountOf = Callable[[Agreement, AgreedLine, int], int]


def can_hold(ceiling: Ceiling, line: AgreedLine) -> bool:
    """Whether a ceiling can be held against a line's unit; what is charged on a day is never held together with others."""
    if ceiling.is_together and line.is_on_a_day:
        return True
    return _is_comparable(line.per, ceiling.per) or (ceiling.is_together and _is_shared(ceiling, line))


def capped(agreement: Agreement, line: AgreedLine, day: int, *, amount_of: AmountOf) -> int:
    """The amount of a line on a day, or what its ceiling leaves of it where that is lower; the latest ceiling rules.

    `amount_of` gives the amount of a line on a day before any ceiling.
    """
    ruling = _ruling(agreement, line, day)
    if ruling is None:
        return amount_of(agreement, line, day)
    if not _is_shared(ruling, line):
        return _alone(ruling, line, amount_of(agreement, line, day))
    left = ruling.amount_pence * (LONGEST // NIGHTS[ruling.per]) * HUNDREDTHS * NIGHTS_OF_A_YEAR
    for other in capped_before(agreement, line):
        if _is_shared(ruling, other) and runs_on(agreement, other, day):
            left -= _within(ruling, other, amount_of(agreement, other, day), left) * _weight(other)
    return _within(ruling, line, amount_of(agreement, line, day), left)


def capped_before(agreement: Agreement, line: AgreedLine) -> tuple[AgreedLine, ...]:
    """The lines before this one that some ceiling holds together with it."""
    together = [each for each in agreement.ceilings if _is_shared(each, line)]
    if not together:
        return ()
    shared = (other for other in agreement.lines if any(_is_shared(each, other) for each in together))
    return tuple(sorted((each for each in shared if each.number < line.number), key=_number))


def _alone(ceiling: Ceiling, line: AgreedLine, amount: int) -> int:
    """The amount, at most the ceiling for the same nights."""
    if not _is_comparable(line.per, ceiling.per):
        return amount
    return min(amount, ceiling.amount_pence * NIGHTS.get(line.per, 1) // NIGHTS.get(ceiling.per, 1))


def _within(ceiling: Ceiling, line: AgreedLine, amount: int, left: int) -> int:
    """The amount, at most what is left for one unit of the line, rounded down."""
    weight = _weight(line)
    return min(_alone(ceiling, line, amount), left // weight) if weight else 0


def runs_on(agreement: Agreement, line: AgreedLine, day: int) -> bool:
    """Whether a line is charged by the night on a day of the stay, absences aside."""
    start = day_number(agreement.starts_on or agreement.stay.start)
    if line.starts_on:
        start = max(start, day_number(line.starts_on))
    if line.after_nights:
        start = max(start, day_number(agreement.stay.start) + line.after_nights)
    return start <= day and (line.ends_on is None or day < day_number(line.ends_on))


def _weight(line: AgreedLine) -> int:
    """How often one unit of a line falls in four weeks, in hundredths, times 365: hours are hours a week."""
    if line.per == Per.MONTH:
        return LONGEST * MONTHS_OF_A_YEAR * line.quantity
    nights = 7 if line.per == Per.HOUR else NIGHTS[line.per]
    return LONGEST // nights * line.quantity * NIGHTS_OF_A_YEAR


def _is_shared(ceiling: Ceiling, line: AgreedLine) -> bool:
    """Whether a ceiling holds this line together with others."""
    return (
        ceiling.is_together
        and ceiling.per in NIGHTS
        and (line.per in NIGHTS or line.per in (Per.HOUR, Per.MONTH))
        and not line.is_on_a_day
        and ceiling.is_for(line)
    )


def _ruling(agreement: Agreement, line: AgreedLine, day: int) -> Ceiling | None:
    ruling = [each for each in agreement.ceilings if each.is_for(line) and day_number(each.starts_on) <= day]
    return max(ruling, key=lambda each: each.starts_on, default=None)


def _is_comparable(one: Per, other: Per) -> bool:
    return one == other or (one in NIGHTS and other in NIGHTS)


def _number(line: AgreedLine) -> int:
    return line.number
