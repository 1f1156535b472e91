"""The commissioning desk's home: the register at a glance, what changed, holds, the last imports."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.matching.vocabulary import HomeKind
from rightplace.desks.commissioning import analyst_home
from rightplace.desks.commissioning.concerns import concerns_waiting
from rightplace.desks.commissioning.visits import late_words
from rightplace.desks.components.contract_parts import contracts_waiting
from rightplace.desks.components.parts import Happening, Tile, Waiting
from rightplace.desks.components.svg import Bar, Figure, bars
from rightplace.desks.components.words import day
from rightplace.desks.layout.doors import actor_of
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ANALYST
from rightplace.foundation.notices.queries import notices
from rightplace.register.frameworks import queries as frameworks
from rightplace.register.providers import market
from rightplace.register.words import grade_words

SOON = timedelta(days=180)
OLD_REGISTER = timedelta(days=200)
SHOWN = 10


def home(request: HttpRequest) -> HttpResponse:
    """What waits for the commissioner, and the market at a glance; the analyst has a home of figures."""
    actor, today = actor_of(request), timezone.localdate()
    if actor.role == ANALYST:
        return analyst_home.home(request)
    counted = market.by_kind_and_grade()
    known = {
        "greeting": f"Good day, {actor.name.split()[0]}",
        "lead": "The register, frameworks and imports.",
        "tiles": kind_tiles(counted, reverse("commissioning:homes")),
        "waiting": [*contracts_waiting(actor), *_waiting(actor, today)],
        "changes": [
            (one, grade_words(one.after) if one.fact == "grade" else one.after)
            for one in market.recent_changes(SHOWN)
        ],
        "grades": grade_figure(counted),
        "recent": [Happening(one.words, one.at, url=one.link) for one in notices(actor)[:8]],
    }
    return render(request, "commissioning/home.html", known)


def kind_tiles(counted: dict[tuple[str, str], int], homes_url: str) -> list[Tile]:
    """How many homes of each kind are on the register."""
    totals = {kind: sum(number for (one, _), number in counted.items() if one == kind) for kind in HomeKind}
    words = {
        HomeKind.FOSTER: "Fostering agencies",
        HomeKind.RESIDENTIAL: "Children’s homes",
        HomeKind.SUPPORTED: "Supported accommodation",
        HomeKind.SECURE: "Secure children’s homes",
    }
    return [
        Tile(words[kind], f"{totals[kind]:,}", "on the register", f"{homes_url}?kind={kind}")
        for kind in HomeKind
    ]


def grade_figure(counted: dict[tuple[str, str], int]) -> Figure:
    """How many homes have each grade, all kinds together."""
    totals: dict[str, int] = {}
    for (_, grade), number in counted.items():
        words = grade_words(grade)
        totals[words] = totals.get(words, 0) + number
    data = [Bar(words, number) for words, number in sorted(totals.items(), key=lambda one: -one[1])]
    return bars(data, "Homes by inspection grade")


def _waiting(actor: Actor, today: date) -> list[Waiting]:
    rows = [
        Waiting(f"{one.setting.name}: placements stopped", reverse("commissioning:home_page", args=[one.setting_id]),
                f"{one.raised_by}: {one.reason}", one.ends_on, one.kind, "Review")
        for one in market.holds_now(today)[:SHOWN]
    ]  # fmt: skip
    rows += concerns_waiting(actor)
    if late := late_words(actor):
        rows.append(
            Waiting(
                f"{late} of visits late",
                reverse("visits"),
                "Ask the homes for evidence",
                None,
                "late",
                "Look",
            )
        )
    ending = [one for one in frameworks.frameworks(actor) if today <= one.ends_on <= today + SOON]
    url = reverse("commissioning:frameworks")
    rows += [Waiting(f"{one.name} ends", url, "Plan what follows", one.ends_on, "", "Look") for one in ending]
    newest = market.register_day()
    if newest is None or today - newest > OLD_REGISTER:
        told = f"The last is of {day(newest)}" if newest else "None has been imported"
        rows.append(
            Waiting(
                "Import a newer register of providers",
                reverse("commissioning:imports"),
                told,
                None,
                "",
                "Import",
            )
        )
    return rows
