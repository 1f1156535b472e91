"""The outturn: the latest frozen month with its fan, the bridge from the month before, warnings; freezing; the pack."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.forecasting.bridge import Bridge, Cause
from rightplace.core.forecasting.claims import RAG
from rightplace.desks.components.bridge import BridgeStep, bridge
from rightplace.desks.components.fans import Fan, fan_chart
from rightplace.desks.components.parts import Tile
from rightplace.desks.components.svg import Figure
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import pounds
from rightplace.desks.finance.plan_forms import MonthForm
from rightplace.desks.finance.plan_pages import PlanPage, month_choices, months_back, plan_form, shown, who
from rightplace.desks.layout.doors import actor_of, found
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.foundation.actions import Outcome, refuse
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.contracts.models import Contract
from rightplace.oversight.boards.pack import CAUSE_WORDS, pack_of, pack_pdf
from rightplace.oversight.budgets import queries
from rightplace.oversight.budgets.codes import NO_YEAR
from rightplace.oversight.budgets.freezing import freeze_month
from rightplace.oversight.budgets.models import OutturnMonthFigure, OutturnVersion

THOUSAND = 100_000
LEAD = "Paid, approved and committed by named contracts, with what those to come may cost. A frozen month never moves."


def outturn_page(request: HttpRequest) -> HttpResponse:
    """The outturn of a frozen month (the latest): tiles, fan, bridge, months, the contracts behind a cause, warnings."""
    actor = actor_of(request)
    rows = list(queries.versions(actor))
    row = _chosen(rows, request.GET.get("month", ""))
    year = row.year if row else queries.year_now(actor)
    tables = [_warnings(actor)] if year else []
    if row is None:
        words = "No month has been frozen yet." if year else "No budget is open yet. Finance opens one first."
        return shown(request, PlanPage("Outturn", LEAD, tables=tables, links=_links(actor, None), note=words))
    before = queries.version_before(row)
    moved = queries.bridge_between(before, row) if before else None
    months = list(row.months.all())
    figures = [_fan(months), *([_bridge(before, row, moved)] if before and moved else [])]
    tables = [_months(months), *([_behind(actor, moved)] if moved else []), *tables]
    choices = [(f"{one}", f"?month={one.month:%Y-%m}", one == row) for one in rows]
    page = PlanPage(
        f"Outturn {row.year}", LEAD, _tiles(row), figures, tables, _links(actor, row), months=choices
    )
    return shown(request, page)


def pack(request: HttpRequest) -> HttpResponse:
    """The monthly pack as a page."""
    actor = actor_of(request)
    row = found(_chosen(list(queries.versions(actor)), request.GET.get("month", "")))
    held = pack_of(actor, row, timezone.localdate())
    figures = [_fan(list(row.months.all()))]
    if held.bridge and held.before:
        figures.append(_bridge(held.before, row, held.bridge))
    plan = Table(
        (
            Column("Project", lambda one: str(one.project)),
            Column("Status", lambda one: (one.rag, RAG[one.rag]), "status"),
            Column("Profile", lambda one: one.target, "money"), Column("Shown by contracts", lambda one: one.in_year, "money"),
        ), held.projects, "Savings plan", id="plan", empty="No project is kept.",
    )  # fmt: skip
    risks = Table(
        (Column("Risk", "words"), Column("Owner", "owner"), Column("Score", "score", "number")),
        held.risks,
        "Risks",
        id="risks",
    )
    asked = [one for one in held.meetings if one.decisions_asked]
    decisions = Table(
        (Column("Meeting", str), Column("Decision", "decisions_asked")),
        asked,
        "Decisions asked",
        id="decisions",
    )
    links = [
        ("The pack as a PDF", f"{reverse('board_pack_pdf')}?month={row.month:%Y-%m}"),
        ("Outturn", reverse("outturn")),
    ]
    page = PlanPage(
        f"Monthly pack, {row}",
        "What the board reads, all from one frozen month.",
        _tiles(row),
        figures,
        [plan, risks, decisions],
        links,
    )
    return shown(request, page)


def pack_file(request: HttpRequest) -> HttpResponse:
    """The monthly pack as one PDF."""
    actor = actor_of(request)
    row = found(_chosen(list(queries.versions(actor)), request.GET.get("month", "")))
    authority = Authority.objects.get(pk=actor.authority_id)
    held = pack_of(actor, row, timezone.localdate())
    made = pack_pdf(held, authority=authority.name, is_synthetic=authority.is_demo)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="pack-{row.month:%Y-%m}.pdf"'
    return response


def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze a month."""
    actor = actor_of(request)
    year = queries.year_now(actor)
    form = MonthForm(request.POST or None)
    form.fields["month"].choices = month_choices(months_back(timezone.localdate(), 3))  # type: ignore[attr-defined]  # a choice

    def act(entries: dict[str, str]) -> Outcome[OutturnVersion]:
        if year is None:
            return refuse(NO_YEAR)
        return freeze_month(**who(request), year_id=year.pk, month=date.fromisoformat(entries["month"]))

    lead = "The whole year’s outturn as it stands now is kept under this month, for good."
    return plan_form(request, form, act, ("Freeze a month", lead, "The month is frozen."), reverse("outturn"))


