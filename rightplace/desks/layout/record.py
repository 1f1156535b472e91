"""The page of one record, and the page of one deed about it: parts under each other, so that rooms need no template of their own.

The values are those that the components draw (`summary_list`, `data_table`, `chart`, `post_button`); a view only gathers them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rightplace.desks.components.parts import Happening, NavItem, SummaryRow, Tile
from rightplace.desks.components.svg import Figure
from rightplace.desks.components.tables import Table
from rightplace.desks.layout.answers import add_problems, answer, first_problems, refused, status_of
from rightplace.desks.layout.navigation import opens_for
from rightplace.foundation.actions import Outcome


@dataclass(frozen=True, slots=True)
class Button:
    """A button that does a verb at once."""

    url: str
    label: str
    version: int | None = None
    kind: str = "secondary"


@dataclass(frozen=True, slots=True)
class Part:
    """One section of a record: a heading with any of words, keys and values, a table, a figure, a timeline, links, buttons."""

    title: str = ""
    words: str = ""
    summary: Sequence[SummaryRow] = ()
    table: Table | None = None
    figure: Figure | None = None
    happened: Sequence[Happening] = ()
    links: Sequence[NavItem] = ()
    buttons: Sequence[Button] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One record as its page shows it."""

    title: str
    list_label: str
    list_url: str
    caption: str = ""
    lead: str = ""
    # The first page of whoever is at the door: there is no way back to show.
    is_home: bool = False
    state: tuple[str, str] | None = None
    sections: Sequence[NavItem] = ()
    tiles: Sequence[Tile] = ()
    links: Sequence[NavItem] = ()
    buttons: Sequence[Button] = ()
    parts: Sequence[Part] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Deed:
    """A form's page: what is done, on what, and the way back."""

    title: str
    button: str
    back_label: str
    back: str
    caption: str = ""
    lead: str = ""
    is_grave: bool = False
    has_file: bool = False


def record_page(request: HttpRequest, record: Record) -> HttpResponse:
    """The page of one record; a link to where the reader's role may not go is left out."""
    parts = [replace(part, links=_open(request, part.links)) if part.links else part for part in record.parts]
    record = replace(record, links=_open(request, record.links), parts=parts)
    return render(request, "layout/record.html", {"record": record})


def _open(request: HttpRequest, links: Sequence[NavItem]) -> list[NavItem]:
    role = getattr(getattr(request, "actor", None), "role", "")
    return [link for link in links if opens_for(link.url, role)]


def deed_page(
    request: HttpRequest,
    deed: Deed,
    form: forms.Form,
    act: Callable[[dict[str, Any]], Outcome[Any]],
    *,
    said: str | Callable[[Any], str],
    then: str | Callable[[Any], str] = "",
    version: int | None = None,
) -> HttpResponse:
    """Show the form, or take it: on to `then` (the way back, where none is given) or back with every problem at its entry."""
    code = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        outcome = act(dict(form.cleaned_data))
        if outcome.is_done:
            goal = then(outcome.value) if callable(then) else then or deed.back
            return answer(request, outcome, then=goal, said=said(outcome.value) if callable(said) else said)
        if status_of(outcome.problems) != 422:
            return refused(request, outcome.problems, back=deed.back)
        add_problems(form, first_problems(outcome.problems) if deed.has_file else outcome.problems)
    return render(request, "layout/deed.html", {"deed": deed, "form": form, "version": version}, status=code)
