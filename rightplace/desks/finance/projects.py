"""One project of the savings plan: words, profile, milestones, indicators, risks, and the contracts that show what it saved."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.forecasting.claims import RAG
from rightplace.core.indicators import figure_words
from rightplace.core.periods import financial_year
from rightplace.desks.components.grids import Light, light_grid
from rightplace.desks.components.parts import NavItem, SummaryRow, Tile
from rightplace.desks.components.svg import Bar, Figure, bars
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import pounds
from rightplace.desks.finance.outturn import contract_link
from rightplace.desks.finance.plan_forms import (
    MetricForm,
    MilestoneForm,
    NewProjectForm,
    ProfileForm,
    ProjectForm,
    RiskForm,
    TakeOffForm,
)
from rightplace.desks.finance.plan_pages import (
    happened,
    owner_entries,
    plan_form,
    what_was_seen,
    who,
    with_owners,
)
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.pressing import button
from rightplace.desks.layout.record import Button, Part, Record, record_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome
from rightplace.oversight.boards.actions import name_risk
from rightplace.oversight.boards.models import Risk
from rightplace.oversight.performance.queries import Row, indicators
from rightplace.oversight.savings import grid, keeping, queries
from rightplace.oversight.savings.actions import ProjectGiven, reach_milestone, save_projects
from rightplace.oversight.savings.models import HOW, Milestone, Project
from rightplace.oversight.savings.queries import Delivered, Standing

COLUMNS = ("Money", "Milestones", "Indicators", "Risks", "Status")
GRID_RULE = (
    "Money: green from 95% of the year’s profile, red below 75%. Milestones: amber when one is late, red when all that are left"
    " are. Indicators: green when all meet their target, red when fewer than half do. Risks: amber from a score of 8, red from"
    " 15. Status: by money, and amber at best while a milestone is late."
)


def rag_grid(lights: Sequence[grid.Lights]) -> Figure:
    """Every project in its lights."""
    rows = [
        (
            one.standing.project.reference + " " + one.standing.project.name,
            [
                Light(code, RAG.get(code, ""))
                for code in (one.money, one.milestones, one.metrics, one.risks, one.standing.rag)
            ],
        )
        for one in lights
    ]
    return light_grid(rows, COLUMNS, "Status at a glance", GRID_RULE)


def lights_of(actor: Actor, standings: Sequence[Standing], known: Sequence[Row] = ()) -> list[grid.Lights]:
    """The lights of projects with their indicators (`known` where they were asked for already) and open risks."""
    metrics = grid.metrics_of(actor, [one.project for one in standings], timezone.localdate(), known)
    scores: dict[int, list[int]] = {}
    for risk in Risk.objects.filter(authority_id=actor.authority_id, closed_on=None, project__isnull=False):
        scores.setdefault(risk.project_id or 0, []).append(risk.score)
    return grid.lights(standings, metrics, scores)


def project(request: HttpRequest, project_id: int) -> HttpResponse:
    """One project as it stands this year."""
    actor, today = actor_of(request), timezone.localdate()
    row: Project = found(queries.project(actor, project_id))
    standing = next(one for one in queries.standings(actor, today) if one.project.pk == row.pk)
    known = indicators(actor, today, months=2) if row.metrics.all() else []
    (light,) = lights_of(actor, [standing], known)
    address = partial(reverse, args=[row.pk])
    links = [
        NavItem("Change it", address("change_project")),
        NavItem("Count a saving", reverse("claim_saving")),
    ]
    if keeping.undoable(row):
        links.append(NavItem("Undo or remove", address("take_off_project")))
    record = Record(
        row.name, "Savings plan", reverse("savings_plan"), caption=row.reference, lead=row.description,
        state=(standing.rag, RAG[standing.rag]), tiles=_tiles(standing), links=links,
        parts=[
            Part(figure=rag_grid([light])), _profile(row, standing), _milestones(row, standing), _metrics(actor, row, known),
            _risks(row), _evidence(actor, standing), _words(row),
            happened(actor, "project", row.pk),
        ],
    )  # fmt: skip
    return record_page(request, record)


def _tiles(one: Standing) -> list[Tile]:
    year = financial_year(timezone.localdate())
    return [
        Tile("Growth" if one.project.is_growth else "To be saved", pounds(one.target, whole=True), f"in {year}"),
        Tile("Shown by contracts", pounds(one.in_year, whole=True), "cash, this year"),
        Tile("In a full year", pounds(one.full_year, whole=True), "cash"),
        Tile("Cost avoided", pounds(one.avoided, whole=True), "this year, apart from cash"),
    ]  # fmt: skip


def _profile(row: Project, standing: Standing) -> Part:
    years = list(row.years.all())
    figure = (
        bars([Bar(one.financial_year, one.pence) for one in years], "Profile by year", "pounds")
        if years
        else None
    )
    words = "" if years else "No year is planned yet."
    links = [NavItem("Set a year", reverse("set_profile", args=[row.pk]))]
    return Part("Profile by year", words, figure=figure, links=links)


def _milestones(row: Project, standing: Standing) -> Part:
    late = {one.pk for one in standing.late}
    columns = (
        Column("Milestone", "words", link=milestone_link), Column("Owner", "owner"), Column("By", "due_on", "date"),
        Column("State", lambda one: milestone_state(one, late), "status"), Column("Reached", "done_on", "date"),
    )  # fmt: skip
    rows = list(row.milestones.all())
    buttons = [
        Button(reverse("reach_milestone", args=[one.pk]), f"Reached: {one}", one.version)
        for one in rows
        if one.done_on is None
    ]
    table = Table(columns, rows, "Milestones", id="milestones", empty="None yet.")
    links = [NavItem("Add a milestone", reverse("add_project_milestone", args=[row.pk]))]
    return Part(table=table, buttons=buttons, links=links)


def milestone_link(one: Milestone) -> str:
    """Where a milestone that is still to come is changed."""
    return "" if one.done_on else reverse("change_milestone", args=[one.pk])


def milestone_state(one: Milestone, late: set[int]) -> tuple[str, str]:
    """The state in words."""
    return ("done", "Reached") if one.done_on else ("late", "Late") if one.pk in late else ("open", "To come")


def _metrics(actor: Actor, row: Project, known: Sequence[Row]) -> Part:
    stand = grid.metrics_of(actor, [row], timezone.localdate(), known).get(row.pk, [])

    def page(one: grid.MetricStanding) -> str:
        return reverse("indicator", args=[one.indicator.code])

    def met(one: grid.MetricStanding) -> tuple[str, str]:
        return (
            ("open", "Nothing counted")
            if one.is_met is None
            else ("green", "Met")
            if one.is_met
            else ("red", "Not met")
        )

    def target(one: grid.MetricStanding) -> str:
        least = "at least" if one.metric.is_higher_better else "at most"
        return f"{least} {figure_words(one.indicator.shape, one.metric.target)}"

    columns = (
        Column("Indicator", lambda one: one.indicator.name, link=page),
        Column("Now", lambda one: figure_words(one.indicator.shape, one.figure)), Column("Target", target),
        Column("State", met, "status"),
    )  # fmt: skip
    table = Table(columns, stand, "Indicators", id="metrics", empty="No indicator is named yet.")
    return Part(table=table, links=[NavItem("Name an indicator", reverse("set_metric", args=[row.pk]))])


def _risks(row: Project) -> Part:
    columns = (
        Column("Risk", "words", link=lambda one: reverse("weigh_risk", args=[one.pk])), Column("Owner", "owner"),
        Column("Score", "score", "number"), Column("What is done about it", "response"),
    )  # fmt: skip
    rows = sorted(row.risks.filter(closed_on=None), key=lambda one: -one.score)
    links = [NavItem("Name a risk", reverse("name_project_risk", args=[row.pk]))]
    return Part(table=Table(columns, rows, "Risks", id="risks", empty="No risk is named."), links=links)


def _evidence(actor: Actor, one: Standing) -> Part:
    def link(each: Delivered) -> str:
        return contract_link(actor, each.claim.contract_id)

    columns = (
        Column("Contract", lambda each: str(each.claim.contract), "reference", link=link),
        Column("How", lambda each: HOW[each.claim.how]), Column("Measured from", lambda each: str(each.claim.before.frozen)),
        Column("This year", "in_year", "money"), Column("Full year", "full_year", "money"),
    )  # fmt: skip
    empty = "No contract was named yet."
    return Part(table=Table(columns, one.delivered, "Contracts that show it", id="evidence", empty=empty))


def _words(row: Project) -> Part:
    told = (
        ("Owner", row.owner), ("Starts on", f"{row.starts_on:%-d %B %Y}"), ("Equality assessment", row.equality_assessment),
        ("Consultation", row.consultation), ("Depends on", row.dependencies),
    )  # fmt: skip
    return Part(
        "About the project", summary=[SummaryRow(label, words or "Not written yet") for label, words in told]
    )


def add(request: HttpRequest) -> HttpResponse:
    """Add a project to the plan."""

    def act(entries: dict[str, Any]) -> Outcome[Any]:
        return save_projects(**who(request), projects=[ProjectGiven(**entries)])

    words = (
        "Add a project",
        "What it saves is shown by contracts later, never typed.",
        "The project is in the plan.",
    )
    return plan_form(
        request, NewProjectForm(request.POST or None), act, words, ("Savings plan", reverse("savings_plan"))
    )


def change(request: HttpRequest, project_id: int) -> HttpResponse:
    """Change the words of a project."""
    row: Project = found(queries.project(actor_of(request), project_id))
    form = ProjectForm(
        request.POST or None, initial={name: getattr(row, name) for name in ProjectForm.base_fields}
    )
    return _kept(request, row, form, keeping.change_project, "Change a project")


def _kept(
    request: HttpRequest, row: Project, form: forms.Form, act: Any, title: str, *, is_versioned: bool = True
) -> HttpResponse:
    """A form that does a deed to a project; one that only adds beside it asks for no version."""
    seen = what_was_seen if is_versioned else who

    def kept(entries: dict[str, Any]) -> Outcome[Any]:
        return act(**seen(request), project_id=row.pk, **entries)  # type: ignore[no-any-return]  # a verb

    back = (str(row), reverse("project", args=[row.pk]))
    version = row.version if is_versioned else None
    return plan_form(request, form, kept, (title, str(row), "It is kept."), back, version)


def profile(request: HttpRequest, project_id: int) -> HttpResponse:
    """Say what a project is to bring in a year."""
    row: Project = found(queries.project(actor_of(request), project_id))
    form = ProfileForm(request.POST or None, initial={"financial_year": financial_year(timezone.localdate())})
    return _kept(request, row, form, keeping.set_profile, "Set a year")


def metric(request: HttpRequest, project_id: int) -> HttpResponse:
    """Name an indicator that shows whether a project works."""
    row: Project = found(queries.project(actor_of(request), project_id))
    return _kept(request, row, MetricForm(request.POST or None), keeping.set_metric, "Name an indicator")


def take_off(request: HttpRequest, project_id: int) -> HttpResponse:
    """Undo or remove what was put on a project in error."""
    row: Project = found(queries.project(actor_of(request), project_id))
    form = TakeOffForm(request.POST or None)
    form.fields["what"].choices = keeping.undoable(row)  # type: ignore[attr-defined]  # a choice
    return _kept(request, row, form, keeping.take_off, "Undo or remove")


def milestone(request: HttpRequest, project_id: int) -> HttpResponse:
    """Add a milestone to a project."""
    row: Project = found(queries.project(actor_of(request), project_id))
    form = with_owners(request, MilestoneForm(request.POST or None), f"{row.owner}, or the name below")
    return _kept(request, row, form, keeping.add_milestone, "Add a milestone", is_versioned=False)


def change_milestone(request: HttpRequest, project_milestone_id: int) -> HttpResponse:
    """Say anew what is to be reached, by when and by whom."""
    row: Milestone = found(queries.milestone(actor_of(request), project_milestone_id))
    initial = {"words": row.words, "due_on": row.due_on, **owner_entries(row)}
    form = with_owners(
        request,
        MilestoneForm(request.POST or None, initial=initial),
        f"{row.project.owner}, or the name below",
    )

    def kept(entries: dict[str, Any]) -> Outcome[Milestone]:
        return keeping.change_milestone(**what_was_seen(request), milestone_id=row.pk, **entries)

    words = ("Change a milestone", str(row), "The milestone is changed.")
    return plan_form(
        request, form, kept, words, (str(row.project), reverse("project", args=[row.project_id])), row.version
    )


def risk(request: HttpRequest, project_id: int) -> HttpResponse:
    """Name a risk of a project."""
    row: Project = found(queries.project(actor_of(request), project_id))
    form = with_owners(request, RiskForm(request.POST or None))
    return _kept(request, row, form, name_risk, "Name a risk", is_versioned=False)


reached = button(
    reach_milestone, "The milestone is reached.", of="milestone_id", page="savings_plan", is_list=True
)
