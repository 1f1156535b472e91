"""The region's home: the market across authorities. Shared facts only: homes, places, grades, holds; never a child."""

from __future__ import annotations

from collections import defaultdict
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.commissioning import homes
from rightplace.desks.commissioning.home import grade_figure, kind_tiles
from rightplace.desks.components import maps
from rightplace.desks.components.parts import Happening, Tile, Waiting
from rightplace.desks.components.svg import Figure
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import count
from rightplace.desks.layout.doors import actor_of
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.authorities import authority
from rightplace.foundation.reference.boundaries import london_boroughs
from rightplace.register.providers import market
from rightplace.register.providers.market import AreaCount
from rightplace.register.providers.models import Setting

MARKS = 60
KINDS = {"foster": "carer", "residential": "home", "supported": "supported", "secure": "secure"}
COLUMNS = (
    Column("Area", "area", link=lambda row: f"{reverse('region:homes')}?area={row.area}"),
    Column("Homes", "homes", "number"),
    Column("Registered places", "places", "number"),
    Column("On hold", "on_hold", "number"),
)

home_list = partial(homes.home_list, desk="region")
home_page = partial(homes.home_page, desk="region")


def home(request: HttpRequest) -> HttpResponse:
    """The market across authorities at a glance."""
    actor, today = actor_of(request), timezone.localdate()
    members = list(Authority.objects.filter(consortium_id=actor.consortium_id or 0).order_by("name"))
    names = {name for one in members for name in _names(one)}
    areas, holds, counted = market.by_area(today), market.holds_now(today), market.by_kind_and_grade()
    inside = [one for one in areas if one.area in names]
    known = {
        "greeting": f"Good day, {actor.name.split()[0]}",
        "lead": f"The market for {count(len(members), 'authority', 'authorities')}: shared facts about homes, never a child.",
        "tiles": [*kind_tiles(counted, reverse("region:homes")), _hold_tile(len(holds))],
        "waiting": [
            Waiting(
                one.setting.name,
                reverse("region:home_page", args=[one.setting_id]),
                f"{one.raised_by}: {one.reason}",
                one.ends_on,
                one.kind,
            )
            for one in holds[:15]
        ],
        "areas": _area_table(inside, "Homes in the consortium’s areas"),
        "elsewhere": _area_table(
            [one for one in areas if one.area not in names][:15], "Most homes elsewhere"
        ),
        "map": _map(members, names),
        "grades": grade_figure(counted),
        "recent": _changes(),
    }
    return render(request, "region/home.html", known)


def _names(row: Authority) -> tuple[str, ...]:
    try:
        facts = authority(row.gss_code)
    except KeyError:
        return (row.name,)
    return (row.name, facts.name, *facts.aliases)


def _hold_tile(number: int) -> Tile:
    return Tile(
        "Homes on hold",
        number,
        "placements stopped now",
        f"{reverse('region:homes')}?held=on",
        "care" if number else "good",
    )


def _area_table(rows: list[AreaCount], caption: str) -> Table:
    return Table(COLUMNS, rows, caption, id=f"areas-{len(caption)}", empty="No home is on the register here.")


def _map(members: list[Authority], names: set[str]) -> Figure:
    """Homes on the boundaries; those known to the same point only (a constituency's middle) are one mark with their number."""
    areas = maps.areas_from(london_boroughs(), own=[one.gss_code for one in members], code="authority")
    at: dict[tuple[str, float, float], list[Setting]] = defaultdict(list)
    for one in market.mapped(names):
        at[one.kind, round(one.latitude or 0, 3), round(one.longitude or 0, 3)].append(one)
    marks = sorted(at.items(), key=lambda mark: (-len(mark[1]), mark[0]))[:MARKS]
    places = [_mark(kind, latitude, longitude, homes) for (kind, latitude, longitude), homes in marks]
    return maps.place_map(areas, places, "Homes in the consortium’s areas")


def _mark(kind: str, latitude: float, longitude: float, homes: list[Setting]) -> maps.Place:
    first = homes[0]
    name = (
        first.name
        if len(homes) == 1
        else f"{len(homes)} homes, {first.constituency or first.local_authority}"
    )
    note = "" if len(homes) == 1 else f"known to the {first.located_by}"
    return maps.Place(name, longitude, latitude, KINDS.get(kind, "home"), note=note)


def _changes() -> list[Happening]:
    return [
        Happening(
            f"{one.setting.name}: {one.fact}",
            one.as_at,
            detail=f"{one.before or 'not stated'} became {one.after or 'not stated'}",
        )
        for one in market.recent_changes(8)
    ]
