"""Questions about prices: one's own with filters, and those that members of the consortium share by agreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Avg, Count, IntegerField, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Cast
from numpy.typing import NDArray

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.safeguards.queries import sharing_authorities
from rightplace.register.prices.models import AgreedPrice

PRICED = {
    "provider": "provider_id", "weekly_pence": "weekly_pence", "need_points": "need_points", "age": "age",
    "is_alone": Cast("is_alone", IntegerField()),
}  # fmt: skip
"""What is read of each price to compare it, in the order of `Priced`."""

FEWEST = 5
"""Fewer prices than these are not shown of other authorities: they could be one child's."""


@dataclass(frozen=True, slots=True)
class ByAuthority:
    """What one authority pays a provider for a kind of home today: in numbers, of five prices or more."""

    authority: str
    home_kind: str
    prices: int
    mean_pence: int
    low_pence: int
    high_pence: int


def own_prices(actor: Actor) -> QuerySet[AgreedPrice]:
    """Every price that the actor's authority agreed, or that the actor's provider did."""
    mine = (
        Q(provider_id=actor.provider_id)
        if actor.provider_id is not None
        else Q(authority_id=actor.authority_id)
    )
    return AgreedPrice.objects.filter(mine).select_related("provider", "setting")


def standing(rows: QuerySet[AgreedPrice], on: date) -> QuerySet[AgreedPrice]:
    """Those that hold on a day."""
    return rows.filter(starts_on__lte=on).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on))


def standing_parts(
    rows: QuerySet[AgreedPrice], on: date
) -> tuple[QuerySet[AgreedPrice], QuerySet[AgreedPrice]]:
    """The same in two parts, those with an end and those without: an index answers each alone, and no price is in both."""
    begun = rows.filter(starts_on__lte=on).order_by()
    return begun.filter(ends_on__gt=on), begun.filter(ends_on__isnull=True)


def how_many_stand(authority_id: int, provider_ids: Collection[int], on: date) -> dict[int, int]:
    """By provider, how many prices of an authority hold on a day: its children placed there. One read."""
    rows = AgreedPrice.objects.filter(authority_id=authority_id, provider_id__in=list(provider_ids))
    return dict(standing(rows, on).order_by().values_list("provider_id").annotate(Count("id")))


def by_authority(actor: Actor, provider_id: int, on: date) -> list[ByAuthority]:
    """What a provider is paid across the consortium, of those only that share their prices with the actor; own ones whole."""
    own, others = actor.authority_id, sharing_authorities(actor, "prices", on)
    with as_system():
        rows = standing(
            AgreedPrice.objects.filter(authority_id__in={own, *others}, provider_id=provider_id), on
        )
        found = (
            rows.values_list("authority__name", "authority_id", "home_kind")
            .annotate(Count("id"), Avg("weekly_pence"), Min("weekly_pence"), Max("weekly_pence"))
            .order_by("home_kind", "authority__name")
        )
        return [
            ByAuthority(name, kind, many, round(mean), low, high)
            for name, key, kind, many, mean, low, high in found
            if many >= FEWEST or key == own
        ]


def names_sharing(actor: Actor, on: date) -> list[str]:
    """Who else shares prices with the actor."""
    keys = {*sharing_authorities(actor, "prices", on)} - {actor.authority_id}
    return list(Authority.objects.filter(pk__in=keys).order_by("name").values_list("name", flat=True))


def to_compare(actor: Actor, home_kind: str, on: date) -> NDArray[np.float64]:
    """The prices of one kind that hold on a day, of the actor's authority and of those that share: need, age, no child.

    A table of rows as `Priced`. They come as one array a column: tens of thousands of rows one by one take ten times as long.
    """
    whose = {actor.authority_id, *sharing_authorities(actor, "prices", on)}
    columns = {name: ArrayAgg(source) for name, source in PRICED.items()}
    with as_system():
        rows = AgreedPrice.objects.filter(authority_id__in=whose, home_kind=home_kind)
        parts = [part.aggregate(**columns) for part in standing_parts(rows, on)]
    tables = [np.array([part[name] or [] for name in PRICED], dtype=np.float64) for part in parts]
    return np.concatenate(tables, axis=1).T


def provider_names(keys: set[int]) -> dict[int, str]:
    """The names of providers."""
    return dict(Provider.objects.filter(pk__in=keys).values_list("pk", "name"))


def usual_prices(
    authority_id: int, on: date, home_kinds: Collection[str] | None = None
) -> dict[tuple[str, str], tuple[int, int, int]]:
    """The quarter, middle and three-quarter price that an authority pays, by kind of home (all, or these) and band of need.

    Nothing of fewer prices than five. Two reads: those with an end and those without.
    """
    rows = AgreedPrice.objects.filter(authority_id=authority_id)
    if home_kinds is not None:
        rows = rows.filter(home_kind__in=home_kinds)
    held: dict[tuple[str, str], list[int]] = defaultdict(list)
    for part in standing_parts(rows, on):
        for kind, band, pence in part.values_list("home_kind", "band").annotate(all=ArrayAgg("weekly_pence")):
            held[kind, band] += pence
    return {key: _quarters(pence) for key, pence in held.items() if len(pence) >= FEWEST}


def _quarters(pence: list[int]) -> tuple[int, int, int]:
    """The values below which a quarter, a half and three quarters lie, between two values in proportion."""
    low, middle, high = np.quantile(pence, (0.25, 0.5, 0.75)).tolist()
    return round(low), round(middle), round(high)


def route_shares(actor: Actor, on: date) -> dict[str, tuple[int, int]]:
    """By route: how many prices hold today and what they come to a week. What share is spot stands here.

    Those with an end and those without are read apart, so that an index answers each alone.
    """
    shares: dict[str, tuple[int, int]] = {}
    for rows in standing_parts(AgreedPrice.objects.filter(authority_id=actor.authority_id), on):
        for route, many, pence in rows.values_list("route").annotate(
            many=Count("*"), pence=Sum("weekly_pence")
        ):
            before = shares.get(route, (0, 0))
            shares[route] = (before[0] + many, before[1] + pence)
    return shares
