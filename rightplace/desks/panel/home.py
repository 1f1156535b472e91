"""The home page of who gives permission: what waits for a decision, with clocks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.desks.components.parts import Happening, Tile, Waiting
from rightplace.desks.layout.doors import actor_of
from rightplace.foundation.notices.queries import notices
from rightplace.journey.decisions import queries as decisions
from rightplace.journey.decisions.models import Permission


def home(request: HttpRequest) -> HttpResponse:
    """Permissions this person could decide on, the most urgent first, and what was told lately."""
    actor = actor_of(request)
    today = timezone.localdate()
    rows = list(decisions.permissions_waiting(actor, on=today)[:50])
    late = sum(1 for row in rows if row.due_at and row.due_at < timezone.now())
    known = {
        "greeting": f"Good day, {actor.name.split()[0]}",
        "lead": "Permission to place: what waits for your decision.",
        "waiting": [waiting(row) for row in rows],
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
