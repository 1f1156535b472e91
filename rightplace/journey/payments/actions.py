"""What may be done with payment schedules: make them, and make them again when the contract or the stay changes."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FINANCE_OFFICER, SYSTEM
from rightplace.foundation.actions import MISSING, Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.journey.contracts.counting import counted_with
from rightplace.journey.contracts.events import CarerRatesChanged, NoticeChanged
from rightplace.journey.contracts.models import Contract, ContractLine
from rightplace.journey.contracts.permitting import agreed_to_any
from rightplace.journey.contracts.signing import who_asked_and_agreed
from rightplace.journey.decisions.limits import EX_ROLE, holds_role
from rightplace.journey.payments.agreed import PARTS
from rightplace.journey.payments.events import AbsencesChanged, DeliveryRecorded, ScheduleMade
from rightplace.journey.payments.scheduling import schedule_again


@action
def make_schedule(*, by: Actor, now: datetime, contract_id: int) -> Outcome[ScheduleMade]:
    """Make the schedule of a contract again from what stands by signature; with nothing to change it changes nothing.

    It happens by itself whenever a contract comes into force or its stay changes; this verb is for setting right.
    """
    if by.role not in (FINANCE_OFFICER, SYSTEM):
        return refuse(Problem("not_yours", "Your role may not make a payment schedule."))
    contract = _contract(contract_id)
    if contract is None or contract.authority_id != by.authority_id:
        return refuse(Problem(MISSING, "This contract is not there, or is not yours."))
    if problems := _person_problems(by, contract, timezone.localdate(now)):
        return refuse(problems)
    made = schedule_again(contract, by=by, now=now)
    audit(
        by=by, now=now, verb="make_schedule", words=f"Payment schedule of {contract.reference} made again",
        subject="contract", subject_id=contract.pk, authority_id=contract.authority_id, child_id=contract.child_id,
    )  # fmt: skip
    return Outcome(made)


def _person_problems(by: Actor, contract: Contract, today: date) -> list[Problem]:
    """Who asked, who agreed (to a dearer variation, too) and who has left the role make no payments."""
    if by.user_id is None:
        return []
    if by.user_id in who_asked_and_agreed(contract) | agreed_to_any(contract):
        words = "Who asked for the placement or agreed to it does not make its payments."
        return [Problem("own_request", words)]
    return [] if holds_role(by, today) else [EX_ROLE]


def follow_contract_changed(*, by: Actor, now: datetime, contract_id: int | None, reason: str = "") -> None:
    """A contract came into force, or its start, end, terms or absences changed: its schedule follows."""
    contract = _contract(contract_id) if contract_id is not None else None
    if contract is not None:
        schedule_again(contract, by=by, now=now, reason=reason)


def follow_counts_changed(*, by: Actor, now: datetime, placement_id: int) -> None:
    """A child came, left or was to come: prices by how many are placed with a provider, or together, are worked out again."""
    for key in counted_with(placement_id):
        why = "The number of children placed with the provider, or together, has changed"
        follow_contract_changed(by=by, now=now, contract_id=key, reason=why)


Change = AbsencesChanged | DeliveryRecorded | NoticeChanged | CarerRatesChanged
"""What comes to pass under contracts without a change of their terms."""


def follow_change(event: Change) -> None:
    """Nights away, deliveries, notice or carers' rates changed: the schedules that it touches follow, with the reason."""
    if isinstance(event, CarerRatesChanged):
        rows = ContractLine.objects.filter(contract_version__is_signed=True, authority_id=event.authority_id)
        keys = set(rows.exclude(rate_kind="").values_list("contract_version__contract_id", flat=True))
    else:
        keys = {event.contract_id}
    why = "Notice changed" if isinstance(event, NoticeChanged) else event.words
    for key in sorted(keys):
        follow_contract_changed(by=event.by, now=event.now, contract_id=key, reason=why)


def _contract(contract_id: int) -> Contract | None:
    return Contract.objects.prefetch_related(*PARTS).filter(pk=contract_id).first()
