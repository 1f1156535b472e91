"""The capacity side of one authority: own carers, places in reach, what is empty, who said no and why.

Figures of the authority and shared facts of the register; no child is named.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models import Sum

from rightplace.core.forecasting.kinds import kind_of
from rightplace.core.matching.market import Market
from rightplace.core.matching.vocabulary import HomeKind
from rightplace.core.sufficiency.carers import CarersAhead, Household, carers_ahead
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.authorities import adjoining, authority
from rightplace.journey.placements.models import LIVED, Placement
from rightplace.journey.search.models import Invitation
from rightplace.journey.search.reasons import DECLINE_REASONS
from rightplace.journey.search.snapshot import market_for
from rightplace.register.carers.models import Approval
from rightplace.register.carers.queries import households, with_places
from rightplace.register.providers.models import Setting

YEAR = 365


@dataclass(frozen=True, slots=True)
class OwnCarers:
    """Own foster carers: the pace of coming and going, and tonight's places."""

    ahead: CarersAhead
    filled: int
    free: int
    not_available: int


@dataclass(frozen=True, slots=True)
class InReach:
    """Registered homes of a kind: in the area, in adjoining areas, and in the market now with places free in it."""

    kind: str
    homes: int
    places: int
    near_homes: int
    near_places: int
    empty_homes: int
    empty_places: int


def own_carers(actor: Actor, today: date) -> OwnCarers:
    """Own households, places, and what the pace of the last years would bring."""
    rows = Approval.objects.filter(authority_id=actor.authority_id).values_list(
        "period", "places", "household_id"
    )
    of: dict[int, list[tuple[date, date | None, int]]] = {}
    for period, places, household in rows:
        of.setdefault(household, []).append((period.lower, period.upper, places))
    found = [_household(spans) for spans in of.values()]
    tonight = [one for one in with_places(actor, list(households(actor)), today) if one.places]
    away = [one for one in tonight if one.unavailable_from and one.unavailable_from <= today
            and (one.unavailable_until is None or one.unavailable_until > today)]  # fmt: skip
    return OwnCarers(
        carers_ahead(found, _month(today)),
        sum(min(one.filled, one.places) for one in tonight),
        sum(one.free for one in tonight if one not in away),
        sum(one.free for one in away),
    )


def _household(spans: list[tuple[date, date | None, int]]) -> Household:
    """Approvals of a household follow each other: it began with the first and ends with the last."""
    spans = sorted(spans, key=lambda span: span[0])
    last = spans[-1]
    return Household(_month(spans[0][0]), _month(last[1]) if last[1] else None, last[2])


def _month(of: date) -> int:
    return of.year * 12 + of.month - 1


def places_in_reach(actor: Actor, today: date) -> list[InReach]:
    """The register's homes here and next door by kind, and what of the market is empty now."""
    own, near = _areas(actor)
    market = market_for(actor.authority_id, today)
    return [_in_reach(kind, own, near, market) for kind in HomeKind]


def _areas(actor: Actor) -> tuple[set[str], set[str]]:
    code = Authority.objects.get(pk=actor.authority_id).gss_code
    try:
        facts = authority(code)
    except KeyError:
        return set(), set()
    return {facts.name, *facts.aliases}, {name for other in adjoining(code) for name in _names(other)}


def _names(code: str) -> tuple[str, ...]:
    facts = authority(code)
    return (facts.name, *facts.aliases)


def _in_reach(kind: HomeKind, own: set[str], near: set[str], market: Market) -> InReach:
    def counted(areas: set[str]) -> tuple[int, int]:
        rows = Setting.objects.filter(kind=kind.value, closed_on__isnull=True, local_authority__in=areas)
        return rows.count(), rows.aggregate(of=Sum("places"))["of"] or 0

    of_kind = np.array([option.kind == kind and not option.is_own for option in market.options], bool)
    free = market.places_free[of_kind] if len(of_kind) else np.zeros(0)
    return InReach(
        kind.words, *counted(own), *counted(near), int((free > 0).sum()), int(free[free > 0].sum())
    )


def refusals(actor: Actor, today: date) -> list[tuple[str, int]]:
    """Why those who were asked said no in the last year: each reason with how often it was given, the most first."""
    rows = Invitation.objects.filter(
        authority_id=actor.authority_id, state="declined", answered_at__date__gt=today - timedelta(YEAR)
    )
    counted = Counter(code for codes in rows.values_list("decline_reasons", flat=True) for code in codes)
    return [(DECLINE_REASONS.get(code, code), number) for code, number in counted.most_common()]


def asked_and_refused(actor: Actor, today: date) -> tuple[int, int]:
    """How many were asked in the last year, and how many said no."""
    rows = Invitation.objects.filter(
        authority_id=actor.authority_id, sent_at__date__gt=today - timedelta(YEAR)
    )
    return rows.count(), rows.filter(state="declined").count()


def miles_by_kind(actor: Actor, today: date) -> dict[int, float]:
    """The mean distance from home of today's placements by kind, where three or more are known."""
    with as_system():
        rows = Placement.objects.filter(
            LIVED, authority_id=actor.authority_id, period__contains=today, miles__isnull=False
        ).values_list("place_code", "provider_code", "miles")
        of: dict[int, list[float]] = {}
        for place, provider, miles in rows:
            of.setdefault(kind_of(place, provider), []).append(float(miles or 0))
    return {kind: float(np.mean(values)) for kind, values in of.items() if len(values) >= 3}
