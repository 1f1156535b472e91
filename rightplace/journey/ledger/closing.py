"""What may be done with a month: prepared, closed by a second person, not closed yet, opened again with a reason.

Closing freezes the figures that everyone saw and books accruals for nights that nobody has billed. From then on the month
takes no entry; what comes later is booked in an open month.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.contracts.models import Contract
from rightplace.journey.decisions.limits import EX_ROLE, holds_role
from rightplace.journey.invoices.missed import keep_missed
from rightplace.journey.ledger.booking import hold_books_alone, next_month
from rightplace.journey.ledger.books import book_accruals, unbook_accruals
from rightplace.journey.ledger.events import MonthPrepared, MonthReopened
from rightplace.journey.ledger.figures import figures_of
from rightplace.journey.ledger.models import CloseFigure, MonthClose
from rightplace.journey.ledger.states import MONTH

GONE = Problem(MISSING, "This month is not there, or is not yours.")
HELD = Problem("taken", "This month is being closed, or is closed already.")
TWO_PEOPLE = Problem("own_request", "A second person closes a month: not who prepared it.")


@action
def prepare_month(*, by: Actor, now: datetime, month: date) -> Outcome[MonthClose]:
    """Work out the figures of a month that is over, for a second person to close it."""
    first = month.replace(day=1)
    if problems := _preparing_problems(by, now, first):
        return refuse(problems)
    number = MonthClose.objects.filter(authority_id=by.authority_id, month=first).count() + 1
    try:
        with transaction.atomic():
            close = MonthClose.objects.create(
                authority_id=by.authority_id,
                month=first,
                number=number,
                prepared_by_id=by.person_id,
                prepared_at=now,
            )
    except IntegrityError:  # one_close_of_a_month: somebody was quicker
        return refuse(HELD)
    _write_figures(close, now)
    _record(by, now, close, "prepare_month", f"{close} prepared for closing")
    publish(MonthPrepared(by=by, now=now, authority_id=close.authority_id, close_id=close.pk))
    return Outcome(close)


def _preparing_problems(by: Actor, now: datetime, month: date) -> list[Problem]:
    today = timezone.localdate(now)
    found = []
    if by.role != FINANCE_OFFICER:
        found.append(Problem("not_yours", "Only a finance officer prepares the close of a month."))
    elif not holds_role(by, today):
        found.append(EX_ROLE)
    if today < next_month(month):
        found.append(Problem("dates", "A month can be closed once it is over.", "month"))
    held = MonthClose.objects.filter(authority_id=by.authority_id, state__in=["prepared", "closed"])
    if held.filter(month=month).exists():
        found.append(HELD)
    if held.filter(state="closed", month__gt=month).exists():
        found.append(Problem("order", "A later month is closed already: open that one first.", "month"))
    return found


def _write_figures(close: MonthClose, now: datetime) -> None:
    """What was missed is kept as findings first, so that the figures and the list of what was missed agree."""
    keep_missed(close.authority_id, close.month, now=now)
    rows = figures_of(close.authority_id, close.month)
    contracts = Contract.objects.select_related("placement").in_bulk([row.contract_id for row in rows])
    CloseFigure.objects.bulk_create(
        CloseFigure(
            authority_id=close.authority_id, close=close, provider_id=contracts[row.contract_id].provider_id,
            household_id=contracts[row.contract_id].household_id, contract_id=row.contract_id,
            cost_code_id=row.cost_code_id, expected_pence=row.expected, invoiced_pence=row.invoiced, missed_pence=row.missed,
            disputed_pence=row.disputed, accrued_pence=row.accrued, above_pence=row.above, paid_pence=row.paid,
        )
        for row in rows
    )  # fmt: skip


@action
def prepare_month_again(*, by: Actor, now: datetime, close_id: int, version: int) -> Outcome[MonthClose]:
    """Work the figures out anew, as after an invoice came in; who does so is then the one who prepared it."""
    close = _own(by, close_id)
    if close is None:
        return refuse(GONE)
    facts = {"prepared_by_id": by.person_id, "prepared_at": now}
    if problems := change_state(MONTH, close, "prepare_month_again", by=by, version=version, **facts):
        return refuse(problems)
    close.figures.all().delete()
    _write_figures(close, now)
    _record(by, now, close, "prepare_month_again", f"{close} prepared again")
    return Outcome(close)


@action
def close_month(*, by: Actor, now: datetime, close_id: int, version: int) -> Outcome[MonthClose]:
    """Close a month as a second person: the figures stay, accruals are booked, and it takes no more entries."""
    close = _own(by, close_id)
    if close is None:
        return refuse(GONE)
    problems = _second(by, now, close) or MONTH.problems("close_month", state=close.state, role=by.role)
    if problems:
        return refuse(problems)
    hold_books_alone(close.authority_id)
    if MonthClose.objects.filter(
        authority_id=by.authority_id, state="closed", month__gt=close.month
    ).exists():
        return refuse(Problem("order", "A later month is closed already: open that one first."))
    book_accruals(close, now=now, made_by_id=by.person_id)
    facts = {"decided_by_id": by.person_id, "decided_at": now}
    if problems := change_state(MONTH, close, "close_month", by=by, version=version, **facts):
        return refuse(problems)
    _record(by, now, close, "close_month", f"{close} closed")
    return Outcome(close)


@action
def drop_month(*, by: Actor, now: datetime, close_id: int, version: int, reason: str) -> Outcome[MonthClose]:
    """Do not close a month yet, with the reason; it can be prepared anew."""
    close = _own(by, close_id)
    if close is None:
        return refuse(GONE)
    if not reason.strip():
        return refuse(Problem("empty", "Say why the month is not closed.", "reason"))
    if problems := change_state(
        MONTH, close, "drop_month", by=by, version=version, reason=reason.strip()[:500]
    ):
        return refuse(problems)
    _record(by, now, close, "drop_month", f"{close} not closed")
    return Outcome(close)


@action
def reopen_month(
    *, by: Actor, now: datetime, close_id: int, version: int, reason: str
) -> Outcome[MonthClose]:
    """Open a closed month again, with a reason that stays; its accruals are taken back. The latest closed month only."""
    close = _own(by, close_id)
    if close is None:
        return refuse(GONE)
    problems = [] if holds_role(by, timezone.localdate(now)) else [EX_ROLE]
    if not reason.strip():
        problems.append(Problem("empty", "Say why the month is opened again.", "reason"))
    later = MonthClose.objects.filter(authority_id=by.authority_id, state="closed", month__gt=close.month)
    if later.exists():
        problems.append(Problem("order", "A later month is closed already: open that one first."))
    facts = {"reopened_by_id": by.person_id, "reopened_at": now, "reason": reason.strip()[:500]}
    if problems := problems or change_state(MONTH, close, "reopen_month", by=by, version=version, **facts):
        return refuse(problems)
    unbook_accruals(close, now=now, made_by_id=by.person_id)
    _record(by, now, close, "reopen_month", f"{close} opened again")
    publish(MonthReopened(by=by, now=now, authority_id=close.authority_id, close_id=close.pk))
    return Outcome(close)


def _second(by: Actor, now: datetime, close: MonthClose) -> list[Problem]:
    found = [TWO_PEOPLE] if close.prepared_by_id == by.user_id else []
    return found if holds_role(by, timezone.localdate(now)) else [*found, EX_ROLE]


def _own(by: Actor, close_id: int) -> MonthClose | None:
    return MonthClose.objects.filter(pk=close_id, authority_id=by.authority_id).first()


def _record(by: Actor, now: datetime, close: MonthClose, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="month", subject_id=close.pk)
