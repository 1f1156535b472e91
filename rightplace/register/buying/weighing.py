"""What an uplift is weighed by: what all members pay the provider, published indices, what peers were given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count, Q, Sum

from rightplace.foundation.access.scope import as_system
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.buying import IndexYear, index_words, indices_before
from rightplace.register.buying.models import UpliftRequest
from rightplace.register.frameworks.models import Framework, LotMember
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
    limits: tuple[ReviewRule, ...]


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """How a framework on which the provider stands reviews its prices: from which month, by what index, at most by how much."""

    framework: str
    month: int
    index: str
    most_basis_points: int | None


def review_rules(consortium_id: int, provider_id: int, on: date) -> tuple[ReviewRule, ...]:
    """The rules of the frameworks on which a provider stands on a day."""
    stands = LotMember.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=on), provider_id=provider_id, starts_on__lte=on
    )
    rows = Framework.objects.filter(
        pk__in=stands.values("lot__framework_id"),
        consortium_id=consortium_id,
        starts_on__lte=on,
        ends_on__gt=on,
    ).order_by("name")
    words = index_words()
    return tuple(
        ReviewRule(one.name, one.review_month, words.get(one.review_index, ""), one.review_most_basis_points)
        for one in rows
    )


def least_limit(rules: Sequence[ReviewRule]) -> ReviewRule | None:
    """The rule that allows least; None where no rule has a limit."""
    limited = [one for one in rules if one.most_basis_points is not None]
    return min(limited, key=lambda one: one.most_basis_points or 0, default=None)


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
    rules = review_rules(row.consortium_id, row.provider_id, row.from_on)
    return Weighed(base, year, indices_before(row.from_on), _peers(row), rules)


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
