"""Budgets of a year by code, taken in from a spreadsheet; the reconciliation of a month; the gap to other authorities."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.money import pounds as exact_pounds
from rightplace.desks.components.fans import heat_map
from rightplace.desks.components.parts import Tile
from rightplace.desks.components.svg import Bar, bars
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import number, pounds
from rightplace.desks.finance.plan_forms import BudgetFileForm, MonthForm, YearForm
from rightplace.desks.finance.plan_pages import PlanPage, month_choices, months_back, plan_form, shown, who
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.listing import Listing, NoFilters, list_page
from rightplace.exchange.budget_tables import BudgetRead, read_budget
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.foundation.actions import Outcome, refuse
from rightplace.foundation.organisations.models import Authority
from rightplace.oversight.budgets import actions, gap, queries
from rightplace.oversight.budgets.codes import NO_YEAR
from rightplace.oversight.budgets.models import MonthDifference
from rightplace.oversight.budgets.reconciling import reconcile_month

SHORT = (
    "Looked after", "Family support", "Safeguarding", "Asylum seekers", "Youth justice", "Young people", "Early years",
    "Other services",
)  # fmt: skip
"""The services of the gap in their order, as the picture names them."""
SOURCE = (
    "Revenue Outturn RO3 2024-25, Ministry of Housing, Communities and Local Government, Open Government Licence v3."
    " In thousands; from full precision, so a printed difference may be one off."
)
KINDS = ("original", "virement", "growth", "savings")


def budgets(request: HttpRequest) -> HttpResponse:
    """The latest open budget by code, beside what contracts come to."""
    actor = actor_of(request)
    year = queries.year_now(actor)
    keeps = actor.role == FINANCE_OFFICER
    links = (
        [("Open a year", reverse("open_budget")), ("Take a spreadsheet in", reverse("import_budget"))]
        if keeps
        else []
    )
    if year is None:
        return shown(
            request, PlanPage("Budgets", "The budget by code.", links=links, note="No budget is open yet.")
        )
    rows = queries.by_code(year)
    columns = (
        Column("Cost centre", lambda one: one.cost_centre or "No code"), Column("Subjective", "subjective"),
        *(Column(kind.capitalize(), kind, "money") for kind in KINDS), Column("Budget", "budget", "money"),
        Column("Contracts", "outturn", "money"), Column("Over", "over", "money"),
    )  # fmt: skip
    names = (
        *((kind.capitalize(), kind) for kind in KINDS),
        ("Budget", "budget"),
        ("Contracts", "outturn"),
        ("Over", "over"),
    )
    totals = {label: sum(getattr(one, name) for one in rows) for label, name in names}
    table = Table(
        columns,
        rows,
        f"Budget of {year} by code",
        id="codes",
        totals=totals,
        empty="No budget line was taken in.",
    )
    tiles = [
        Tile(
            "Budget",
            pounds(totals["Budget"], whole=True),
            f"of {year}, {'open' if year.state == 'open' else 'closed'}",
        ),
        Tile("Named contracts", pounds(totals["Contracts"], whole=True), "by their schedule"),
    ]
    figure = bars(
        [Bar(f"{one.cost_centre or 'No code'} {one.subjective}", one.outturn) for one in rows],
        "Spend by code",
        "pounds",
    )
    lead = "Original budget, virements, growth and savings by code, beside what named contracts come to."
    return shown(request, PlanPage("Budgets", lead, tiles, [figure] if rows else [], [table], links))


def open_budget(request: HttpRequest) -> HttpResponse:
    """Open the budget of a year."""

    def act(entries: dict[str, Any]) -> Outcome[Any]:
        return actions.open_year(**who(request), **entries)

    words = ("Open a year", "Its lines can be taken in until the year is closed.", "The year is open.")
    return plan_form(request, YearForm(request.POST or None), act, words, reverse("budgets"))


def import_budget(request: HttpRequest) -> HttpResponse:
    """Take budget lines in from a spreadsheet, all or none. The file itself is not kept."""
    year = queries.year_now(actor_of(request))

    def act(entries: dict[str, Any]) -> Outcome[Any]:
        if year is None:
            return refuse(NO_YEAR)
        read = read_budget(entries["file"].read(), year.financial_year)
        if not isinstance(read, BudgetRead):
            return refuse(read)
        return actions.take_lines(
            **who(request), year_id=year.pk, lines=read.lines, printed_total=read.printed_total
        )

    words = (
        "Take a spreadsheet in",
        "Anything that does not fit is told at once, and nothing is half taken in.",
        "The lines are taken in.",
    )
    return plan_form(
        request, BudgetFileForm(request.POST or None, request.FILES or None), act, words, reverse("budgets")
    )


def differences(request: HttpRequest) -> HttpResponse:
    """What the months' reconciliations found, with owners."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[MonthDifference]:
        return queries.differences(actor).order_by(
            *(("-pence", "id") if sort == "-pence" else ("-month", "kind", "id"))
        )

    columns = (
        Column("Month", lambda row: f"{row.month:%B %Y}"), Column("What", str),
        Column("Contract", lambda row: str(row.contract) if row.contract else f"P-{row.placement_number:06d}", "reference"),
        Column("Pence", "pence", "money", sort="pence"), Column("Owner", lambda row: str(row.owner) if row.owner else None),
        Column("State", lambda row: (row.state, "Open" if row.state == "open" else "Cleared up"), "status"),
        Column("How", "words"),
    )  # fmt: skip
    listing = Listing(
        "Differences",
        "difference",
        columns,
        rows,
        NoFilters,
        empty="No month was reconciled yet, or nothing was found.",
    )
    return list_page(request, "finance/differences.html", listing)


