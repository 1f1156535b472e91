"""Holds: while one stands, nothing that it covers is destroyed, whatever a list says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.apps import apps
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import DIRECTOR, INFORMATION_OFFICER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.retention.models import HOLD_KINDS, SUBJECTS, RecordHold
from rightplace.foundation.retention.registry import TARGETS

HOLDERS = frozenset({INFORMATION_OFFICER, DIRECTOR})
# The first number of the lock under which records are held and destroyed, so that neither overtakes the other.
LOCK = 50_010
NO_RECORD = Problem("no_record", "There is no such record in your authority.", "subject_id")
GONE = Problem(MISSING, "There is no such hold in your authority.")


@dataclass(frozen=True, slots=True)
class NewHold:
    """A hold to place: of which kind, on one record (or, with no subject, on all), why, and until when."""

    kind: str
    reason: str
    subject_kind: str = ""
    subject_id: int | None = None
    ends_on: date | None = None


def take_turns(authority_id: int) -> None:
    """Wait for whoever else holds or destroys in this authority; freed at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, authority_id])


def standing(authority_id: int, *, on: date) -> QuerySet[RecordHold]:
    """The holds of an authority that stand on a day, the newest first."""
    rows = RecordHold.objects.filter(authority_id=authority_id, lifted_at__isnull=True, starts_on__lte=on)
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on)).order_by("-placed_at", "-id")


def holds_on(authority_id: int, subject_kind: str, subject_id: int, *, on: date) -> QuerySet[RecordHold]:
    """The holds that cover a record: its own, those of the whole authority, and of a contract those of its child."""
    covered = Q(subject_kind="") | Q(subject_kind=subject_kind, subject_id=subject_id)
    if subject_kind == "contract":
        contract = apps.get_model(TARGETS["contract"])._base_manager.filter(pk=subject_id)
        covered |= Q(subject_kind="child", subject_id__in=contract.values("placement__child"))
        covered |= Q(subject_kind="household", subject_id__in=contract.values("placement__household"))
    return standing(authority_id, on=on).filter(covered)


def is_there(subject_kind: str, subject_id: int, authority_id: int) -> bool:
    """Whether there is such a record in this authority."""
    rows = apps.get_model(TARGETS[subject_kind])._base_manager.filter(pk=subject_id)
    if subject_kind == "user":
        return bool(rows.filter(memberships__authority_id=authority_id).exists())
    return bool(rows.filter(authority_id=authority_id).exists())


@action
def place_hold(*, by: Actor, now: datetime, hold: NewHold) -> Outcome[RecordHold]:
    """Hold one record, or all of the authority: nothing covered is destroyed until the hold ends or is lifted.

    By the information governance officer or the director. A hold wins over a list already agreed (Inquiries Act 2005, s 35;
    Civil Procedure Rules, practice direction 31B, paragraph 7: what may be evidence is preserved).
    """
    take_turns(by.authority_id)
    problems = _hold_problems(by, hold, timezone.localdate(now))
    if problems:
        return refuse(problems)
    row = RecordHold.objects.create(
        authority_id=by.authority_id,
        kind=hold.kind,
        subject_kind=hold.subject_kind,
        subject_id=hold.subject_id,
        reason=hold.reason.strip(),
        starts_on=timezone.localdate(now),
        ends_on=hold.ends_on,
        placed_by_id=by.person_id,
        placed_at=now,
    )
    what = f"{SUBJECTS[hold.subject_kind].lower()} {hold.subject_id}" if hold.subject_kind else "all records"
    _record(by, now, row, "place_hold", f"Hold placed on {what}: {HOLD_KINDS[hold.kind].lower()}")
    return Outcome(row)


@action
def lift_hold(*, by: Actor, now: datetime, hold_id: int, version: int, reason: str) -> Outcome[RecordHold]:
    """Lift a hold, with the reason; records whose time is over may then be listed again."""
    row = RecordHold.objects.filter(pk=hold_id, authority_id=by.authority_id).first()
    if row is None:
        return refuse(GONE)
    problems = _may_hold(by)
    if not reason.strip():
        problems.append(Problem("no_reason", "Say why the hold is lifted.", "reason"))
    if row.lifted_at is not None:
        problems.append(Problem("wrong_state", "This hold has been lifted already."))
    if row.subjectrequest_set.filter(closed_at__isnull=True).exists():
        problems.append(Problem("in_use", "It stands until the request for one’s own data is answered."))
    who = {"lifted_by_id": by.person_id, "lifted_at": now, "lift_reason": reason.strip()[:500]}
    if problems := problems or change_row(row, version=version, **who):
        return refuse(problems)
    _record(by, now, row, "lift_hold", f"Hold {row.pk} lifted")
    return Outcome(row)


def _may_hold(by: Actor) -> list[Problem]:
    return [] if by.role in HOLDERS else [Problem("not_yours", "Your role may not place or lift holds.")]


def _hold_problems(by: Actor, hold: NewHold, today: date) -> list[Problem]:
    problems = _may_hold(by)
    if hold.kind not in HOLD_KINDS:
        problems.append(Problem("unknown_kind", "Choose the kind of hold.", "kind"))
    if not hold.reason.strip():
        problems.append(Problem("no_reason", "Say why these records are held.", "reason"))
    if len(hold.reason.strip()) > 500:
        problems.append(Problem("too_long", "Shorten the reason to 500 characters.", "reason"))
    if hold.ends_on is not None and hold.ends_on <= today:
        problems.append(Problem("in_the_past", "The hold must end after today.", "ends_on"))
    return problems + _subject_problems(by, hold)


def _subject_problems(by: Actor, hold: NewHold) -> list[Problem]:
    if not hold.subject_kind and hold.subject_id is None:
        return []
    if hold.subject_kind not in SUBJECTS or hold.subject_id is None:
        return [Problem("no_record", "Say which record is held, by its number.", "subject_id")]
    return [] if is_there(hold.subject_kind, hold.subject_id, by.authority_id) else [NO_RECORD]


def _record(by: Actor, now: datetime, row: RecordHold, verb: str, words: str) -> None:
    about = row.subject_id if row.subject_kind == "child" else None
    audit(by=by, now=now, verb=verb, words=words, subject="hold", subject_id=row.pk, child_id=about)
