"""Proposing homes for everyone who waits: a broker asks, pins and rules out; the product works it out and says how good it is.

Advice only. Nobody is asked, offered or placed by it: that goes through searches, offers and decisions as ever.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import import_module

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from rightplace.core.matching.assignment.pins import PinCost, cost_of_pin
from rightplace.core.matching.assignment.problem import NOWHERE
from rightplace.core.matching.assignment.solve import Assignment, assign
from rightplace.core.matching.profile import Option
from rightplace.core.matching.ranking import exclusions_at
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.roles import BROKER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.journey.requests.queries import referrals_of, requests
from rightplace.journey.search.marking import TAKEN, Place, marked, place_of, reason_problems
from rightplace.journey.search.models import Candidate, Proposal, ProposalLine, ProposalMark
from rightplace.journey.search.policies import policy_on
from rightplace.journey.search.saying import cost_words, counted, why_words
from rightplace.journey.search.scarce import scarcity_now
from rightplace.journey.search.snapshot import market_for
from rightplace.journey.search.states import MARKS
from rightplace.journey.search.together import Together, together
from rightplace.journey.search.waiting import (
    Everyone,
    Wait,
    everyone_waiting,
    from_today,
    requests_in_search,
)

AT_ONCE = 4_000
"""Up to so many ways the answer is worked out while the page waits; beyond, in the background."""
SECONDS, LONGEST = 5.0, 60.0
PINS_PRICED = 10
NOT_YOURS = Problem("not_yours", "Your role may not do this: propose homes for everyone who waits.")


@action
def propose_homes(*, by: Actor, now: datetime) -> Outcome[Proposal]:
    """Work out homes for everyone who waits at once; a large problem is left to the worker, and the page says so."""
    if by.role != BROKER:
        return refuse(NOT_YOURS)
    row = _proposed(by, now)
    if row is None:
        return refuse(Problem("nobody_waits", "Nobody waits for a home: there is nothing to propose."))
    words = f"Homes proposed for {row.groups} requests that wait"
    audit(by=by, now=now, verb="propose_homes", words=words, subject="proposal", subject_id=row.pk)
    return Outcome(row)


def _proposed(by: Actor, now: datetime) -> Proposal | None:
    """A new proposal for everyone who waits now; None when nobody does."""
    everyone = everyone_waiting(by, timezone.localdate(now))
    if not everyone.waits:
        return None
    row = Proposal.objects.create(
        authority_id=by.authority_id, policy=everyone.in_force.row, asked_by_id=by.person_id, asked_at=now,
        groups=len(everyone.waits), children=sum(wait.children for wait in everyone.waits),
    )  # fmt: skip
    problem = _problem(by, everyone)
    if len(problem.ways.group) <= AT_ONCE:
        _work_out(row, problem, now, SECONDS)
    return row


def work_out_waiting(now: datetime) -> int:
    """Work out the proposals that wait for the worker; how many."""
    done = 0
    waiting = Proposal.objects.filter(state="solving").order_by("asked_at", "id")
    for key in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            row = Proposal.objects.select_for_update(skip_locked=True).filter(pk=key, state="solving").first()
            if row is None:
                continue
            by = system_actor(authority_id=row.authority_id)
            _work_out(row, _problem(by, everyone_waiting(by, timezone.localdate(now))), now, LONGEST)
            done += 1
    return done


def _problem(by: Actor, everyone: Everyone) -> Together:
    """The problem of everyone who waits, with what brokers said and, where the policy says so, scarce places spared."""
    spares = everyone.in_force.for_everyone.spares_scarce
    return together(everyone, *_marks_of(by.authority_id), scarcity_now(by, everyone) if spares else None)


def _marks_of(authority_id: int) -> tuple[dict[int, str], dict[int, list[str]]]:
    """What brokers said: the pinned home and the homes ruled out, by request."""
    pinned: dict[int, str] = {}
    barred: dict[int, list[str]] = defaultdict(list)
    for row in ProposalMark.objects.filter(authority_id=authority_id, undone_at__isnull=True).order_by("id"):
        key = Place(row.household_id, row.setting_id).key
        if row.kind == "pinned":
            pinned[row.request_id] = key
        else:
            barred[row.request_id].append(key)
    return pinned, barred


def _work_out(row: Proposal, problem: Together, now: datetime, seconds: float) -> None:
    for library in ("scipy.optimize", "scipy.sparse"):
        import_module(library)  # before the clock runs: loading it the first time takes a second or more
    found = assign(problem.problem, seconds, clock=time.monotonic)
    row.done_at = now
    if isinstance(found, list):
        row.state, row.problem = "failed", " ".join(one.sentence for one in found)[:300]
    else:
        row.state, row.placed, row.value, row.bound = "done", found.placed, found.points, found.bound
        row.is_best, row.is_finished, row.counted = found.is_proven, found.finished, counted(problem)
        ProposalLine.objects.bulk_create(_lines(row, problem, found, seconds))
    row.save()


def _lines(row: Proposal, problem: Together, found: Assignment, seconds: float) -> list[ProposalLine]:
    takers = _takers(problem, found)
    pins = {int(group): int(home) for group, home in problem.problem.pinned}
    costs = {
        group: cost
        for group, home in list(pins.items())[:PINS_PRICED]
        if isinstance(
            cost := cost_of_pin(problem.problem, group, home, seconds=seconds, clock=time.monotonic), PinCost
        )
    }
    lines = []
    for group, wait in enumerate(problem.everyone.waits):
        homes = _homes_of(problem, found, group)
        for home, children in homes.items() or {NOWHERE: wait.children}.items():
            line = _line(row, problem, wait, group, home, takers)
            line.children, line.is_pinned = children, pins.get(group) == home
            if line.is_pinned and group in costs:
                line.pin_cost, line.pin_words = costs[group].others_points, cost_words(problem, costs[group])
            lines.append(line)
    return lines


def _homes_of(problem: Together, found: Assignment, group: int) -> dict[int, int]:
    """The homes of a group with how many of its children go there."""
    homes: dict[int, int] = defaultdict(int)
    for child in (problem.problem.waiting.group_of == group).nonzero()[0].tolist():
        if found.home_of_child[child] != NOWHERE:
            homes[int(found.home_of_child[child])] += 1
    return dict(homes)


def _takers(problem: Together, found: Assignment) -> dict[int, list[int]]:
    """Who is proposed for each home: groups by home."""
    takers: dict[int, list[int]] = defaultdict(list)
    for child, home in enumerate(found.home_of_child.tolist()):
        group = int(problem.problem.waiting.group_of[child])
        if home != NOWHERE and group not in takers[home]:
            takers[home].append(group)
    return takers


def _line(
    row: Proposal, problem: Together, wait: Wait, group: int, home: int, takers: Mapping[int, Sequence[int]]
) -> ProposalLine:
    best = problem.ways.best_of(group)
    at = problem.rows[home] if home != NOWHERE else None
    place = place_of(_option(problem, at).key) if at is not None else None
    rank = best.index(at) + 1 if at in best else None
    known = (problem.ways.group == group) & (problem.ways.row == (-1 if at is None else at))
    scores = problem.ways.value[known].tolist()
    others = [other for one in best if (other := problem.home_of(one)) is not None]
    return ProposalLine(
        authority_id=row.authority_id, proposal=row, request=wait.row,
        household_id=place.household_id if place else None, setting_id=place.setting_id if place else None,
        score=scores[0] if scores else None, rank=rank, suitable=wait.suitable,
        words=why_words(problem, group, at, takers)[:500],
        also=[_option(problem, problem.rows[one]).key for one in others if one in takers and one != home],
    )  # fmt: skip


def _option(problem: Together, row: int) -> Option:
    return problem.everyone.market.options[row]


@action
def mark_home(
    *, by: Actor, now: datetime, request_id: int, key: str, kind: str, reason_code: str = "", reason: str = ""
) -> Outcome[ProposalMark]:
    """Pin a home for a request or rule it out, and work the proposal out again.

    What a must forbids cannot be pinned; ruling out needs a reason of `RULED_OUT_REASONS`, another reason also words.
    """
    place = place_of(key)
    row = requests_in_search(by).filter(pk=request_id).first()
    if row is None or place is None or kind not in MARKS:
        return refuse(Problem(MISSING, "There is no such request that waits, or no such home."))
    if by.role != BROKER:
        return refuse(NOT_YOURS)
    today = timezone.localdate(now)
    market, referral = market_for(by.authority_id, today), from_today(referrals_of([row])[0], today)
    if place.key not in market.row_of_key:
        return refuse(Problem(MISSING, "There is no such home."))
    at = market.row_of_key[place.key]
    if kind == "pinned":
        policy = policy_on(by.authority_id, today).policy
        if problems := exclusions_at(referral, market, at, policy):
            return refuse(problems)
    elif problems := reason_problems(reason_code, reason):
        return refuse(problems)
    given = (reason_code if kind == "barred" else "", reason.strip()[:300])
    mark = marked(by, now, request_id, place, kind, given)
    if mark is None:
        return refuse(TAKEN)
    words = f"{MARKS[kind]} in the proposal for {row.reference}: {market.options[at].name}"
    details = {"home": place.key, "reason": given[1], "reason_code": given[0]}
    audit(
        by=by, now=now, verb="mark_home", words=words, subject="request", subject_id=row.pk, details=details
    )
    _proposed(by, now)
    return Outcome(mark)


@action
def undo_mark(*, by: Actor, now: datetime, mark_id: int, version: int) -> Outcome[ProposalMark]:
    """Take a mark back and work the proposal out again: the home may be proposed, or need not be any more."""
    row = (
        ProposalMark.objects.select_related("request")
        .filter(pk=mark_id, authority_id=by.authority_id)
        .first()
    )
    if row is None:
        return refuse(Problem(MISSING, "There is no such mark."))
    if by.role != BROKER:
        return refuse(NOT_YOURS)
    if row.undone_at is not None:
        return refuse(Problem("wrong_state", "This was taken back already."))
    if problems := change_row(row, version=version, undone_at=now, undone_by_id=by.person_id):
        return refuse(problems)
    words = f"Taken back in the proposal for {row.request.reference}: {MARKS[row.kind].lower()}"
    audit(by=by, now=now, verb="undo_mark", words=words, subject="request", subject_id=row.request_id)
    _proposed(by, now)
    return Outcome(row)


def latest_proposal(actor: Actor) -> Proposal | None:
    """The last proposal of the actor's authority."""
    rows = Proposal.objects.filter(authority_id=actor.authority_id).select_related("asked_by", "policy")
    return rows.order_by("-asked_at", "-id").first()


