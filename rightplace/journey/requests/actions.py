"""Verbs of a placement request: start, fill in, send, check, withdraw; and what later stages bring about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone

from rightplace.core.checking.request_quality import Quality, Severity
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import BROKER, SOCIAL_WORKER
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.foundation.events.bus import publish
from rightplace.journey.requests import entries
from rightplace.journey.requests.disclosed import WordsJudged, flagged_words, judgement_problems
from rightplace.journey.requests.events import (
    RequestPassed,
    RequestReturned,
    RequestSubmitted,
    RequestWithdrawn,
)
from rightplace.journey.requests.filling_in import (
    save_criteria,
    save_needs,
    save_outcomes,
    save_places,
    save_request,
    save_sibling_wishes,
)
from rightplace.journey.requests.following import (
    follow_choice_made,
    follow_choice_undone,
    follow_permission_given,
    follow_permission_refused,
    follow_placed,
    follow_search_closed,
    follow_search_opened,
)
from rightplace.journey.requests.models import (
    ClockPause,
    Comment,
    PlacementRequest,
    QualityCheck,
    RequestChild,
    RequestPlace,
)
from rightplace.journey.requests.prefill import children_to_ask_for, prefilled, prefilled_places
from rightplace.journey.requests.reach import NOT_FOUND, own_requests, person, record
from rightplace.journey.requests.reading import PARTS, quality_of, read_request, urgency_on
from rightplace.journey.requests.states import ASKERS, REQUEST
from rightplace.register.children.models import Child

__all__ = [
    "follow_choice_made",
    "follow_choice_undone",
    "follow_permission_given",
    "follow_permission_refused",
    "follow_placed",
    "follow_search_closed",
    "follow_search_opened",
    "pass_request",
    "recall_request",
    "return_request",
    "save_criteria",
    "save_needs",
    "save_outcomes",
    "save_places",
    "save_request",
    "save_sibling_wishes",
    "start_request",
    "submit_request",
    "withdraw_request",
]


@action
def start_request(
    *,
    by: Actor,
    now: datetime,
    child_ids: tuple[int, ...],
    needed_by: date | None = None,
    is_emergency: bool = False,
    replaces_placement_id: int | None = None,
) -> Outcome[PlacementRequest]:
    """Start a request for a child, or for brothers and sisters together; all that the register knows is filled in.

    Source: issue of the main job, "nothing asked twice that the register knows".
    """
    if by.role not in ASKERS and not (by.role == BROKER and replaces_placement_id):
        return refuse(Problem("not_yours", "Only social workers and their managers ask for a placement."))
    found = children_to_ask_for(by, child_ids)
    if found.problems:
        return refuse(found.problems)
    children = found.done()
    row = PlacementRequest.objects.create(
        authority_id=by.authority_id,
        team_id=by.team_id or children[0].team_id,
        social_worker_id=_asker(by, children[0]),
        created_at=now,
        needed_by=needed_by,
        is_emergency=is_emergency,
        replaces_placement_id=replaces_placement_id,
        **prefilled(children),
    )
    RequestChild.objects.bulk_create(
        RequestChild(authority_id=row.authority_id, request=row, child=child, position=place)
        for place, child in enumerate(children, 1)
    )
    RequestPlace.objects.bulk_create(prefilled_places(row, children))
    record(by, now, row, "start_request", f"Request {row.reference} started")
    return Outcome(row)


def _asker(by: Actor, child: Child) -> int:
    """Whose request it is: the social worker who starts it, else the child's own, else whoever starts it."""
    if by.role == SOCIAL_WORKER or child.social_worker_id is None:
        return person(by)
    return child.social_worker_id


@action
def submit_request(*, by: Actor, now: datetime, request_id: int, version: int) -> Outcome[PlacementRequest]:
    """Send the request to the brokers, once nothing is left that must be mended; its clock starts, or starts again.

    The urgency is fixed now, in working days (Placements Data Standard v2, neededBy). Sent again after a return, the
    comments count as settled.
    """
    row = own_requests(by).prefetch_related(*PARTS).filter(pk=request_id).first()
    if row is None:
        return refuse(NOT_FOUND)
    if problems := REQUEST.problems("submit_request", state=row.state, role=by.role):
        return refuse(problems)
    row.urgency = ""
    today = timezone.localdate(now)
    if problems := quality_problems(quality_of(read_request(row, today=today), today=today)):
        return refuse(problems)
    changes = {"urgency": urgency_on(row, today), "submitted_at": row.submitted_at or now}
    if problems := change_state(REQUEST, row, "submit_request", by=by, version=version, **changes):
        return refuse(problems)
    ClockPause.objects.filter(request=row, started_at__isnull=True).update(started_at=now)
    Comment.objects.filter(request=row, settled_at__isnull=True).update(settled_at=now)
    record(by, now, row, "submit_request", f"Request {row.reference} sent to the brokers")
    publish(RequestSubmitted(by=by, now=now, authority_id=row.authority_id, request_id=row.pk))
    return Outcome(row)


def quality_problems(quality: Quality) -> list[Problem]:
    """What must be mended before a request may leave, as problems at their fields."""
    return [
        Problem("quality", one.words, one.field) for one in quality.findings if one.severity == Severity.MUST
    ]


