"""What an uplift is weighed by: what all members pay the provider, published indices, what peers were given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count, Sum

from rightplace.foundation.access.scope import as_system
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.buying import IndexYear, indices_before
from rightplace.register.buying.models import UpliftRequest
from rightplace.register.prices.models import AgreedPrice
from rightplace.register.prices.queries import standing


@dataclass(frozen=True, slots=True)
class Base:
    """What the members of a consortium pay a provider a week, all together, and for how many placements."""

    weekly_pence: int
    prices: int


@dataclass(frozen=True, slots=True)
class Peers:
    """What other providers asked for and were given in the year before: how many, and the means in hundredths of a per cent."""

    decided: int
    asked_mean: int
    agreed_mean: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """Everything beside a request: its base, the cost of a year if agreed as asked, indices, peers, and the rule's limit."""

    base: Base
    asked_pence_year: int
    indices: tuple[IndexYear, ...]
    peers: Peers | None


def base_of(consortium_id: int, provider_id: int, on: date) -> Base:
    """What all members pay a provider a week: sums only, of every authority of the consortium."""
    with as_system():
        members = Authority.objects.filter(consortium_id=consortium_id).values("pk")
        rows = standing(AgreedPrice.objects.filter(authority__in=members, provider_id=provider_id), on)
        found = rows.aggregate(pence=Sum("weekly_pence"), many=Count("id"))
    return Base(found["pence"] or 0, found["many"])


def weighed(row: UpliftRequest) -> Weighed:
    """What stands beside a request; what it costs in a year is at the prices of the day of asking."""
    base = Base(row.base_weekly_pence, row.base_prices)
    year = round(base.weekly_pence * row.asked_basis_points * 365 / 7 / 10_000)
    return Weighed(base, year, indices_before(row.from_on), _peers(row))


def _peers(row: UpliftRequest) -> Peers | None:
    year_before = row.asked_at.replace(year=row.asked_at.year - 1, day=min(row.asked_at.day, 28))
    rows = UpliftRequest.objects.filter(consortium_id=row.consortium_id, state__in=["agreed", "refused"])
    rows = rows.filter(decided_at__gte=year_before).exclude(provider_id=row.provider_id)
    found = rows.aggregate(
        many=Count("id"), asked=Avg("asked_basis_points"), agreed=Sum("agreed_basis_points")
    )
    if not found["many"]:
        return None
    return Peers(found["many"], round(found["asked"]), round((found["agreed"] or 0) / found["many"]))
