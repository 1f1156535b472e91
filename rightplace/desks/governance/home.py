"""The governance home: what waits for the access administrator and the information governance officer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import Happening, Tile, Waiting
from rightplace.desks.governance.records_waiting import records_waiting
from rightplace.desks.governance.watching import safeguards_waiting
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.navigation import opens_for
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.notices.queries import notices
from rightplace.foundation.safeguards.looks import LookFilters, looks

# What waits at this desk, each from the part that knows; a part adds its own here.
SOURCES = (safeguards_waiting, records_waiting)


def home(request: HttpRequest) -> HttpResponse:
    """What waits for me, with clocks."""
    actor, now = actor_of(request), timezone.now()
    waiting = [one for source in SOURCES for one in source(actor, now) if opens_for(one.url, actor.role)]
    known = {
        "greeting": f"Good day, {actor.name.split()[0]}",
        "lead": "Who has access, who looked at what, and what is shared.",
        "waiting": waiting,
        "tiles": _tiles(waiting, actor),
        "recent": [Happening(row.words, row.at, url=row.link) for row in notices(actor)[:8]],
    }
    return render(request, "governance/home.html", known)


def _tiles(waiting: list[Waiting], actor: Actor) -> list[Tile]:
    late = sum(1 for one in waiting if one.state == "late")
    tiles = [
        Tile("Waiting for you", len(waiting), "at this desk"),
        Tile("Overdue", late, "past their day", tone="bad" if late else "good"),
    ]
    url = reverse("governance:looks")
    if not opens_for(url, actor.role):
        return tiles
    today = LookFilters(since=timezone.localdate())
    return [*tiles, Tile("Looks today", looks(actor, today).count(), "into children’s files", url)]
