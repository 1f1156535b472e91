"""The forum of concerns at the desks: meetings, the agenda of what stands, what was agreed about each, and closing one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.commissioning.concerns import grade_look
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.parts import NavItem
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import day
from rightplace.desks.layout.answers import version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.record import Deed, Part, Record, deed_page, record_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.organisations.models import Authority
from rightplace.register.concerns import forums, queries
from rightplace.register.concerns.forums import OnAgenda
from rightplace.register.concerns.models import Forum
from rightplace.register.concerns.states import FORUM, FORUM_KEEPERS

LONG = forms.Textarea(attrs={"rows": 4})


class ForumFilter(forms.Form):
    """Which forums."""

    state = forms.ChoiceField(label="State", required=False, choices=(("", "All"), *FORUM.states.items()))


class PlanForm(forms.Form):
    """When and where."""

    held_on = DateInPartsField(label="Day")
    place = forms.CharField(label="Place", required=False, max_length=200)


class AgreeForm(forms.Form):
    """What was agreed about one concern."""

    words = forms.CharField(
        label="What was agreed",
        max_length=1000,
        widget=LONG,
        help_text="Name no child and no member of staff.",
    )
    owner_id = forms.TypedChoiceField(
        label="Who does something", required=False, coerce=int, empty_value=None
    )
    due_on = DateInPartsField(label="By when", required=False)

    def __init__(self, *args: Any, members: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["owner_id"].choices = [("", "Nobody"), *members]  # type: ignore[attr-defined]  # a choice field


class CloseForm(forms.Form):
    """Who took part and what was talked about."""

    words = forms.CharField(label="Who took part, and what was talked about", widget=LONG, max_length=4000)


def forum_list(request: HttpRequest) -> HttpResponse:
    """The forums of the consortium."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Forum]:
        wanted = forums.forums(actor)
        wanted = wanted.filter(state=filters["state"]) if filters.get("state") else wanted
        return wanted.order_by(sort, "id")

    columns = (
        Column("Forum", str, link=lambda row: reverse("forum", args=[row.pk])),
        Column("Day", "held_on", "date", sort="held_on"),
        Column("Place", "place"),
        Column("Agreed about", "agreed", "number"),
        Column("State", lambda row: (row.state, FORUM.states[row.state]), "status"),
    )
    links = [NavItem("Plan a forum", reverse("plan_forum"))] if actor.role in FORUM_KEEPERS else []
    lead = "Members go through the concerns that they share, and agree who does what."
    listing = Listing("Forum of concerns", "forum", columns, rows, ForumFilter, sort="-held_on",
                      context={"lead": lead, "links": links}, empty="No forum was planned yet.")  # fmt: skip
    return list_page(request, "commissioning/buying_list.html", listing)


def plan(request: HttpRequest) -> HttpResponse:
    """Plan a forum."""
    deed = Deed("Plan a forum", "Plan it", "Forum of concerns", reverse("forums"),
                lead="Its agenda is every concern that stands and is shared.")  # fmt: skip
    return deed_page(request, deed, PlanForm(request.POST or None), lambda typed: forums.plan_forum(
        by=actor_of(request), now=timezone.now(), **typed
    ), said="The forum is planned.", then=lambda row: reverse("forum", args=[row.pk]))  # fmt: skip


def forum(request: HttpRequest, forum_id: int) -> HttpResponse:
    """One forum: its agenda with what was agreed."""
    actor = actor_of(request)
    row: Forum = found(forums.forums(actor).filter(pk=forum_id).first())
    may = any(step.verb == "agree_in_forum" for step in FORUM.open_to(state=row.state, role=actor.role))
    links = [NavItem("It was held", reverse("close_forum", args=[row.pk]))] if may else []
    record = Record(
        str(row), "Forum of concerns", reverse("forums"), caption=row.place, state=(row.state, FORUM.states[row.state]),
        links=links, lead="What is agreed is read by the members with whom the concern is shared.",
        parts=[
            *([Part("What was talked about", words=row.words)] if row.words else []),
            Part("Agenda", table=_agenda(row, forums.agenda(actor, row), may=may)),
        ],
    )  # fmt: skip
    return record_page(request, record)


def _agenda(row: Forum, rows: list[OnAgenda], *, may: bool) -> Table:
    def url(one: OnAgenda) -> str:
        return (
            reverse("agree_in_forum", args=[row.pk, one.concern.pk])
            if may
            else reverse("concern", args=[one.concern.pk])
        )

    columns = (
        Column("Concern", lambda one: one.concern.title, link=url),
        Column("Home", lambda one: str(one.concern.setting or f"All homes of {one.concern.provider}")),
        Column("Grade", lambda one: grade_look(one.concern), "status"),
        Column("Raised by", lambda one: str(one.concern.authority)),
        Column("Agreed", lambda one: one.item.words if one.item else ""),
        Column(
            "By",
            lambda one: f"{one.item.owner}, {day(one.item.due_on)}" if one.item and one.item.owner else "",
        ),
    )
    return Table(
        columns,
        rows,
        "Agenda",
        id="agenda",
        empty="No concern that is shared with you stands.",
        hide_caption=True,
    )


def agree(request: HttpRequest, forum_id: int, concern_id: int) -> HttpResponse:
    """Record what was agreed about one concern."""
    actor = actor_of(request)
    row: Forum = found(forums.forums(actor).filter(pk=forum_id).first())
    page = found(queries.concern_page(actor, concern_id))
    known = next(
        (one.item for one in forums.agenda(actor, row) if one.concern.pk == concern_id and one.item), None
    )
    begun = {"words": known.words, "owner_id": known.owner_id, "due_on": known.due_on} if known else {}
    form = AgreeForm(request.POST or None, members=_members(actor), initial=begun)
    deed = Deed(
        page.row.title,
        "Keep what was agreed",
        str(row),
        reverse("forum", args=[forum_id]),
        page.row.reference,
    )
    return deed_page(request, deed, form, lambda typed: forums.agree_in_forum(
        by=actor, now=timezone.now(), forum_id=forum_id, version=version_of(request), concern_id=concern_id, **typed
    ), said="It stands in the forum.", version=row.version)  # fmt: skip


def _members(actor: Actor) -> list[tuple[int, str]]:
    rows = Authority.objects.filter(consortium_id=forums.own_consortium(actor)).order_by("name")
    return [(one.pk, one.name) for one in rows]


def close(request: HttpRequest, forum_id: int) -> HttpResponse:
    """Record that a forum was held."""
    row: Forum = found(forums.forums(actor_of(request)).filter(pk=forum_id).first())
    deed = Deed("It was held", "It was held", str(row), reverse("forum", args=[forum_id]),
                lead="What was agreed about each concern stays as it stands. Nothing is changed afterwards.")  # fmt: skip
    return deed_page(request, deed, CloseForm(request.POST or None), lambda typed: forums.close_forum(
        by=actor_of(request), now=timezone.now(), forum_id=forum_id, version=version_of(request), **typed
    ), said="The forum is held.", version=row.version)  # fmt: skip
