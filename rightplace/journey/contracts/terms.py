"""What the versions of a contract come to: each version's price lines rule from its date to the next version's.

Pure arithmetic over `core.pricing`: no line before the date of a change is altered by it, since every charge is the
difference of two running totals that begin where its version begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rightplace.core.money import round_half_up
from rightplace.core.periods import Period
from rightplace.core.pricing import PriceKind, PriceLine, WholeCost, schedule, whole_cost


@dataclass(frozen=True, slots=True)
class Terms:
    """The price lines that rule from a day on."""

    starts_on: date
    lines: tuple[PriceLine, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """What is due for one line of one set of terms over one stretch of days; below zero for a discount."""

    terms: int
    line: int
    kind: PriceKind
    period: Period
    pence: int


def ruling(terms: Sequence[Terms], stay: Period) -> tuple[tuple[int, Period], ...]:
    """For which part of the stay each set of terms rules, by its place; those that rule no night are left out.

    The first rules from the start of the stay whatever its own date (a start that moved moves it too). Of two with the
    same date the later rules.
    """
    parts: list[tuple[int, Period]] = []
    end = stay.closed_end
    for place in range(len(terms) - 1, -1, -1):
        start = stay.start if place == 0 else max(terms[place].starts_on, stay.start)
        if start < end:
            parts.append((place, Period(start, end)))
            end = start
    return tuple(reversed(parts))


def dues(terms: Sequence[Terms], stay: Period) -> tuple[Due, ...]:
    """Everything due over a closed stay, by calendar month (and so within one financial year), in order of date."""
    found = [
        Due(place, charge.line, charge.kind, charge.period, charge.pence)
        for place, part in ruling(terms, stay)
        for charge in schedule(terms[place].lines, part, "month")
        if charge.pence
    ]
    return tuple(sorted(found, key=lambda due: (due.period.start, due.terms, due.line)))


def stay_cost(terms: Sequence[Terms], stay: Period) -> WholeCost:
    """The whole cost of a closed stay under all terms, to the penny: what `dues` adds up to."""
    costs = [whole_cost(terms[place].lines, part) for place, part in ruling(terms, stay)]
    total = sum(cost.total_pence for cost in costs)
    weekly = round_half_up(Fraction(total * 7, stay.nights)) if stay.nights else None
    return WholeCost(
        total,
        stay.nights,
        _added(c.by_financial_year for c in costs),
        _added(c.by_kind for c in costs),
        weekly,
    )


def _added(many: Iterable[dict[str, int]]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for each in many:
        for name, pence in each.items():
            totals[name] = totals.get(name, 0) + pence
    return totals
