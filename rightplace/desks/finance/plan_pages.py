"""How pages of money planning are put together: one shape for all, and one for their forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import Happening, Tile
from rightplace.desks.components.svg import Figure
from rightplace.desks.components.tables import Table
from rightplace.desks.finance.plan_forms import Owned, with_people
from rightplace.desks.layout.answers import version_of
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.navigation import opens_for
from rightplace.desks.layout.record import Deed, Part, deed_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome
from rightplace.foundation.audit.queries import history
from rightplace.oversight.owners import people


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A page: its words, what stands on it from top to bottom, and the ways on (`links`: words and address).

    `chosen` is a form whose entries stay in the address and choose what is shown.
    """

    title: str
    lead: str
    tiles: Sequence[Tile] = ()
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = ()
    links: Sequence[tuple[str, str]] = ()
    note: str = ""
    chosen: forms.Form | None = None


def shown(request: HttpRequest, page: PlanPage) -> HttpResponse:
    """The page drawn, with those ways on that open for the reader."""
    role = actor_of(request).role
    links = [(words, url) for words, url in page.links if opens_for(url, role)]
    return render(request, "finance/plan_page.html", {"plan": replace(page, links=links)})


def plan_form(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], Outcome[Any]],
    words: tuple[str, str, str],
    back: tuple[str, str],
    version: int | None = None,
) -> HttpResponse:
    """A form that does one deed; `words` are title, lead and what is said when it was done, `back` the way back and its name."""
    title, lead, said = words
    deed = Deed(title, title, back[0], back[1], lead=lead, has_file=form.is_multipart())
    return deed_page(request, deed, form, act, said=said, version=version)


def who(request: HttpRequest) -> dict[str, Any]:
    """Who does a deed, and when."""
    return {"by": actor_of(request), "now": timezone.now()}


def what_was_seen(request: HttpRequest) -> dict[str, Any]:
    """Who does a deed to a row, when, and in which version they saw it."""
    return {**who(request), "version": version_of(request)}


def happened(actor: Actor, subject: str, key: int) -> Part:
    """What was done to a thing, as a section of its page."""
    rows = history(actor, subject=subject, subject_id=key)
    return Part("What happened", happened=[Happening(one.words, one.at, one.actor_name) for one in rows])


def with_owners(request: HttpRequest, form: Owned, nobody: str = "Somebody without an account") -> Owned:
    """The form with the authority's people, of whom one can be made the owner."""
    return with_people(form, people(actor_of(request).authority_id, timezone.localdate()), nobody)


def owner_entries(row: Any) -> dict[str, Any]:
    """Whose something is, as the entries of a form."""
    return {"owner_id": row.owned_by_id} if row.owned_by_id else {"owner": row.owner}


def is_mine(request: HttpRequest) -> bool:
    """Whether the address asks only for what is one's own."""
    return request.GET.get("owner") == "mine"


def mine_or_all(request: HttpRequest, page: str, what: str = "") -> tuple[str, str]:
    """The way from everybody's to one's own, or back: its words and address."""
    if is_mine(request):
        return f"Everybody’s{what}", reverse(page)
    return (f"Only my{what}" if what else "Only mine"), f"{reverse(page)}?owner=mine"


def month_choices(months: Sequence[date]) -> list[tuple[str, str]]:
    """Months as choices of a form."""
    return [(month.isoformat(), f"{month:%B %Y}") for month in months]


def months_back(today: date, many: int) -> list[date]:
    """This month and those before it, the latest first."""
    number = today.year * 12 + today.month - 1
    return [date((number - back) // 12, (number - back) % 12 + 1, 1) for back in range(many)]
