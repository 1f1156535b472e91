"""Figures of care packages: what they cost a week, which review comes first, need against provision, number and average."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rightplace.core.money import round_half_up
from rightplace.core.pricing import PriceKind, PriceLine, PriceUnit, weekly_rate

NIGHTS_IN_A_WEEK = 7


def weekly_pence(unit: str, amount_pence: int, quantity: Decimal, on: date) -> int:
    """What a package comes to for a week: so many hours, sessions or nights of it at one price; a price once is none.

    A night counts as often as it is bought in a week, not seven times as where a child lives.
    """
    if unit == PriceUnit.NIGHT:
        return round_half_up(Fraction(amount_pence) * Fraction(quantity))
    return weekly_rate([PriceLine(PriceKind.SUPPORT, PriceUnit(unit), amount_pence, quantity=quantity)], on)


def price_line(unit: str, amount_pence: int, quantity: Decimal) -> PriceLine:
    """The price of a package as contracts charge it.

    Hours a week are charged by the day of the week that runs; sessions, and nights that are not every night, as they are
    delivered, at most so many in a week. Nights of every week are charged by the night. No absence from home touches it.
    """
    if unit == PriceUnit.NIGHT:
        every = quantity == NIGHTS_IN_A_WEEK
        unit, quantity = (PriceUnit.NIGHT, Decimal(1)) if every else (PriceUnit.SESSION, quantity)
    kind = PriceKind.ONE_OFF if unit == PriceUnit.ONE_OFF else PriceKind.SUPPORT
    return PriceLine(kind, PriceUnit(unit), amount_pence, quantity=quantity, is_paid_when_away=True)


def review_weight(weekly: int, due_on: date, today: date) -> int:
    """How much an overdue review weighs: pence a week times the days that it is late. Not overdue: nothing.

    It is about what has been paid, seven times over, since somebody should have asked whether it is still right.
    """
    return weekly * max((today - due_on).days, 0)


def specified(needed: Decimal | None, provided: Decimal | None) -> str:
    """Whether what is provided is what is needed: over- or under-specified, as needed, or "" where one is not known."""
    if needed is None or provided is None:
        return ""
    if provided > needed:
        return "over"
    return "under" if provided < needed else "fits"


@dataclass(frozen=True, slots=True)
class CountAndCost:
    """Number, cost and where it is bought, as councils report: establishments, pupils, pence."""

    number: int
    pence: int
    establishments: int = 0

    @property
    def average_pence(self) -> int:
        """Pence for each, rounded once; none where there are none."""
        return round_half_up(Fraction(self.pence, self.number)) if self.number else 0

    def __add__(self, other: CountAndCost) -> CountAndCost:
        return CountAndCost(
            self.number + other.number, self.pence + other.pence, self.establishments + other.establishments
        )


def totalled(rows: Iterable[CountAndCost]) -> CountAndCost:
    """All of them together."""
    return sum(rows, CountAndCost(0, 0))


def effect_of_fewer(number: int, average_pence: int, share: Fraction) -> tuple[int, int]:
    """How many fewer a share is, to the nearest whole one, and the pence that they come to at the average."""
    fewer = round_half_up(number * share)
    return fewer, fewer * average_pence
