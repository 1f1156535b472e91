"""Miles that own foster carers claim: said by the carer, agreed by the fostering officer, paid as miles driven.

An agreed claim becomes a delivery of the contract's mileage line, at the rate of its day and up to the miles a week that
the contract allows; nothing is paid for one that waits. One claim a child and day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FOSTERING_OFFICER
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.notices.actions import tell_role, tell_user
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.contracts.models import Contract, ContractLine
from rightplace.journey.payments.deliveries import record_delivery, rules_on
from rightplace.journey.payments.models import MilesClaim
from rightplace.journey.payments.states import MILES_CLAIM
from rightplace.register.carers.own import own_household

GONE = Problem(MISSING, "This is not there, or is not yours.")
NO_MILEAGE = Problem(
    "no_mileage", "No mileage is agreed for this child on that day. Ask your fostering officer.", "on"
)


@action
def claim_miles(
    *, by: Actor, now: datetime, contract_id: int, on: date, miles: Decimal, words: str
) -> Outcome[MilesClaim]:
    """Claim miles driven on a day for a child who lives with the carer. The fostering officers are told."""
    household = own_household(by)
    row = own_contracts(by).filter(pk=contract_id).first()
    if household is None or row is None:
        return refuse(GONE)
    if problems := [*_problems(row, on, miles, words, timezone.localdate(now))]:
        return refuse(problems)
    made = MilesClaim.objects.create(
        authority_id=household.authority_id, household=household, contract=row, on=on, miles=miles,
        words=" ".join(words.split())[:300], claimed_by_id=by.person_id, claimed_at=now,
    )  # fmt: skip
    _record(by, now, made, "claim_miles", f"claims {made}")
    with as_system():
        tell_role(
            authority_id=household.authority_id, role=FOSTERING_OFFICER, words=f"{household.reference} claims {made}",
            link="/fostering/miles/", now=now,
        )  # fmt: skip
    return Outcome(made)


@action
def withdraw_miles(*, by: Actor, now: datetime, claim_id: int, version: int) -> Outcome[MilesClaim]:
    """Take back a claim that nobody decided yet."""
    row = claims(by).filter(pk=claim_id).first()
    if row is None:
        return refuse(GONE)
    if problems := change_state(MILES_CLAIM, row, "withdraw_miles", by=by, version=version):
        return refuse(problems)
    _record(by, now, row, "withdraw_miles", f"withdraws {row}")
    return Outcome(row)


@action
def agree_miles(*, by: Actor, now: datetime, claim_id: int, version: int) -> Outcome[MilesClaim]:
    """Agree a claim: the miles are recorded as driven and become due by the contract.

    Refused: where the contract has no mileage that day, the day's miles are recorded already, or the week's are used up.
    """
    row = claims(by).filter(pk=claim_id).first()
    if row is None:
        return refuse(GONE)
    if problems := change_state(
        MILES_CLAIM, row, "agree_miles", by=by, version=version, decided_by_id=by.person_id, decided_at=now
    ):
        return refuse(problems)
    line = _line(row.contract_id, row.on)
    if line is None:
        return refuse(NO_MILEAGE)
    driven = record_delivery(by=by, now=now, line_id=line.pk, on=row.on, quantity=row.miles, words=row.words)
    if driven.problems:
        return refuse(driven.problems)
    _decided(by, now, row, "agree_miles", f"{row}: agreed")
    return Outcome(row)


@action
def decline_miles(
    *, by: Actor, now: datetime, claim_id: int, version: int, reason: str
) -> Outcome[MilesClaim]:
    """Do not agree a claim, with a reason that the carer reads; they may claim again."""
    row = claims(by).filter(pk=claim_id).first()
    if row is None:
        return refuse(GONE)
    if not reason.strip():
        return refuse(Problem("no_reason", "Say why, so that the carers can put it right.", "reason"))
    decided = {"decided_by_id": by.person_id, "decided_at": now, "reason": reason.strip()[:300]}
    if problems := change_state(MILES_CLAIM, row, "decline_miles", by=by, version=version, **decided):
        return refuse(problems)
    _decided(by, now, row, "decline_miles", f"{row}: not agreed")
    return Outcome(row)


def claims(actor: Actor, *, words: str = "", state: str = "", order: str = "-on") -> QuerySet[MilesClaim]:
    """Claims of the carer's own household, or of the officer's authority."""
    rows = MilesClaim.objects.select_related("household", "contract", "claimed_by", "decided_by")
    household = own_household(actor)
    if household is not None:
        return rows.filter(household=household).order_by("-on", "-pk")
    rows = without_hidden(actor, rows.filter(authority_id=actor.authority_id), "contract__child_id")
    if words:
        rows = rows.filter(household__carers__icontains=words) | rows.filter(
            household__reference__icontains=words
        )
    return (rows.filter(state=state) if state else rows).order_by(order, "pk")


def own_contracts(actor: Actor) -> QuerySet[Contract]:
    """Contracts for the children who live, or lived, with the carer; none for anybody else."""
    household = own_household(actor)
    if household is None:
        return Contract.objects.none()
    return Contract.objects.filter(placement__household=household, state__in=("in_force", "ended")).order_by(
        "-pk"
    )


def _problems(row: Contract, on: date, miles: Decimal, words: str, today: date) -> Iterator[Problem]:
    if on > today:
        yield Problem("future", "Claim it on its day or afterwards.", "on")
    if miles <= 0 or miles != round(miles, 1):
        yield Problem("miles_not_positive", "Enter miles above zero, with one decimal at most.", "miles")
    if not words.strip():
        yield Problem("no_words", "Say what the journey was for.", "words")
    if _line(row.pk, on) is None:
        yield NO_MILEAGE
    standing = MilesClaim.objects.filter(contract=row, on=on, state__in=("claimed", "agreed"))
    if standing.exists():
        yield Problem("claimed", "Miles of that day are claimed for this child already.", "on")


def _line(contract_id: int, on: date) -> ContractLine | None:
    """The signed mileage line that rules on a day. Carers see no prices: it is looked up for them."""
    with as_system():
        rows = ContractLine.objects.filter(
            unit="mile", contract_version__contract_id=contract_id, contract_version__is_signed=True,
            contract_version__replaced_at=None,
        ).select_related("contract_version__contract")  # fmt: skip
        return next((line for line in rows.order_by("-pk") if rules_on(line, on)), None)


def _decided(by: Actor, now: datetime, row: MilesClaim, verb: str, words: str) -> None:
    _record(by, now, row, verb, words)
    tell_user(
        authority_id=row.authority_id, user_id=row.claimed_by_id, words=words, link="/carer/miles/", now=now
    )


def _record(by: Actor, now: datetime, row: MilesClaim, verb: str, words: str) -> None:
    facts: dict[str, Any] = {
        "subject": "household",
        "subject_id": row.household_id,
        "authority_id": row.authority_id,
    }
    audit(by=by, now=now, verb=verb, words=f"{row.household.reference}: {words}", **facts)