def _chosen(rows: list[OutturnVersion], month: str) -> OutturnVersion | None:
    """The frozen month of the address, else the latest; 404 for one that is not there."""
    if not month:
        return rows[0] if rows else None
    for row in rows:
        if f"{row.month:%Y-%m}" == month:
            return row
    raise Http404


def _links(actor: Actor, row: OutturnVersion | None) -> list[tuple[str, str]]:
    links = [("Monthly pack", f"{reverse('board_pack')}?month={row.month:%Y-%m}")] if row else []
    return [*links, ("Freeze a month", reverse("freeze_month"))] if actor.role == FINANCE_OFFICER else links


def _tiles(row: OutturnVersion) -> list[Tile]:
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
    )
    columns = (
        Column("Month", lambda one: f"{one.month:%B %Y}"),
        *(Column(label, name, "money") for label, name in parts),
    )
    totals = {label: sum(getattr(one, name) for one in months) for label, name in parts}
    return Table(columns, months, "By month", id="months", totals=totals)


def _behind(actor: Actor, moved: Bridge) -> Table:
    """Every contract that moved, by cause; a child’s contract is opened by those who may."""
    found_ = [(cause, number, pence) for cause in Cause for number, pence in moved.contracts(cause)]
    held = Contract.objects.filter(
        authority_id=actor.authority_id, pk__in=[number for _, number, _ in found_]
    ).in_bulk()

    def link(row: tuple[Cause, int, int]) -> str:
        return (
            reverse("finance_contract", args=[row[1]])
            if actor.role == FINANCE_OFFICER and row[1] in held
            else ""
        )

    columns = (
        Column("Cause", lambda row: CAUSE_WORDS[row[0]]),
        Column("Contract", lambda row: f"IPC-{row[1]:06d}", "reference", link=link),
        Column("Child", lambda row: held[row[1]].child_initials if row[1] in held else "–"),
        Column("Moved the outturn by", lambda row: row[2], "money"),
    )  # fmt: skip
    return Table(columns, found_, "Contracts behind the bridge", id="behind", empty="No contract moved.")


def _warnings(actor: Actor) -> Table:
    year = queries.year_now(actor)
    rows = queries.warnings(actor, year)[:50] if year else []

    def link(row: queries.Warned) -> str:
        return (
            reverse("finance_contract", args=[row.contract_id])
            if row.contract_id and actor.role == FINANCE_OFFICER
            else ""
        )

    columns = (Column("What", "words", link=link), Column("By", "pence", "money"))
    return Table(columns, rows, "Early warnings", id="warnings", empty="Nothing to warn of.")
