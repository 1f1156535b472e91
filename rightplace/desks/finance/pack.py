"""The monthly pack: one page and one PDF, all from one frozen month."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.paper_parts import pdf_response
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.finance.at_a_glance import (
    decisions_table,
    indicators_table,
    projects_table,
    risks_table,
)
from rightplace.desks.finance.outturn import chosen_version, outturn_tiles, pack_figures
from rightplace.desks.finance.plan_pages import PlanPage, shown
from rightplace.desks.finance.projects import lights_of, rag_grid
from rightplace.desks.layout.doors import actor_of, found
from rightplace.foundation.organisations.models import Authority
from rightplace.oversight.boards.pack import Pack, pack_of, pack_pdf
from rightplace.oversight.budgets import queries

LEAD = "What the board reads, all from one frozen month."


def pack(request: HttpRequest) -> HttpResponse:
    """The monthly pack as a page."""
    held = _asked(request)
    actor, row = actor_of(request), held.row
    tables = [
        projects_table(actor, held), indicators_table(held.indicators), risks_table(held), _actions(held), decisions_table(held),
    ]  # fmt: skip
    links = [
        ("The pack as a PDF", f"{reverse('board_pack_pdf')}?month={row.month:%Y-%m}"),
        ("Outturn", reverse("outturn")),
    ]
    figures = [
        *pack_figures(held),
        *([rag_grid(lights_of(actor, held.projects, held.every))] if held.projects else []),
    ]
    return shown(request, PlanPage(f"Monthly pack, {row}", LEAD, outturn_tiles(row), figures, tables, links))


def pack_file(request: HttpRequest) -> HttpResponse:
    """The monthly pack as one PDF."""
    held = _asked(request)
    authority = Authority.objects.get(pk=held.row.authority_id)
    made = pack_pdf(held, authority=authority.name, is_synthetic=authority.is_demo)
    return pdf_response(made, f"pack-{held.row.month:%Y-%m}.pdf")


def _asked(request: HttpRequest) -> Pack:
    actor = actor_of(request)
    row = found(chosen_version(list(queries.versions(actor)), request.GET.get("month", "")))
    return pack_of(actor, row, timezone.localdate())


def _actions(held: Pack) -> Table:
    columns = (Column("Action", "words"), Column("By whom", "owner"), Column("By", "due_on", "date"))
    return Table(columns, held.actions, "Actions to do", id="actions", empty="Nothing is to do.")
