"""Verbs of a request for one's own data: take it, review it, release it by a second person, hand it over."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.core.retention import one_month_after
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import INFORMATION_OFFICER
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.notices.actions import tell_role
from rightplace.foundation.reference.rules import rule
from rightplace.foundation.retention.holds import NO_RECORD, is_there
from rightplace.foundation.retention.models import SUBJECTS, RecordHold, SubjectRequest
from rightplace.foundation.retention.queries import may_read_words
from rightplace.foundation.retention.states import AGREEING, SUBJECT_REQUEST
from rightplace.foundation.retention.subject.bundle import build_bundle
from rightplace.foundation.retention.subject.gathering import begin

GONE = Problem(MISSING, "There is no such request in your authority.")
NOT_NAMED = Problem(
    "not_named",
    "This is a restricted case, or speaks of one. Only somebody named for it reads, reviews, releases or hands over what it "
    "holds.",
)
ASKABLE = ("child", "household", "user")
VERDICTS = ("hide", "show")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came in: about whom, by whom, how their identity was checked, and when it came."""

    subject_kind: str
    subject_id: int
    asked_by: str
    identity_words: str
    received_on: date


def answer_by(received_on: date, *, is_extended: bool = False) -> date:
    """The last day to answer, by the rule in force when the request came (UK GDPR article 12(3))."""
    name = "subject_access_extended" if is_extended else "subject_access_within"
    months = rule(name, received_on)
    return one_month_after(received_on, int(months.value) if months else (3 if is_extended else 1))


@action
def ask_for_data(*, by: Actor, now: datetime, asked: Asked) -> Outcome[SubjectRequest]:
    """Take a request for one's own data: the clock of one month runs, the record is held, the worker gathers it."""
    if problems := _asked_problems(by, asked, timezone.localdate(now)):
        return refuse(problems)
    hold = RecordHold.objects.create(
        authority_id=by.authority_id,
        kind="subject_request",
        subject_kind=asked.subject_kind,
        subject_id=asked.subject_id,
        reason="A request for one’s own data is being answered.",
        starts_on=min(asked.received_on, timezone.localdate(now)),
        placed_by_id=by.person_id,
        placed_at=now,
    )
    row = SubjectRequest.objects.create(
        authority_id=by.authority_id,
        subject_kind=asked.subject_kind,
        subject_id=asked.subject_id,
        asked_by=asked.asked_by.strip(),
        identity_words=asked.identity_words.strip(),
        received_on=asked.received_on,
        due_on=answer_by(asked.received_on),
        made_by_id=by.person_id,
        made_at=now,
        hold=hold,
    )
    begin(row)
    what = f"{SUBJECTS[asked.subject_kind].lower()} {asked.subject_id}"
    _record(by, now, row, "ask_for_data", f"{row.reference} taken: data held about {what}")
    return Outcome(row)


@action
def pause_gathering(*, by: Actor, now: datetime, request_id: int, version: int) -> Outcome[SubjectRequest]:
    """Stop the gathering; what is read stays read."""
    return _moved(by, now, request_id, version, "pause_gathering", "stopped")


@action
def resume_gathering(*, by: Actor, now: datetime, request_id: int, version: int) -> Outcome[SubjectRequest]:
    """Go on with the gathering where it was stopped."""
    return _moved(by, now, request_id, version, "resume_gathering", "taken up again")


@action
def judge_words(
    *, by: Actor, now: datetime, request_id: int, version: int, verdicts: Mapping[int, str]
) -> Outcome[SubjectRequest]:
    """Say of flagged words or files whether they are hidden or shown; the number of each with `hide` or `show`."""
    row = _own(by, request_id)
    if row is None:
        return refuse(GONE)
    if not may_read_words(by, row):
        return refuse(NOT_NAMED)
    known = set(row.redactions.filter(pk__in=verdicts).values_list("pk", flat=True))
    if known != set(verdicts) or not set(verdicts.values()) <= set(VERDICTS):
        return refuse(Problem("unknown_words", "Choose hide or show for words of this request."))
    if problems := change_state(SUBJECT_REQUEST, row, "judge_words", by=by, version=version):
        return refuse(problems)
    for verdict in VERDICTS:
        chosen = [number for number, given in verdicts.items() if given == verdict]
        row.redactions.filter(pk__in=chosen).update(verdict=verdict, judged_by=by.person_id, judged_at=now)
    _record(by, now, row, "judge_words", f"{row.reference}: {len(verdicts)} places judged")
    return Outcome(row)


