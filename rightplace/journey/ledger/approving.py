"""How large a payment run may be approved by whom: a person's own limit, the role's, or the house's default."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import DIRECTOR, FINANCE_OFFICER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.reference.rules import rule
from rightplace.journey.decisions.limits import EX_ROLE, OWN, holds_role
from rightplace.journey.ledger.models import PaymentItem, PaymentLimit, PaymentRun

ROLES = (FINANCE_OFFICER, DIRECTOR)
GONE = Problem(MISSING, "This limit is not there, or is not yours.")
RELEASED = Problem("own_release", "Nobody approves a run with invoices that they released themselves.")


def limit_of(user_id: int | None, role: str, authority_id: int, on: date) -> int | None:
    """The limit in pence on a day: the person's own before the role's, the latest of each; else the house's default."""
    rows = PaymentLimit.objects.filter(
        Q(user__isnull=True) | Q(user_id=user_id), authority_id=authority_id, role=role, starts_on__lte=on,
        confirmed_by__isnull=False,
    )  # fmt: skip
    held = max(rows, key=lambda row: (row.user_id is not None, row.starts_on, row.pk), default=None)
    if held is not None:
        return held.most_pence
    house = rule(f"payment_run_limit_{role}", on) if role in ROLES else None
    return int(house.value) if house else None


def problems_of_run_approver(by: Actor, run: PaymentRun, now: datetime) -> list[Problem]:
    """Why this person may not approve a run: their own, with invoices they released, above their limit, or the role is over."""
    found = [OWN] if by.user_id == run.proposed_by_id else []
    items = PaymentItem.objects.filter(payment__run=run, is_live=True)
    if items.filter(released_by_id=by.user_id).exists():
        found.append(RELEASED)
    today = timezone.localdate(now)
    if not holds_role(by, today):
        found.append(EX_ROLE)
    most = limit_of(by.user_id, by.role, by.authority_id, today)
    if most is None or run.total_pence > most:
        words = f"This run is {pounds(run.total_pence)}, above the limit of {pounds(most or 0)} of this role or person."
        found.append(Problem("above_limit", words))
    return found


def limits_held(authority_id: int, on: date) -> list[tuple[str, int | None]]:
    """Each role with the limit that holds for it on a day."""
    return [(role, limit_of(None, role, authority_id, on)) for role in ROLES]


@action
def ask_payment_limit(
    *,
    by: Actor,
    now: datetime,
    role: str,
    most_pence: int,
    starts_on: date,
    reason: str,
    user_id: int | None = None,
) -> Outcome[PaymentLimit]:
    """Ask for a limit on payment runs from a day on; it holds once a second person confirms it."""
    problems = []
    if by.role not in ROLES:
        problems.append(Problem("not_yours", "Only a director or a finance officer changes a limit."))
    if role not in ROLES:
        problems.append(Problem("unknown", "Choose a role that approves payment runs.", "role"))
    if most_pence < 0:
        problems.append(Problem("negative", "A limit is not below zero.", "most_pence"))
    if starts_on < timezone.localdate(now):
        problems.append(Problem("past", "A limit can change from today on, not in the past.", "starts_on"))
    if not reason.strip():
        problems.append(Problem("empty", "Say why the limit changes.", "reason"))
    if problems:
        return refuse(problems)
    row = PaymentLimit.objects.create(
        authority_id=by.authority_id, role=role, user_id=user_id, most_pence=most_pence, starts_on=starts_on,
        reason=reason.strip()[:300], asked_by_id=by.person_id, asked_at=now,
    )  # fmt: skip
    _record(by, now, row, "ask_payment_limit", f"Limit on payment runs asked for: {row}")
    return Outcome(row)


@action
def confirm_payment_limit(*, by: Actor, now: datetime, limit_id: int, version: int) -> Outcome[PaymentLimit]:
    """Put a limit in force as a second person: not who asked for it, nor whom it is for."""
    row = PaymentLimit.objects.filter(pk=limit_id, authority_id=by.authority_id, confirmed_by=None).first()
    if row is None:
        return refuse(GONE)
    if by.role not in ROLES or not holds_role(by, timezone.localdate(now)):
        return refuse(Problem("not_yours", "Only a director or a finance officer puts a limit in force."))
    if by.user_id in {row.asked_by_id, row.user_id}:
        return refuse(Problem("own_request", "A second person puts a limit in force."))
    if problems := change_row(row, version=version, confirmed_by_id=by.person_id, confirmed_at=now):
        return refuse(problems)
    _record(by, now, row, "confirm_payment_limit", f"Limit on payment runs in force: {row}")
    return Outcome(row)


def _record(by: Actor, now: datetime, row: PaymentLimit, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="payment_limit", subject_id=row.pk)
