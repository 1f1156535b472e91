"""One page for each deed at panels: its form, what it does, and where one goes then. The table of deeds makes the addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.utils import timezone

from rightplace.core.workflow import Workflow
from rightplace.desks.layout.answers import add_problems, refused, see_other, status_of, version_of
from rightplace.desks.layout.doors import actor_of, form_page, found, verb
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome

MENDABLE = 422


@dataclass(frozen=True, slots=True)
class Place:
    """The rows that deeds are about: their address, how one is found, its life, its page, and its way back in words."""

    route: str
    row: Callable[[Actor, int, datetime], Any]
    life: Workflow | None
    page: Callable[[Any], str]
    list_label: str
    list_url: str


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed: the verb (also the name of its address), words, the form, and the act itself.

    Without a form it is a button only. `roles` are those of the life's transition, or given here.
    """

    verb: str
    slug: str
    title: str
    said: str
    act: Callable[..., Outcome[Any]]
    form: Callable[..., forms.Form] | None = None
    lead: str = ""
    is_grave: bool = False
    roles: tuple[str, ...] = ()
    then: Callable[[Any], str] | None = None
    # The last words of the page's button, where they differ from the title.
    button: str = ""

    @property
    def is_button(self) -> bool:
        """Whether it is done by a button alone (a template would call the form)."""
        return self.form is None


def addresses(place: Place, deeds: tuple[Deed, ...]) -> list[URLPattern]:
    """An address for each deed about rows of a place."""
    return [_address(place, deed) for deed in deeds]


def _address(place: Place, deed: Deed) -> URLPattern:
    door = verb if deed.form is None else form_page
    roles = deed.roles or (place.life.transition(deed.verb).roles if place.life else ())
    view: Any = partial(_view, place, deed)
    view.__name__, view.__module__, view.__doc__ = deed.verb, __name__, deed.lead or f"{deed.title}."
    return door(f"{place.route}<int:key>/{deed.slug}/", view, roles=roles, name=deed.verb)


def open_deeds(place: Place, deeds: tuple[Deed, ...], row: Any, actor: Actor) -> list[Deed]:
    """The deeds that this person may do with a row as it stands."""
    if place.life is None:
        return [deed for deed in deeds if actor.role in deed.roles]
    verbs = {step.verb for step in place.life.open_to(state=row.state, role=actor.role)}
    return [deed for deed in deeds if deed.verb in verbs or (deed.roles and actor.role in deed.roles)]


def _view(place: Place, deed: Deed, request: HttpRequest, key: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    row = found(place.row(actor, key, now))
    known = place.life is not None and any(step.verb == deed.verb for step in place.life.transitions)
    if known and place.life is not None:
        problems = tuple(place.life.problems(deed.verb, state=row.state, role=actor.role))
        if problems:
            return refused(request, problems, back=place.page(row))
    if deed.form is None:
        return _pressed(request, place, deed, row, {})
    form = deed.form(request.POST or None, actor=actor, row=row, now=now)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            return _taken(request, place, deed, row, form)
        status = MENDABLE
    return _shown(request, place, deed, row, form, status)


def _act(request: HttpRequest, deed: Deed, row: Any, given: Mapping[str, Any]) -> Outcome[Any]:
    return deed.act(row, by=actor_of(request), now=timezone.now(), version=version_of(request), **given)


def _taken(request: HttpRequest, place: Place, deed: Deed, row: Any, form: forms.Form) -> HttpResponse:
    outcome = _act(request, deed, row, form.cleaned_data)
    if not outcome.is_done and status_of(outcome.problems) == MENDABLE:
        add_problems(form, outcome.problems)
        return _shown(request, place, deed, row, form, MENDABLE)
    return _answered(request, place, deed, row, outcome)


def _pressed(
    request: HttpRequest, place: Place, deed: Deed, row: Any, given: Mapping[str, Any]
) -> HttpResponse:
    return _answered(request, place, deed, row, _act(request, deed, row, given))


def _answered(
    request: HttpRequest, place: Place, deed: Deed, row: Any, outcome: Outcome[Any]
) -> HttpResponse:
    if not outcome.is_done:
        return refused(request, outcome.problems, back=place.page(row))
    messages.success(request, deed.said)
    return see_other(deed.then(outcome.value) if deed.then else place.page(row))


def _shown(
    request: HttpRequest, place: Place, deed: Deed, row: Any, form: forms.Form, status: int
) -> HttpResponse:  # fmt: skip
    known = {
        "form": form, "deed": deed, "row": row, "back": place.page(row), "button": deed.button or deed.title,
        "place": place, "caption": str(row), "version": getattr(row, "version", None),
        "context_words": getattr(form, "context_words", ""),
    }  # fmt: skip
    return render(request, "panel/deed.html", known, status=status)