def proposal_lines(actor: Actor, proposal: Proposal) -> list[ProposalLine]:
    """The lines of a proposal that this actor may see, those without a home first, then the longest waiting."""
    rows = ProposalLine.objects.filter(proposal=proposal, request__in=requests_in_search(actor))
    related = rows.select_related("request__search", "household", "setting__provider")
    return sorted(related, key=lambda one: (bool(one.household_id or one.setting_id), one.request_id, one.pk))


def candidates_of(
    actor: Actor, lines: Sequence[ProposalLine]
) -> dict[tuple[int, int | None, int | None], int]:
    """The candidate of each line's home in the search of its request: by request, household and setting."""
    rows = Candidate.objects.filter(
        Q(household__in={one.household_id for one in lines} - {None})
        | Q(setting__in={one.setting_id for one in lines} - {None}),
        authority_id=actor.authority_id, search__request__in=[one.request_id for one in lines],
    )  # fmt: skip
    found = rows.values_list("search__request_id", "household_id", "setting_id", "pk")
    return {(request, household, setting): key for request, household, setting, key in found}


def home_named(actor: Actor, key: str) -> str | None:
    """What a home of today's market is called; None where there is none of this key."""
    market = market_for(actor.authority_id, timezone.localdate())
    return market.options[market.row_of_key[key]].name if key in market.row_of_key else None


def ruled_out(actor: Actor) -> QuerySet[ProposalMark]:
    """Every home that was ruled out for a request that the actor may see, also where it was taken back since."""
    rows = ProposalMark.objects.filter(
        authority_id=actor.authority_id, kind="barred", request__in=requests(actor).order_by()
    )
    return rows.select_related("request", "household", "setting__provider", "made_by")


def marks(actor: Actor) -> list[ProposalMark]:
    """What brokers have pinned and ruled out, the last first."""
    rows = ProposalMark.objects.filter(authority_id=actor.authority_id, undone_at__isnull=True)
    related = rows.filter(request__in=requests_in_search(actor)).select_related(
        "request", "household", "setting__provider", "made_by"
    )
    return list(related.order_by("-made_at", "-id"))
