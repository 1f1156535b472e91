"""What is due for a service, month by month, on its page: the schedule of its contract."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from rightplace.desks.components.parts import NavItem, SummaryRow
from rightplace.desks.components.words import day, pounds
from rightplace.desks.layout.navigation import opens_for
from rightplace.desks.layout.record import Part
from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts.of_services import permitted_until
from rightplace.journey.contracts.queries import contract_of_service
from rightplace.journey.payments.queries import ScheduleFilters, due_by_month, schedule_total

TITLE = "What is due"
LATEST = 6
NOBODY = (
    "The service has no provider on the register, so no invoice is expected and nobody is paid from here. A direct payment "
    "to a family is paid by the direct payments team, an own service by payroll."
)


def parts(actor: Actor, row: Any) -> list[Part]:
    """The months of the schedule and where its contract stands; nothing before permission."""
    if not row.prices.all():
        return []
    contract = contract_of_service(actor, row.pk)
    if contract is None:
        return [Part(TITLE, words=NOBODY)]
    filters = ScheduleFilters(contract_id=contract.id)
    months = due_by_month(actor, filters)
    rows = [SummaryRow(f"{one.month:%B %Y}", pounds(one.pence)) for one in months[-LATEST:]]
    note = f"{len(months)} months" if len(months) > LATEST else ""
    whole = SummaryRow("In all", pounds(schedule_total(actor, filters).pence), note=note)
    until = SummaryRow("Permitted until", day(permitted_until(row)), note="unless a change makes it longer")
    page = reverse("contract", args=[contract.id])
    links = [NavItem(f"Contract {contract.reference}", page)] if opens_for(page, actor.role) else []
    return [Part(TITLE, summary=[until, whole, *rows], links=links)]
