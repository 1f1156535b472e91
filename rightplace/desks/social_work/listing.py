"""Lists of requests, alike on every desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from rightplace.core.matching.vocabulary import Urgency
from rightplace.desks.components.tables import Column
from rightplace.desks.layout.listing import Listing
from rightplace.foundation.access.actor import Actor
from rightplace.journey.requests import queries
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.requests.states import REQUEST

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


def request_listing(actor: Actor, *, link: Callable[[Any], str], sort: str, **context: Any) -> Listing:
    """The list of requests for a desk; `link` says where a request is worked on there."""

    def found(filters: Mapping[str, Any], order: str) -> QuerySet[PlacementRequest]:
        state = filters.get("state", "")
        rows = queries.requests_found(
            actor,
            words=filters.get("words", ""),
            states=queries.OPEN if state == "open" else (state,) if state else (),
            urgency=filters.get("urgency", ""),
            mine=bool(filters.get("mine")),
        )
        name = ORDERS[order.removeprefix("-")]
        return rows.order_by(f"-{name}" if order.startswith("-") else name, "id")

    return Listing(
        "Requests",
        "request",
        request_columns(link),
        found,
        RequestFilters,
        sort=sort,
        empty="No request fits these filters.",
        context=context,
    )


def request_columns(link: Callable[[Any], str]) -> tuple[Column, ...]:
    """The columns of a list of requests."""
    today = timezone.localdate()
    return (
        Column("Request", "reference", "reference", "number", link),
        Column("Children", names_of),
        Column("State", state_of, "status", "state"),
        Column("Needed by", lambda row: needed_by(row, today), "clock", "needed"),
        Column("Urgency", lambda row: Urgency.words_for(row.urgency)),
        Column("Social worker", lambda row: str(row.social_worker)),
        Column("Sent", "submitted_at", "date", "sent"),
    )


def names_of(row: PlacementRequest) -> str:
    """The children of a request by name."""
    return ", ".join(str(asked.child) for asked in row.children.all()) or "No child"


def state_of(row: PlacementRequest) -> tuple[str, str]:
    """The state with its words."""
    return row.state, REQUEST.states[row.state]


def needed_by(row: PlacementRequest, today: date) -> tuple[date, int | None] | None:
    """The day by which a place is needed, with the working days left; without them once the request is over."""
    if row.needed_by is None:
        return None
    return row.needed_by, None if row.state in CLOSED else queries.working_days_left(row.needed_by, today)
