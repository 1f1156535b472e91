"""The social work desk's home: what waits for me, with clocks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.contract_parts import variations_waiting
from rightplace.desks.components.parts import Happening, Tile, Waiting
from rightplace.desks.components.words import day, pounds
from rightplace.desks.social_work import reviewing
from rightplace.desks.social_work.listing import names_of
from rightplace.desks.social_work.reviews import reviews_late
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import REVIEWING_OFFICER, TEAM_MANAGER
from rightplace.foundation.notices.queries import notices
from rightplace.journey.decisions.queries import permissions_waiting
from rightplace.journey.placements import queries as placements
from rightplace.journey.requests import queries
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search.queries import searches

SHOWN = 12
ACTION: dict[str, str] = {
    "returned": "Answer the comments",
    "offers_in": "Compare the offers",
    "draft": "Finish and send",
}


def home(request: HttpRequest) -> HttpResponse:
    """What waits for a social worker or a team manager; for a reviewing officer, what there is to read."""
    actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    if actor.role == REVIEWING_OFFICER:
        return reviewing.home(request)
    today = timezone.localdate()
    is_manager = actor.role == TEAM_MANAGER
    open_rows = list(_open(actor, is_manager))
    starting = list(placements.of_ones_own(actor, placements.starting_soon(actor, today=today))[:SHOWN])
    ending = list(placements.of_ones_own(actor, placements.ending_soon(actor, today=today))[:SHOWN])
    compared = _comparisons(actor, open_rows)
    mine = [row for row in open_rows if row.state in ACTION][:SHOWN]
    waiting = [_waiting(row, compared.get(row.pk, "")) for row in mine]
    if is_manager:
        waiting = [*_permissions(actor, today), *variations_waiting(actor), *waiting]
    context = {
        "greeting": f"Good day, {actor.name.split()[0]}",
        "lead": "Your team’s requests and placements."
        if is_manager
        else "Your requests and the children you work with.",
        "tiles": [*_tiles(open_rows, len(starting), len(ending)), _review_tile(actor)],
        "waiting": waiting,
        "under_way": [_waiting(row) for row in open_rows if row.state not in ACTION][:SHOWN],
        "starting": [_placed(row, row.period.lower, "Starts") for row in starting],
        "ending": [_placed(row, row.expected_end_on, "Ends") for row in ending],
        "recent": [Happening(one.words, one.at, url=one.link) for one in notices(actor)[:8]],
    }
    return render(request, "social_work/home.html", context)


def _open(actor: Actor, is_manager: bool) -> list[PlacementRequest]:
    """Open requests: those of the team for a manager, one's own for a social worker; what must be answered first."""
    rows = queries.requests_waiting(actor, states=queries.OPEN)
    if is_manager and actor.team_id is not None:
        rows = rows.filter(team_id=actor.team_id)
    elif not is_manager:
        rows = rows.filter(social_worker_id=actor.user_id)
    order = list(ACTION)
    return sorted(rows[:200], key=lambda row: order.index(row.state) if row.state in order else len(order))


def _tiles(rows: list[PlacementRequest], starting: int, ending: int) -> list[Tile]:
    listing = reverse("social_work:requests")
    found = {
        state: sum(row.state == state for row in rows) for state in ("returned", "offers_in", "submitted")
    }
    searching = sum(row.state in {"ready", "searching"} for row in rows)
    return [
        Tile(
            "Returned", found["returned"], "with a broker’s comments", f"{listing}?state=returned&mine=on",
            "care" if found["returned"] else "plain",
        ),
        Tile("Offers to choose from", found["offers_in"], "closed searches", f"{listing}?state=offers_in"),
        Tile("With the brokers", found["submitted"] + searching, f"{found['submitted']} in check, {searching} in search"),
        Tile("Placements", f"{starting} / {ending}", "starting soon / ending soon"),
    ]  # fmt: skip


def _review_tile(actor: Actor) -> Tile:
    """Reviews past their statutory day."""
    late = reviews_late(actor)
    return Tile("Reviews late", late, "by the statutory clock", reverse("reviews"), "bad" if late else "good")


def _comparisons(actor: Actor, rows: list[PlacementRequest]) -> dict[int, str]:
    """Where the offers of each request are compared."""
    ids = [row.pk for row in rows if row.state == "offers_in"]
    pairs = searches(actor).filter(request_id__in=ids).values_list("request_id", "pk")
    return {request_id: reverse("brokerage:search_offers", args=[key]) for request_id, key in pairs}


def _waiting(row: PlacementRequest, url: str = "") -> Waiting:
    left = queries.working_days_left(row.needed_by, timezone.localdate()) if row.needed_by else None
    return Waiting(
        f"{row.reference} · {names_of(row)}",
        url or reverse("social_work:request", args=[row.pk]),
        f"Needed by {day(row.needed_by)}" if row.needed_by else "No day given yet",
        row.needed_by,
        row.state,
        ACTION.get(row.state, ""),
        left,
    )


def _permissions(actor: Actor, today: date) -> list[Waiting]:
    """Permissions that this manager may give within the delegated limit."""
    rows = permissions_waiting(actor, on=today)[:SHOWN]
    return [
        Waiting(
            f"Permission to place for {one.choice.request.reference}",
            reverse("panel:permission", args=[one.pk]),
            f"{pounds(one.whole_cost_pence)} in all, starts {day(one.starts_on)}",
            timezone.localdate(one.due_at) if one.due_at else one.starts_on,
            "awaiting_permission",
            "Decide",
        )
        for one in rows
    ]


def _placed(row: Any, on: date | None, verb: str) -> Waiting:
    url = reverse("social_work:child", args=[row.child_id])
    return Waiting(str(row.child), url, f"{verb} {day(on)}", on, row.state)
