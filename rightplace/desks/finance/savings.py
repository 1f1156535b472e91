"""The savings plan: every project with its status, milestones and what contracts show; claims; a plan from a spreadsheet."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.forecasting.claims import RAG
from rightplace.core.money import percentage
from rightplace.core.periods import financial_year
from rightplace.desks.components.parts import Tile
from rightplace.desks.components.svg import DayMark, Figure, calendar_rows
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import pounds
from rightplace.desks.finance.plan_forms import ClaimForm, PlanFileForm
from rightplace.desks.finance.plan_pages import PlanPage, is_mine, mine_or_all, plan_form, shown, who
from rightplace.desks.finance.projects import lights_of, milestone_link, milestone_state, rag_grid
from rightplace.desks.layout.doors import actor_of
from rightplace.exchange.budget_tables import read_plan
from rightplace.foundation.actions import Outcome, refuse
from rightplace.oversight.savings import queries
from rightplace.oversight.savings.actions import claim_saving, save_projects
from rightplace.oversight.savings.models import HOW, Milestone
from rightplace.oversight.savings.queries import Delivered, Standing
from rightplace.oversight.savings.uplifts import Uplifted, avoided_by_uplifts

LEAD = "What each project is to save, and what contracts show that it saved. No amount is typed."
RULE = (
    "On course (green): at least 95% of the year’s profile is shown by contracts and no milestone is late. Off course (red): "
    "below 75%. At risk: between, or a milestone is late."
)


def plan(request: HttpRequest) -> HttpResponse:
    """Every project as it stands this year."""
    actor, today = actor_of(request), timezone.localdate()
    rows = queries.standings(actor, today)
    totals = {
        "Profile": sum(one.target for one in rows), "This year": sum(one.in_year for one in rows),
        "Full year": sum(one.full_year for one in rows), "Avoided": sum(one.avoided for one in rows),
    }  # fmt: skip
    tiles = [
        Tile("To be saved", pounds(totals["Profile"], whole=True), "this year, by the plan"),
        Tile("Shown by contracts", pounds(totals["This year"], whole=True), "cash, this year"),
        Tile("In a full year", pounds(totals["Full year"], whole=True), "cash"),
        Tile("Cost avoided", pounds(totals["Avoided"], whole=True), "this year, apart from cash"),
    ]
    uplifts = avoided_by_uplifts(actor, financial_year(today))
    tiles.append(
        Tile(
            "Avoided in uplift rounds",
            pounds(sum(one.in_year for one in uplifts), whole=True),
            "this year, in no project",
        )
    )
    late = {one.pk for standing in rows for one in standing.late}
    milestones = [
        one for standing in rows for one in standing.project.milestones.all()
        if one.owned_by_id == actor.user_id or not is_mine(request)
    ]  # fmt: skip
    tables = [_projects(rows, totals), _milestones(milestones, late), _evidence(rows), _uplifts(uplifts)]
    links = [
        ("Count a saving", reverse("claim_saving")), ("Add a project", reverse("add_project")),
        ("Take a plan in", reverse("import_plan")), mine_or_all(request, "savings_plan", " milestones"),
    ]  # fmt: skip
    figures = [rag_grid(lights_of(actor, rows)), *_calendar(milestones, late)] if rows else []
    page = PlanPage("Savings plan", LEAD, tiles, figures, tables, links, note=RULE)
    return shown(request, page)


def _uplifts(rows: list[Uplifted]) -> Table:
    """What was asked and agreed; a contract that a project claims is counted there, and not here."""
    columns = (
        Column("Uplift round", "provider"), Column("From", "from_on", "date"),
        Column("Asked", lambda one: percentage(one.asked_basis_points)),
        Column("Agreed", lambda one: percentage(one.agreed_basis_points)),
        Column("Prices", "prices", "number"), Column("Claimed by projects", "claimed", "number"),
        Column("Avoided this year", "in_year", "money"),
    )  # fmt: skip
    return Table(columns, rows, "Avoided in uplift rounds", id="uplifts", empty="No uplift was agreed with a provider of yours.",
                 totals={"Avoided this year": sum(one.in_year for one in rows)})  # fmt: skip


def claim(request: HttpRequest) -> HttpResponse:
    """Say which contract shows a project's saving."""
    form = ClaimForm(request.POST or None)
    rows = queries.projects(actor_of(request))
    form.fields["project"].choices = [(str(one.pk), str(one)) for one in rows]  # type: ignore[attr-defined]  # a choice

    def act(entries: dict[str, Any]) -> Outcome[Any]:
        return claim_saving(
            **who(request), project_id=int(entries["project"]), contract_id=entries["contract"], how=entries["how"],
            basis_points=entries["percent"] * 100, instead_id=entries["instead"],
        )  # fmt: skip

    lead = "The amount is worked out from what the contract came to in the last frozen month and what it comes to now."
    return plan_form(request, form, act, ("Count a saving", lead, "The saving is counted."), _back())