@action
def finish_review(*, by: Actor, now: datetime, request_id: int, version: int) -> Outcome[SubjectRequest]:
    """Finish the review; refused while words or files are not judged."""
    row = _own(by, request_id)
    if row is None:
        return refuse(GONE)
    if not may_read_words(by, row):
        return refuse(NOT_NAMED)
    if left := row.redactions.filter(verdict="").count():
        return refuse(Problem("not_judged", f"{left} places are not judged yet."))
    who = {"reviewed_by_id": by.person_id, "reviewed_at": now}
    return _moved(by, now, request_id, version, "finish_review", "reviewed", **who)


@action
def reopen_review(*, by: Actor, now: datetime, request_id: int, version: int) -> Outcome[SubjectRequest]:
    """Look again before it is handed over."""
    nobody = {"reviewed_by": None, "reviewed_at": None, "released_by": None, "released_at": None}
    return _moved(by, now, request_id, version, "reopen_review", "opened again for review", **nobody)


@action
def release_bundle(*, by: Actor, now: datetime, request_id: int, version: int) -> Outcome[SubjectRequest]:
    """Release what was reviewed, as another person than the reviewer; the worker puts the bundle together."""
    row = _own(by, request_id)
    if row is None:
        return refuse(GONE)
    if not may_read_words(by, row):
        return refuse(NOT_NAMED)
    if row.reviewed_by_id == by.user_id:
        return refuse(Problem("same_person", "You reviewed it. Another person must release it."))
    who = {"released_by_id": by.person_id, "released_at": now}
    return _moved(by, now, request_id, version, "release_bundle", "released", **who)


@action
def hand_over(*, by: Actor, now: datetime, request_id: int, version: int) -> Outcome[SubjectRequest]:
    """Note that the bundle was handed over: the request is answered and its hold ends."""
    row = _own(by, request_id)
    if row is not None and not may_read_words(by, row):
        return refuse(NOT_NAMED)
    return _closed(by, now, request_id, version, "hand_over", "handed over")


@action
def extend_time(
    *, by: Actor, now: datetime, request_id: int, version: int, reason: str
) -> Outcome[SubjectRequest]:
    """Extend the time to three months from receipt, once, with the reason that the person was told within the first month."""
    row = _own(by, request_id)
    if row is None:
        return refuse(GONE)
    problems = _needs_words(reason, "Say why more time is needed, as you told the person.")
    if row.extended_reason:
        problems.append(Problem("wrong_state", "The time has been extended already."))
    if timezone.localdate(now) > row.due_on:
        problems.append(Problem("too_late", "The first month is over: the person had to be told within it."))
    if problems:
        return refuse(problems)
    later = {
        "extended_reason": reason.strip()[:500],
        "due_on": answer_by(row.received_on, is_extended=True),
    }
    return _moved(by, now, request_id, version, "extend_time", "extended to three months", **later)


@action
def refuse_request_for_data(
    *, by: Actor, now: datetime, request_id: int, version: int, reason: str
) -> Outcome[SubjectRequest]:
    """Refuse a request, with the reason: manifestly unfounded or excessive, or the identity could not be proved."""
    if problems := _needs_words(reason, "Say why the request is refused."):
        return refuse(problems)
    why = {"refuse_reason": reason.strip()[:500]}
    return _closed(by, now, request_id, version, "refuse_request_for_data", "refused", **why)


@action
def finish_gathering(*, by: Actor, now: datetime, request_id: int) -> Outcome[SubjectRequest]:
    """All tables are read: the review begins."""
    row = SubjectRequest.objects.filter(pk=request_id).first()
    if row is None or row.parts.filter(is_done=False).exists():
        return refuse(GONE)
    if problems := change_state(SUBJECT_REQUEST, row, "finish_gathering", by=by):
        return refuse(problems)
    tell_role(
        authority_id=row.authority_id,
        role=INFORMATION_OFFICER,
        words=f"{row.reference} is gathered: look at what is said of others.",
        link=f"/governance/data-requests/{row.pk}/",
        now=now,
    )
    _record(by, now, row, "finish_gathering", f"{row.reference} gathered")
    return Outcome(row)


