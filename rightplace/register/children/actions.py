"""Verbs of the book of children: add a child, begin and end a legal status, put a fact right or say why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import INFORMATION_OFFICER, SOCIAL_WORKER, TEAM_MANAGER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.reference.codes import known_codes, meaning
from rightplace.foundation.retention.sealing import seal
from rightplace.register.children.events import FactCorrected
from rightplace.register.children.facts import FACTS, NEEDED, fact_problems, written
from rightplace.register.children.models import Child, Correction, LegalStatus

KEEPERS = frozenset({SOCIAL_WORKER, TEAM_MANAGER})
CORRECTORS = KEEPERS | {INFORMATION_OFFICER}
NO_CHILD = Problem(MISSING, "There is no such child in your authority.")
NOT_YOURS = Problem("not_yours", "Your role may not do this.")
OVERLAP = Problem(
    "overlaps",
    "Another legal status covers some of these days. End it first, or choose other days.",
    "starts_on",
)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asked for a correction, and what shows that they are right."""

    asked_by: str
    evidence: str


@action
def add_child(*, by: Actor, now: datetime, facts: Mapping[str, Any]) -> Outcome[Child]:
    """Add a child to the authority's book; the social worker who adds is the child's social worker until somebody else is.

    Refused when a fact that is needed is missing or wrong, or the number is another child's.
    """
    if by.role not in KEEPERS:
        return refuse(NOT_YOURS)
    given = {name: written(name, value) for name, value in facts.items()}
    given |= {name: "" for name in NEEDED if name not in given}
    problems = fact_problems(given, today=timezone.localdate(now))
    problems += _number_taken(by, given.get("local_number", ""))
    if problems:
        return refuse(problems)
    child = Child.objects.create(
        authority_id=by.authority_id,
        social_worker_id=by.person_id if by.role == SOCIAL_WORKER else None,
        team_id=by.team_id,
        **given,
    )
    _record(by, now, child, "add_child", f"Child {child.pk} added")
    return Outcome(child)


@action
def add_legal_status(
    *,
    by: Actor,
    now: datetime,
    child_id: int,
    version: int,
    code: str,
    starts_on: date,
    ends_on: date | None = None,
) -> Outcome[LegalStatus]:
    """Begin a legal status from a day (until a day, which is the first without it); one at a time, as the database holds.

    Codes are those of the statutory return (SSDA903, legal status).
    """
    child = _own(by, child_id)
    if by.role not in KEEPERS or child is None:
        return refuse(NO_CHILD if child is None else NOT_YOURS)
    problems = _status_problems(child, code, starts_on, ends_on, timezone.localdate(now))
    if problems := problems or change_row(child, version=version):
        return refuse(problems)
    try:
        with transaction.atomic():
            row = LegalStatus.objects.create(
                authority_id=child.authority_id, child=child, code=code, period=DateRange(starts_on, ends_on)
            )
    except IntegrityError:
        return refuse(OVERLAP)
    _record(by, now, child, "add_legal_status", f"Legal status {code} from {starts_on:%-d %B %Y}")
    return Outcome(row)


@action
def end_legal_status(
    *, by: Actor, now: datetime, child_id: int, version: int, status_id: int, ends_on: date
) -> Outcome[LegalStatus]:
    """End a legal status that is open; the day is the first without it."""
    child = _own(by, child_id)
    row = LegalStatus.objects.filter(pk=status_id, child_id=child_id).first()
    if by.role not in KEEPERS or child is None or row is None:
        return refuse(NO_CHILD if child is None or row is None else NOT_YOURS)
    problems = []
    if row.period.upper is not None:
        problems.append(Problem("wrong_state", "This legal status has ended already."))
    elif ends_on <= row.period.lower:
        problems.append(Problem("not_valid", "It must end after it began.", "ends_on"))
    elif ends_on > timezone.localdate(now):
        problems.append(Problem("not_valid", "It must not end in the future.", "ends_on"))
    if problems := problems or change_row(child, version=version):
        return refuse(problems)
    row.period = DateRange(row.period.lower, ends_on)
    row.save(update_fields=["period"])
    _record(by, now, child, "end_legal_status", f"Legal status {row.code} ended on {ends_on:%-d %B %Y}")
    return Outcome(row)


