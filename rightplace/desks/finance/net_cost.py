"""The net cost of asylum work by year: staffing, placements, running costs, grant; this year and the next as forecast."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.money import pounds as exact_pounds
from rightplace.desks.components.bridge import BridgeStep, bridge
from rightplace.desks.components.parts import Tile
from rightplace.desks.components.svg import Figure
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import number, pounds
from rightplace.desks.finance.plan_forms import YearCostForm
from rightplace.desks.finance.plan_pages import PlanPage, plan_form, shown, who
from rightplace.desks.layout.doors import actor_of
from rightplace.exchange.uasc_claim.awards import set_year_cost
from rightplace.exchange.uasc_claim.net_cost import in_thousands, printed_total
from rightplace.exchange.uasc_claim.yearly import NetYear, children_ahead, net_years, threshold_now
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.foundation.actions import Outcome

LEAD = "What unaccompanied children, and care leavers who were, cost in a year, less the grant. Months ahead follow the forecast."
NOTE = (
    "Staffing and running costs are finance’s own figures; a year without one carries the last one on, and says so."
    " Placements are by the schedule up to this month, then by the forecast’s number of children at what one costs a night now;"
    " the interval is that of how many children there will be, not of what one will cost."
    " In thousands, from full precision: where printed parts do not add up to the printed total, the table says that it is"
    " rounding."
)


def net_cost(request: HttpRequest) -> HttpResponse:
    """Last year, this one and the next."""
    actor, today = actor_of(request), timezone.localdate()
    ahead = children_ahead(actor, today)
    rows = net_years(actor, today, ahead=ahead)
    here = next(one for one in rows if one.is_forecast)
    words = " to ".join(pounds(end, whole=True) for end in here.interval)
    tiles = [
        Tile(f"Net cost {here.financial_year}", pounds(here.net, whole=True), f"{words}, nine times in ten"),
        Tile("Grant", pounds(here.grant.pence, whole=True), "claimed, and to come"),
        Tile("Children tonight", number(ahead.now), "unaccompanied"),
    ]  # fmt: skip
    if (threshold := threshold_now(actor, today)) is not None:
        tiles.append(Tile("Transfer threshold", number(threshold), "children, by the scheme’s share"))
    links = [("Grants", reverse("grants"))]
    if actor.role == FINANCE_OFFICER:
        links.append(("Set staffing or running costs", reverse("set_year_cost")))
    page = PlanPage("Net cost of asylum work", LEAD, tiles, [_bridge(here)], [_years(rows)], links, note=NOTE)
    return shown(request, page)


def year_cost(request: HttpRequest) -> HttpResponse:
    """Say what staffing or running costs came to."""

    def act(entries: dict[str, Any]) -> Outcome[Any]:
        return set_year_cost(**who(request), **entries)

    lead = "From your own ledger: these costs stand in no contract. Said again, the newest amount stands."
    words = ("Set staffing or running costs", lead, "The amount is kept.")
    return plan_form(
        request, YearCostForm(request.POST or None), act, words, ("Net cost", reverse("net_cost"))
    )


def _bridge(one: NetYear) -> Figure:
    steps = [
        BridgeStep("Staffing", one.staffing), BridgeStep("Placements", one.placements.pence),
        BridgeStep("Running costs", one.running),
        BridgeStep("Grant", -one.grant.pence), BridgeStep("Net cost", one.net, is_total=True),
    ]  # fmt: skip
    return bridge(
        steps, f"From costs to net cost, {one.financial_year}", lambda pence: pounds(pence, whole=True)
    )


def _years(rows: list[NetYear]) -> Table:
    columns = (
        Column("Year", "financial_year", "reference"),
        Column("State", lambda one: ("open", "Forecast") if one.is_forecast else ("done", "Over"), "status"),
        Column("Staffing, £000", lambda one: in_thousands(one.staffing), "number"),
        Column("Placements, £000", lambda one: in_thousands(one.placements.pence), "number"),
        Column("Running, £000", lambda one: in_thousands(one.running), "number"),
        Column("Grant, £000", lambda one: -in_thousands(one.grant.pence), "number"),
        Column("Net, £000", lambda one: in_thousands(one.net), "number"), Column("Between", between), Column("To know", to_know),
    )  # fmt: skip
    return Table(columns, rows, "By year", id="years")


def between(one: NetYear) -> str | None:
    """The interval of a year that is not over."""
    return (
        " and ".join(exact_pounds(round(end, -5)).removesuffix(".00") for end in one.interval)
        if one.is_forecast
        else None
    )


def to_know(one: NetYear) -> str:
    """What is carried on, and whether printed parts differ from the printed total by rounding."""
    parts = [
        in_thousands(one.staffing),
        in_thousands(one.placements.pence),
        in_thousands(one.running),
        -in_thousands(one.grant.pence),
    ]
    adding = printed_total(parts, in_thousands(one.net))
    return ". ".join([*one.carried, *([adding.words] if adding.difference else [])])
