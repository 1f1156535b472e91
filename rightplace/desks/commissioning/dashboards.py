"""Dashboards of the whole child's journey by role, and alerts before the fact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.indicators import Shape, figure_words
from rightplace.desks.commissioning.figure_words import made_of, range_words, writer_of
from rightplace.desks.commissioning.lived import lived_figure
from rightplace.desks.components.courses import course
from rightplace.desks.components.paper_parts import pdf_response
from rightplace.desks.components.parts import Tile
from rightplace.desks.components.svg import Figure, sparkline
from rightplace.desks.components.tables import Column, Table, cell_value
from rightplace.desks.components.words import day
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.listing import ROWS_A_PAGE, download, download_address
from rightplace.desks.layout.navigation import opens_for
from rightplace.foundation.reference.authorities import authority
from rightplace.journey.contracts.document import Document, Grid, Section
from rightplace.journey.contracts.document import Words as Paragraph
from rightplace.journey.funding.paper import draw
from rightplace.oversight.performance.alerts import KINDS, Alert, alerts
from rightplace.oversight.performance.dashboards import Journey, Stage, Stood, journey
from rightplace.oversight.performance.spans import MONTHS, month_ends

BY = {"month": "Month by month", "week": "Week by week"}
SPANS = {"month": "This month", "week": "This week", "year": "Twelve months"}
HEADLINES = {
    "referral": "requests", "offers": "offers", "search": "days_to_place", "decision": "decisions", "start": "over_20_miles",
    "stability": "three_or_more_placements", "outcomes": "outcomes_achieved", "money": "paid",
}  # fmt: skip
"""Which figure of a stage is drawn as a line."""
PAGES = {
    "child": "social_work:child",
    "review": "review",
    "placement": "placements:placement",
    "contract": "contract",
    "visit": "visit",
    "home": "brokerage:home_page",
}
"""Where an alert is acted on, for whom that page opens."""


class Chosen(forms.Form):
    """How the journey is shown: week by week or month by month, up to today or the end of a month."""

    by = forms.ChoiceField(label="Show", required=False, choices=tuple(BY.items()))
    on = forms.ChoiceField(label="Up to", required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        ends = reversed(month_ends(timezone.localdate(), MONTHS)[:-1])
        known = [(f"{on}", day(on)) for on in ends]
        self.fields["on"].choices = [("", "Today"), *known]  # type: ignore[attr-defined]  # a ChoiceField


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of a stage as one row of its table and of the spreadsheet."""

    stage: str
    stood: Stood
    on: date

    @property
    def url(self) -> str:
        """Where the figure is opened: its definition, and the list behind it."""
        on = "" if self.on == timezone.localdate() else f"on={self.on}&"
        return f"{reverse('indicator', args=[self.stood.indicator.code])}?{on}span={self.stood.span.kind}"


def _before(line: Line) -> str:
    course_ = line.stood.course
    return figure_words(line.stood.indicator.shape, course_[-2]) if len(course_) > 1 else ""


def _frozen(line: Line) -> str:
    frozen = line.stood.frozen
    return "" if frozen is None else figure_words(frozen.shape, frozen.figure)


def _trend(line: Line) -> Any:
    scale = 100 if line.stood.indicator.shape is Shape.SHARE else 1
    values = [round(value * scale, 1) for value in line.stood.course if value is not None]
    return sparkline(values, f"{line.stood.indicator.name}, its course")


FIGURES = (
    Column("Figure", lambda line: line.stood.indicator.name, link=lambda line: line.url),
    Column("Over", lambda line: SPANS[line.stood.span.kind]),
    Column("Now", lambda line: figure_words(line.stood.indicator.shape, line.stood.now.figure)),
    Column("Range", lambda line: range_words(line.stood.indicator.shape, line.stood.now.interval)),
    Column("Made of", lambda line: made_of(line.stood.indicator, line.stood.now)),
    Column("Before", _before),
    Column("Frozen", _frozen),
)
COURSE = Column("Course", _trend)
STAGE = Column("Stage", lambda line: line.stage)


def _chosen(request: HttpRequest) -> tuple[Chosen, str, date]:
    form = Chosen(request.GET or None)
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    on = given.get("on")
    return form, given.get("by") or "month", date.fromisoformat(on) if on else timezone.localdate()


def journey_page(request: HttpRequest) -> HttpResponse:
    """The whole child's journey: each stage with what happened, how it stands, and its course."""
    form, by, on = _chosen(request)
    found = journey(actor_of(request), on, by)
    name = f"Childs journey {on}"
    if (wanted := request.GET.get("download", "")) in {"csv", "xlsx"}:
        return download(wanted, name, (STAGE, *FIGURES), lines_of(found))
    if wanted == "pdf":
        return pdf_response(draw(paper_of(found)), f"{name.lower().replace(' ', '-')}.pdf")
    known = {
        "form": form, "on": on, "by": BY[by].lower(), "tiles": tiles_of(found),
        **{f"{kind}_url": download_address(request, kind) for kind in ("pdf", "csv", "xlsx")},
        "stages": [
            {
                "stage": one, "table": table_of(one, found), "course": course_of(one, found),
                "map": lived_figure(actor_of(request).authority_id, found.area, on) if one.code == "start" else None,
            }
            for one in found.stages
        ],
    }  # fmt: skip
    return render(request, "commissioning/journey.html", known)


