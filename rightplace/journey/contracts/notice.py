"""Notice under a contract: the day on which either side gave it, from which nights after leaving are counted."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.contracts.actions import OF_A_SERVICE, own_contract
from rightplace.journey.contracts.events import NoticeChanged
from rightplace.journey.contracts.models import Contract
from rightplace.journey.contracts.states import ARRANGERS

RUNNING = ("in_force", "varying", "ended")


@action
def record_notice(
    *, by: Actor, now: datetime, contract_id: int, version: int, given_on: date | None
) -> Outcome[Contract]:
    """Record the day on which notice was given in writing, by either side; None takes back what was recorded by mistake.

    What is paid after the child has left, if anything, is paid up to the end of the notice and never beyond the end that
    was agreed. The schedule follows at once, also after the child has left.
    """
    if by.role not in ARRANGERS:
        return refuse(Problem("not_yours", "Your role may not record notice."))
    contract = own_contract(by, contract_id)
    if contract is None:
        return refuse(Problem(MISSING, "This contract is not there, or is not yours."))
    if contract.package_id is not None:
        return refuse(OF_A_SERVICE)
    if contract.state not in RUNNING:
        return refuse(Problem("wrong_state", "Notice is recorded once the contract is in force."))
    if given_on is not None and given_on > timezone.localdate(now):
        return refuse(Problem("future", "Record notice on its day or afterwards.", "given_on"))
    if problems := change_row(contract, version=version, notice_given_on=given_on):
        return refuse(problems)
    what = f"given on {given_on:%-d %B %Y}" if given_on else "taken back"
    audit(
        by=by, now=now, verb="record_notice", words=f"Notice under {contract.reference} {what}", subject="contract",
        subject_id=contract.pk, authority_id=contract.authority_id, provider_id=contract.provider_id,
        child_id=contract.child_id,
    )  # fmt: skip
    publish(
        NoticeChanged(
            by=by, now=now, authority_id=contract.authority_id, contract_id=contract.pk, given_on=given_on,
            provider_id=contract.provider_id,
        )
    )  # fmt: skip
    return Outcome(contract)
