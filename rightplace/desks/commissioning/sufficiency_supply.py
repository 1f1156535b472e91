"""What there is: own carers ahead, registered places in reach, what stands empty, who said no, who lives far or dear."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rightplace.desks.components.parts import Tile
from rightplace.desks.components.svg import Bar, bars
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import number, pounds
from rightplace.desks.layout.doors import actor_of
from rightplace.oversight.sufficiency import supply
from rightplace.oversight.sufficiency.strained import by_kind, by_need, living_today
from rightplace.oversight.sufficiency.supply import OwnCarers

REACH = (
    Column("Kind", "kind"),
    Column("Homes here", "homes", "figure"),
    Column("Places here", "places", "figure"),
    Column("Homes next door", "near_homes", "figure"),
    Column("Places next door", "near_places", "figure"),
    Column("Homes with a place free", "empty_homes", "figure"),
    Column("Places free", "empty_places", "figure"),
)
STRAINED = (
    Column("Children", "children", "figure"),
    Column("More than 20 miles from home", lambda row: f"{row.far} of {row.far_known}"),
    Column("Where the law lets no child live so", "unsuitable", "figure"),
    Column("At more than half above the middle price of their kind", "dear", "figure"),
    Column(
        "Middle price a week",
        lambda row: pounds(row.middle_pence, whole=True) if row.middle_pence else "–",
        "figure",
    ),
)


def page(request: HttpRequest) -> HttpResponse:
    """The capacity side of the authority."""
    actor, today = actor_of(request), timezone.localdate()
    own = supply.own_carers(actor, today)
    reasons = supply.refusals(actor, today)
    asked, refused = supply.asked_and_refused(actor, today)
    living = living_today(actor, today)
    context: dict[str, Any] = {
        "tiles": _tiles(own, asked, refused),
        "carers": _ahead(own) if own.ahead.households else None,
        "reach": Table(REACH, supply.places_in_reach(actor, today), "Registered homes and places", id="reach"),
        "strained": Table(
            (Column("Kind", "words"), *STRAINED), by_kind(living), "Where children live now, by kind", id="strained"
        ),
        "needs": Table(
            (Column("Need", "words"), *STRAINED), by_need(living), "Where children live now, by need", id="needs",
            empty="No request that led to a placement of today says what a child needs.",
        ),
        "reasons": bars([Bar(words, times) for words, times in reasons], "Why those who were asked said no") if reasons else None,
    }  # fmt: skip
    return render(request, "commissioning/sufficiency_supply.html", context)


def _tiles(own: OwnCarers, asked: int, refused: int) -> list[Tile]:
    used = own.filled / own.ahead.places if own.ahead.places else 0.0
    return [
        Tile(
            "Own foster places",
            number(own.ahead.places),
            f"{own.ahead.households} households, {used:.0%} filled",
        ),
        Tile("Free tonight", number(own.free), f"{own.not_available} more in households that pause"),
        Tile("Households in a year", f"+{own.ahead.recruited} −{own.ahead.gave_up}", "approved and given up"),
        Tile("Asked in a year", number(asked), f"{refused} said no" if asked else "nobody yet"),
    ]


def _ahead(own: OwnCarers) -> Table:
    columns = [
        Column("In", lambda row: row[0]),
        Column("Places", lambda row: f"{row[1][0]:.0f}", "figure"),
        Column("Nine times in ten between", lambda row: f"{row[1][1]:.0f} and {row[1][2]:.0f}"),
    ]
    rows = [(f"{year} year{'s' if year > 1 else ''}", of) for year, of in enumerate(own.ahead.years, 1)]
    return Table(columns, rows, "Own foster places, if recruitment and leaving go on as they do", id="carers")
