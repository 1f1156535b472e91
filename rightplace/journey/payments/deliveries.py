"""Sessions held, miles driven and hours given, recorded by day: sessions and miles are charged by what was delivered.

Of these no more in a week (Monday to Sunday) than the line allows, because permission was given for that many. Hours a week
are charged as agreed whatever was given: recording them shows what a review asks, how many of them are used. A broker or
the provider records; a day that was recorded wrongly is taken back and recorded again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FOSTERING_OFFICER, PROVIDER
from rightplace.foundation.actions import MISSING, Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.contracts.models import Contract, ContractLine
from rightplace.journey.contracts.standing import standing
from rightplace.journey.contracts.states import ARRANGERS
from rightplace.journey.contracts.terms import ruling
from rightplace.journey.payments.events import DeliveryRecorded
from rightplace.journey.payments.models import Delivery

RECORDERS = (*ARRANGERS, FOSTERING_OFFICER, PROVIDER)
UNITS = {"session": "sessions", "mile": "miles", "hour": "hours"}
HOURS_IN_A_DAY = 24
GONE = Problem(MISSING, "This is not there, or is not yours.")
NOT_YOURS = Problem("not_yours", "Your role may not record what was delivered.")


@action
def record_delivery(
    *, by: Actor, now: datetime, line_id: int, on: date, quantity: Decimal, words: str = ""
) -> Outcome[Delivery]:
    """Record how many sessions were held, miles driven or hours given for a price line on a day."""
    if by.role not in RECORDERS:
        return refuse(NOT_YOURS)
    line = delivered_lines(by).filter(pk=line_id).first()
    if line is None:
        return refuse(GONE)
    if problems := [*_problems(line, on, quantity, timezone.localdate(now))]:
        return refuse(problems)
    contract = line.contract_version.contract
    row = Delivery.objects.create(
        authority_id=contract.authority_id, provider_id=contract.provider_id, contract=contract, contract_line=line, on=on,
        quantity=quantity, words=" ".join(words.split())[:300], recorded_at=now, recorded_by=by.name,
    )  # fmt: skip
    _follow(by, now, row, "record_delivery", f"{quantity:f} {UNITS[line.unit]} recorded for {on:%-d %B %Y}")
    return Outcome(row)


@action
def take_back_delivery(*, by: Actor, now: datetime, delivery_id: int) -> Outcome[Delivery]:
    """Take back what was recorded by mistake; it stays on record and is not charged."""
    if by.role not in RECORDERS:
        return refuse(NOT_YOURS)
    row = deliveries(by).filter(pk=delivery_id).first()
    if row is None or not deliveries(by).filter(pk=delivery_id).update(taken_back_at=now):
        return refuse(GONE)
    words = f"{row.quantity:f} {UNITS[row.contract_line.unit]} of {row.on:%-d %B %Y} taken back"
    _follow(by, now, row, "take_back_delivery", words)
    return Outcome(row)


def deliveries(actor: Actor, contract_id: int | None = None) -> QuerySet[Delivery]:
    """What was delivered and counts, of the actor's authority or provider, the latest first."""
    rows = Delivery.objects.filter(taken_back_at=None).select_related("contract", "contract_line")
    if contract_id is not None:
        rows = rows.filter(contract_id=contract_id)
    return _own(actor, rows, "").order_by("-on", "pk")


def delivered_lines(actor: Actor, contract_id: int | None = None) -> QuerySet[ContractLine]:
    """The signed price lines for sessions, miles and hours."""
    rows = ContractLine.objects.filter(
        unit__in=UNITS, contract_version__is_signed=True, contract_version__replaced_at=None
    )
    if contract_id is not None:
        rows = rows.filter(contract_version__contract_id=contract_id)
    return _own(actor, rows, "contract_version__").select_related("contract_version__contract").order_by("pk")


def _own(actor: Actor, rows: QuerySet[Any], to: str) -> QuerySet[Any]:
    if actor.provider_id is not None:
        return rows.filter(provider_id=actor.provider_id)
    return without_hidden(actor, rows.filter(authority_id=actor.authority_id), f"{to}contract__child_id")


def _problems(line: ContractLine, on: date, quantity: Decimal, today: date) -> Iterator[Problem]:
    if on > today:
        yield Problem("future", "Record it on its day or afterwards.", "on")
    if quantity <= 0 or quantity != round(quantity, 2):
        yield Problem(
            "quantity_not_positive", "Enter how many, above zero and with two decimals at most.", "quantity"
        )
        return
    if not rules_on(line, on):
        yield Problem("outside_agreement", "This price was not agreed for that day.", "on")
    same_day = Delivery.objects.filter(contract_line=line, on=on, taken_back_at=None)
    if same_day.exists():
        yield Problem("taken", "That day is recorded already. Take it back to change it.", "on")
    if line.unit == "hour":
        if quantity > HOURS_IN_A_DAY:
            yield Problem("hours_too_many", f"A day has only {HOURS_IN_A_DAY} hours.", "quantity")
        return
    monday = on - timedelta(days=on.weekday())
    week = Delivery.objects.filter(
        contract_line=line, on__gte=monday, on__lt=monday + timedelta(days=7), taken_back_at=None
    )
    held = week.aggregate(all=Sum("quantity"))["all"] or Decimal(0)
    if held + quantity > line.quantity:
        words = f"At most {line.quantity.normalize():f} {UNITS[line.unit]} a week were agreed; {held.normalize():f} are recorded."
        yield Problem("above_agreed", words, "quantity")


def rules_on(line: ContractLine, on: date) -> bool:
    """Whether the line's version rules on a day, and the line runs."""
    contract: Contract = line.contract_version.contract
    stands = standing(contract)
    if stands is None:
        return False
    parts = ruling(stands.terms, stands.stay)
    place = next((place for place, part in parts if part.contains(on)), None)
    is_of_version = place is not None and stands.versions[place].pk == line.contract_version_id
    return is_of_version and (line.starts_on or on) <= on and (line.ends_on is None or on < line.ends_on)


def _follow(by: Actor, now: datetime, row: Delivery, verb: str, words: str) -> None:
    contract = row.contract
    audit(
        by=by, now=now, verb=verb, words=f"{contract.reference}: {words}", subject="contract", subject_id=contract.pk,
        authority_id=contract.authority_id, provider_id=contract.provider_id, child_id=contract.child_id,
    )  # fmt: skip
    facts: dict[str, Any] = {"by": by, "now": now, "authority_id": contract.authority_id}
    publish(DeliveryRecorded(**facts, contract_id=contract.pk, provider_id=contract.provider_id, words=words))
