"""The page of one verb that asks a few fields: `record.deed_page` for a form that is made from the request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from rightplace.desks.layout.answers import version_of
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.record import Deed, deed_page


@dataclass(frozen=True, slots=True)
class Verb:
    """The words of such a page: its title and lead, what is said when it was done, the way back and what that is called."""

    title: str
    lead: str
    said: str
    back: str
    crumb: str
    version: int


def verb_page(
    request: HttpRequest,
    form_class: type[forms.Form],
    act: Callable[..., Any],
    given: Mapping[str, Any],
    verb: Verb,
) -> HttpResponse:
    """Ask for what the verb wants besides what is `given`, and do it; refusals stand at their fields."""

    def do(typed: dict[str, Any]) -> Any:
        who = {"by": actor_of(request), "now": timezone.now(), "version": version_of(request)}
        return act(**who, **given, **typed)

    page = Deed(verb.title, verb.title, verb.crumb, verb.back, lead=verb.lead)
    form = form_class(request.POST or None)
    return deed_page(request, page, form, do, said=verb.said, version=verb.version)
