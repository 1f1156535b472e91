"""What may be done with payment schedules: make them, and make them again when the contract or the stay changes."""

from __future__ import annotations

from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from rightplace.core.periods import financial_year
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FINANCE_OFFICER, SYSTEM
from rightplace.foundation.actions import MISSING, Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.contracts.models import Contract
from rightplace.journey.contracts.permitting import agreed_to_any
from rightplace.journey.contracts.signing import who_asked_and_agreed
from rightplace.journey.contracts.standing import Standing, standing
from rightplace.journey.contracts.terms import Due, dues
from rightplace.journey.decisions.limits import EX_ROLE, holds_role
from rightplace.journey.payments.events import ScheduleMade
from rightplace.journey.payments.models import ScheduleLine


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


def follow_contract_changed(*, by: Actor, now: datetime, contract_id: int | None) -> None:
    """A contract came into force, or its start, end or terms changed: its schedule follows."""
    contract = _contract(contract_id) if contract_id is not None else None
    if contract is not None:
        schedule_again(contract, by=by, now=now)


def schedule_again(contract: Contract, *, by: Actor, now: datetime) -> ScheduleMade:
    """Supersede every line that is no longer due and add those that are; what stays the same is not touched.

    A line is the same when the price line, the nights and the pence are. So nothing dated before a change is altered,
    and the lines that are due add up to the whole cost of what stands, to the penny.
    """
    wanted = wanted_lines(contract, now)
    held = {
        (line.contract_line_id, line.period.lower, line.period.upper, line.pence): line
        for line in ScheduleLine.objects.filter(contract=contract, state="due")
    }
    gone = [line for key, line in held.items() if key not in wanted]
    new = [line for key, line in wanted.items() if key not in held]
    ScheduleLine.objects.filter(pk__in=[line.pk for line in gone]).update(
        state="superseded", superseded_at=now
    )
    ScheduleLine.objects.bulk_create(new)
    change = sum(line.pence for line in new) - sum(line.pence for line in gone)
    event = ScheduleMade(
        by=by, now=now, authority_id=contract.authority_id, contract_id=contract.pk, provider_id=contract.provider_id,
        lines_added=len(new), lines_superseded=len(gone), change_pence=change,
    )  # fmt: skip
    if new or gone:
        publish(event)
    return event


def wanted_lines(contract: Contract, now: datetime) -> dict[tuple[object, ...], ScheduleLine]:
    """The lines that should be due, by what makes them the same; none for a cancelled contract."""
    stands = standing(contract)
    if stands is None or contract.state == "cancelled":
        return {}
    rows = [_line(contract, stands, due, now) for due in dues(stands.terms, stands.stay)]
    return {(row.contract_line_id, row.period.lower, row.period.upper, row.pence): row for row in rows}


def _line(contract: Contract, stands: Standing, due: Due, now: datetime) -> ScheduleLine:
    end = due.period.closed_end
    return ScheduleLine(
        authority_id=contract.authority_id,
        provider_id=contract.provider_id,
        contract=contract,
        contract_version=stands.versions[due.terms],
        contract_line=stands.lines[due.terms][due.line],
        kind=due.kind.value,
        period=DateRange(due.period.start, end),
        due_on=end,
        financial_year=financial_year(due.period.start),
        pence=due.pence,
        made_at=now,
    )


def _contract(contract_id: int) -> Contract | None:
    return Contract.objects.prefetch_related("versions__lines").filter(pk=contract_id).first()
