"""Absences from the home: recorded by day, ended when the child comes back, taken back when they were a mistake.

Brokers, social workers and their managers record them; a provider records those of children at its own homes. The
contract's rules say what is paid for such nights, and its schedule follows at once. Nights are half-open: from the first
night away up to the day of return, whose night is at home again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import PROVIDER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.contracts.models import Contract
from rightplace.journey.contracts.rules import AWAY_REASONS
from rightplace.journey.payments.events import AbsencesChanged
from rightplace.journey.payments.models import Absence
from rightplace.journey.placements.states import PLACERS

RECORDERS = (*PLACERS, PROVIDER)
REASONS = {reason or "other": words for reason, words in AWAY_REASONS.items()}
GONE = Problem(MISSING, "This is not there, or is not yours.")
NOT_YOURS = Problem("not_yours", "Your role may not record absences.")
TWICE = Problem("two_absences", "The child is recorded as away on one of these nights already.", "left_on")


@action
def record_absence(
    *,
    by: Actor,
    now: datetime,
    contract_id: int,
    reason: str,
    left_on: date,
    back_on: date | None = None,
    words: str = "",
) -> Outcome[Absence]:
    """Record that a child is or was away: `left_on` is the first night away, `back_on` the day of return, if it is known.

    No night is counted twice; the database refuses it too.
    """
    if by.role not in RECORDERS:
        return refuse(NOT_YOURS)
    contract = _contract(by, contract_id)
    if contract is None:
        return refuse(GONE)
    if problems := [*_problems(contract, reason, left_on, back_on, timezone.localdate(now))]:
        return refuse(problems)
    row = Absence(
        authority_id=contract.authority_id, provider_id=contract.provider_id, contract=contract, reason=reason,
        period=DateRange(left_on, back_on), words=" ".join(words.split())[:300], recorded_at=now, recorded_by=by.name,
    )  # fmt: skip
    if not _is_free(row):
        return refuse(TWICE)
    _follow(by, now, row, "record_absence", f"Absence recorded, {REASONS[reason].lower()}, {_nights(row)}")
    return Outcome(row)


@action
def end_absence(
    *, by: Actor, now: datetime, absence_id: int, version: int, back_on: date
) -> Outcome[Absence]:
    """Record the day on which the child came back."""
    row = _own(by, absence_id)
    if by.role not in RECORDERS:
        return refuse(NOT_YOURS)
    if row is None:
        return refuse(GONE)
    if row.period.upper is not None:
        return refuse(Problem("wrong_state", "The return is recorded already."))
    if problems := [*_problems(row.contract, row.reason, row.period.lower, back_on, timezone.localdate(now))]:
        return refuse(problems)
    if problems := change_row(row, version=version, period=DateRange(row.period.lower, back_on)):
        return refuse(problems)
    _follow(by, now, row, "end_absence", f"Return from an absence recorded, {_nights(row)}")
    return Outcome(row)


@action
def take_back_absence(*, by: Actor, now: datetime, absence_id: int, version: int) -> Outcome[Absence]:
    """Take back an absence that was recorded by mistake; it stays on record and counts for nothing."""
    row = _own(by, absence_id)
    if by.role not in RECORDERS:
        return refuse(NOT_YOURS)
    if row is None:
        return refuse(GONE)
    if problems := change_row(row, version=version, taken_back_at=now):
        return refuse(problems)
    _follow(by, now, row, "take_back_absence", f"Absence taken back, {_nights(row)}")
    return Outcome(row)


def absences(actor: Actor, contract_id: int | None = None) -> QuerySet[Absence]:
    """Absences that count, of the actor's authority or provider, the latest first."""
    rows = Absence.objects.filter(taken_back_at=None).select_related("contract")
    if contract_id is not None:
        rows = rows.filter(contract_id=contract_id)
    if actor.provider_id is not None:
        rows = rows.filter(provider_id=actor.provider_id)
    else:
        rows = without_hidden(actor, rows.filter(authority_id=actor.authority_id), "contract__child_id")
    return rows.order_by("-period", "pk")


def _problems(
    contract: Contract, reason: str, left_on: date, back_on: date | None, today: date
) -> Iterator[Problem]:
    if contract.package_id is not None:
        yield Problem("of_a_service", "A child lives in no service: record what was delivered.")
    if contract.state not in ("in_force", "varying", "ended"):
        yield Problem("wrong_state", "Absences are recorded once the contract is in force.")
    if reason not in REASONS:
        yield Problem("unknown", "Choose why the child is away.", "reason")
    if left_on > today or (back_on or today) > today:
        yield Problem("future", "An absence is recorded on its day or afterwards.", "left_on")
    if back_on is not None and back_on <= left_on:
        yield Problem("before_start", "The return is after the first night away.", "back_on")
    end = contract.ended_on
    if left_on < contract.starts_on or (end is not None and left_on >= end):
        yield Problem("outside_stay", "The child did not live there on that day.", "left_on")


def _is_free(row: Absence) -> bool:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "nobody_is_away_twice" in str(error):
            return False
        raise
    return True


def _contract(by: Actor, contract_id: int) -> Contract | None:
    rows = Contract.objects.filter(pk=contract_id)
    if by.provider_id is not None:
        return rows.filter(provider_id=by.provider_id).exclude(state="draft").first()
    return rows.filter(authority_id=by.authority_id).first()


def _own(by: Actor, absence_id: int) -> Absence | None:
    return absences(by).filter(pk=absence_id).first()


def _nights(row: Absence) -> str:
    end = f" to {row.period.upper:%-d %B %Y}" if row.period.upper else ""
    return f"from {row.period.lower:%-d %B %Y}{end}"


def _follow(by: Actor, now: datetime, row: Absence, verb: str, words: str) -> None:
    contract = row.contract
    audit(
        by=by, now=now, verb=verb, words=f"{contract.reference}: {words}", subject="contract", subject_id=contract.pk,
        authority_id=contract.authority_id, provider_id=contract.provider_id, child_id=contract.child_id,
    )  # fmt: skip
    facts: dict[str, Any] = {"by": by, "now": now, "authority_id": contract.authority_id}
    publish(AbsencesChanged(**facts, contract_id=contract.pk, provider_id=contract.provider_id, words=words))
