"""Verbs of restricted cases: restricting a child's case to named people, naming further ones, reviewing, lifting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Func, Value
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import DIRECTOR, INFORMATION_OFFICER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.notices.actions import tell_user
from rightplace.foundation.reference.rules import rule
from rightplace.foundation.safeguards.cases import case_of_number
from rightplace.foundation.safeguards.models import NamedPerson, Restriction
from rightplace.foundation.safeguards.queries import may_be_named

RESTRICTORS = frozenset({INFORMATION_OFFICER, DIRECTOR})
NOT_FOUND = Problem(MISSING, "There is no such restricted case in your authority.")
WRONG_ROLE = Problem("wrong_role", "The information governance officer or the director restricts cases.")


@action
def restrict_case(
    *, by: Actor, now: datetime, child_number: str, reason: str, people: Iterable[int]
) -> Outcome[Restriction]:
    """Restrict a child's case to named people of the authority from now on, until it is lifted; it is reviewed every 90 days.

    Refused when there is no such child, it is restricted already, no reason is given, nobody is named, or somebody named
    does not work with cases of this authority.
    """
    named = sorted(set(people))
    case = case_of_number(by.authority_id, child_number)
    problems = _problems(by, now, reason, named)
    if case is None:
        problems.append(Problem("unknown_child", "There is no child of this number.", "child_number"))
    elif Restriction.objects.filter(child_id=case.child_id, period__contains=now).exists():
        problems.append(Problem("restricted_already", "This case is restricted already.", "child_number"))
    if problems or case is None:
        return refuse(problems)
    row = Restriction.objects.create(
        authority_id=by.authority_id, child_id=case.child_id, child_number=case.number, reason=reason.strip(),
        period=DateTimeTZRange(now, None), review_on=_next_review(now), by_id=by.person_id,
    )  # fmt: skip
    NamedPerson.objects.bulk_create(
        NamedPerson(authority_id=by.authority_id, restriction=row, user_id=one, starts_at=now)
        for one in named
    )
    _record(by, now, row, "restrict_case", f"Restricted the case of child {row.child_number}", people=named)
    _tell(row, named, f"You are named for the restricted case of child {row.child_number}", now)
    return Outcome(row)


@action
def name_person(
    *, by: Actor, now: datetime, restriction_id: int, version: int, user_id: int, why: str
) -> Outcome[Restriction]:
    """Let a further person open a restricted case, with the reason why."""
    row = _open(by, restriction_id, now)
    if row is None:
        return refuse(NOT_FOUND)
    problems = _problems(by, now, why, [user_id], reason_field="why")
    if row.people.filter(user_id=user_id, ends_at__isnull=True).exists():
        problems.append(Problem("named_already", "This person is named already.", "user_id"))
    if problems or (problems := change_row(row, version=version)):
        return refuse(problems)
    NamedPerson.objects.create(
        authority_id=by.authority_id, restriction=row, user_id=user_id, why=why.strip(), starts_at=now
    )
    _record(
        by,
        now,
        row,
        "name_person",
        f"Named a person for the case of child {row.child_number}",
        people=[user_id],
    )
    _tell(row, [user_id], f"You are named for the restricted case of child {row.child_number}", now)
    return Outcome(row)


@action
def take_person_off(
    *, by: Actor, now: datetime, restriction_id: int, version: int, user_id: int
) -> Outcome[Restriction]:
    """Take a person off a restricted case; the last one stays, or nobody would know the child."""
    row = _open(by, restriction_id, now)
    if row is None:
        return refuse(NOT_FOUND)
    if by.role not in RESTRICTORS:
        return refuse(WRONG_ROLE)
    named = row.people.filter(ends_at__isnull=True)
    if not named.exclude(user_id=user_id).exists():
        return refuse(Problem("last_person", "Somebody has to stay named. Name another person first."))
    if problems := change_row(row, version=version):
        return refuse(problems)
    if named.filter(user_id=user_id).update(ends_at=now) == 0:
        return refuse(NOT_FOUND)
    _record(
        by,
        now,
        row,
        "take_person_off",
        f"Took a person off the case of child {row.child_number}",
        people=[user_id],
    )
    return Outcome(row)


@action
def keep_restriction(*, by: Actor, now: datetime, restriction_id: int, version: int) -> Outcome[Restriction]:
    """Review a restriction and let it go on until the next review."""
    row = _open(by, restriction_id, now)
    if row is None:
        return refuse(NOT_FOUND)
    if by.role not in RESTRICTORS:
        return refuse(WRONG_ROLE)
    changes = {"review_on": _next_review(now), "reviewed_at": now, "chased_at": None}
    if problems := change_row(row, version=version, **changes):
        return refuse(problems)
    _record(
        by, now, row, "keep_restriction", f"Reviewed: the case of child {row.child_number} stays restricted"
    )
    return Outcome(row)


@action
def lift_restriction(*, by: Actor, now: datetime, restriction_id: int, version: int) -> Outcome[Restriction]:
    """End a restriction: from now on the case is as open to the authority's case staff as any other."""
    row = _open(by, restriction_id, now)
    if row is None:
        return refuse(NOT_FOUND)
    if by.role not in RESTRICTORS:
        return refuse(WRONG_ROLE)
    ended = Func(Value(row.period.lower), Value(now), function="tstzrange", output_field=DateTimeRangeField())
    if problems := change_row(row, version=version, period=ended, reviewed_at=now):
        return refuse(problems)
    _record(
        by, now, row, "lift_restriction", f"Lifted the restriction of the case of child {row.child_number}"
    )
    return Outcome(row)


def _open(by: Actor, restriction_id: int, now: datetime) -> Restriction | None:
    rows = Restriction.objects.filter(authority_id=by.authority_id, period__contains=now)
    return rows.filter(pk=restriction_id).first()


def _problems(
    by: Actor, now: datetime, reason: str, people: list[int], reason_field: str = "reason"
) -> list[Problem]:
    problems = [] if by.role in RESTRICTORS else [WRONG_ROLE]
    if not reason.strip():
        problems.append(Problem("no_reason", "Say why.", reason_field))
    if not people:
        problems.append(Problem("nobody_named", "Name at least one person who may open the case.", "people"))
    known = set(may_be_named(by, on=timezone.localdate(now)).values_list("user_id", flat=True))
    if set(people) - known:
        problems.append(
            Problem(
                "not_case_staff", "Only people who work with cases of this authority can be named.", "people"
            )
        )
    return problems


def _next_review(now: datetime) -> date:
    today = timezone.localdate(now)
    days = rule("restriction_reviewed_within", today)
    return today + timedelta(days=int(days.value) if days else 90)


def _record(
    by: Actor, now: datetime, row: Restriction, verb: str, words: str, people: Iterable[int] = ()
) -> None:
    details = {"reason": row.reason, "people": list(people)}
    audit(
        by=by, now=now, verb=verb, words=words, subject="restriction", subject_id=row.pk,
        child_id=row.child_id, details=details,
    )  # fmt: skip


def _tell(row: Restriction, people: Iterable[int], words: str, now: datetime) -> None:
    for user_id in people:
        tell_user(authority_id=row.authority_id, user_id=user_id, words=words, link="/notices/", now=now)
