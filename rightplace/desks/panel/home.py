"""The home page of who gives permission: what waits for a decision, with clocks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.desks.commissioning.analyst_home import headline_tiles
from rightplace.desks.commissioning.concerns import concerns_waiting
from rightplace.desks.components.contract_parts import variations_waiting
from rightplace.desks.components.parts import Happening, Tile, Waiting
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.panel.meeting_deeds import meeting_url
from rightplace.desks.panel.meetings import meeting_table
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import DIRECTOR, PANEL_CLERK, PANEL_MEMBER
from rightplace.foundation.notices.queries import notices
from rightplace.journey.decisions import queries as decisions
from rightplace.journey.decisions.models import Permission
from rightplace.journey.panels import queries as panels
from rightplace.journey.panels.queries import PanelHome
from rightplace.oversight.performance.queries import indicators


def home(request: HttpRequest) -> HttpResponse:
    """Permissions this person could decide on, the most urgent first, and what was told lately."""
    actor = actor_of(request)
    if actor.role in (PANEL_CLERK, PANEL_MEMBER):
        return table_home(request, actor)
    today = timezone.localdate()
    rows = list(decisions.permissions_waiting(actor, on=today)[:50])
    held = panels.home(actor, timezone.now())
    late = sum(1 for row in rows if row.due_at and row.due_at < timezone.now())
    known = {
        "greeting": f"Good day, {actor.name.split()[0]}",
        "lead": "Permission to place: what waits for your decision.",
        "waiting": [
            *_at_panels(held),
            *(waiting(row) for row in rows),
            *variations_waiting(actor),
            *concerns_waiting(actor),
        ],
        **_tables(held),
        "fare": headline_tiles(indicators(actor, today)) if actor.role == DIRECTOR else [],
        "tiles": [
            Tile(
                "Waiting for you",
                len(rows),
                "permissions you may decide on",
                reverse("panel:permissions") + "?state=asked",
            ),
            Tile(
                "Past their time",
                late,
                "emergency placements not yet approved",
                tone="bad" if late else "good",
            ),
            Tile(
                "Their whole cost",
                pounds(sum(row.whole_cost_pence for row in rows)),
                "over the expected stays",
            ),
        ],
        "recent": [Happening(row.words, row.at, url=row.link) for row in notices(actor)[:8]],
    }
    return render(request, "panel/home.html", known)


def table_home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The home of clerk and member: the next meeting, papers due, minutes, what is overdue."""
    held = panels.home(actor, timezone.now())
    coming = held.meetings[0] if held.meetings else None
    known = {
        "greeting": f"Good day, {actor.name.split()[0]}",
        "lead": "Panels: what comes next, and what is still to be done.",
        "waiting": _at_panels(held),
        "tiles": [
            Tile(
                "Next meeting",
                f"{timezone.localtime(coming.starts_at):%-d %b, %H:%M}" if coming else "None planned",
                str(coming.kind) if coming else "plan meetings on the page of the panel",
                meeting_url(coming) if coming else reverse("panel:calendar"),
            ),
            Tile(
                "Papers due",
                len(held.papers_due),
                "meetings whose papers are due",
                tone="care" if held.papers_due else "good",
            ),
            _overdue_tile(held),
        ],
        **_tables(held),
        "recent": [Happening(row.words, row.at, url=row.link) for row in notices(actor)[:8]],
    }
    return render(request, "panel/home.html", known)


def _overdue_tile(held: PanelHome) -> Tile:
    late = len(held.overdue)
    url = reverse("panel:actions") + "?state=overdue"
    return Tile(
        "Overdue actions", late, "conditions and actions past their day", url, tone="bad" if late else "good"
    )


def _tables(held: PanelHome) -> dict[str, Table | None]:
    """The meetings ahead and what is overdue, for below the fold."""
    columns = (
        Column("What", "what", link=lambda row: reverse("panel:action", args=[row.pk])),
        Column("About", "item.title"),
        Column("Who", lambda row: str(row.owner)),
        Column("By", "due_on", "date"),
    )
    overdue = Table(columns, held.overdue, "Overdue actions") if held.overdue else None
    empty = "No meetings are planned on the panels that you see."
    return {"meetings": meeting_table(list(held.meetings), "Meetings ahead", empty), "overdue": overdue}


def _at_panels(held: PanelHome) -> list[Waiting]:
    """Papers to issue, minutes to agree, appeals to hear, as lines of what waits."""
    lines = [
        Waiting(
            f"Papers for the {row}",
            meeting_url(row),
            "Build the agenda, then issue the papers",
            row.papers_due_on,
            "waiting",
            "Open",
        )
        for row in held.papers_due
    ]
    lines += [
        Waiting(
            f"Minutes of the {row}",
            reverse("panel:minutes", args=[row.pk]),
            "Drafted from the record",
            None,
            "draft",
            "Read",
        )
        for row in held.minutes_due
    ]
    lines += [
        Waiting(
            f"Appeal: {row.item.title}",
            reverse("panel:appeal", args=[row.pk]),
            str(row.item.meeting.kind),
            None,
            "asked",
            "Open",
        )
        for row in held.appeals
    ]
    return lines


def waiting(row: Permission) -> Waiting:
    """A permission as one line of what waits."""
    asked = row.choice.request
    first = "Placed in an emergency, approval to follow. " if row.is_retrospective else ""
    return Waiting(
        title=f"{asked.reference}: {pounds(row.whole_cost_pence)} whole cost",
        url=reverse("panel:permission", args=[row.pk]),
        detail=f"{first}{pounds(row.weekly_pence)} a week from {row.starts_on:%-d %B %Y}, asked by {row.asked_by}",
        due_on=timezone.localdate(row.due_at) if row.due_at else row.starts_on,
        state="with_panel" if row.route == "panel" else "awaiting_permission",
        action="Decide",
    )
