"""The verbs of out-of-hours duty: plan a turn, drop it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import COMMISSIONER, TEAM_MANAGER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.register.duty.models import DutyTurn
from rightplace.register.duty.queries import may_answer

PLANNERS = (TEAM_MANAGER, COMMISSIONER)
LONGEST = timedelta(days=7)
NOT_YOURS = Problem("not_yours", "Your role may not do this.")


@action
def plan_duty(
    *, by: Actor, now: datetime, person_id: int, starts_at: datetime, ends_at: datetime, telephone: str
) -> Outcome[DutyTurn]:
    """Put somebody of the authority on duty from a moment to a moment; nobody else is on duty then."""
    problems = [] if by.role in PLANNERS else [NOT_YOURS]
    if not may_answer(by).filter(pk=person_id).exists():
        problems.append(Problem("unknown", "Choose somebody of your authority.", "person"))
    if not starts_at < ends_at <= starts_at + LONGEST:
        problems.append(Problem("dates", "A turn ends after it begins, within a week.", "ends_on"))
    if ends_at <= now:
        problems.append(Problem("past", "This turn is over already.", "ends_on"))
    if not telephone.strip():
        problems.append(Problem("empty", "Enter the number to call.", "telephone"))
    if problems:
        return refuse(problems)
    try:
        with transaction.atomic():
            row = DutyTurn.objects.create(
                authority_id=by.authority_id, person_id=person_id, period=DateTimeTZRange(starts_at, ends_at),
                telephone=telephone.strip()[:30], planned_by_id=by.person_id, planned_at=now,
            )  # fmt: skip
    except IntegrityError:
        return refuse(Problem("overlaps", "Somebody is on duty then already.", "starts_on"))
    audit(
        by=by,
        now=now,
        verb="plan_duty",
        words=f"{row} from {starts_at:%-d %B %Y}",
        subject="duty",
        subject_id=row.pk,
    )
    return Outcome(row)


@action
def drop_duty(*, by: Actor, now: datetime, turn_id: int, version: int) -> Outcome[DutyTurn]:
    """Take a turn off the rota; it stays on record."""
    row = DutyTurn.objects.filter(pk=turn_id, authority_id=by.authority_id, dropped_at=None).first()
    if row is None:
        return refuse(Problem(MISSING, "This is not there, or is not yours."))
    problems = [] if by.role in PLANNERS else [NOT_YOURS]
    if problems := problems or change_row(row, version=version, dropped_at=now):
        return refuse(problems)
    audit(by=by, now=now, verb="drop_duty", words=f"{row}: taken off", subject="duty", subject_id=row.pk)
    return Outcome(row)
