"""The price lines of an offer as core prices them, and the stay over which they are priced."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from rightplace.core.periods import Period
from rightplace.core.pricing import PriceLine, WholeCost, whole_cost
from rightplace.foundation.reference.rules import rule
from rightplace.journey.offers.models import Offer


def price_lines(offer: Offer) -> tuple[PriceLine, ...]:
    """Every price line of an offer, in the order given."""
    return tuple(row.as_price_line() for row in offer.lines.all())


def stay_of(starts_on: date, weeks: int | None) -> Period:
    """The stay that is priced: from the start for the likely weeks, or the house's dated default when none are stated."""
    default = None if weeks else rule("expected_stay_when_unstated", starts_on)
    stated = weeks or (int(default.value) if default else 52)
    return Period(starts_on, starts_on + timedelta(weeks=stated))


def cost_of(lines: Iterable[PriceLine], stay: Period, children: int) -> WholeCost:
    """The whole cost of a stay for every child of a group: each is paid for by the same lines."""
    one = whole_cost(lines, stay)
    weekly = one.weekly_equivalent_pence
    return WholeCost(
        one.total_pence * children,
        one.nights,
        {year: pence * children for year, pence in one.by_financial_year.items()},
        {kind: pence * children for kind, pence in one.by_kind.items()},
        None if weekly is None else weekly * children,
    )