def lines_of(found: Journey) -> list[Line]:
    """Every figure of the journey, stage by stage."""
    return [
        Line(stage.name, one, found.on) for stage in found.stages for one in (*stage.happened, *stage.stands)
    ]


def tiles_of(found: Journey) -> list[Tile]:
    """The figure of each stage at a glance, in the order of the journey as the role sees it."""
    tiles = []
    for stage in found.stages:
        stood = _headline(stage)
        if stood is not None:
            shape, line = stood.indicator.shape, Line(stage.name, stood, found.on)
            detail = f"{stood.indicator.name}, {SPANS[stood.span.kind].lower()}"
            tiles.append(
                Tile(stage.name, figure_words(shape, stood.now.figure), detail, line.url, trend=_trend(line))
            )
    return tiles


def _headline(stage: Stage) -> Stood | None:
    both = (*stage.happened, *stage.stands)
    return next(
        (one for one in both if one.indicator.code == HEADLINES[stage.code]), both[0] if both else None
    )


def table_of(stage: Stage, found: Journey) -> Table:
    """The figures of a stage, each with its course."""
    rows = [Line(stage.name, one, found.on) for one in (*stage.happened, *stage.stands)]
    return Table(
        (*FIGURES[:3], COURSE, *FIGURES[3:]), rows, stage.name, id=f"stage-{stage.code}", hide_caption=True
    )


def course_of(stage: Stage, found: Journey) -> Figure | None:
    """The line of the stage's figure."""
    stood = _headline(stage)
    if stood is None or all(value is None for value in stood.course):
        return None
    ends = found.months if stood.span.kind == "year" else found.ends
    note = "Each point is of the twelve months that end there." if stood.span.kind == "year" else ""
    return course(stood.course, [_end_words(end, found.by) for end in ends], stood.indicator.name,
                  writer_of(stood.indicator.shape), note)  # fmt: skip


def _end_words(end: date, by: str) -> str:
    return f"{end:%b %Y}" if by == "month" else day(end)


def paper_of(found: Journey) -> Document:
    """The journey on paper."""
    head = ("Figure", "Over", "Now", "Range", "Made of", "Before", "Frozen")
    sections = [
        Section(stage.name, (Grid(stage.name, head, tuple(_cells(stage, found))),)) for stage in found.stages
    ]
    words = "What each means stands on its page. The range is where the figure truly lies, 19 times of 20."
    return Document(
        "The child’s journey",
        f"{BY[found.by]}, up to {day(found.on)}",
        authority(found.area).name,
        (Section("How to read it", (Paragraph(words),)), *sections),
    )


def _cells(stage: Stage, found: Journey) -> Sequence[tuple[str, ...]]:
    lines = [Line(stage.name, one, found.on) for one in (*stage.happened, *stage.stands)]
    return [tuple(str(cell_value(line, column)) for column in FIGURES) for line in lines]


class Kinds(forms.Form):
    """Which alerts are shown."""

    kind = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=[("", "Every kind"), *((code, name) for code, (name, _) in KINDS.items())],
    )
    words = forms.CharField(label="Child, home or reference", required=False, max_length=60)


ALERTS = (
    Column("Kind", lambda one: KINDS[one.kind][0]),
    Column("About", "about"),
    Column("By", "due_on", "date"),
    Column("Why", "why"),
)


def _where(role: str) -> Callable[[Alert], str]:
    """The page of an alert for a role; none where it does not open for it."""

    def address(one: Alert) -> str:
        url = reverse(PAGES[one.page], args=[one.key])
        return url if opens_for(url, role) else ""

    return address


def alert_list(request: HttpRequest) -> HttpResponse:
    """What will go wrong or fall due unless somebody acts, the soonest first, with the rule of each kind."""
    form = Kinds(request.GET or None)
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    actor = actor_of(request)
    rows = [one for one in alerts(actor, timezone.localdate()) if _fits(one, given)]
    if (wanted := request.GET.get("download", "")) in {"csv", "xlsx"}:
        return download(wanted, "Alerts", ALERTS, rows)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    chosen = f"&kind={given['kind']}" if given.get("kind") else ""
    columns = (ALERTS[0], replace(ALERTS[1], link=_where(actor.role)), *ALERTS[2:])
    table = Table(
        columns, page.object_list, "Alerts", id="alerts", hide_caption=True, empty="Nothing falls due and nothing is shaky.",
        downloads=(("CSV", f"?download=csv{chosen}"), ("Excel", f"?download=xlsx{chosen}")),
    )  # fmt: skip
    rules = [{"name": name, "rule": rule} for name, rule in KINDS.values()]
    return render(
        request, "commissioning/alerts.html", {"form": form, "page": page, "table": table, "rules": rules}
    )


def _fits(one: Alert, given: dict[str, Any]) -> bool:
    words = (given.get("words") or "").lower()
    return given.get("kind", "") in ("", one.kind) and words in f"{one.about} {one.why}".lower()