@action
def correct_fact(
    *, by: Actor, now: datetime, child_id: int, version: int, field: str, value: Any, asking: Asking
) -> Outcome[Correction]:
    """Put a recorded fact right, with who asked and the evidence; those who were shown the wrong one are told.

    UK GDPR articles 16 and 19. The trail keeps before and after, sealed under the child's key.
    """
    child = _own(by, child_id)
    if by.role not in CORRECTORS or child is None:
        return refuse(NO_CHILD if child is None else NOT_YOURS)
    after = written(field, value)
    problems = fact_problems({field: after}, today=timezone.localdate(now)) + _asking_problems(asking)
    before = getattr(child, field, "") if field in FACTS else ""
    if not problems and after == before:
        problems.append(Problem("no_change", "This is what is recorded already.", field))
    if field == "local_number" and not problems:
        problems += _number_taken(by, after)
    if problems := problems or change_row(child, version=version, **{field: after}):
        return refuse(problems)
    row = _correction(
        by, now, child, field, asking, before=_said(field, before), after=_said(field, after), is_made=True
    )
    sealed = seal(
        {"before": before, "after": after, "asked_by": row.asked_by},
        authority_id=child.authority_id,
        child_id=child.pk,
    )
    _record(by, now, child, "correct_fact", f"{FACTS[field]} put right", {"field": field, "sealed": sealed})
    publish(FactCorrected(
        by=by, now=now, authority_id=child.authority_id, child_id=child.pk, correction_id=row.pk, field=field
    ))  # fmt: skip
    return Outcome(row)


@action
def refuse_correction(
    *,
    by: Actor,
    now: datetime,
    child_id: int,
    version: int,
    field: str,
    asking: Asking,
    reason: str,
    statement: str = "",
) -> Outcome[Correction]:
    """Leave a fact as it is, with the reason; the person's own statement stands beside it from now on.

    UK GDPR articles 12(4) and 16: within a month, with the reason and the right to complain.
    """
    child = _own(by, child_id)
    if by.role not in CORRECTORS or child is None:
        return refuse(NO_CHILD if child is None else NOT_YOURS)
    problems = _asking_problems(asking)
    if field not in FACTS:
        problems.append(Problem("not_valid", "Choose which fact it is about.", "field"))
    if not reason.strip():
        problems.append(Problem("no_reason", "Say why the fact stays as it is.", "reason"))
    if len(statement) > 5000:
        problems.append(Problem("too_long", "Shorten the statement to 5,000 characters.", "statement"))
    if problems := problems or change_row(child, version=version):
        return refuse(problems)
    stands = _said(field, getattr(child, field))
    row = _correction(by, now, child, field, asking, before=stands, after=stands, is_made=False)
    Correction.objects.filter(pk=row.pk).update(reason=reason.strip()[:1000], statement=statement.strip())
    _record(
        by, now, child, "refuse_correction", f"{FACTS[field]}: a correction was refused", {"field": field}
    )
    return Outcome(row)


def _said(field: str, value: Any) -> str:
    sets = {"ethnicity": "ETHNIC", "need_code": "CIN"}
    return meaning(sets[field], value) if field in sets and value else str(value or "")


def _correction(
    by: Actor,
    now: datetime,
    child: Child,
    field: str,
    asking: Asking,
    *,
    before: str,
    after: str,
    is_made: bool,
) -> Correction:
    # A refused one needs its reason at once: the database holds that.
    return Correction.objects.create(
        authority_id=child.authority_id, child=child, field=field, before=before[:200], after=after[:200],
        asked_by=asking.asked_by.strip(), evidence=asking.evidence.strip(), is_made=is_made,
        reason="" if is_made else "-", by_id=by.person_id, at=now,
    )  # fmt: skip


def _asking_problems(asking: Asking) -> list[Problem]:
    asked = (
        ("asked_by", asking.asked_by, 200, "Say who asked."),
        ("evidence", asking.evidence, 500, "Say what shows it."),
    )
    return [
        Problem("missing" if not text.strip() else "too_long", sentence if not text.strip() else f"Shorten this to {most}.", name)
        for name, text, most, sentence in asked
        if not text.strip() or len(text.strip()) > most
    ]  # fmt: skip


def _status_problems(
    child: Child, code: str, starts_on: date, ends_on: date | None, today: date
) -> list[Problem]:
    problems = []
    if code not in known_codes("LS"):
        problems.append(Problem("not_valid", "Choose the legal status.", "code"))
    if starts_on > today:
        problems.append(Problem("not_valid", "It must not begin in the future.", "starts_on"))
    if starts_on < child.born_on:
        problems.append(Problem("not_valid", "It cannot begin before the child was born.", "starts_on"))
    if ends_on is not None and ends_on <= starts_on:
        problems.append(Problem("not_valid", "It must end after it begins.", "ends_on"))
    return problems


def _number_taken(by: Actor, number: str) -> list[Problem]:
    if number and Child.objects.filter(authority_id=by.authority_id, local_number=number).exists():
        return [
            Problem(
                "number_taken",
                "Another child has this number. Is the child recorded already?",
                "local_number",
            )
        ]
    return []


def _own(by: Actor, child_id: int) -> Child | None:
    return Child.objects.filter(pk=child_id, authority_id=by.authority_id).first()


def _record(
    by: Actor, now: datetime, child: Child, verb: str, words: str, details: dict[str, Any] | None = None
) -> None:
    audit(
        by=by, now=now, verb=verb, words=words, subject="child", subject_id=child.pk, authority_id=child.authority_id,
        child_id=child.pk, details={"version": child.version, **(details or {})},
    )  # fmt: skip
