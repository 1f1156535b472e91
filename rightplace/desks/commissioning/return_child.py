"""One child in the return of a year: every row, where it is mended, and rows that are entered by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.commissioning.returns import (
    DERIVED,
    WATCHED,
    WORDS,
    authority_of,
    known_year,
    year_words,
)
from rightplace.desks.components.parts import NavItem
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.answers import add_problems, answer, status_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.exchange.ssda903.entering import (
    child_opened,
    enter_row,
    entries,
    modules_by_hand,
    remove_row,
    rows_of,
)
from rightplace.exchange.ssda903.exporting import child_tables
from rightplace.exchange.ssda903.rules.registry import FIRST_YEAR, LAST_YEAR
from rightplace.foundation.reference.codes import Column as Cell
from rightplace.foundation.reference.codes import meaning

MENDED = {
    "Header": "the child’s facts; motherhood and a code for an unknown pupil number are entered here",
    "Episodes": "the placement and the legal status, by the social worker or the broker",
    "UASC": "the child’s facts: seeking asylum, and until when",
    "DoLo": "the services that watch an order: the day each began, and its end",
}


class RowForm(forms.Form):
    """The columns of a module."""

    def __init__(self, module: str, year: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for cell in entries(module, year):
            self.fields[cell.name] = _entry(cell)


def child_page(request: HttpRequest, year: int, child_id: int) -> HttpResponse:
    """All that the return of a year tells of a child."""
    year, child = known_year(year), _child(request, child_id)
    tables = child_tables(authority_of(request), year, child.pk, taken_on=timezone.localdate())
    held = list(rows_of(actor_of(request)).filter(child=child, year=year).order_by("module", "position"))
    known = {
        "year": year,
        "name": year_words(year),
        "child": child,
        "derived": [(_derived(name, tables[name]), MENDED[name]) for name in (*DERIVED, WATCHED) if name in tables],
        "held": [(module, WORDS[module], [(row, _said(row.cells)) for row in held if row.module == module])
                 for module in modules_by_hand(year)],
        "years": [NavItem(year_words(one), _page(one, child.pk), one == year) for one in range(year + 1, year - 3, -1)
                  if _is_known(one)],
    }  # fmt: skip
    return render(request, "commissioning/return_child.html", known)


def row_page(request: HttpRequest, year: int, child_id: int, module: str) -> HttpResponse:
    """Enter a row of a module, or put the one right that the address names."""
    year, child = known_year(year), _child(request, child_id)
    name = found(next((one for one in modules_by_hand(year) if one.lower() == module), None))
    row = _asked_row(request, child, name, year)
    form, code = RowForm(name, year, request.POST or None, initial=row.cells if row else {}), 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            outcome = enter_row(
                by=actor_of(request), now=timezone.now(), child_id=child.pk, year=year, module=name,
                cells=form.cleaned_data, row_id=row.pk if row else None,
            )  # fmt: skip
            if outcome.is_done:
                return answer(request, outcome, then=_page(year, child.pk), said="Held for the return.")
            add_problems(form, outcome.problems)
            code = status_of(outcome.problems)
    known = {"year": year, "name": year_words(year), "child": child, "module": WORDS[name], "form": form, "row": row,
             "back": _page(year, child.pk)}  # fmt: skip
    return render(request, "commissioning/return_row.html", known, status=code)


def take_out(request: HttpRequest, year: int, child_id: int) -> HttpResponse:
    """Take a row out."""
    child, key = _child(request, child_id), request.POST.get("row", "")
    outcome = remove_row(
        by=actor_of(request), now=timezone.now(), row_id=int(key) if key.isdecimal() and len(key) < 15 else 0
    )
    return answer(request, outcome, then=_page(known_year(year), child.pk), said="Taken out.")


def _derived(name: str, rows: list[dict[str, str]]) -> Table:
    columns = [Column(column, column) for column in (rows[0] if rows else {})]
    return Table(columns, rows, WORDS[name], id=name.lower(), empty="Nothing of this year.")


def _entry(cell: Cell) -> forms.Field:
    if cell.allowed:
        choices = [
            ("", "Not entered"),
            *((code, f"{code} {_words(cell.name, code)}".strip()) for code in sorted(cell.allowed)),
        ]
        return forms.ChoiceField(label=cell.name, choices=choices, required=False)
    hint = "As 31/03/2026" if cell.kind == "date" else ""
    return forms.CharField(label=cell.name, max_length=60, required=False, help_text=hint)


def _words(name: str, code: str) -> str:
    words = meaning(name, code)
    return "" if words == code else words


def _said(cells: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in cells.items() if name != "DOB")


def _asked_row(request: HttpRequest, child: Any, module: str, year: int) -> Any:
    key = request.GET.get("row", "")
    if not key:
        return None
    rows = rows_of(actor_of(request)).filter(child=child, module=module, year=year)
    return found(rows.filter(pk=int(key) if key.isdecimal() and len(key) < 15 else 0).first())


def _child(request: HttpRequest, key: int) -> Any:
    return found(child_opened(actor_of(request), key, timezone.now()))


def _page(year: int, child_id: int) -> str:
    return reverse("commissioning:return_child", args=[year, child_id])


def _is_known(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR
