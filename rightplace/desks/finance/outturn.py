"""The outturn: a frozen month with its fan, the bridge from any other, warnings; freezing a month."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.forecasting.bridge import Bridge, Cause
from rightplace.desks.components.bridge import BridgeStep, bridge
from rightplace.desks.components.fans import Fan, fan_chart
from rightplace.desks.components.parts import Tile
from rightplace.desks.components.svg import Figure
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import pounds
from rightplace.desks.finance.plan_forms import MonthForm, VersionsForm, with_months
from rightplace.desks.finance.plan_pages import PlanPage, month_choices, months_back, plan_form, shown, who
from rightplace.desks.layout.doors import actor_of
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import CASE_STAFF, COMMISSIONER, FINANCE_OFFICER
from rightplace.foundation.actions import Outcome, refuse
from rightplace.oversight.boards.pack import CAUSE_WORDS, Pack
from rightplace.oversight.budgets import queries
from rightplace.oversight.budgets.codes import NO_YEAR
from rightplace.oversight.budgets.freezing import freeze_month
from rightplace.oversight.budgets.models import BudgetYear, OutturnMonthFigure, OutturnVersion

THOUSAND = 100_000
LEAD = "Paid, approved and committed by named contracts, with what those to come may cost. A frozen month never moves."


def outturn_page(request: HttpRequest) -> HttpResponse:
    """The outturn of a frozen month (the latest): tiles, fan, the bridge from any other, months, warnings."""
    actor = actor_of(request)
    rows = list(queries.versions(actor))
    row = chosen_version(rows, request.GET.get("month", ""))
    year = row.year if row else queries.year_now(actor)
    tables = [warnings_table(actor)] if year else []
    if row is None:
        words = "No month has been frozen yet." if year else "No budget is open yet. Finance opens one first."
        return shown(request, PlanPage("Outturn", LEAD, tables=tables, links=_links(actor, None), note=words))
    before = held_against(rows, row, request.GET.get("held_against", ""))
    moved = queries.bridge_between(before, row) if before else None
    months = list(row.months.all())
    figures = [_fan(months), *([_bridge(before, row, moved)] if before and moved else [])]
    tables = [*([_causes(before, row, moved)] if before and moved else []), _months(months), *tables]
    page = PlanPage(
        f"Outturn {row.year}",
        LEAD,
        outturn_tiles(row),
        figures,
        tables,
        _links(actor, row),
        chosen=versions_form(request, rows),
    )
    return shown(request, page)


def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze a month."""
    actor = actor_of(request)
    form = MonthForm(request.POST or None)
    form.fields["month"].choices = month_choices(months_back(timezone.localdate(), 3))  # type: ignore[attr-defined]  # a choice

    def act(entries: dict[str, str]) -> Outcome[OutturnVersion]:
        month = date.fromisoformat(entries["month"])
        year = queries.year_of(actor, month)
        return freeze_month(**who(request), year_id=year.pk, month=month) if year else refuse(NO_YEAR)

    lead = "The whole year’s outturn as it stands now is kept under this month, for good."
    return plan_form(
        request, form, act, ("Freeze a month", lead, "The month is frozen."), ("Outturn", reverse("outturn"))
    )


def chosen_version(rows: list[OutturnVersion], month: str) -> OutturnVersion | None:
    """The frozen month of the address, else the latest; 404 for one that is not there."""
    if not month:
        return rows[0] if rows else None
    for row in rows:
        if f"{row.month:%Y-%m}" == month:
            return row
    raise Http404


def held_against(rows: list[OutturnVersion], row: OutturnVersion, month: str) -> OutturnVersion | None:
    """The frozen month that one is held against: the one of the address, if it is of the same year, else the month before."""
    of_year = [one for one in rows if one.year_id == row.year_id and one != row]
    if month:
        return next((one for one in of_year if f"{one.month:%Y-%m}" == month), None)
    return next((one for one in of_year if one.month < row.month), None)


def versions_form(request: HttpRequest, rows: list[OutturnVersion]) -> VersionsForm:
    """The choice of a frozen month and of the one that it is held against."""
    return with_months(VersionsForm(request.GET or None), rows)


def _links(actor: Actor, row: OutturnVersion | None) -> list[tuple[str, str]]:
    links = [("Monthly pack", f"{reverse('board_pack')}?month={row.month:%Y-%m}")] if row else []
    return [*links, ("Freeze a month", reverse("freeze_month"))] if actor.role == FINANCE_OFFICER else links


def outturn_tiles(row: OutturnVersion) -> list[Tile]:
    """Budget, outturn with its interval, over or under, run rate."""
    over = row.outturn_pence - row.budget_pence
    words = "Over the budget" if over > 0 else "Under the budget"
    between = (
        f"{pounds(row.low_pence, whole=True)} to {pounds(row.high_pence, whole=True)}, nine times in ten"
    )
    rate = pounds(row.run_rate_pence, whole=True) if row.run_rate_pence is not None else "–"
    return [
        Tile("Budget", pounds(row.budget_pence, whole=True), f"of {row.year}"),
        Tile("Outturn", pounds(row.outturn_pence, whole=True), between),
        Tile(words, pounds(abs(over), whole=True), tone="bad" if over > 0 else "good"),
        Tile("Run rate", rate, "months that are over, for the whole year"),
    ]  # fmt: skip


