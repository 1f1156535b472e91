"""Lists of requests, alike on every desk: filters in the address, a sorted page of rows, the same rows as CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from rightplace.core.matching.vocabulary import Urgency
from rightplace.desks.components.clocks import days_face
from rightplace.desks.components.pieces import clock, status_tag
from rightplace.desks.components.tables import Column, Table, sort_key
from rightplace.desks.components.words import day
from rightplace.exchange.cells import neutral_cell
from rightplace.foundation.access.actor import Actor
from rightplace.journey.requests import queries
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.requests.states import REQUEST

PAGE_SIZE = 25
CLOSED = frozenset({"placed", "withdrawn"})
ORDERS = {"number": "id", "needed": "needed_by", "state": "state", "sent": "submitted_at"}


class RequestFilters(forms.Form):
    """The filters of a list of requests."""

    words = forms.CharField(label="Number or child’s name", required=False, max_length=60)
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any state"), ("open", "Open"), *REQUEST.states.items()]
    )
    urgency = forms.ChoiceField(
        label="Urgency", required=False, choices=[("", "Any urgency"), *Urgency.choices()]
    )
    mine = forms.BooleanField(label="Only mine", required=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """A filtered list: its form, its rows in order, and how they are sorted."""

    form: RequestFilters
    rows: QuerySet[PlacementRequest]
    sort: str


def listed(request: HttpRequest, actor: Actor, default: str = "needed") -> Listed:
    """The requests that the address asks for; a filter that makes no sense filters nothing."""
    form = RequestFilters(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    state = asked.get("state", "")
    states = queries.OPEN if state == "open" else (state,) if state else ()
    rows = queries.requests_found(
        actor, words=asked.get("words", ""), states=states, urgency=asked.get("urgency", ""),
        mine=bool(asked.get("mine")),
    )  # fmt: skip
    sort = sort_key(request.GET, COLUMNS, default)
    name = ORDERS[sort.removeprefix("-")]
    signed = f"-{name}" if sort.startswith("-") else name
    return Listed(form, rows.order_by(signed, "id"), sort)


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """The page that the address asks for; the last when it asks for more."""
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def names_of(row: PlacementRequest) -> str:
    """The children of a request by name."""
    return ", ".join(str(asked.child) for asked in row.children.all()) or "No child"


def state_tag(row: PlacementRequest) -> str:
    """The state in words, as a tag."""
    return status_tag(row.state, REQUEST.states[row.state])


def needed_clock(row: PlacementRequest, today: date) -> object:
    """The day by which a place is needed, as a clock in working days; a plain date once it is over."""
    if row.needed_by is None:
        return ""
    if row.state in CLOSED:
        return day(row.needed_by)
    left = queries.working_days_left(row.needed_by, today)
    return clock(days_face(left, "working day", day(row.needed_by)))


COLUMNS = (
    Column("Request", "reference", sort="number"),
    Column("Children", names_of),
    Column("State", state_tag, sort="state"),
    Column("Needed by", "needed_by", "date", sort="needed"),
    Column("Urgency", lambda row: Urgency.words_for(row.urgency)),
    Column("Social worker", lambda row: str(row.social_worker)),
    Column("Sent", "submitted_at", "date", sort="sent"),
)


def table_of(found: Listed, rows: Iterable[Any], *, link: Callable[[Any], str], csv_url: str) -> Table:
    """The table of a page of requests."""
    today = timezone.localdate()
    columns = [
        Column(c.label, c.value, c.kind, c.sort, link if c.label == "Request" else None) for c in COLUMNS
    ]
    columns[3] = Column("Needed by", lambda row: needed_clock(row, today), sort="needed")
    return Table(
        columns, rows, "Requests", id="requests", sort=found.sort, empty="No request fits these filters.",
        downloads=[("CSV", csv_url)], hide_caption=True,
    )  # fmt: skip


def csv_of(found: Listed) -> HttpResponse:
    """The whole filtered list as CSV; a cell that a spreadsheet would run is made harmless."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="requests.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([column.label for column in COLUMNS])
    for row in found.rows[:20_000]:
        cells = (
            row.reference, names_of(row), REQUEST.states[row.state], row.needed_by, Urgency.words_for(row.urgency),
            row.social_worker, row.submitted_at and timezone.localdate(row.submitted_at),
        )  # fmt: skip
        writer.writerow([neutral_cell("" if cell is None else str(cell)) for cell in cells])
    return response
