"""What price lines come to over a period and over its parts, to the penny.

Every charge is a difference of rounded running totals, counted from the day on which its line begins in
the whole agreement; a percentage is rounded with each line that it is taken off. So the parts of any
division add up to the whole, and a later end date never changes an earlier charge. `running.py` states the
rule once more for columns, and tests hold the two equal.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rightplace.core.periods import Period, Split
from rightplace.core.pricing.lines import (
    PriceKind,
    PriceLine,
    exact_cost,
    exact_share,
    is_share_of,
    running_period,
)
from rightplace.core.proration import prorate


@dataclass(frozen=True, slots=True)
class Charge:
    """What one line (by its place in the list) comes to over a period; below zero for a discount."""

    line: int
    kind: PriceKind
    period: Period
    pence: int


def charges(lines: Iterable[PriceLine], period: Period, cuts: Sequence[date] = ()) -> tuple[Charge, ...]:
    """What each line comes to over the closed period of an agreement, divided at the cut dates.

    In order of line, then date. A line has a charge for each part in which it runs. Nights count from the
    first day; the last is not paid. Weekly fees are for seven nights, monthly fees follow calendar months.
    """
    priced = tuple(lines)
    parts = period.split_at(cuts)
    return tuple(due for place in range(len(priced)) for due in _line_charges(priced, place, period, parts))


def schedule(
    lines: Iterable[PriceLine],
    period: Period,
    split: Split | Sequence[date] = "month",
    anchor: date | None = None,
) -> tuple[Charge, ...]:
    """The charges of an agreement by month, week, four weeks, financial year or cut dates, by date.

    `anchor` is a day on which a weekly or four-weekly cycle begins (the first day by default).
    """
    cuts = [part.start for part in period.split(split, anchor)]
    return tuple(sorted(charges(lines, period, cuts), key=lambda charge: (charge.period.start, charge.line)))


def cost_within(lines: Iterable[PriceLine], period: Period, part: Period) -> int:
    """The pence of an agreement over `period` that fall in `part` of it, as every schedule has them."""
    cuts = [part.start] if part.end is None else [part.start, part.end]
    return sum(charge.pence for charge in charges(lines, period, cuts) if part.contains(charge.period.start))


def _line_charges(
    lines: tuple[PriceLine, ...], place: int, whole: Period, parts: Sequence[Period]
) -> list[Charge]:
    line = lines[place]
    running = running_period(line, whole)
    if running is None:
        return []
    shared = [part for part in (part.intersection(running) for part in parts) if part is not None]
    bases = [each for each in lines if is_share_of(line, each)] if line.is_percentage else [line]
    pence = [0] * len(shared)
    for base in bases:
        each = prorate(_running_total(line, base, running, whole), shared)
        pence = [total + more for total, more in zip(pence, each, strict=True)]
    return [
        Charge(place, line.kind, part, line.sign * total) for part, total in zip(shared, pence, strict=True)
    ]


def _running_total(
    line: PriceLine, base: PriceLine, running: Period, whole: Period
) -> Callable[[date], Fraction]:
    """What the line has come to before a day: its own amount, or its share of another line while both run."""
    both = running_period(base, whole)
    both = both.intersection(running) if both else None

    def total(day: date) -> Fraction:
        if both is None or day <= both.start:
            return Fraction(0)
        return (
            exact_share(line, base, both.until(day))
            if line.is_percentage
            else exact_cost(line, both.until(day))
        )

    return total
