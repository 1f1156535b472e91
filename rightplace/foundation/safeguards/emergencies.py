"""Emergency access ("break-glass"): opening a restricted case without being named, and the review of it by somebody else."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from rightplace.core.calendar import add_working_days
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import CASE_STAFF, DIRECTOR, INFORMATION_OFFICER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.notices.actions import tell_user
from rightplace.foundation.reference.calendar import holidays
from rightplace.foundation.reference.rules import rule
from rightplace.foundation.safeguards.models import LONGEST_EMERGENCY, EmergencyAccess, Restriction
from rightplace.foundation.safeguards.queries import reviewers
from rightplace.foundation.safeguards.words import OUTCOMES

REVIEWERS = frozenset({INFORMATION_OFFICER, DIRECTOR})
SHORTEST_REASON = 20


@action
def open_in_emergency(
    *, by: Actor, now: datetime, child_number: str, reason: str
) -> Outcome[EmergencyAccess]:
    """Open a restricted case for at most an hour, with a reason; a named reviewer who is not the actor is told at once.

    Refused when the role works with no cases, the reason is too short to be reviewed, no restricted case of this authority
    has the number, the actor is named for it anyway, it is open already, or nobody could review.
    """
    restriction = Restriction.objects.filter(
        authority_id=by.authority_id, child_number=child_number.strip(), period__contains=now
    ).first()
    reviewer = reviewers(by, now).first()
    problems = _problems(by, now, restriction, reason)
    if reviewer is None:
        problems.append(
            Problem(
                "no_reviewer", "Nobody in your authority could review this. Ask your director by telephone."
            )
        )
    if problems or restriction is None or reviewer is None:
        return refuse(problems)
    row = EmergencyAccess.objects.create(
        authority_id=by.authority_id, restriction=restriction, child_id=restriction.child_id, user_id=by.person_id,
        role=by.role, reason=reason.strip(), starts_at=now, ends_at=now + _lasts(now), reviewer_id=reviewer.user_id,
        review_due_on=_review_due(now),
    )  # fmt: skip
    words = f"Opened the restricted case of child {restriction.child_number} in an emergency"
    _record(by, now, row, "open_in_emergency", words, reason=row.reason, reviewer=reviewer.user_id)
    tell_user(
        authority_id=by.authority_id,
        user_id=reviewer.user_id,
        words=f"{by.name} opened the restricted case of child {restriction.child_number} in an emergency. Review it.",
        link=f"/governance/emergencies/{row.pk}/",
        now=now,
    )
    return Outcome(row)


@action
def close_emergency(*, by: Actor, now: datetime, access_id: int, version: int) -> Outcome[EmergencyAccess]:
    """End one's own emergency access before its hour is over."""
    row = EmergencyAccess.objects.filter(pk=access_id, user_id=by.user_id or 0, ends_at__gt=now).first()
    if row is None:
        return refuse(Problem(MISSING, "This emergency access has ended."))
    if problems := change_row(
        row, version=version, ends_at=max(now, row.starts_at + timedelta(milliseconds=1))
    ):
        return refuse(problems)
    _record(by, now, row, "close_emergency", "Ended an emergency access before its time")
    return Outcome(row)


@action
def review_emergency(
    *, by: Actor, now: datetime, access_id: int, version: int, outcome: str, words: str
) -> Outcome[EmergencyAccess]:
    """Review an emergency access with an outcome in words; by anybody who may review except the one who looked."""
    row = EmergencyAccess.objects.filter(pk=access_id, authority_id=by.authority_id).first()
    if row is None:
        return refuse(Problem(MISSING, "There is no such emergency access in your authority."))
    problems = _review_problems(by, row, outcome, words)
    if problems:
        return refuse(problems)
    changes = {
        "outcome": outcome,
        "outcome_words": words.strip(),
        "reviewed_by_id": by.person_id,
        "reviewed_at": now,
    }
    if problems := change_row(row, version=version, **changes):
        return refuse(problems)
    said = f"Reviewed an emergency access: {OUTCOMES[outcome].lower()}"
    _record(by, now, row, "review_emergency", said, outcome=outcome, finding=words.strip())
    return Outcome(row)


def _problems(by: Actor, now: datetime, restriction: Restriction | None, reason: str) -> list[Problem]:
    problems = []
    if by.role not in CASE_STAFF:
        problems.append(Problem("wrong_role", "Emergency access is for people who work with cases."))
    if len(reason.strip()) < SHORTEST_REASON:
        problems.append(
            Problem(
                "no_reason", "Say in a sentence why you need the case now. Somebody will review it.", "reason"
            )
        )
    if restriction is None:
        problems.append(
            Problem("not_restricted", "No restricted case of your authority has this number.", "child_number")
        )
    elif restriction.people.filter(user_id=by.user_id or 0, ends_at__isnull=True).exists():
        problems.append(
            Problem("named", "You are named for this case: open it as any other.", "child_number")
        )
    elif restriction.emergencies.filter(user_id=by.user_id or 0, ends_at__gt=now).exists():
        problems.append(Problem("open_already", "You have this case open already.", "child_number"))
    return problems


def _review_problems(by: Actor, row: EmergencyAccess, outcome: str, words: str) -> list[Problem]:
    problems = []
    if by.role not in REVIEWERS:
        problems.append(
            Problem("wrong_role", "The information governance officer or the director reviews this.")
        )
    if row.user_id == by.user_id:
        problems.append(Problem("own_deed", "Nobody reviews their own emergency access."))
    if row.reviewed_at is not None:
        problems.append(Problem("wrong_state", "This emergency access was reviewed already."))
    if outcome not in OUTCOMES:
        problems.append(Problem("no_outcome", "Choose what the review came to.", "outcome"))
    if not words.strip():
        problems.append(Problem("no_words", "Say what you found.", "words"))
    return problems


def _lasts(now: datetime) -> timedelta:
    known = rule("emergency_access_lasts", timezone.localdate(now))
    return min(timedelta(minutes=int(known.value)) if known else LONGEST_EMERGENCY, LONGEST_EMERGENCY)


def _review_due(now: datetime) -> date:
    today = timezone.localdate(now)
    known = rule("emergency_access_reviewed_within", today)
    return add_working_days(today, int(known.value) if known else 2, holidays())


def _record(by: Actor, now: datetime, row: EmergencyAccess, verb: str, words: str, **details: object) -> None:
    audit(
        by=by, now=now, verb=verb, words=words, subject="emergency", subject_id=row.pk, child_id=row.child_id,
        details=details,
    )  # fmt: skip
