"""A page with a few fields for one verb, which the finance desk has many of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rightplace.desks.layout.answers import add_problems, see_other, status_of, version_of
from rightplace.desks.layout.doors import actor_of


@dataclass(frozen=True, slots=True)
class Deed:
    """The words of such a page: its title and lead, what is said when it was done, the way back and what that is called."""

    title: str
    lead: str
    said: str
    back: str
    crumb: str
    version: int


def deed_page(
    request: HttpRequest,
    form_class: type[forms.Form],
    act: Callable[..., Any],
    given: Mapping[str, Any],
    deed: Deed,
) -> HttpResponse:
    """Ask for what the verb wants besides what is `given`, and do it; refusals stand at their fields."""
    form, status = form_class(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            who = {"by": actor_of(request), "now": timezone.now(), "version": version_of(request)}
            outcome = act(**who, **given, **form.cleaned_data)
            if outcome.is_done:
                messages.success(request, deed.said)
                return see_other(deed.back)
            add_problems(form, outcome.problems)
            status = status_of(outcome.problems)
    known = {
        "form": form, "title": deed.title, "lead": deed.lead, "back": deed.back, "list": deed.crumb, "version": deed.version,
    }  # fmt: skip
    return render(request, "finance/money_form.html", known, status=status)