def import_plan(request: HttpRequest) -> HttpResponse:
    """Take a plan in from a spreadsheet, all or none. The file itself is not kept."""

    def act(entries: dict[str, Any]) -> Outcome[Any]:
        read = read_plan(entries["file"].read())
        return refuse(read) if isinstance(read, list) else save_projects(**who(request), projects=read)

    lead = "Totals that do not add, sheets that differ and pounds typed as thousands are found first; nothing is half taken in."
    form = PlanFileForm(request.POST or None, request.FILES or None)
    return plan_form(request, form, act, ("Take a plan in", lead, "The plan is taken in."), _back())


def _back() -> tuple[str, str]:
    return "Savings plan", reverse("savings_plan")


def _projects(rows: list[Standing], totals: dict[str, int]) -> Table:
    columns = (
        Column("Project", lambda one: str(one.project), link=lambda one: reverse("project", args=[one.project.pk])),
        Column("Owner", lambda one: one.project.owner),
        Column("Status", lambda one: (one.rag, RAG[one.rag]), "status"), Column("Profile", "target", "money"),
        Column("This year", "in_year", "money"), Column("Full year", "full_year", "money"), Column("Avoided", "avoided", "money"),
    )  # fmt: skip
    return Table(columns, rows, "Projects", id="projects", totals=totals, empty="No project is kept yet.")


def _milestones(rows: list[Milestone], late: set[int]) -> Table:
    columns = (
        Column("Milestone", "words", link=milestone_link), Column("Project", lambda one: one.project.reference, "reference"),
        Column("Owner", "owner"), Column("By", "due_on", "date"),
        Column("State", lambda one: milestone_state(one, late), "status"),
    )  # fmt: skip
    return Table(
        columns, sorted(rows, key=lambda one: one.due_on), "Milestones", id="milestones", empty="None."
    )


def _evidence(rows: list[Standing]) -> Table:
    """The contracts behind every saving; a project's share of each."""
    found = [one for standing in rows for one in standing.delivered]

    def share(one: Delivered) -> str:
        return percentage(one.claim.basis_points)

    columns = (
        Column("Contract", lambda one: str(one.claim.contract), "reference"),
        Column("Project", lambda one: one.claim.project.reference),
        Column("How", lambda one: HOW[one.claim.how]), Column("Share", share), Column("This year", "in_year", "money"),
        Column("Full year", "full_year", "money"),
    )  # fmt: skip
    return Table(columns, found, "Contracts that show it", id="evidence", empty="No contract was named yet.")


def _calendar(rows: list[Milestone], late: set[int]) -> list[Figure]:
    """The milestones of each project on a line, late ones apart."""
    if not rows:
        return []
    of: dict[str, list[DayMark]] = {}
    for one in sorted(rows, key=lambda one: (one.project.reference, one.due_on)):
        fill = "5" if one.pk in late else "6" if one.done_on else "1"
        of.setdefault(str(one.project), []).append(DayMark(one.due_on, str(one), fill))
    days = sorted(one.due_on for one in rows)
    first = days[0].replace(day=1)
    span = (first, max(days[-1], first.replace(day=28)))
    return [
        calendar_rows(
            list(of.items()), "Calendar of milestones", span, {"5": "Late", "1": "To come", "6": "Reached"}
        )
    ]