def reconcile(request: HttpRequest) -> HttpResponse:
    """Find the differences of a month that is over."""
    form = MonthForm(request.POST or None)
    form.fields["month"].choices = month_choices(months_back(timezone.localdate(), 7)[1:])  # type: ignore[attr-defined]  # a choice

    def act(entries: dict[str, str]) -> Outcome[int]:
        return reconcile_month(**who(request), month=date.fromisoformat(entries["month"]))

    words = (
        "Reconcile a month",
        "Placements, contracts and payments are held against each other.",
        "The month is reconciled.",
    )
    return plan_form(request, form, act, words, reverse("differences"))


def benchmark_gap(request: HttpRequest) -> HttpResponse:
    """Own published spend beside London, the region and the neighbours."""
    code = Authority.objects.get(pk=actor_of(request).authority_id).gss_code
    others = gap.compared_with(code)
    tables, cells = [], {}
    for column, (name, codes) in enumerate(others.items()):
        rows = gap.gaps(code, codes)
        tables.append(_gap_table(name, rows))
        for one in rows:
            share = (
                min(max(float(one.own_a_child / one.mean_a_child) - 0.5, 0.0), 1.0)
                if one.mean_a_child > 0
                else 0.0
            )
            cells[gap.SERVICES.index(one.service), column] = (share, f"{number(one.gap)}")
    figure = heat_map(
        SHORT,
        list(others),
        cells,
        "The gap by service, in thousands of pounds",
        "Darker: more a child than the others.",
    )
    return shown(
        request,
        PlanPage(
            "Beside others",
            "Published spend a child, beside the mean of other authorities.",
            figures=[figure],
            tables=tables,
            note=SOURCE,
        ),
    )


def _gap_table(name: str, rows: list[gap.Gap]) -> Table:
    columns = (
        Column("Service", "service"), Column("Own, £000", lambda one: float(one.printed[0]), "number"),
        Column("At their mean, £000", lambda one: float(one.printed[1]), "number"),
        Column("Gap, £000", lambda one: float(one.gap), "number"),
        Column("Own a child", lambda one: exact_pounds(round(one.own_a_child * 100))),
        Column("Mean a child", lambda one: exact_pounds(round(one.mean_a_child * 100))),
        Column("Left after 1, 2, 3 years", lambda one: ", ".join(number(left) for left in gap.trajectory(one.gap, 3))),
    )  # fmt: skip
    return Table(columns, rows, name, id=name.lower().replace(" ", "-"), empty="Nothing is published.")
