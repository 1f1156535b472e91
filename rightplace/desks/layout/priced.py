"""A deed whose price has more than one item: rows to type beside the price of the kind, and what was typed in a line of words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rightplace.core.problems import Problem
from rightplace.core.services.items import ITEM_UNIT_WORDS, MOST_ITEMS, Item, item_words
from rightplace.desks.components.fields import DateInPartsField, MoneyField
from rightplace.desks.components.rows import (
    RowFormSet,
    any_rows_pressed,
    row_formset,
    rows_after_press,
    typed,
)
from rightplace.desks.components.words import day
from rightplace.desks.layout.answers import answer, refused, status_of
from rightplace.desks.layout.record import Deed
from rightplace.foundation.actions import Outcome

ROWS = "items"
LEGEND = "What is paid for beside it"


class ItemForm(forms.Form):
    """One thing that is paid for beside the price of the kind."""

    hide_optional = True

    words = forms.CharField(label="What it is", max_length=200)
    amount_pence = MoneyField(label="Price")
    unit = forms.ChoiceField(label="For", choices=[("", "Choose"), *ITEM_UNIT_WORDS.items()])
    quantity = forms.DecimalField(
        label="How many", required=False, min_value=Decimal("0.01"), max_value=9999, decimal_places=2,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", "inputmode": "decimal"}),
    )  # fmt: skip
    starts_on = DateInPartsField(label="From (if not from the first day)", required=False)
    ends_on = DateInPartsField(label="Until, not included (if not to the end)", required=False)


ItemRows = row_formset(ItemForm, "item", most=MOST_ITEMS)


def items_given(rows: RowFormSet) -> tuple[Item, ...]:
    """The rows as items."""
    return tuple(Item(**{**one, "quantity": one["quantity"] or Decimal(1)}) for one in rows.filled)


def _initial(items: Iterable[Item]) -> list[dict[str, Any]]:
    names = tuple(ItemForm.base_fields)
    return [{name: getattr(one, name) for name in names} for one in items]


def priced_page(
    request: HttpRequest,
    deed: Deed,
    made: Callable[..., forms.Form],
    act: Callable[[forms.Form, tuple[Item, ...]], Outcome[Any]],
    *,
    held: Sequence[Item],
    said: str,
    version: int,
) -> HttpResponse:
    """A deed whose price may have more items: `made` builds its form, `held` are the items that the rows begin with."""

    def shown(form: forms.Form, rows: RowFormSet, status: int = 200) -> HttpResponse:
        known = {"deed": deed, "form": form, "rows": rows, "version": version, "legend": LEGEND}
        return render(request, "layout/priced.html", known, status=status)

    if request.method != "POST":
        return shown(made(), ItemRows(initial=_initial(held) or None, prefix=ROWS))
    if any_rows_pressed(request.POST):
        kept = typed(made(request.POST), request.POST)
        return shown(made(initial=kept), rows_after_press(ItemRows, request.POST, ROWS))
    form, rows = made(request.POST), ItemRows(request.POST, prefix=ROWS)
    if not (form.is_valid() & rows.is_valid()):
        return shown(form, rows, 422)
    outcome = act(form, items_given(rows))
    if outcome.is_done:
        return answer(request, outcome, then=deed.back, said=said)
    if status_of(outcome.problems) != 422:
        return refused(request, outcome.problems, back=deed.back)
    _add_problems(form, rows, outcome.problems)
    return shown(form, rows, 422)


def _add_problems(form: forms.Form, rows: RowFormSet, problems: Sequence[Problem]) -> None:
    """Each problem at its entry: of the form, or “items.0.quantity” of a row that holds something."""
    filled = [one for one in rows.forms if one.has_changed()]
    for problem in problems:
        prefix, _, rest = problem.field.partition(".")
        place, _, name = rest.partition(".")
        if prefix == ROWS and place.isdecimal() and int(place) < len(filled):
            filled[int(place)].add_error(name, problem.sentence)
        elif prefix == ROWS:
            rows.non_form_errors().append(problem.sentence)
        else:
            form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)


def priced_words(items: Iterable[Item]) -> str:
    """All items in a line: “£22.50 an hour, 10 a week; Overnights: £310.00 a month”."""
    return "; ".join(f"{item_words(one)}{_when(one)}" for one in items)


def _when(item: Item) -> str:
    begins = f", from {day(item.starts_on)}" if item.starts_on else ""
    return begins + (f", until {day(item.ends_on)}" if item.ends_on else "")
