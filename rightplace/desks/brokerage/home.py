"""The brokerage desk's home: what waits for the brokers, with clocks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.contract_parts import contracts_waiting
from rightplace.desks.components.parts import Happening, Tile, Waiting
from rightplace.desks.components.words import count, day, moment
from rightplace.desks.social_work.listing import names_of
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FOSTERING_OFFICER
from rightplace.foundation.notices.queries import notices
from rightplace.foundation.reference.calendar import holidays
from rightplace.journey.payments import claiming
from rightplace.journey.placements import queries as placements
from rightplace.journey.requests import queries
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search.models import Search
from rightplace.journey.search.queries import searches_open
from rightplace.journey.search.referrals import ReferralRow, invitations_waiting

SHOWN = 15


def home(request: HttpRequest) -> HttpResponse:
    """Requests to check, searches to open, searches about to close, placements to arrange."""
    actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    now, today = timezone.now(), timezone.localdate()
    is_keeper = actor.role == FOSTERING_OFFICER
    to_check = queries.requests_waiting(actor, states=["submitted"])
    to_search = queries.requests_waiting(actor, states=["ready"])
    open_searches = searches_open(actor)
    closing = open_searches.filter(closes_at__lt=_end_of(today)).count()
    referrals = invitations_waiting(actor, now=now)
    checks = [] if is_keeper else [_to_check(row, today) for row in to_check[:SHOWN]]
    searches = [] if is_keeper else [_to_search(row, today) for row in to_search[:SHOWN]]
    asked = [_referral(row) for row in referrals[:SHOWN]] if is_keeper else []
    context = {
        "greeting": f"Good day, {actor.name.split()[0]}",
        "lead": "Referrals to your carers, and the searches that run."
        if is_keeper
        else "Requests to check, searches to open and placements to arrange.",
        "tiles": ([_referral_tile(len(referrals)), _miles_tile(actor)] if is_keeper else [])
        + _tiles(to_check.count(), to_search.count(), open_searches.count(), closing)[2 * is_keeper :],
        "waiting": [*asked, *checks, *searches, *contracts_waiting(actor)],
        "searches": [_search(row) for row in open_searches[:SHOWN]],
        "starting": [_starting(row) for row in placements.starting_soon(actor, today=today)[:SHOWN]],
        "recent": [Happening(one.words, one.at, url=one.link) for one in notices(actor)[:8]],
    }
    return render(request, "brokerage/home.html", context)


def _tiles(to_check: int, to_search: int, searching: int, closing: int) -> list[Tile]:
    listing = reverse("brokerage:requests")
    return [
        Tile(
            "Waiting for their check",
            to_check,
            "requests",
            f"{listing}?state=submitted",
            "care" if to_check else "plain",
        ),
        Tile("Ready to search", to_search, "requests", f"{listing}?state=ready"),
        Tile("In search", searching, "searches open now", reverse("brokerage:searches")),
        Tile("Closing today", closing, "searches"),
    ]


def _referral_tile(number: int) -> Tile:
    url = reverse("brokerage:carer_referrals")
    return Tile("Referrals to answer", number, "to our own carers", url, "care" if number else "plain")


def _miles_tile(actor: Actor) -> Tile:
    number = claiming.claims(actor, state="claimed").count()
    url = reverse("brokerage:miles_claims")
    return Tile("Miles to agree", number, "claimed by our own carers", url, "care" if number else "plain")


def _end_of(today: date) -> datetime:
    """The first moment after today."""
    return timezone.make_aware(datetime.combine(today + timedelta(days=1), time.min))


def _referral(row: ReferralRow) -> Waiting:
    url = reverse("brokerage:carer_referral", args=[row.id])
    closes_on = timezone.localdate(row.closes_at)
    return Waiting(f"{row.summary} for {row.home}", url, row.needs, closes_on, row.state, "Answer")


def _to_check(row: PlacementRequest, today: date) -> Waiting:
    clock = queries.check_clock(row)
    due = clock.due_on(holidays()) if clock else None
    left = queries.working_days_left(due, today) if due else None
    return Waiting(
        _title(row), reverse("brokerage:check", args=[row.pk]), _needed(row), due, row.state, "Check", left
    )


def _to_search(row: PlacementRequest, today: date) -> Waiting:
    left = queries.working_days_left(row.needed_by, today) if row.needed_by else None
    url = reverse("brokerage:search_open", args=[row.pk])
    return Waiting(_title(row), url, _needed(row), row.needed_by, row.state, "Open the search", left)


def _title(row: PlacementRequest) -> str:
    return f"{row.reference} · {names_of(row)}"


def _needed(row: PlacementRequest) -> str:
    return f"Needed by {day(row.needed_by)}, asked by {row.social_worker}"


def _search(row: Search) -> Waiting:
    told = f"{count(row.asked, 'home')} asked, {count(row.offered, 'offer')}, {row.declined} declined"  # type: ignore[attr-defined]  # annotated by the query
    closes_on = timezone.localdate(row.closes_at)
    url = reverse("brokerage:search", args=[row.pk])
    return Waiting(
        row.request.reference, url, f"{told}; closes {moment(row.closes_at)}", closes_on, row.state
    )


def _starting(row: object) -> Waiting:
    placed_on = row.period.lower  # type: ignore[attr-defined]  # a Placement
    url = reverse("placements:placement", args=[row.pk])  # type: ignore[attr-defined]  # a Placement
    return Waiting(str(row.child), url, f"Starts {day(placed_on)}", placed_on, "planned")  # type: ignore[attr-defined]  # a Placement
