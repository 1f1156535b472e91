"""The home of an independent reviewing officer: what moves, what is asked for and who lives where; nothing to press."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import Happening, Tile, Waiting
from rightplace.desks.components.words import day
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.social_work.listing import names_of
from rightplace.foundation.notices.queries import notices
from rightplace.journey.placements import move_queries, queries
from rightplace.journey.placements.models import Move
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.requests.queries import OPEN, requests

SHOWN = 12


def home(request: HttpRequest) -> HttpResponse:
    """Moves that are being discussed, open requests, placements that start or end soon: of the whole authority."""
    actor, today, now = actor_of(request), timezone.localdate(), timezone.now()
    moves = list(move_queries.moves_waiting(actor)[:SHOWN])
    asked = requests(actor).filter(state__in=OPEN)
    moves_url = reverse("placements:moves")
    late = move_queries.moves_overdue(actor, now=now)
    context = {
        "greeting": f"Good day, {actor.name.split()[0]}",
        "lead": "Children’s files, requests, placements and what contracts promise, to read. Every look is recorded.",
        "tiles": [
            Tile("Moves being discussed", move_queries.moves_waiting(actor).count(), "proposed, or made first", moves_url),
            Tile("Moved before a discussion", late, "past the day for it", tone="bad" if late else "good"),
            Tile("Requests open", asked.count(), "in check, in search or with offers", reverse("social_work:requests")),
        ],
        "waiting_words": "Moves being discussed",
        "waiting": [_move(row) for row in moves],
        "under_way": [_request(row) for row in asked[:SHOWN]],
        "starting": [_placed(row, row.period.lower, "Starts") for row in queries.starting_soon(actor, today=today)[:SHOWN]],
        "ending": [_placed(row, row.expected_end_on, "Ends") for row in queries.ending_soon(actor, today=today)[:SHOWN]],
        "recent": [Happening(one.words, one.at, url=one.link) for one in notices(actor)[:8]],
    }  # fmt: skip
    return render(request, "social_work/home.html", context)


def _move(row: Move) -> Waiting:
    return Waiting(
        f"{row.reference} · {row.placement.child}",
        reverse("placements:move", args=[row.pk]),
        f"Proposed by {row.proposed_by}",
        timezone.localdate(row.due_at) if row.due_at else None,
        row.state,
        "Read",
    )


def _request(row: PlacementRequest) -> Waiting:
    words = f"Needed by {day(row.needed_by)}" if row.needed_by else "No day given yet"
    url = reverse("social_work:request", args=[row.pk])
    return Waiting(f"{row.reference} · {names_of(row)}", url, words, row.needed_by, row.state)


def _placed(row: Any, on: Any, verb: str) -> Waiting:
    url = reverse("social_work:child", args=[row.child_id])
    return Waiting(str(row.child), url, f"{verb} {day(on)}", on, row.state)
