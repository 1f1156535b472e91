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

from rightplace.core.indicators import Measured, Shape
from rightplace.desks.components.parts import SummaryRow, Tile
from rightplace.desks.components.svg import Bar, Figure, bars, sparkline
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import count, day
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import ROWS_A_PAGE, download
from rightplace.foundation.access.roles import ANALYST, DIRECTOR
from rightplace.oversight.performance.queries import Behind, Detail, Row, indicators, month_ends, opened

SEES_CHILDREN = (ANALYST, DIRECTOR)
"""Whose work it is to look behind a figure: everybody else sees how many."""
MONTHS_BACK = 24
ROWS = {
    "child": ("child", "children"),
    "placement": ("placement", "placements"),
    "request": ("request", "requests"),
}
WIDEST = 100


def figure_words(shape: Shape, figure: float | None) -> str:
    """A figure as it is written: a share in per cent, a mean and a rate with one decimal, a count whole."""
    if figure is None:
        return "nothing to count"
    if shape is Shape.SHARE:
        return f"{figure:.1%}"
    return f"{figure:,.0f}" if shape is Shape.COUNT else f"{figure:,.1f}"


def printed_words(shape: Shape, figure: float | None) -> str:
    """A printed figure: whole per cent, whole rates."""
    if figure is None:
        return ""
    return f"{figure:,.0f}%" if shape is Shape.SHARE else f"{figure:,.0f}"


def range_words(found_: Measured) -> str:
    """The range in which a figure truly lies, 19 times of 20."""
    low, high = found_.interval.low, found_.interval.high
    if low is None or high is None:
        return ""
    return f"{figure_words(found_.shape, max(low, 0.0))} to {figure_words(found_.shape, high)}"


def counted_words(row: Row) -> str:
    """What a figure is made of: “12 of 340 children”."""
    one, many = ROWS[row.indicator.of]
    if row.now.shape is Shape.SHARE:
        return f"{row.now.numerator} of {count(row.now.denominator, one, many)}"
    return count(row.now.numerator, one, many)


def _printed(name: str) -> Any:
    return lambda row: printed_words(row.indicator.shape, row.printed.get(name))


COLUMNS = (
    Column(
        "Indicator",
        lambda row: row.indicator.name,
        link=lambda row: reverse("indicator", args=[row.indicator.code]),
    ),
    Column("Now", lambda row: figure_words(row.indicator.shape, row.now.figure)),
    Column("Made of", counted_words),
    Column("Range", lambda row: range_words(row.now)),
    Column("A year ago", lambda row: figure_words(row.indicator.shape, row.before.figure)),
    Column("Own, published", _printed("own")),
    Column("Neighbours", _printed("neighbours")),
    Column("Region", _printed("region")),
    Column("England", _printed("england")),
)
TREND = Column("Year to each month", lambda row: trend_of(row))


class AsAt(forms.Form):
    """The day with which the year ends: today, or the end of a month."""

    on = forms.ChoiceField(label="Year ends with", required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["on"].choices = [("", "Today"), *((f"{on}", day(on)) for on in ends_known())]  # type: ignore[attr-defined]  # a ChoiceField


def ends_known() -> list[date]:
    """Ends of months that may be asked for, the newest first."""
    known, on = [], timezone.localdate()
    for _ in range(MONTHS_BACK // 12):
        known += list(reversed(month_ends(on)[:-1]))
        on = known[-1]
    return known


def _on(request: HttpRequest) -> tuple[AsAt, date]:
    form = AsAt(request.GET or None)
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
        {"form": form, "on": on, "table": table, "printed": printed},
    )


def indicator(request: HttpRequest, measure: str) -> HttpResponse:
    """One indicator: what it means, how it moved and who moved it, and by permission who is behind it."""
    actor = actor_of(request)
    form, on = _on(request)
    detail: Detail = found(opened(actor, measure, on))
    is_open = actor.role in SEES_CHILDREN
    columns = behind_columns(detail.row, on)
    if is_open and (wanted := request.GET.get("download", "")) in {"csv", "xlsx"}:
        return download(wanted, f"{detail.row.indicator.name} {on}", columns, detail.children)
    chosen = f"&on={on}" if request.GET.get("on") else ""
    page = Paginator(detail.children, ROWS_A_PAGE).get_page(request.GET.get("page"))
    known = {
        "page": page, "form": form, "on": on, "row": detail.row, "tiles": tiles_of(detail), "months": months_figure(detail),
        "definition": definition_rows(detail.row, on), "unseen": detail.unseen, "is_open": is_open,
        "table": Table(
            columns, page.object_list, "Who is behind it", id="behind", hide_caption=True,
            empty="Nobody is counted in this year.",
            downloads=(("CSV", f"?download=csv{chosen}"), ("Excel", f"?download=xlsx{chosen}")),
        ) if is_open else None,
    }  # fmt: skip
    return render(request, "commissioning/indicator.html", known)


def tiles_of(detail: Detail) -> list[Tile]:
    """The figure now, a year ago, and who made the difference."""
    row, why = detail.row, detail.why
    many, shape = ROWS[row.indicator.of][1], row.indicator.shape
    return [
        Tile("Now", figure_words(shape, row.now.figure), f"{counted_words(row)}; {range_words(row.now)}".rstrip("; ")),
        Tile("A year ago", figure_words(shape, row.before.figure)),
        Tile("Newly counted", str(len(why.began)), f"{many} that were not a year ago; {len(why.ended)} are no longer"),
        Tile("Counted among", str(row.now.denominator if shape is Shape.SHARE else row.now.numerator),
             f"{len(why.came)} came since, {len(why.went)} went"),
    ]  # fmt: skip


def definition_rows(row: Row, on: date) -> list[SummaryRow]:
    """What the indicator means on this day, its source and what stands beside it."""
    ruling = row.indicator.definition(on)
    better = {
        True: "More is better.",
        False: "Less is better.",
        None: "Neither more nor less is better in itself.",
    }
    rows = [
        SummaryRow("What it means", f"{ruling.words} {better[row.indicator.higher]}"),
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
    """The year to each of twelve months as bars."""
    is_share = detail.row.indicator.shape is Shape.SHARE
    known = [
        (on, value) for on, value in zip(detail.months, detail.row.trend, strict=True) if value is not None
    ]
    if not known:
        return None
    data = [Bar(f"{on:%b %Y}", round(value * 100 if is_share else value, 1)) for on, value in known]
    title = "Per cent, year to each month" if is_share else "Year to each month"
    return bars(data, title)


def behind_columns(row: Row, on: date) -> tuple[Column, ...]:
    """A child by number and age, with what the child adds to the figure."""
    head = (
        Column("Child", "local_number", "reference"),
        Column("Age", lambda one: age_on(one.born_on, on), "number"),
    )
    if row.indicator.shape is Shape.SHARE:
        return (
            *head,
            Column("Counts", lambda one: "yes" if one.counts else "no"),
            Column("Since a year ago", _change),
        )
    if row.indicator.shape is Shape.MEAN:
        return (*head, Column("Value", lambda one: one.value, "number"))
    return (*head, Column("Since a year ago", _change))


def _change(one: Behind) -> str:
    return "newly counted" if one.change else ""


def age_on(born_on: date, on: date) -> int:
    """Whole years of age."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
