"""How pages of money planning are put together: one shape for all, and one for their forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rightplace.desks.components.parts import Tile
from rightplace.desks.components.svg import Figure
from rightplace.desks.components.tables import Table
from rightplace.desks.layout.answers import add_problems, see_other, status_of
from rightplace.desks.layout.doors import actor_of
from rightplace.foundation.actions import Outcome


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A page: its words, what stands on it from top to bottom, and the ways on (`links`: words and address)."""

    title: str
    lead: str
    tiles: Sequence[Tile] = ()
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = ()
    links: Sequence[tuple[str, str]] = ()
    note: str = ""
    months: Sequence[tuple[str, str, bool]] = field(default=())


def shown(request: HttpRequest, page: PlanPage) -> HttpResponse:
    """The page drawn."""
    return render(request, "finance/plan_page.html", {"plan": page})


def plan_form(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], Outcome[Any]],
    words: tuple[str, str, str],
    back: str,
) -> HttpResponse:
    """A form that does one deed; `words` are title, lead and what is said when it was done."""
    title, lead, said = words
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = act(form.cleaned_data)
            if outcome.is_done:
                messages.success(request, said)
                return see_other(back)
            add_problems(form, outcome.problems)
            status = status_of(outcome.problems)
    known = {"form": form, "title": title, "lead": lead, "back": back, "list": "Back"}
    return render(request, "finance/plan_form.html", known, status=status)


def who(request: HttpRequest) -> dict[str, Any]:
    """Who does a deed, and when."""
    return {"by": actor_of(request), "now": timezone.now()}


def month_choices(months: Sequence[date]) -> list[tuple[str, str]]:
    """Months as choices of a form."""
    return [(month.isoformat(), f"{month:%B %Y}") for month in months]


def months_back(today: date, many: int) -> list[date]:
    """This month and those before it, the latest first."""
    number = today.year * 12 + today.month - 1
    return [date((number - back) // 12, (number - back) % 12 + 1, 1) for back in range(many)]
