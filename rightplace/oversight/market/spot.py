"""Spot purchases: what was bought from providers on no framework, why, who agreed, and what share of the spending it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.decisions.models import Permission
from rightplace.register.prices.models import AgreedPrice
from rightplace.register.prices.queries import standing_parts

SORTS = {
    "asked": "asked_at", "-asked": "-asked_at", "weekly": "weekly_pence", "-weekly": "-weekly_pence",
    "cost": "whole_cost_pence", "-cost": "-whole_cost_pence",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SpotShare:
    """Of a kind of home: what is paid a week today, and how much of it is spot."""

    kind: str
    weekly_pence: int
    spot_pence: int
    placements: int
    spot: int

    @property
    def share(self) -> float:
        """The part of the spending that is spot, 0 to 1."""
        return self.spot_pence / self.weekly_pence if self.weekly_pence else 0.0


def spot_shares(actor: Actor, on: date) -> list[SpotShare]:
    """By kind of home, the authority's own prices that hold on a day: two reads, each of an index alone."""
    is_spot, found = Q(route="spot"), dict[str, SpotShare]()
    for part in standing_parts(AgreedPrice.objects.filter(authority_id=actor.authority_id), on):
        rows = part.values_list("home_kind").annotate(
            whole=Sum("weekly_pence"), spot=Sum("weekly_pence", filter=is_spot), many=Count("id"),
            of=Count("id", filter=is_spot),
        )  # fmt: skip
        for kind, whole, spot, many, of in rows:
            so_far = found.get(kind, SpotShare(kind, 0, 0, 0, 0))
            found[kind] = SpotShare(
                kind,
                so_far.weekly_pence + whole,
                so_far.spot_pence + (spot or 0),
                so_far.placements + many,
                so_far.spot + of,
            )
    return [found[kind] for kind in sorted(found)]


def spot_purchases(
    actor: Actor, *, words: str = "", state: str = "", order: str = "-asked"
) -> QuerySet[Permission]:
    """Permissions to place with a provider that stood on no framework for that kind of home, with the choice behind each."""
    rows = Permission.objects.filter(authority_id=actor.authority_id, is_spot=True)
    rows = without_hidden(actor, rows, "choice__request__children__child_id")
    rows = rows.select_related(
        "choice__request", "choice__by", "choice__offer__setting__provider", "decided_by"
    )
    if words.strip():
        rows = rows.filter(choice__offer__provider__name__icontains=words.strip())
    if state:
        rows = rows.filter(state=state)
    return rows.order_by(SORTS.get(order, "-asked_at"), "id")
