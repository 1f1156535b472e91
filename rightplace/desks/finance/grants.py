"""Grant claims for unaccompanied children and care leavers: by month, from the record, to what was received."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import Tile
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import pounds
from rightplace.desks.finance.plan_forms import MonthForm
from rightplace.desks.finance.plan_pages import PlanPage, month_choices, months_back, plan_form, shown, who
from rightplace.desks.layout.doors import actor_of
from rightplace.exchange.uasc_claim import actions
from rightplace.exchange.uasc_claim.models import GRANTS, GrantClaim
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.foundation.actions import Outcome
from rightplace.foundation.reference.rules import rules
from rightplace.journey.funding.queries import ageing

STATES = {"made": "Made", "sent": "Sent", "settled": "Settled"}
LEAD = "Nights of children and weeks of care leavers, claimed from the record at the rate of the day, and what was received."


def grants(request: HttpRequest) -> HttpResponse:
    """Every claim, the lines of one, the rates, and what partners owe by age."""
    actor = actor_of(request)
    rows = list(actions.claims(actor))
    row = _chosen(rows, request.GET.get("month", ""))
    tables = [_claims(rows), *([_lines(row)] if row else []), _rates()]
    keeps = actor.role == FINANCE_OFFICER
    links = [("Make a claim", reverse("make_grant_claim"))] if keeps else []
    if row and keeps:
        links.append(("Claim file", f"{reverse('grant_claim_file')}?month={row.month:%Y-%m}"))
    claimed, received = sum(one.pence or 0 for one in rows), sum(one.received_pence or 0 for one in rows)
    owed = sum(ageing(actor, on=timezone.localdate()).values())
    tiles = [
        Tile("Claimed", pounds(claimed, whole=True), "in all months"), Tile("Received", pounds(received, whole=True)),
        Tile("Owed by partners", pounds(owed, whole=True), "joint funding, invoiced and not received", url=reverse("recharges")),
    ]  # fmt: skip
    return shown(request, PlanPage("Grants and income", LEAD, tiles, tables=tables, links=links))


def make(request: HttpRequest) -> HttpResponse:
    """Make the claim of a month that is over."""
    form = MonthForm(request.POST or None)
    form.fields["month"].choices = month_choices(months_back(timezone.localdate(), 13)[1:])  # type: ignore[attr-defined]  # a choice

    def act(entries: dict[str, Any]) -> Outcome[GrantClaim]:
        return actions.make_claim(**who(request), month=date.fromisoformat(entries["month"]))

    words = (
        "Make a claim",
        "Nights and weeks are counted from placements and dates of birth.",
        "The claim is made.",
    )
    return plan_form(request, form, act, words, reverse("grants"))


def claim_file(request: HttpRequest) -> HttpResponse:
    """The claim of a month as a file."""
    row = _chosen(list(actions.claims(actor_of(request))), request.GET.get("month", ""))
    if row is None:
        raise Http404
    made = actions.claim_file(row)
    response = HttpResponse(made.content, content_type=made.media_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


def _chosen(rows: list[Any], month: str) -> Any:
    return next((one for one in rows if not month or f"{one.month:%Y-%m}" == month), None)


def _claims(rows: list[Any]) -> Table:
    columns = (
        Column("Month", str, link=lambda one: f"?month={one.month:%Y-%m}"),
        Column("State", lambda one: (one.state, STATES[one.state]), "status"),
        Column("Claimed", "pence", "money"), Column("Received", "received_pence", "money"), Column("On", "received_on", "date"),
    )  # fmt: skip
    return Table(columns, rows, "Claims", id="claims", empty="No claim was made yet.")


def _lines(row: GrantClaim) -> Table:
    columns = (
        Column("Person", lambda one: one.child.local_number, "reference"), Column("Grant", lambda one: GRANTS[one.grant]),
        Column("From", "starts_on", "date"), Column("Nights", "nights", "number"), Column("Rate", "rate_pence", "money"),
        Column("Amount", "pence", "money"), Column("Refused because", "refused_reason"),
    )  # fmt: skip
    return Table(
        columns,
        list(row.lines.select_related("child")[:500]),
        f"Lines of {row}",
        id="lines",
        empty="Nobody to claim for.",
    )


def _rates() -> Table:
    """The dated rates with their source."""
    names = ("uasc_grant_at_threshold", "uasc_grant_below_threshold", "former_uasc_grant")
    held = [one for name in names for one in rules()[name]]
    columns = (
        Column("Rate", lambda one: one.unit),
        Column("Amount", lambda one: int(one.value), "money"),
        Column("From", "starts_on", "date"),
        Column("Until", "ends_on", "date"), Column("Source", "source"),
    )  # fmt: skip
    return Table(columns, held, "Rates", id="rates")
