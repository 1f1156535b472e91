"""Where children live far from home, where the law lets them not, or at a high price: by kind of placement and by need.

No child is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from rightplace.core.calendar import age_on
from rightplace.core.forecasting.kinds import KIND_WORDS, KINDS, kind_of
from rightplace.core.sufficiency.cohorts import COHORTS, cohorts_of
from rightplace.core.sufficiency.unsuitable import is_unsuitable
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.journey.contracts.models import Contract
from rightplace.journey.placements.models import LIVED, Placement
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.requests.queries import REFERRAL_PARTS, referrals_of
from rightplace.register.prices.models import AgreedPrice
from rightplace.register.prices.queries import standing

FAR_MILES, DEAR = 20.0, 1.5


@dataclass(frozen=True, slots=True)
class Living:
    """A placement of today: its kind, the request that led there, miles from home and weekly price, each where known.

    `is_unsuitable`: the law does not let this child live there, as the place is not registered or the child too young.
    """

    kind: int
    request_id: int | None
    miles: float | None
    weekly_pence: int | None
    is_unsuitable: bool = False


@dataclass(frozen=True, slots=True)
class Strained:
    """Children of a kind of placement or of a need: how many, how many far from home of those whose distance is known, how
    many where the law lets them not live, how many at a price far above the middle of their kind of placement; the middle price
    of all of them (0 when none is known)."""

    words: str
    children: int
    far: int
    far_known: int
    unsuitable: int
    dear: int
    middle_pence: int


def living_today(actor: Actor, today: date) -> list[Living]:
    """Every placement that is lived today; restricted cases too, as figures."""
    with as_system():
        rows = list(
            Placement.objects.filter(
                LIVED, authority_id=actor.authority_id, period__contains=today
            ).values_list(
                "pk", "place_code", "provider_code", "permission__choice__request_id", "miles", "child__born_on",
                "setting__registered_on", "setting__closed_on",
            )
        )
        agreed = standing(AgreedPrice.objects.filter(authority_id=actor.authority_id), today)
        weekly = dict(agreed.values_list("contract_number", "weekly_pence"))
        paid = Contract.objects.filter(pk__in=weekly, placement__isnull=False).values_list(
            "placement_id", "pk"
        )
        price = {placement: weekly[number] for placement, number in paid}
    return [
        Living(
            kind_of(place, provider), request, miles, price.get(pk),
            is_unsuitable(place, age_on(born, today), is_registered=_is_registered(since, until, today), on=today),
        )
        for pk, place, provider, request, miles, born, since, until in rows
    ]  # fmt: skip


def _is_registered(since: date | None, until: date | None, on: date) -> bool:
    return since is not None and since <= on and (until is None or on < until)


def by_kind(living: Sequence[Living]) -> list[Strained]:
    """One row for each kind of placement that anybody lives in."""
    middles = middle_prices(living)
    of: dict[int, list[Living]] = defaultdict(list)
    for one in living:
        of[one.kind].append(one)
    return [_strained(KIND_WORDS[name], of[k], middles) for k, name in enumerate(KINDS) if of[k]]


def by_need(living: Sequence[Living]) -> list[Strained]:
    """One row for each need cohort, of children whose needs a request says; a child may be of several."""
    cohorts, middles = _cohorts({one.request_id for one in living if one.request_id}), middle_prices(living)
    of: dict[str, list[Living]] = defaultdict(list)
    for one in living:
        for code in cohorts.get(one.request_id or 0, ()):
            of[code].append(one)
    return [_strained(cohort.words, of[cohort.code], middles) for cohort in COHORTS if of[cohort.code]]


def _cohorts(requests: set[int]) -> Mapping[int, tuple[str, ...]]:
    """The need cohorts of each request."""
    with as_system():
        rows = list(PlacementRequest.objects.filter(pk__in=requests).prefetch_related(*REFERRAL_PARTS))
        found = [cohorts_of(referral) for referral in referrals_of(rows)]
    return {row.pk: codes for row, codes in zip(rows, found, strict=True)}


def middle_prices(living: Iterable[Living]) -> Mapping[int, float]:
    """The middle weekly price of each kind of placement with a known price, in pence."""
    prices: dict[int, list[int]] = defaultdict(list)
    for one in living:
        if one.weekly_pence is not None:
            prices[one.kind].append(one.weekly_pence)
    return {kind: median(of) for kind, of in prices.items()}


def _strained(words: str, of: Sequence[Living], middles: Mapping[int, float]) -> Strained:
    known = [one.miles for one in of if one.miles is not None]
    priced = [(one.weekly_pence, middles[one.kind]) for one in of if one.weekly_pence is not None]
    return Strained(
        words=words,
        children=len(of),
        far=sum(miles > FAR_MILES for miles in known),
        far_known=len(known),
        unsuitable=sum(one.is_unsuitable for one in of),
        dear=sum(price > DEAR * middle for price, middle in priced),
        middle_pence=round(median(price for price, _ in priced)) if priced else 0,
    )
