"""The performance analyst's home: the figures that are asked for most, what moved, and what the exchanges left to decide."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.indicators import figure_words
from rightplace.core.matching.fairness import Interval
from rightplace.desks.commissioning.figure_words import made_of
from rightplace.desks.commissioning.performance import trend_of
from rightplace.desks.components.parts import Happening, Tile, Waiting
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import count, day
from rightplace.desks.layout.doors import actor_of
from rightplace.exchange.case_recording.queries import last_exchanges, waiting
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.notices.queries import notices
from rightplace.oversight.performance.queries import Row, indicators

HEADLINES = ("three_or_more_placements", "long_term_stability", "over_20_miles", "reviews_on_time")
"""The indicators that stand at the top."""
MOVED = (
    Column("Indicator", lambda row: row.indicator.name, link=lambda row: reverse("indicator", args=[row.indicator.code])),
    Column("A year ago", lambda row: figure_words(row.indicator.shape, row.before.figure)),
    Column("Now", lambda row: figure_words(row.indicator.shape, row.now.figure)),
    Column("Made of", lambda row: made_of(row.indicator, row.now)),
)  # fmt: skip


def home(request: HttpRequest) -> HttpResponse:
    """The figures at a glance, what waits, and which of them moved by more than chance."""
    actor, today = actor_of(request), timezone.localdate()
    rows = indicators(actor, today)
    known = {
        "greeting": f"Good day, {actor.name.split()[0]}",
        "lead": f"Indicators of the year to {day(today)}, the statutory return and the exchange with the case system.",
        "tiles": headline_tiles(rows),
        "waiting": _waiting(actor),
        "moved": Table(
            MOVED, moved_beyond_chance(rows), "Moved by more than chance since a year ago", id="moved",
            empty="No indicator lies beyond the range of chance.",
        ),
        "recent": [Happening(one.words, one.at, url=one.link) for one in notices(actor)[:8]],
    }  # fmt: skip
    return render(request, "commissioning/analyst_home.html", known)


def headline_tiles(rows: Sequence[Row]) -> list[Tile]:
    """The indicators that are asked for most, each with its course and the way to its page."""
    return [_tile(row) for code in HEADLINES for row in rows if row.indicator.code == code]


def moved_beyond_chance(rows: Sequence[Row]) -> list[Row]:
    """Indicators whose range now and range a year ago have nothing in common."""
    return [row for row in rows if _are_apart(row.now.interval, row.before.interval)]


def _are_apart(one: Interval, other: Interval) -> bool:
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    return one.low > other.high or other.low > one.high


def _tile(row: Row) -> Tile:
    shape = row.indicator.shape
    frozen = f", {figure_words(shape, row.frozen.figure)} at month end" if row.frozen else ""
    return Tile(
        row.indicator.name, figure_words(shape, row.now.figure), f"{made_of(row.indicator, row.now)}{frozen}",
        reverse("indicator", args=[row.indicator.code]), trend=trend_of(row),
    )  # fmt: skip


def _waiting(actor: Actor) -> list[Waiting]:
    """What the last exchange left: who somebody is, rows that were kept out, and differences that others settle."""
    doubtful, different = waiting(actor)
    rows = []
    if doubtful:
        url = f"{reverse('commissioning:case_people')}?state=doubtful"
        title = f"{count(doubtful, 'person', 'people')} of the case system to be decided"
        rows.append(
            Waiting(title, url, "Nothing of theirs is taken in until you say who they are", action="Decide")
        )
    if (last := next(iter(last_exchanges(actor)), None)) and last.rows_bad:
        title = f"{count(last.rows_bad, 'row')} kept out of the last exchange"
        rows.append(
            Waiting(
                title,
                reverse("commissioning:import", args=[last.pk]),
                "Each with its line and why",
                action="Look",
            )
        )
    if different:
        title = f"{count(different, 'difference')} to the case system"
        rows.append(
            Waiting(title, reverse("case_differences"), "Each has an owner who settles it", action="Look")
        )
    return rows
