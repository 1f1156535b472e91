"""The price lines of an offer as core prices them."""

from __future__ import annotations

from rightplace.core.pricing import PriceKind, PriceLine, PriceUnit
from rightplace.journey.offers.models import Offer, OfferLine


def as_price_line(row: OfferLine) -> PriceLine:
    """A stored line as core prices it."""
    return PriceLine(
        kind=PriceKind(row.kind),
        unit=PriceUnit(row.unit),
        amount_pence=row.amount_pence,
        quantity=row.quantity,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        basis_points=row.basis_points,
    )


def price_lines(offer: Offer) -> tuple[PriceLine, ...]:
    """Every price line of an offer, in the order given."""
    return tuple(as_price_line(row) for row in offer.lines.all())