@action
def recall_request(*, by: Actor, now: datetime, request_id: int, version: int) -> Outcome[PlacementRequest]:
    """Take a sent request back to change it, as long as no broker has answered; the clock stands meanwhile."""
    row = own_requests(by).filter(pk=request_id).first()
    if row is None:
        return refuse(NOT_FOUND)
    if problems := change_state(REQUEST, row, "recall_request", by=by, version=version):
        return refuse(problems)
    _pause(row, now)
    record(by, now, row, "recall_request", f"Request {row.reference} taken back to change")
    return Outcome(row)


@action
def return_request(
    *, by: Actor, now: datetime, request_id: int, version: int, comments: Sequence[tuple[str, str]]
) -> Outcome[PlacementRequest]:
    """Send a request back with comments, each at its field (empty: the whole); its clock stands until it is sent again."""
    row = own_requests(by).prefetch_related(*PARTS).filter(pk=request_id).first()
    if row is None:
        return refuse(NOT_FOUND)
    given = [(field, words.strip()) for field, words in comments if words.strip()]
    if not given:
        return refuse(
            Problem(
                "entry_missing", "Say what is to be mended: a request is not sent back without a comment."
            )
        )
    if problems := entries.text_problems(dict(given)):
        return refuse(problems)
    quality = quality_of(read_request(row, today=timezone.localdate(now)), today=timezone.localdate(now))
    if problems := change_state(REQUEST, row, "return_request", by=by, version=version, broker_id=by.user_id):
        return refuse(problems)
    Comment.objects.bulk_create(
        Comment(
            authority_id=row.authority_id,
            request=row,
            field=field[:40],
            words=words,
            by_id=person(by),
            at=now,
        )
        for field, words in given
    )
    _check(row, by, now, quality, "returned")
    _pause(row, now)
    record(
        by,
        now,
        row,
        "return_request",
        f"Request {row.reference} returned with {len(given)} comment{'s' * (len(given) > 1)}",
    )
    publish(RequestReturned(by=by, now=now, authority_id=row.authority_id, request_id=row.pk))
    return Outcome(row)


@action
def pass_request(
    *, by: Actor, now: datetime, request_id: int, version: int, confirmed_words: Sequence[WordsJudged] = ()
) -> Outcome[PlacementRequest]:
    """Pass the quality check: nothing must be mended, and every word that may identify someone has been judged.

    Words that the register knows to be the child's or family's are masked whatever is said. Source: UK GDPR article
    5(1)(c), and practice: each referral is checked and anonymised before it leaves.
    """
    row = own_requests(by).prefetch_related(*PARTS).filter(pk=request_id).first()
    if row is None:
        return refuse(NOT_FOUND)
    if problems := REQUEST.problems("pass_request", state=row.state, role=by.role):
        return refuse(problems)
    read = read_request(row, today=timezone.localdate(now))
    quality = quality_of(read, today=timezone.localdate(now))
    if problems := [*quality_problems(quality), *judgement_problems(flagged_words(read), confirmed_words)]:
        return refuse(problems)
    if problems := change_state(
        REQUEST, row, "pass_request", by=by, version=version, broker_id=by.user_id, checked_at=now
    ):
        return refuse(problems)
    _check(row, by, now, quality, "passed", confirmed_words)
    record(
        by,
        now,
        row,
        "pass_request",
        f"Request {row.reference} passed the quality check at {quality.score} of 100",
    )
    publish(RequestPassed(by=by, now=now, authority_id=row.authority_id, request_id=row.pk))
    return Outcome(row)


@action
def withdraw_request(
    *, by: Actor, now: datetime, request_id: int, version: int, reason: str
) -> Outcome[PlacementRequest]:
    """Withdraw a request that is no longer needed, with the reason."""
    row = own_requests(by).filter(pk=request_id).first()
    if row is None:
        return refuse(NOT_FOUND)
    if not reason.strip() or len(reason) > 300:
        return refuse(Problem("entry_missing", "Say in up to 300 characters why it is withdrawn.", "reason"))
    changes = {"closed_at": now, "close_reason": reason.strip()}
    if problems := change_state(REQUEST, row, "withdraw_request", by=by, version=version, **changes):
        return refuse(problems)
    record(by, now, row, "withdraw_request", f"Request {row.reference} withdrawn: {reason.strip()}")
    publish(RequestWithdrawn(by=by, now=now, authority_id=row.authority_id, request_id=row.pk))
    return Outcome(row)


def _pause(row: PlacementRequest, now: datetime) -> None:
    ClockPause.objects.create(authority_id=row.authority_id, request=row, stopped_at=now)


def _check(
    row: PlacementRequest,
    by: Actor,
    now: datetime,
    quality: Quality,
    verdict: str,
    judged: Sequence[WordsJudged] = (),
) -> None:
    findings = [
        {"field": one.field, "severity": one.severity.value, "words": one.words} for one in quality.findings
    ]
    words = [{"text": one.text, "verdict": one.verdict} for one in judged]
    QualityCheck.objects.create(
        authority_id=row.authority_id, request=row, by_id=person(by), at=now, score=quality.score, verdict=verdict,
        findings=findings, confirmed_words=words,
    )  # fmt: skip
