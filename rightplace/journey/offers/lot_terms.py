"""What the framework agrees for an offer: the ceiling of the need's band, and the discounts that this purchase has reached.

Beside each offer, for who compares. An offer above its ceiling, or one that leaves out a discount which was agreed, is still
an offer; whoever chooses it sees that it departs from the terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rightplace.core.meetings import listed
from rightplace.core.money import percentage, pounds
from rightplace.foundation.reference.buying import band_words
from rightplace.journey.offers.models import Offer
from rightplace.journey.offers.usual import band_of_request
from rightplace.register.frameworks.queries import Approved, LotTerms, approved, consortium_of, terms_of_lots
from rightplace.register.frameworks.words import discount_words
from rightplace.register.prices.queries import how_many_stand


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is bought by one search: how many children together, for about how many weeks."""

    search_id: int
    children: int
    weeks: int


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """The terms that hold for one offer, under a framework."""

    framework: str
    band: str
    terms: LotTerms

    def reading(self, weekly_pence: int, takes_off: bool) -> str:
        """Whether a price a week of one child keeps to the terms."""
        ceiling = self.terms.ceiling_pence
        if ceiling is not None and weekly_pence > ceiling:
            return "Above the ceiling"
        if self.terms.discounts and not takes_off:
            return "Without the discount agreed"
        return "Keeps to the terms"

    @property
    def words(self) -> str:
        """The terms in words."""
        ceiling = self.terms.ceiling_pence
        parts = [] if ceiling is None else [f"at most {pounds(ceiling)} for {self.band.lower()} needs"]
        parts += [
            f"{percentage(one.basis_points)} off {discount_words(one.kind, one.at_least)}"
            for one in self.terms.discounts
        ]
        return f"{self.framework}: {listed(parts)}"


def terms_of_offers(authority_id: int, bought: Purchase, on: date) -> dict[int, OfferTerms]:
    """By offer of a provider on a lot with terms, what was agreed there for such a purchase."""
    rows = Offer.objects.filter(search_id=bought.search_id, authority_id=authority_id, provider__isnull=False)
    offers = list(rows.select_related("search", "setting"))
    routes = approved(consortium_of(authority_id), on, authority_id) if offers else {}
    of = {one.pk: route for one in offers if (route := _route(one, routes)) is not None}
    if not of:
        return {}
    band = band_of_request(offers[0].search.request_id, on)
    agreed = terms_of_lots({route.lot_ids for route in of.values()}, band, on)
    placed = how_many_stand(authority_id, {route.provider_id for route in of.values()}, on)
    found: dict[int, OfferTerms] = {}
    for key, route in of.items():
        volume = placed.get(route.provider_id, 0) + bought.children
        counted = {"siblings": bought.children, "long_stay": bought.weeks, "volume": volume}
        terms = agreed[route.lot_ids].reached(counted)
        if terms.ceiling_pence is not None or terms.discounts:
            found[key] = OfferTerms(route.framework, band_words(band, on), terms)
    return found


def _route(offer: Offer, routes: Mapping[tuple[int, str], Approved]) -> Approved | None:
    """The lots under which an offer is bought; None where it is spot."""
    kind, region = (offer.setting.kind, offer.setting.region) if offer.setting is not None else ("foster", "")
    route = routes.get((offer.provider_id or 0, kind))
    return route if route is not None and route.covers(region) else None
