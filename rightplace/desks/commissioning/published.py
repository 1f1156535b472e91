"""Published tables: what is given to others, seen before it is taken, and taken as a file with an entry in the trail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import NavItem
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.answers import answer
from rightplace.desks.layout.doors import actor_of, found
from rightplace.exchange.publishing.giving import as_one_file, give_tables
from rightplace.exchange.publishing.kinds import KINDS, Kind
from rightplace.exchange.sheets import QUARTERS, Sheet, Span
from rightplace.exchange.ssda903.given import collection_year
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.organisations.models import Authority

SHOWN_YEARS = 4
MOST_ROWS = 100
OF_WORDS = frozenset({
    "What it is", "Organisation code", "Payment reference", "Payment date", "Department", "Beneficiary", "Purpose",
    "Cost centre", "Subjective",
})  # fmt: skip


class SpanForm(forms.Form):
    """Which financial year, and which quarter of it."""

    year = forms.TypedChoiceField(label="Financial year", coerce=int, required=False)
    quarter = forms.TypedChoiceField(
        label="Quarter", coerce=int, required=False, empty_value="",
        choices=(("", "The whole year"), *((one, f"Quarter {one}") for one in QUARTERS)),
    )  # fmt: skip

    def __init__(self, *args: Any, has_quarters: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = [Span(year) for year in _years()]
        self.fields["year"].choices = [(one.year, one.words) for one in years]  # type: ignore[attr-defined]  # a choice field
        if not has_quarters:
            del self.fields["quarter"]

    def span(self) -> Span:
        """The span that was asked for; of nothing, or of what is none, the year that goes on."""
        told = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return Span(told.get("year") or _years()[0], told.get("quarter") or 0)


def tables(request: HttpRequest) -> HttpResponse:
    """What may be taken, each with what it holds."""
    return render(request, "commissioning/published.html", {"kinds": _mine(actor_of(request))})


def table(request: HttpRequest, published_kind: str) -> HttpResponse:
    """A kind of tables for a year or quarter: shown where it names no child, and how many rows where it does."""
    kind, actor = _kind(actor_of(request), published_kind), actor_of(request)
    form = SpanForm(request.GET or None, has_quarters=kind.has_quarters)
    span = form.span()
    sheets = kind.sheets(_authority(actor), span, timezone.localdate())
    known = {
        "kind": kind,
        "form": form,
        "span": span,
        "sheets": [(sheet, None if kind.is_of_children else _shown(sheet)) for sheet in sheets],
        "others": [
            NavItem(one.title, reverse("published_table", args=[one.code]), one == kind)
            for one in _mine(actor)
        ],
        "most": MOST_ROWS,
    }
    return render(request, "commissioning/published_table.html", known)


def give(request: HttpRequest, published_kind: str) -> HttpResponse:
    """The files of the tables as they are now; it becomes an entry in the audit trail."""
    kind, actor = _kind(actor_of(request), published_kind), actor_of(request)
    form = SpanForm(request.POST, has_quarters=kind.has_quarters)
    span = form.span()
    outcome = give_tables(
        by=actor, now=timezone.now(), authority=_authority(actor), kind=kind, span=span,
        as_json=request.POST.get("form") == "json",
    )  # fmt: skip
    if not outcome.is_done:
        return answer(request, outcome, then=reverse("published_table", args=[kind.code]), said="")
    file = as_one_file(outcome.done(), f"{kind.code}-{span.slug}")
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


def _shown(sheet: Sheet) -> Table:
    first, *others = sheet.columns
    columns = [Column(first, lambda row: row[0]), *(_column(name, at) for at, name in enumerate(others, 1))]
    return Table(
        columns, list(sheet.rows[:MOST_ROWS]), sheet.title, id=sheet.name, empty="There is nothing to tell."
    )


def _column(name: str, at: int) -> Column:
    return Column(name, lambda row: row[at], "text" if name in OF_WORDS else "figure")


def _mine(actor: Actor) -> list[Kind]:
    return [kind for kind in KINDS.values() if actor.role in kind.roles]


def _kind(actor: Actor, code: str) -> Kind:
    kind: Kind = found(next((one for one in _mine(actor) if one.code == code), None))
    return kind


def _years() -> list[int]:
    newest = collection_year(timezone.localdate())
    return list(range(newest, newest - SHOWN_YEARS, -1))


def _authority(actor: Actor) -> Authority:
    return Authority.objects.get(pk=actor.authority_id)
