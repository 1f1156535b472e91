"""Who waits: every request for which a home is looked for, with how long, and how many homes would do.

The actor's own authority alone; restricted cases only for those who may open them. Looking changes nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from rightplace.core.matching.market import Market
from rightplace.core.matching.policy import Policy
from rightplace.core.matching.profile import Referral
from rightplace.core.matching.ranking import value_matrix
from rightplace.core.matching.vocabulary import NeedKind, Urgency
from rightplace.foundation.access.actor import Actor
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.requests.queries import REFERRAL_PARTS, referrals_of, requests
from rightplace.journey.requests.reading import urgency_on
from rightplace.journey.search.models import Search
from rightplace.journey.search.policies import InForce, policy_on
from rightplace.journey.search.snapshot import market_for
from rightplace.journey.search.usual import with_usual_prices

IN_SEARCH = ("ready", "searching", "offers_in")
HIGH = 3


@dataclass(frozen=True, slots=True)
class Wait:
    """One request that waits: by number, ages and needs; `suitable` is how many homes may be asked today."""

    row: PlacementRequest
    referral: Referral
    waited_days: int
    urgency: Urgency
    suitable: int
    search_id: int | None

    @property
    def children(self) -> int:
        """How many children wait together."""
        return len(self.referral.children)

    @property
    def ages(self) -> str:
        """The children's ages, the oldest first."""
        return ", ".join(str(child.age) for child in sorted(self.referral.children, key=lambda one: -one.age))

    @property
    def needs(self) -> str:
        """The needs, the highest first."""
        ordered = sorted(self.referral.needs, key=lambda need: (-need.severity, need.code))
        return ", ".join(NeedKind.words_for(need.code).lower() for need in ordered[:4])

    @property
    def high_needs(self) -> int:
        """How many needs are high."""
        return sum(need.severity >= HIGH for need in self.referral.needs)


@dataclass(frozen=True, slots=True)
class Everyone:
    """Everyone who waits, put to the market of the day under the policy in force."""

    waits: tuple[Wait, ...]
    market: Market
    in_force: InForce
    today: date


def requests_in_search(actor: Actor) -> QuerySet[PlacementRequest]:
    """The requests for which a home is looked for, the longest waiting first."""
    rows = requests(actor).filter(state__in=IN_SEARCH)
    return rows.prefetch_related(*REFERRAL_PARTS).order_by("submitted_at", "id")


def everyone_waiting(actor: Actor, today: date) -> Everyone:
    """Everyone who waits in the actor's authority, the longest first; a fixed number of statements."""
    rows = list(requests_in_search(actor))
    market, in_force = market_for(actor.authority_id, today), policy_on(actor.authority_id, today)
    referrals = [from_today(referral, today) for referral in referrals_of(rows)]
    referrals = with_usual_prices(referrals, actor.authority_id or 0, today)
    eligible = how_many_would_do(referrals, market, in_force.policy)
    searches = dict(Search.objects.filter(request__in=rows).values_list("request_id", "pk"))
    waits = waits_of(rows, referrals, eligible, searches, today)
    return Everyone(tuple(waits), market, in_force, today)


_counts: OrderedDict[str, tuple[tuple[Any, Any], int]] = OrderedDict()
_lock = Lock()
MOST_KEPT = 5_000


def how_many_would_do(referrals: Sequence[Referral], market: Market, policy: Policy) -> list[int]:
    """How many homes may be asked for each referral; what was counted in the same market is not counted again.

    Any change of a home gives the market new columns, so a count stands for exactly the columns that it was made from.
    """
    columns = (market.places_free, market.framework)
    keys = [f"{sorted(policy.weights.items())} {sorted(policy.must_codes)} {one!r}" for one in referrals]
    with _lock:
        found = {key: _counts.get(key) for key in keys}
    fresh = {
        key: one
        for key, one in zip(keys, referrals, strict=True)
        if (kept := found[key]) is None or kept[0][0] is not columns[0] or kept[0][1] is not columns[1]
    }
    counted = value_matrix(list(fresh.values()), market, 1, policy).eligible.tolist() if fresh else []
    made = {key: (columns, many) for key, many in zip(fresh, counted, strict=True)}
    with _lock:
        _counts.update(made)
        while len(_counts) > MOST_KEPT:
            _counts.popitem(last=False)
    known = {key: kept[1] for key, kept in {**found, **made}.items() if kept is not None}
    return [known[key] for key in keys]


def from_today(referral: Referral, today: date) -> Referral:
    """A referral as it stands today: a day that has passed is today."""
    return replace(referral, starts_on=max(referral.starts_on, today))


def waits_of(
    rows: Sequence[PlacementRequest],
    referrals: Sequence[Referral],
    eligible: Sequence[int],
    searches: Mapping[int, int],
    today: date,
) -> list[Wait]:
    """Requests with what matching sees of them, how many homes would do, and their searches where they have one."""
    return [
        Wait(row, referral, _waited(row, today), urgency_on(row, today), suitable, searches.get(row.pk))
        for row, referral, suitable in zip(rows, referrals, eligible, strict=True)
    ]


def _waited(row: PlacementRequest, today: date) -> int:
    since = timezone.localdate(row.submitted_at or row.created_at)
    return max((today - since).days, 0)
