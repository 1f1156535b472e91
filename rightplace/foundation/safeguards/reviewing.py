"""The monthly review of access: every account as it stands, confirmed or ended one by one, signed off and kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from rightplace.core.calendar import add_working_days
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.queries import not_over
from rightplace.foundation.access.roles import ACCESS_OFFICER, INFORMATION_OFFICER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.reference.calendar import holidays
from rightplace.foundation.reference.rules import rule
from rightplace.foundation.safeguards.counting import LookCount, looks_by_person
from rightplace.foundation.safeguards.models import AccessReview, ReviewedAccess

REVIEWERS = frozenset({ACCESS_OFFICER, INFORMATION_OFFICER})
NOT_FOUND = Problem(MISSING, "There is no such review in your authority.")
WRONG_ROLE = Problem(
    "wrong_role", "The access administrator or the information governance officer reviews access."
)
NONE = LookCount(0, 0, 0)


@action
def open_review(*, by: Actor, now: datetime) -> Outcome[AccessReview]:
    """Open this month's review: every account with its looks of the month before, as it stands at this moment."""
    if by.role not in REVIEWERS:
        return refuse(WRONG_ROLE)
    today = timezone.localdate(now)
    month = today.replace(day=1)
    if AccessReview.objects.filter(authority_id=by.authority_id, month=month).exists():
        return refuse(Problem("opened_already", "This month's review is open already."))
    row = AccessReview.objects.create(
        authority_id=by.authority_id, month=month, opened_at=now, due_on=review_due_on(month)
    )
    lines = _lines(by, row, now)
    ReviewedAccess.objects.bulk_create(lines)
    _record(by, now, row, "open_review", f"Opened the access review of {row}: {len(lines)} accounts")
    return Outcome(row)


@action
def confirm_access(*, by: Actor, now: datetime, line_id: int) -> Outcome[ReviewedAccess]:
    """Confirm that a person still needs an account in this role; nobody confirms their own."""
    return _decided(by, now, line_id, "confirmed")


@action
def end_access(*, by: Actor, now: datetime, line_id: int) -> Outcome[ReviewedAccess]:
    """End an account from today: the person's next request finds no right."""
    return _decided(by, now, line_id, "ended")


@action
def sign_off_review(*, by: Actor, now: datetime, review_id: int, version: int) -> Outcome[AccessReview]:
    """Sign the month off; refused while an account is undecided."""
    row = AccessReview.objects.filter(pk=review_id, authority_id=by.authority_id).first()
    if row is None:
        return refuse(NOT_FOUND)
    problems = [] if by.role in REVIEWERS else [WRONG_ROLE]
    if row.signed_off_at is not None:
        problems.append(Problem("wrong_state", "This review was signed off already."))
    if waiting := row.lines.filter(decision="").count():
        problems.append(Problem("undecided", f"{waiting} accounts are not decided yet."))
    if problems or (
        problems := change_row(row, version=version, signed_off_at=now, signed_off_by_id=by.person_id)
    ):
        return refuse(problems)
    ended = row.lines.filter(decision="ended").count()
    words = f"Signed off the access review of {row}: {row.lines.count()} accounts, {ended} ended"
    _record(by, now, row, "sign_off_review", words)
    return Outcome(row)


def review_due_on(month: date) -> date:
    """The working day of the month by which its review has to be signed off."""
    known = rule("access_review_within", month)
    return add_working_days(month - timedelta(days=1), int(known.value) if known else 10, holidays())


def _lines(by: Actor, row: AccessReview, now: datetime) -> list[ReviewedAccess]:
    today = timezone.localdate(now)
    before = (row.month - timedelta(days=1)).replace(day=1)
    looks = looks_by_person(by, before, today + timedelta(days=1))
    rows = Membership.objects.filter(not_over(today), authority_id=by.authority_id, user__is_active=True)
    listed = rows.select_related("user", "team").order_by("user__last_name", "user__first_name", "pk")
    return [_line(one, row, now, looks.get((one.user_id, one.role), NONE)) for one in listed]


def _line(one: Membership, row: AccessReview, now: datetime, looks: LookCount) -> ReviewedAccess:
    known = rule("account_dormant_after", timezone.localdate(now))
    oldest = now - timedelta(days=int(known.value) if known else 60)
    return ReviewedAccess(
        authority_id=row.authority_id, review=row, membership_id=one.pk, user_id=one.user_id, name=str(one.user),
        role=one.role, team=str(one.team or ""), last_sign_in=one.user.last_login, looks=looks.looks,
        looks_outside_team=looks.outside_team, looks_in_emergency=looks.in_emergency,
        is_dormant=one.user.last_login is None or one.user.last_login < oldest,
    )  # fmt: skip


def _decided(by: Actor, now: datetime, line_id: int, decision: str) -> Outcome[ReviewedAccess]:
    rows = ReviewedAccess.objects.filter(pk=line_id, authority_id=by.authority_id)
    line = rows.select_related("review").first()
    if line is None:
        return refuse(NOT_FOUND)
    if problems := _decision_problems(by, line):
        return refuse(problems)
    rows.update(decision=decision, decided_by_id=by.person_id, decided_at=now)
    line.refresh_from_db()
    if decision == "ended":
        today = timezone.localdate(now)
        rights = Membership.objects.filter(
            not_over(today), pk=line.membership_id, authority_id=by.authority_id
        )
        rights.update(ends_on=today)
    verb, words = ("end_access", "Ended") if decision == "ended" else ("confirm_access", "Confirmed")
    _record(by, now, line.review, verb, f"{words} the access of {line}", user=line.user_id)
    return Outcome(line)


def _decision_problems(by: Actor, line: ReviewedAccess) -> list[Problem]:
    problems = [] if by.role in REVIEWERS else [WRONG_ROLE]
    if line.user_id == by.user_id:
        problems.append(Problem("own_deed", "Somebody else reviews your own access."))
    if line.review.signed_off_at is not None:
        problems.append(Problem("wrong_state", "This review was signed off already."))
    if line.decision == "ended":
        problems.append(
            Problem("wrong_state", "This access was ended. Give it again under Accounts if it was a mistake.")
        )
    return problems


def _record(by: Actor, now: datetime, row: AccessReview, verb: str, words: str, **details: object) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="access_review", subject_id=row.pk, details=details)