@action
def finish_bundle(*, by: Actor, now: datetime, request_id: int) -> Outcome[SubjectRequest]:
    """Put the bundle together and keep it for download; Changed when the record is not the one that was reviewed."""
    row = SubjectRequest.objects.filter(pk=request_id, state="building").first()
    if row is None:
        return refuse(GONE)
    content = build_bundle(row, now)
    stored = StoredFile.objects.create(
        authority_id=row.authority_id,
        name=f"{row.reference}.zip",
        media_type="application/zip",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        made_at=now,
        made_by=by.name,
    )
    if problems := change_state(SUBJECT_REQUEST, row, "finish_bundle", by=by, bundle_id=stored.pk):
        return refuse(problems)
    _record(by, now, row, "finish_bundle", f"{row.reference} put together: {stored.size:,} bytes")
    return Outcome(row)


@action
def gather_again(*, by: Actor, now: datetime, request_id: int) -> Outcome[SubjectRequest]:
    """The record has changed since the review: gather it anew. What was judged stays judged."""
    row = SubjectRequest.objects.filter(pk=request_id).first()
    if row is None:
        return refuse(GONE)
    row.parts.all().delete()
    begin(row)
    nobody = {"reviewed_by": None, "reviewed_at": None, "released_by": None, "released_at": None}
    if problems := change_state(SUBJECT_REQUEST, row, "gather_again", by=by, **nobody):
        return refuse(problems)
    _record(by, now, row, "gather_again", f"{row.reference} gathered again, as the record has changed")
    return Outcome(row)


def _closed(
    by: Actor, now: datetime, request_id: int, version: int, verb: str, said: str, **changes: Any
) -> Outcome[SubjectRequest]:
    outcome = _moved(by, now, request_id, version, verb, said, closed_at=now, **changes)
    if outcome.is_done and (hold := outcome.done().hold_id):
        ended = {"lifted_by_id": by.person_id, "lifted_at": now, "lift_reason": f"The request was {said}."}
        RecordHold.objects.filter(pk=hold, lifted_at__isnull=True).update(**ended)
    return outcome


def _moved(
    by: Actor, now: datetime, request_id: int, version: int, verb: str, said: str, **changes: Any
) -> Outcome[SubjectRequest]:
    row = _own(by, request_id)
    if row is None:
        return refuse(GONE)
    if problems := change_state(SUBJECT_REQUEST, row, verb, by=by, version=version, **changes):
        return refuse(problems)
    _record(by, now, row, verb, f"{row.reference} {said}")
    return Outcome(row)


def _own(by: Actor, request_id: int) -> SubjectRequest | None:
    return SubjectRequest.objects.filter(pk=request_id, authority_id=by.authority_id).first()


def _needs_words(text: str, sentence: str) -> list[Problem]:
    return [] if text.strip() else [Problem("no_reason", sentence, "reason")]


def _asked_problems(by: Actor, asked: Asked, today: date) -> list[Problem]:
    if by.role not in AGREEING:
        return [Problem("not_yours", "Your role may not take requests for data.")]
    problems = []
    if asked.subject_kind not in ASKABLE or not is_there(
        asked.subject_kind, asked.subject_id, by.authority_id
    ):
        problems.append(NO_RECORD)
    if asked.received_on > today:
        problems.append(Problem("in_the_future", "The request cannot have come after today.", "received_on"))
    for name, sentence in (
        ("asked_by", "Say who asks, and for whom."),
        ("identity_words", "Say how their identity was checked."),
    ):
        if not getattr(asked, name).strip():
            problems.append(Problem("missing", sentence, name))
    return problems


def _record(by: Actor, now: datetime, row: SubjectRequest, verb: str, words: str) -> None:
    audit(
        by=by, now=now, verb=verb, words=words, subject="data_request", subject_id=row.pk, authority_id=row.authority_id,
        child_id=row.subject_id if row.subject_kind == "child" else None, details={"version": row.version},
    )  # fmt: skip
