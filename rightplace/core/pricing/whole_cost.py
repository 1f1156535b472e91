"""The whole cost of a stay: fee, support, transport and one-off costs, less discounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rightplace.core.money import WHOLE_IN_BASIS_POINTS, round_half_up
from rightplace.core.periods import Period, financial_year
from rightplace.core.pricing.charges import Charge, schedule
from rightplace.core.pricing.lines import PriceLine, PriceUnit

_DAYS_IN_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class WholeCost:
    """What a stay comes to, in pence; discounts are below zero under their own kind.

    `weekly_equivalent_pence` is the total spread evenly over the nights, for seven of them, so that offers
    with and without one-off costs compare; None when there are no nights.
    """

    total_pence: int
    nights: int
    by_financial_year: dict[str, int]
    by_kind: dict[str, int]
    weekly_equivalent_pence: int | None


def whole_cost(lines: Iterable[PriceLine], period: Period) -> WholeCost:
    """The whole cost over a closed period; each division of it adds up to the total exactly."""
    due = schedule(lines, period, "financial_year")
    total = sum(charge.pence for charge in due)
    weekly = round_half_up(Fraction(total * 7, period.nights)) if period.nights else None
    by_year = _sums((financial_year(charge.period.start), charge) for charge in due)
    by_kind = _sums((str(charge.kind), charge) for charge in due)
    return WholeCost(total, period.nights, by_year, by_kind, weekly)


def weekly_rate(lines: Iterable[PriceLine], on: date) -> int:
    """What the lines come to for a week at the rates of one day, in pence, without one-off costs.

    For limits that are set by the week. A monthly fee counts as twelve months shared over 365 days. A line
    without dates runs on any day. Rounded once, at the end.
    """
    running = [line for line in lines if _runs(line, on)]
    exact = Fraction(0)
    for line in running:
        of_others = sum((_per_week(other) for other in running if other.kind in line.applies_to), Fraction(0))
        share = of_others * line.basis_points / WHOLE_IN_BASIS_POINTS
        exact += line.sign * (share if line.is_percentage else _per_week(line))
    return round_half_up(exact)


def _sums(named: Iterable[tuple[str, Charge]]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for name, charge in named:
        totals[name] = totals.get(name, 0) + charge.pence
    return totals


def _runs(line: PriceLine, on: date) -> bool:
    has_begun = line.starts_on is None or line.starts_on <= on
    return has_begun and (line.ends_on is None or on < line.ends_on)


def _per_week(line: PriceLine) -> Fraction:
    weeks = {
        PriceUnit.NIGHT: Fraction(7),
        PriceUnit.WEEK: Fraction(1),
        PriceUnit.HOUR: Fraction(1),
        PriceUnit.MONTH: Fraction(12 * 7, _DAYS_IN_A_YEAR),
    }
    return line.amount_pence * Fraction(line.quantity) * weeks.get(line.unit, Fraction(0))
