"""Who waits across a consortium: anonymised profiles of the authorities that share them, and homes for all of them together.

Only facts that are shared: no name, number, day or place of a child, no own carers, and no restricted case. What an authority
does not share is not counted. The homes are those of the register with the consortium's frameworks.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from rightplace.core.matching.assignment.problem import NOWHERE
from rightplace.core.matching.assignment.solve import Assignment, assign
from rightplace.core.matching.policy import DEFAULT_POLICY
from rightplace.core.matching.ranking import value_matrix
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.safeguards.models import Restriction
from rightplace.foundation.safeguards.queries import sharing_authorities
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.requests.queries import REFERRAL_PARTS, referrals_of
from rightplace.journey.search.policies import InForce
from rightplace.journey.search.snapshot import market_for
from rightplace.journey.search.together import Together, together
from rightplace.journey.search.waiting import IN_SEARCH, Everyone, Wait, from_today, waits_of
from rightplace.oversight.fairness import AGE_BANDS

SHARED = "profiles"
SECONDS = 5.0
LISTED = 5


@dataclass(frozen=True, slots=True)
class Profile:
    """One request that waits, as it is shared. `wanted_by` are other authorities for which its best homes are best too."""

    name: str
    authority: str
    urgency: str
    children: int
    ages: str
    needs: str
    suitable: int
    proposed: str
    rank: int | None
    wanted_by: str


@dataclass(frozen=True, slots=True)
class Shared:
    """The profiles, who shares them, and how many children of how many have a home proposed; how good that is known to be."""

    profiles: tuple[Profile, ...]
    authorities: tuple[str, ...]
    placed: int = 0
    children: int = 0
    is_best: bool = False


def shared_waits(actor: Actor, now: datetime) -> Shared:
    """Who waits in the authorities that share their profiles with the consortium, and homes for all of them together."""
    today = timezone.localdate(now)
    of = sharing_authorities(actor, SHARED, today)
    market = market_for(actor.authority_id, today)
    with as_system():
        names = dict(Authority.objects.filter(pk__in=of).values_list("pk", "name"))
        rows = shared_requests(of, now)
        referrals = [from_today(referral, today) for referral in referrals_of(rows)]
    if not rows:
        return Shared((), tuple(sorted(names.values())))
    eligible = value_matrix(referrals, market, 1).eligible.tolist()
    waits = waits_of(rows, referrals, eligible, {}, today)
    problem = together(Everyone(tuple(waits), market, InForce(DEFAULT_POLICY), today), {}, {})
    found = assign(problem.problem, SECONDS, clock=time.monotonic)
    return _shared(problem, found if isinstance(found, Assignment) else None, names)


def shared_requests(of: list[int], now: datetime) -> list[PlacementRequest]:
    """The requests in search of these authorities, without restricted cases; ask within `as_system`."""
    hidden = Restriction.objects.filter(authority_id__in=of, period__contains=now).values("child_id")
    rows = PlacementRequest.objects.filter(authority_id__in=of, state__in=IN_SEARCH)
    rows = rows.exclude(pk__in=rows.filter(children__child_id__in=hidden).values("pk"))
    return list(rows.prefetch_related(*REFERRAL_PARTS).order_by("authority__name", "submitted_at", "id"))


def _shared(problem: Together, found: Assignment | None, names: dict[int, str]) -> Shared:
    wanted = _wanted(problem)
    numbers: Counter[str] = Counter()
    profiles = []
    for group, wait in enumerate(problem.everyone.waits):
        authority = names[wait.row.authority_id]
        numbers[authority] += 1
        profiles.append(_profile(problem, found, group, wait, (authority, numbers[authority]), wanted, names))
    children = sum(wait.children for wait in problem.everyone.waits)
    placed, is_best = (found.placed, found.is_proven) if found else (0, False)
    return Shared(tuple(profiles), tuple(sorted(names.values())), placed, children, is_best)


def _wanted(problem: Together) -> dict[int, set[int]]:
    """For which authorities each home is among the best five: by row of the market."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for group, wait in enumerate(problem.everyone.waits):
        for row in problem.ways.best_of(group)[:LISTED]:
            wanted[row].add(wait.row.authority_id)
    return wanted


def _profile(
    problem: Together,
    found: Assignment | None,
    group: int,
    wait: Wait,
    name: tuple[str, int],
    wanted: dict[int, set[int]],
    names: dict[int, str],
) -> Profile:
    best = problem.ways.best_of(group)
    home = int(found.home[group]) if found else NOWHERE
    row = problem.rows[home] if home != NOWHERE else None
    others = set().union(*(wanted[one] for one in best[:LISTED])) - {wait.row.authority_id}
    return Profile(
        name=f"{name[0]} {name[1]}",
        authority=name[0],
        urgency=wait.urgency.words,
        children=wait.children,
        ages=", ".join(dict.fromkeys(_band(child.age) for child in wait.referral.children)),
        needs=wait.needs,
        suitable=wait.suitable,
        proposed=problem.everyone.market.options[row].name if row is not None else "",
        rank=best.index(row) + 1 if row in best else None,
        wanted_by=", ".join(sorted(names[one] for one in others)),
    )


def _band(age: int) -> str:
    return next((words for least, words in AGE_BANDS if age >= least), AGE_BANDS[-1][1])
