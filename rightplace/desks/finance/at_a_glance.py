"""Money at a glance, made for who reads it: the director, the finance lead, a member. The same figures as every other page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.forecasting.claims import RAG
from rightplace.core.indicators import Shape, figure_words
from rightplace.desks.components.parts import Tile
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import pounds
from rightplace.desks.finance.outturn import outturn_tiles, pack_figures, warnings_table
from rightplace.desks.finance.plan_forms import SEEN_BY, SeenByForm
from rightplace.desks.finance.plan_pages import PlanPage, shown
from rightplace.desks.finance.projects import lights_of, rag_grid
from rightplace.desks.layout.doors import actor_of
from rightplace.exchange.uasc_claim.actions import claims
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import DIRECTOR, ELECTED_MEMBER, FINANCE_OFFICER
from rightplace.journey.funding.queries import ageing
from rightplace.oversight.boards.pack import Pack, pack_of
from rightplace.oversight.budgets import differences as reconciled
from rightplace.oversight.budgets import queries
from rightplace.oversight.performance.queries import Row
from rightplace.oversight.savings.actions import MAY_PLAN
from rightplace.oversight.savings.queries import Standing

OF_ROLE = {DIRECTOR: "director", FINANCE_OFFICER: "finance"}
LEADS = {
    "director": "Where the year will end and why it moved, what the plan delivers, how children fare, what is asked.",
    "finance": "Where the year will end, what to warn of, what waits to be cleared, claimed and received.",
    "member": "Whether the year is on course, whether the plan delivers, how children fare, the highest risks.",
}


def at_a_glance(request: HttpRequest) -> HttpResponse:
    """What one role asks of the money: that of one's role, or of another that is chosen; elected members read their own."""
    actor = actor_of(request)
    form = None if actor.role == ELECTED_MEMBER else SeenByForm(request.GET or None)
    asked = form.cleaned_data["seen_by"] if form and form.is_bound and form.is_valid() else ""
    seen_by = asked or OF_ROLE.get(actor.role, "member")
    row = queries.versions(actor).first()
    if row is None:
        note = "No month has been frozen yet, so there is no outturn to show."
        return shown(request, PlanPage("Money at a glance", LEADS[seen_by], note=note, chosen=form))
    page = MADE[seen_by](actor, pack_of(actor, row, timezone.localdate()))
    title = f"Money at a glance: {SEEN_BY[seen_by][:1].lower()}{SEEN_BY[seen_by][1:]}"
    links = [
        ("Monthly pack", f"{reverse('board_pack')}?month={row.month:%Y-%m}"),
        ("Outturn", reverse("outturn")),
    ]
    return shown(
        request, PlanPage(title, LEADS[seen_by], page.tiles, page.figures, page.tables, links, chosen=form)
    )


def _director(actor: Actor, pack: Pack) -> PlanPage:
    figures = [*pack_figures(pack), rag_grid(lights_of(actor, pack.projects, pack.every))]
    tables = [
        indicators_table(pack.indicators),
        decisions_table(pack),
        risks_table(pack),
        warnings_table(actor),
    ]
    return PlanPage("", "", outturn_tiles(pack.row), figures, tables)


def _finance(actor: Actor, pack: Pack) -> PlanPage:
    open_now = reconciled.differences(actor, state="open").count()
    unsettled = sum(one.pence or 0 for one in claims(actor) if one.state != "settled")
    owed = sum(ageing(actor, on=timezone.localdate()).values())
    tiles = [
        *outturn_tiles(pack.row),
        Tile("Differences to clear", open_now, url=reverse("differences"), tone="care" if open_now else "good"),
        Tile("Claims not settled", pounds(unsettled, whole=True), url=reverse("grants")),
        Tile("Owed by partners", pounds(owed, whole=True), url=reverse("joint_income")),
    ]  # fmt: skip
    return PlanPage("", "", tiles, pack_figures(pack), [warnings_table(actor), projects_table(actor, pack)])


def _member(actor: Actor, pack: Pack) -> PlanPage:
    figures = [rag_grid(lights_of(actor, pack.projects, pack.every))]
    return PlanPage(
        "",
        "",
        outturn_tiles(pack.row),
        figures,
        [indicators_table(pack.indicators), risks_table(pack, 5), decisions_table(pack)],
    )


MADE: dict[str, Callable[[Actor, Pack], PlanPage]] = {
    "director": _director,
    "finance": _finance,
    "member": _member,
}


def indicators_table(rows: tuple[Row, ...]) -> Table:
    """The indicators that a board reads: now, a year ago, and the neighbours."""

    def better(row: Row) -> tuple[str, str]:
        now, before, higher = row.now.figure, row.before.figure, row.indicator.higher
        if now is None or before is None:
            return ("open", "Not known")
        if now == before:
            return ("open", "As before")
        if higher is None:
            return ("open", "Changed")
        return ("green", "Better") if (now > before) == higher else ("red", "Worse")

    def told(figure: float | None, shape: Shape) -> str:
        return figure_words(shape, figure)

    columns = (
        Column("Indicator", lambda row: row.indicator.name), Column("Now", lambda row: told(row.now.figure, row.indicator.shape)),
        Column("A year ago", lambda row: told(row.before.figure, row.indicator.shape)), Column("Since then", better, "status"),
    )  # fmt: skip
    return Table(columns, rows, "How children fare", id="indicators", empty="Nothing is counted yet.")


def projects_table(actor: Actor, pack: Pack) -> Table:
    """The savings plan in the pack; a project opens for those who plan."""

    def link(one: Standing) -> str:
        return reverse("project", args=[one.project.pk]) if actor.role in MAY_PLAN else ""

    columns = (
        Column("Project", lambda one: str(one.project), link=link),
        Column("Status", lambda one: (one.rag, RAG[one.rag]), "status"), Column("Profile", "target", "money"),
        Column("Shown by contracts", "in_year", "money"),
    )  # fmt: skip
    return Table(columns, pack.projects, "Savings plan", id="plan", empty="No project is kept.")


def risks_table(pack: Pack, most: int = 50) -> Table:
    """The highest risks first."""
    columns = (Column("Risk", "words"), Column("Owner", "owner"), Column("Score", "score", "number"))
    return Table(columns, pack.risks[:most], "Risks", id="risks", empty="No risk is named.")


def decisions_table(pack: Pack) -> Table:
    """What meetings to come are asked to decide."""
    rows = [one for one in pack.meetings if one.decisions_asked]
    columns = (Column("Meeting", str), Column("Decision", "decisions_asked"))
    return Table(columns, rows, "Decisions asked", id="decisions", empty="Nothing is asked.")
