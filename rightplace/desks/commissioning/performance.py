"""Indicators: all of them on one page beside what is published, and each opened down to the children behind it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.calendar import age_on
from rightplace.core.indicators import Shape, figure_words
from rightplace.desks.commissioning.figure_words import (
    BETTER,
    ROWS,
    made_of,
    printed_words,
    range_words,
    writer_of,
)
from rightplace.desks.components.bridge import BridgeStep, bridge
from rightplace.desks.components.courses import Dot, course, funnel_plot
from rightplace.desks.components.maps import areas_from, shaded_map
from rightplace.desks.components.parts import SummaryRow, Tile
from rightplace.desks.components.svg import Figure, sparkline
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import day, number
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import ROWS_A_PAGE, download
from rightplace.desks.layout.navigation import opens_for
from rightplace.foundation.access.roles import ANALYST, DIRECTOR
from rightplace.foundation.reference.authorities import authorities
from rightplace.foundation.reference.boundaries import districts_of
from rightplace.oversight.performance.models import SPANS
from rightplace.oversight.performance.queries import Behind, Detail, Row, indicators, opened
from rightplace.oversight.performance.spans import month_ends

SEES_CHILDREN = (ANALYST, DIRECTOR)
"""Whose work it is to look behind a figure: everybody else sees how many."""
MONTHS_BACK = 24
LISTED = {"": "Everybody", "came": "Newly counted", "went": "No longer counted"}
CHANGES = {"came": "newly counted", "went": "no longer counted", "": ""}
KEPT_BACK = "Figures that the publisher keeps back are left out."


def _printed(name: str) -> Any:
    return lambda row: printed_words(row.indicator.shape, row.printed.get(name))


def _frozen(row: Row) -> str:
    return "" if row.frozen is None else figure_words(row.frozen.shape, row.frozen.figure)


COLUMNS = (
    Column(
        "Indicator",
        lambda row: row.indicator.name,
        link=lambda row: reverse("indicator", args=[row.indicator.code]),
    ),
    Column("Now", lambda row: figure_words(row.indicator.shape, row.now.figure)),
    Column("Made of", lambda row: made_of(row.indicator, row.now)),
    Column("Range", lambda row: range_words(row.now.shape, row.now.interval)),
    Column("Frozen at month end", _frozen),
    Column("A year ago", lambda row: figure_words(row.indicator.shape, row.before.figure)),
    Column("Own, published", _printed("own")),
    Column("Neighbours", _printed("neighbours")),
    Column("Region", _printed("region")),
    Column("England", _printed("england")),
)
TREND = Column("Year to each month", lambda row: trend_of(row))


class AsAt(forms.Form):
    """The day with which the year ends: today, or the end of a month."""

    on = forms.ChoiceField(label="Up to", required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        known = [(f"{on}", day(on)) for on in _with_asked(ends_known(), str(self.data.get("on", "")))]
        self.fields["on"].choices = [("", "Today"), *known]  # type: ignore[attr-defined]  # a ChoiceField


def _with_asked(ends: list[date], asked: str) -> list[date]:
    """These days with the one that an address asks for, where it is a day that has been: a link stays right tomorrow."""
    try:
        on = date.fromisoformat(asked)
    except ValueError:
        return ends
    return sorted({*ends, on}, reverse=True) if ends[-1] <= on <= timezone.localdate() else ends


class Opened(AsAt):
    """How one indicator is looked at: over which span, up to which day, and of whom the list is."""

    span = forms.ChoiceField(label="Over", required=False, choices=tuple(SPANS.items()))
    change = forms.ChoiceField(label="Listed", required=False, choices=tuple(LISTED.items()))


def ends_known() -> list[date]:
    """Ends of months that may be asked for, the newest first."""
    known, on = [], timezone.localdate()
    for _ in range(MONTHS_BACK // 12):
        known += list(reversed(month_ends(on)[:-1]))
        on = known[-1]
    return known


def _on(request: HttpRequest, kind: type[AsAt] = AsAt) -> tuple[AsAt, date]:
    form = kind(request.GET or None)
    text = form.cleaned_data["on"] if form.is_bound and form.is_valid() else ""
    return form, date.fromisoformat(text) if text else timezone.localdate()


def trend_of(row: Row) -> Any:
    """A small line of the year to each month."""
    values = [value for value in row.trend if value is not None]
    unit = "percent" if row.indicator.shape is Shape.SHARE else "number"
    scaled = [100 * value for value in values] if unit == "percent" else values
    return sparkline(
        [round(value, 1) for value in scaled], f"{row.indicator.name}, year to each month", "number"
    )


def indicator_list(request: HttpRequest) -> HttpResponse:
    """Every indicator for the year that ends today or with a month, beside what is published."""
    form, on = _on(request)
    rows = indicators(actor_of(request), on)
    if (wanted := request.GET.get("download", "")) in {"csv", "xlsx"}:
        return download(wanted, f"Indicators {on}", COLUMNS, rows)
    chosen = f"&on={on}" if request.GET.get("on") else ""
    table = Table(
        (*COLUMNS[:2], TREND, *COLUMNS[2:]), rows, "Indicators", id="indicators", hide_caption=True,
        downloads=(("CSV", f"?download=csv{chosen}"), ("Excel", f"?download=xlsx{chosen}")),
    )  # fmt: skip
    printed = next((row.printed_year for row in rows if row.printed_year), None)
    return render(
        request,
        "commissioning/performance.html",
        {
            "form": form,
            "on": on,
            "table": table,
            "printed": printed,
            "frozen_on": next((row.frozen_on for row in rows), None),
        },
    )


def _span(request: HttpRequest) -> str:
    asked = request.GET.get("span", "year")
    return asked if asked in SPANS else "year"


def _change_asked(request: HttpRequest) -> str:
    asked = request.GET.get("change", "")
    return asked if asked in LISTED else ""


def indicator(request: HttpRequest, measure: str) -> HttpResponse:
    """One indicator: what it means, how it moved and who moved it, and by permission who is behind it."""
    actor = actor_of(request)
    form, on = _on(request, Opened)
    span, change = _span(request), _change_asked(request)
    detail: Detail = found(opened(actor, measure, on, span))
    is_open = actor.role in SEES_CHILDREN
    columns = behind_columns(detail.row, on, actor.role)
    listed = [one for one in detail.children if not change or one.change == change]
    if is_open and (wanted := request.GET.get("download", "")) in {"csv", "xlsx"}:
        return download(wanted, f"{detail.row.indicator.name} {on}", columns, listed)
    seen = f"&span={span}" + (f"&on={on}" if request.GET.get("on") else "")
    chosen = seen + (f"&change={change}" if change else "")
    page = Paginator(listed, ROWS_A_PAGE).get_page(request.GET.get("page"))
    known = {
        "page": page, "form": form, "on": on, "row": detail.row, "tiles": tiles_of(detail, seen if is_open else ""),
        "figures": drawn(detail),
        "definition": definition_rows(detail.row, on), "unseen": detail.unseen, "is_open": is_open,
        "of_nobody": detail.of_nobody, "over": SPANS[span].lower(),
        "table": Table(
            columns, page.object_list, "Who is behind it", id="behind", hide_caption=True,
            empty="No child is counted.",
            downloads=(("CSV", f"?download=csv{chosen}"), ("Excel", f"?download=xlsx{chosen}")),
        ) if is_open else None,
    }  # fmt: skip
    return render(request, "commissioning/indicator.html", known)


def drawn(detail: Detail) -> list[Figure]:
    """The charts of an indicator: its course, why it moved, and where the authority stands among all."""
    made = (months_figure(detail), moved_figure(detail), funnel_figure(detail), map_figure(detail))
    return [one for one in made if one is not None]


def tiles_of(detail: Detail, seen: str = "") -> list[Tile]:
    """The figure now, a year ago, and who made the difference; each leads to its list where that opens (`seen`: as looked at)."""
    row, why = detail.row, detail.why
    many, shape = ROWS[row.indicator.of][1], row.indicator.shape
    whole, newly = (f"?{seen[1:]}#behind", f"?{seen[1:]}&change=came#behind") if seen else ("", "")
    return [
        Tile("Now", figure_words(shape, row.now.figure),
             f"{made_of(row.indicator, row.now)}; {range_words(shape, row.now.interval)}".rstrip("; "), whole),
        Tile("A year ago", figure_words(shape, row.before.figure)),
        *_frozen_tile(row),
        Tile("Newly counted", str(len(why.began)), f"{many} that were not a year ago; {len(why.ended)} are no longer", newly),
        Tile("Counted among", str(row.now.denominator if shape is Shape.SHARE else row.now.numerator),
             f"{len(why.came)} came since, {len(why.went)} went", whole),
    ]  # fmt: skip


def _frozen_tile(row: Row) -> list[Tile]:
    """The figure of the last month that is over, as it stood then; it stays when the record is put right."""
    if row.frozen is None:
        return []
    note = f"as it stood when the month was over; {made_of(row.indicator, row.frozen)}"
    return [Tile(f"Frozen at {day(row.frozen_on)}", _frozen(row), note)]


def definition_rows(row: Row, on: date) -> list[SummaryRow]:
    """What the indicator means on this day, its source and what stands beside it."""
    ruling = row.indicator.definition(on)
    rows = [
        SummaryRow("What it means", f"{ruling.words} {BETTER[row.indicator.higher]}"),
        SummaryRow("Source", ruling.source),
    ]
    names = {
        "own": "Own authority",
        "neighbours": "Statistical neighbours, mean",
        "region": "Region",
        "england": "England",
    }
    for name, figure in row.printed.items():
        words = printed_words(row.indicator.shape, figure) or "kept back by the publisher, or not printed"
        rows.append(SummaryRow(f"{names[name]}, {row.printed_year}", words))
    return rows


def months_figure(detail: Detail) -> Figure | None:
    """The figure at the end of each of twelve months."""
    if all(value is None for value in detail.row.trend):
        return None
    names = [f"{on:%b %Y}" for on in detail.months]
    return course(detail.row.trend, names, "Its course", writer_of(detail.row.indicator.shape))


def moved_figure(detail: Detail) -> Figure | None:
    """From who counted a year ago to who counts now: who came in and who went out."""
    row, why = detail.row, detail.why
    if row.indicator.shape in (Shape.MEAN, Shape.SUM) or not (len(why.began) or len(why.ended)):
        return None
    steps = (
        BridgeStep("Counted a year ago", row.before.numerator, is_total=True),
        BridgeStep("Newly counted", len(why.began)),
        BridgeStep("No longer counted", -len(why.ended)),
        BridgeStep("Counted now", row.now.numerator, is_total=True),
    )
    return bridge(steps, "Why it moved since a year ago", number, ROWS[row.indicator.of][1].capitalize())


def funnel_figure(detail: Detail) -> Figure | None:
    """The authority among all of England, by how many children the printed figure is of."""
    year, code = detail.row.printed_year, detail.row.indicator.code
    if year is None or detail.row.indicator.shape is not Shape.SHARE:
        return None
    names = authorities()
    dots = [
        Dot(names[one.area].name, one.of, one.count / one.of, one.area == detail.area)
        for one in detail.everywhere.in_all(code, year) if one.count is not None and one.of
    ]  # fmt: skip
    return (
        funnel_plot(dots, f"Among the authorities of England, published {year}", KEPT_BACK) if dots else None
    )


def map_figure(detail: Detail) -> Figure | None:
    """The printed figures of the authority's region, area by area."""
    year, code = detail.row.printed_year, detail.row.indicator.code
    if year is None:
        return None
    region = authorities()[detail.area].region
    codes = [area for area, facts in authorities().items() if facts.region == region]
    rows = {area: detail.everywhere.of(code, area, year) for area in codes}
    known = {area: row.figure for area, row in rows.items() if row is not None and row.figure is not None}
    low, high = min(known.values(), default=0.0), max(known.values(), default=1.0)
    shape, spread = detail.row.indicator.shape, (high - low) or 1.0
    shares = {area: ((one - low) / spread, printed_words(shape, one)) for area, one in known.items()}
    areas = areas_from(districts_of(codes), own=[detail.area], code="authority")
    return shaded_map(areas, shares, f"{region}, published {year}", KEPT_BACK)


def behind_columns(row: Row, on: date, role: str) -> tuple[Column, ...]:
    """A child by number and age, with what the child adds to the figure, and the way to the record for whom it opens."""

    def record(one: Behind) -> str:
        url = reverse("social_work:child", args=[one.child_id])
        return url if opens_for(url, role) else ""

    head = (
        Column("Child", "local_number", "reference", link=record),
        Column("Age", lambda one: age_on(one.born_on, on), "number"),
    )
    if row.indicator.shape is Shape.SHARE:
        return (
            *head,
            Column("Counts", lambda one: "yes" if one.counts else "no"),
            Column("Since a year ago", _change),
        )
    if row.indicator.shape in (Shape.MEAN, Shape.SUM):
        return (*head, Column("Value", lambda one: one.value, "number"))
    return (*head, Column("Since a year ago", _change))


def _change(one: Behind) -> str:
    return CHANGES[one.change]
