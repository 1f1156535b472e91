"""The whole cost of a stay: fee, support, transport and one-off costs, less discounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from rightplace.core.money import WHOLE_IN_BASIS_POINTS, round_half_up
from rightplace.core.periods import Period, financial_year, financial_year_period
from rightplace.core.pricing.agreements import Agreement, as_expected
from rightplace.core.pricing.charges import dated_charges, of_lines
from rightplace.core.pricing.lines import PriceLine, PriceUnit
from rightplace.core.pricing.running import Days, day_numbers

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
    return cost_of_agreement(of_lines(lines, period))


def cost_of_agreement(agreement: Agreement) -> WholeCost:
    """The whole cost of an agreement with a closed stay and all its rules, with as many sessions and miles as it allows."""
    stay = agreement.stay
    cuts = financial_years_between(stay.start, stay.closed_end + timedelta(days=_DAYS_IN_A_YEAR))
    due = dated_charges(as_expected(agreement), cuts)
    kinds = {line.number: line.kind for line in agreement.lines}
    total = sum(charge.pence for charge in due)
    weekly = round_half_up(Fraction(total * 7, stay.nights)) if stay.nights else None
    by_year = _sums((financial_year(charge.part), charge.pence) for charge in due)
    by_kind = _sums((kinds[charge.line], charge.pence) for charge in due)
    return WholeCost(total, stay.nights, by_year, by_kind, weekly)


def financial_years_between(first: date, last: date) -> Days:
    """The first days of the financial years from that of `first` to the one after that of `last`, as days."""
    start = financial_year_period(financial_year(first)).start
    return day_numbers([start.replace(year=year) for year in range(start.year, last.year + 2)])


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


def _sums(named: Iterable[tuple[str, int]]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for name, pence in named:
        totals[name] = totals.get(name, 0) + pence
    return totals


def _runs(line: PriceLine, on: date) -> bool:
    has_begun = line.starts_on is None or line.starts_on <= on
    return has_begun and (line.ends_on is None or on < line.ends_on)


def _per_week(line: PriceLine) -> Fraction:
    weeks = {
        PriceUnit.NIGHT: Fraction(7),
        PriceUnit.WEEK: Fraction(1),
        PriceUnit.FOUR_WEEKS: Fraction(1, 4),
        PriceUnit.HOUR: Fraction(1),
        PriceUnit.SESSION: Fraction(1),
        PriceUnit.MILE: Fraction(1),
        PriceUnit.MONTH: Fraction(12 * 7, _DAYS_IN_A_YEAR),
    }
    return line.amount_pence * Fraction(line.quantity) * weeks.get(line.unit, Fraction(0))