def _fan(months: list[OutturnMonthFigure]) -> Figure:
    """Spend month by month in thousands: known by contracts, then with those to come and their interval."""
    known = [(one.paid_pence + one.approved_pence + one.committed_pence) / THOUSAND for one in months]
    ahead = next((place for place, one in enumerate(months) if one.high_pence), len(months) - 1)
    now = max(ahead - 1, 0)
    middle = [known[place] + one.flow_pence / THOUSAND for place, one in enumerate(months)][now:]
    outer = [
        (known[i] + months[i].low_pence / THOUSAND, known[i] + months[i].high_pence / THOUSAND)
        for i in range(now, len(months))
    ]
    inner = [((low + mid) / 2, (high + mid) / 2) for (low, high), mid in zip(outer, middle, strict=True)]
    fan = Fan(known[: now + 1], middle, inner, outer, [f"{one.month:%b}" for one in months])
    return fan_chart(
        fan,
        "Spend a month, in thousands of pounds",
        "To here by named contracts; from here with those to come.",
    )


def pack_figures(pack: Pack) -> list[Figure]:
    """The pictures of a month's pack: the fan, and the bridge from the month before."""
    moved = [_bridge(pack.before, pack.row, pack.bridge)] if pack.before and pack.bridge else []
    return [_fan(list(pack.row.months.all())), *moved]


def _bridge(before: OutturnVersion, row: OutturnVersion, moved: Bridge) -> Figure:
    causes = [BridgeStep(CAUSE_WORDS[cause], moved.total(cause)) for cause in Cause]
    steps = [
        BridgeStep(f"{before}", moved.before, is_total=True),
        *causes,
        BridgeStep(f"{row}", moved.after, is_total=True),
    ]
    return bridge(steps, f"Why the outturn moved from {before} to {row}")


def _months(months: list[OutturnMonthFigure]) -> Table:
    parts = (
        ("Paid", "paid_pence"),
        ("Approved", "approved_pence"),
        ("Committed", "committed_pence"),
        ("To come", "flow_pence"),
        ("Together", "pence"),
    )
    columns = (
        Column("Month", lambda one: f"{one.month:%B %Y}"),
        *(Column(label, name, "money") for label, name in parts),
    )
    totals = {label: sum(getattr(one, name) for one in months) for label, name in parts}
    return Table(columns, months, "By month", id="months", totals=totals)


def _causes(before: OutturnVersion, row: OutturnVersion, moved: Bridge) -> Table:
    """Each cause with what it comes to and how many contracts stand behind it, which open as a list."""

    def link(cause: Cause) -> str:
        asked = {
            "month": f"{row.month:%Y-%m}",
            "held_against": f"{before.month:%Y-%m}",
            "cause": cause.name.lower(),
        }
        return f"{reverse('outturn_causes')}?{urlencode(asked)}"

    columns = (
        Column("Cause", lambda cause: CAUSE_WORDS[cause], link=link),
        Column("Contracts", lambda cause: len(moved.contracts(cause)), "number"),
        Column("By contracts", lambda cause: moved.total(cause) - moved.flow[cause], "money"),
        Column("By those to come", lambda cause: moved.flow[cause], "money"),
        Column("Together", moved.total, "money"),
    )
    totals = {
        "By contracts": moved.after - moved.before - sum(moved.flow), "By those to come": sum(moved.flow),
        "Together": moved.after - moved.before,
    }  # fmt: skip
    caption = f"From {before} to {row}, by cause"
    return Table(columns, list(Cause), caption, id="causes", totals=totals)


def contract_link(actor: Actor, number: int | None) -> str:
    """Where a contract opens for this reader: finance's page of it, the contract itself, or nowhere."""
    if not number:
        return ""
    if actor.role == FINANCE_OFFICER:
        return reverse("finance_contract", args=[number])
    return reverse("contract", args=[number]) if actor.role in CASE_STAFF | {COMMISSIONER} else ""


def code_link(actor: Actor, year: BudgetYear | None, cost_centre: str) -> str:
    """Where the lines and contracts under a cost centre open for this reader; nowhere where there is none."""
    if not cost_centre or year is None or actor.role != FINANCE_OFFICER:
        return ""
    asked = {"cost_centre": cost_centre, "financial_year": year.financial_year}
    return f"{reverse('finance_schedule')}?{urlencode(asked)}"


def warnings_table(actor: Actor) -> Table:
    """The early warnings, the largest first."""
    year = queries.year_of(actor, timezone.localdate()) or queries.year_now(actor)
    rows = queries.warnings(actor, year)[:50] if year else []

    def link(row: queries.Warned) -> str:
        return contract_link(actor, row.contract_id) or code_link(actor, year, row.cost_centre)

    columns = (Column("What", "words", link=link), Column("By", "pence", "money"))
    return Table(columns, rows, "Early warnings", id="warnings", empty="Nothing to warn of.")
