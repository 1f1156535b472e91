"""Income from joint funding: shares due from health, education and others, invoiced, received, disputed, and how old."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import Tile
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import pounds
from rightplace.desks.finance.plan_pages import PlanPage, shown
from rightplace.desks.finance.recharges import ageing_of
from rightplace.desks.layout.doors import actor_of
from rightplace.journey.funding.income import PartnerIncome, income_by_partner
from rightplace.journey.funding.queries import AGES
from rightplace.journey.funding.states import PARTNER_KINDS

LEAD = "What partners owe for their shares of placements: charged, invoiced, received, disputed, and still owed by age."


def income(request: HttpRequest) -> HttpResponse:
    """Each partner's shares from charge to receipt."""
    actor, today = actor_of(request), timezone.localdate()
    rows = income_by_partner(actor, today)
    whole = {
        name: sum(getattr(one, name) for one in rows)
        for name in ("due", "invoiced", "received", "disputed", "owed")
    }
    late = sum(pence for one in rows for age, pence in one.by_age.items() if age != AGES[0])
    tiles = [
        Tile("Shares due", pounds(whole["due"], whole=True), "charged to partners"),
        Tile("Invoiced", pounds(whole["invoiced"], whole=True)), Tile("Received", pounds(whole["received"], whole=True)),
        Tile("In dispute", pounds(whole["disputed"], whole=True), tone="care" if whole["disputed"] else "plain"),
        Tile("Late", pounds(late, whole=True), "owed and past its day", tone="bad" if late else "good"),
    ]  # fmt: skip
    figure = ageing_of(actor)
    links = [("Recharges", reverse("recharges")), ("Funding partners", reverse("partners"))]
    page = PlanPage(
        "Joint funding income", LEAD, tiles, [figure] if figure else [], [_partners(rows), _ages(rows)], links
    )
    return shown(request, page)


def _partners(rows: list[PartnerIncome]) -> Table:
    names = (
        ("Shares due", "due"), ("Not invoiced yet", "waiting"), ("Invoiced", "invoiced"), ("Received", "received"),
        ("In dispute", "disputed"), ("Still owed", "owed"),
    )  # fmt: skip
    columns = (
        Column("Partner", "name"), Column("Kind", lambda one: PARTNER_KINDS[one.kind]),
        *(Column(label, name, "money") for label, name in names),
    )  # fmt: skip
    totals = {label: sum(getattr(one, name) for one in rows) for label, name in names}
    return Table(
        columns, rows, "By partner", id="partners", totals=totals, empty="No partner was charged yet."
    )


def _ages(rows: list[PartnerIncome]) -> Table:
    def age(name: str) -> Column:
        return Column(name, lambda one: one.by_age[name], "money")

    owing = [one for one in rows if one.owed]
    totals = {name: sum(one.by_age[name] for one in owing) for name in AGES}
    columns = (Column("Partner", "name"), *(age(name) for name in AGES))
    return Table(
        columns, owing, "Still owed, by age", id="ages", totals=totals, empty="Nobody owes anything."
    )
