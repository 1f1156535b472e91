"""What an authority usually pays for a need like this one: beside each offer, for who compares and for who decides.

The bands of need and their prices are those of `register/prices`: a quarter pay less than the low, three quarters less than
the high. Of fewer than five prices nothing is said. It ranks no offer: a price says nothing of the home.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from rightplace.core.money import pounds
from rightplace.foundation.reference.buying import band_of, band_words
from rightplace.journey.offers.models import Offer
from rightplace.journey.requests.models import RequestChild
from rightplace.register.prices.queries import usual_prices


@dataclass(frozen=True, slots=True)
class UsualPrice:
    """The band of a need, and the quarter, middle and three-quarter price that the authority pays a week for it."""

    band: str
    low_pence: int
    middle_pence: int
    high_pence: int

    def reading(self, weekly_pence: int) -> str:
        """Where a price a week stands: below, within or above what is usual."""
        if weekly_pence > self.high_pence:
            return "Above what is usual"
        return "Below what is usual" if weekly_pence < self.low_pence else "Within what is usual"

    @property
    def words(self) -> str:
        """The range in words."""
        return f"{pounds(self.low_pence)} to {pounds(self.high_pence)} for {self.band.lower()} needs"


def band_of_request(request_id: int, on: date) -> str:
    """The band of the greatest need of a request. One read."""
    asked = RequestChild.objects.filter(request_id=request_id).annotate(points=Sum("needs__severity"))
    return band_of(max((one.points or 0 for one in asked), default=0), on)


def usual_for(authority_id: int, request_id: int, home_kinds: set[str], on: date) -> dict[str, UsualPrice]:
    """What is usual for the greatest need of a request, by kind of home; nothing of few prices. Two reads."""
    band = band_of_request(request_id, on)
    found = usual_prices(authority_id, on, home_kinds)
    return {
        kind: UsualPrice(band_words(band, on), *prices) for (kind, of), prices in found.items() if of == band
    }


def usual_of_offers(authority_id: int, search_id: int, on: date) -> dict[int, UsualPrice]:
    """By offer of a provider: what is usual for the need in its kind of home. Own carers are paid by rates and have none."""
    rows = Offer.objects.filter(search_id=search_id, authority_id=authority_id, provider__isnull=False)
    rows = rows.select_related("search", "setting")
    kinds = {one.pk: one.setting.kind if one.setting is not None else "foster" for one in rows}
    request_id = next((one.search.request_id for one in rows), 0)
    usual = usual_for(authority_id, request_id, set(kinds.values()), on)
    return {key: usual[kind] for key, kind in kinds.items() if kind in usual}
