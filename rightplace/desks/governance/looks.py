"""Who looked at which child, when: the trail of looks, searched; and one's own looks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from rightplace.desks.components.tables import Column
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.foundation.access.roles import ROLES
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.safeguards.cases import numbers_of
from rightplace.foundation.safeguards.looks import LookFilters, LookRow, looked_at, looks

KINDS = (
    ("", "All looks"),
    ("outside", "Outside their own team"),
    ("emergency", "In an emergency"),
    ("support", "On a support visit"),
)
COLUMNS = (
    Column("When", "at", "moment", "at"),
    Column("Who", "who", sort="who"),
    Column("Role", "role"),
    Column("Child", "child", "reference"),
    Column("What", "what"),
    Column("Marked", "marks", "status"),
)


class LookForm(forms.Form):
    """Which looks; kept in the address."""

    q = forms.CharField(label="Person", required=False, max_length=60)
    child = forms.CharField(label="Child’s number", required=False, max_length=20)
    kind = forms.ChoiceField(label="Which", required=False, choices=KINDS)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput({"type": "date"}))
    person = forms.IntegerField(required=False, widget=forms.HiddenInput)


def look_list(request: HttpRequest) -> HttpResponse:
    """Every look into a child's file in the authority: by person, child, day and kind."""
    lead = "Every look into a child’s file is kept. Children are shown by number only."
    return _page(request, "Looks into children’s files", lead, own=False)


def own_looks(request: HttpRequest) -> HttpResponse:
    """The looks that I made, as others can see them."""
    lead = "These are the looks that are recorded under your name. Your access administrator sees the same."
    return _page(request, "My looks", lead, own=True)


def _page(request: HttpRequest, caption: str, lead: str, *, own: bool) -> HttpResponse:
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[AuditEntry]:
        wanted = LookFilters(
            words=filters.get("q") or "",
            child_number=filters.get("child") or "",
            kind=filters.get("kind") or "",
            since=filters.get("since"),
            until=filters.get("until"),
            person_id=actor.user_id if own else filters.get("person"),
            sort=sort,
        )
        return looks(actor, wanted)

    def shown(entries: list[AuditEntry]) -> list[LookRow]:
        numbers = numbers_of(actor.authority_id, [one.child_id or 0 for one in entries])
        return [looked_at(one, numbers, ROLES) for one in entries]

    listing = Listing(
        caption, "look", COLUMNS, rows, LookForm, sort="-at", as_rows=shown, context={"lead": lead}
    )
    return list_page(request, "layout/list.html", listing)
