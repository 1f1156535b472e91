"""The calendar of panels: meetings on a strip and in a table, as a file, and as a private address for one's own calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.calendar import add_months
from rightplace.desks.components.svg import DayMark, calendar_rows
from rightplace.desks.components.tables import Column
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.foundation.access.actor import Actor
from rightplace.journey.panels.feeds import calendar_file, feed_of, feed_token
from rightplace.journey.panels.models import PanelMeeting, PanelMember
from rightplace.journey.panels.queries import meetings_seen
from rightplace.journey.panels.standing import held_on, kinds_of
from rightplace.journey.panels.states import ARRANGERS, PANEL_MEETING

SORTS = {"when": "starts_at", "panel": "kind__name", "papers": "papers_due_on", "state": "state"}
# How a meeting is marked by its state.
FILLS = {"planned": "1", "papers_out": "2", "open": "4", "held": "3", "minuted": "6"}
ICS = "text/calendar; charset=utf-8"


class CalendarFilters(forms.Form):
    """Filters of the calendar, kept in the address."""

    words = forms.CharField(label="Panel", required=False, max_length=100)
    when = forms.ChoiceField(
        label="When", required=False, choices=[("", "From today"), ("past", "Past"), ("all", "All")]
    )
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "All"), *PANEL_MEETING.states.items()]
    )


def calendar(request: HttpRequest) -> HttpResponse:
    """Every meeting of the panels that this person sees."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[PanelMeeting]:
        column = SORTS.get(sort.removeprefix("-"), "starts_at")
        order = ("-" if sort.startswith("-") else "") + column
        return _found(actor, filters).order_by(order, "id")

    columns = (
        Column(
            "When", "starts_at", "moment", "when", link=lambda row: reverse("panel:meeting", args=[row.pk])
        ),
        Column("Panel", "kind.name", sort="panel"),
        Column("Where", "place"),
        Column("On the agenda", "listed", "number"),
        Column("Papers due", "papers_due_on", "date", "papers"),
        Column("State", lambda row: (row.state, PANEL_MEETING.states[row.state]), "status", "state"),
    )
    context = {
        "strip": _strip(actor),
        "feeds": _feeds(request, actor),
        "lead": "Meetings of the panels on which you sit, or that you look after.",
        "may_arrange": actor.role in ARRANGERS,
    }
    empty = "No meetings here. The clerk plans them on the page of the panel."
    listing = Listing(
        "Panel calendar", "meeting", columns, rows, CalendarFilters, sort="when", empty=empty, context=context
    )
    return list_page(request, "panel/calendar.html", listing)


def _found(actor: Actor, filters: Mapping[str, Any]) -> QuerySet[PanelMeeting]:
    today = timezone.localdate()
    rows = meetings_seen(actor, today).annotate(listed=Count("items", filter=~Q(items__state="removed")))
    when = filters.get("when") or ""
    if when != "all":
        rows = (
            rows.filter(starts_at__date__lt=today)
            if when == "past"
            else rows.filter(starts_at__date__gte=today)
        )
    if filters.get("words"):
        rows = rows.filter(kind__name__icontains=filters["words"])
    return rows.filter(state=filters["state"]) if filters.get("state") else rows


def _strip(actor: Actor) -> Any:
    """The next two months, a line for each panel: which papers are out, which are to come."""
    today = timezone.localdate()
    last = add_months(today, 2)
    rows = list(meetings_seen(actor, today).exclude(state="cancelled").filter(starts_at__date__gte=today))
    of: dict[str, list[DayMark]] = {}
    for row in sorted(rows, key=lambda row: (row.kind.name, row.starts_at)):
        if (day := timezone.localdate(row.starts_at)) <= last:
            words = f"{timezone.localtime(row.starts_at):%H:%M}"
            of.setdefault(row.kind.name, []).append(DayMark(day, words, FILLS[row.state]))
    kinds = {fill: PANEL_MEETING.states[state] for state, fill in FILLS.items()}
    span = (today, last + timedelta(days=1))
    return calendar_rows(list(of.items()), "The next two months", span, kinds) if of else None


def _feeds(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    """The person's own parts, each with its private calendar address where there is one."""
    rows = PanelMember.objects.filter(held_on(timezone.localdate()), user_id=actor.person_id).select_related(
        "kind"
    )
    return [{"row": row, "url": feed_url(request, row)} for row in rows.order_by("kind__name")]


def feed_url(request: HttpRequest, row: PanelMember) -> str:
    """The private address of a member's calendar; empty where none is made."""
    token = feed_token(row)
    return request.build_absolute_uri(reverse("panel:feed", args=[token])) if token else ""


def calendar_download(request: HttpRequest) -> HttpResponse:
    """The meetings ahead as a calendar file."""
    actor = actor_of(request)
    rows = meetings_seen(actor, timezone.localdate()).filter(
        starts_at__gte=timezone.now(), kind__in=kinds_of(actor, timezone.localdate())
    )
    return _ics(calendar_file(rows, timezone.now()))


def feed(request: HttpRequest, token: str) -> HttpResponse:
    """A member's calendar for whoever holds its private address; it says when and where, and nothing of children."""
    content = feed_of(token, timezone.now())
    if content is None:
        raise Http404
    return _ics(content)


def _ics(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=ICS)
    response["Content-Disposition"] = 'attachment; filename="panels.ics"'
    response["Cache-Control"] = "private, max-age=300"
    return response
