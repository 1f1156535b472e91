"""Rows of like entries in one form (price lines, outcomes), added and removed without scripts.

The row buttons are submit buttons: `add` carries the prefix, `remove` the prefix and the row's number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory

if TYPE_CHECKING:
    AnyFormSet = BaseFormSet[Any]
else:
    AnyFormSet = BaseFormSet


class RowFormSet(AnyFormSet):
    """A formset whose rows are all alike: a row left empty counts as not there."""

    noun = "row"

    def initial_form_count(self) -> int:
        """None: rows that were there before are ordinary rows, and may be removed."""
        return 0

    def total_form_count(self) -> int:
        """As many rows as were sent, or as there are values to start with."""
        if self.is_bound:
            return super().total_form_count()
        return min(max(len(self.initial or []), self.min_num, 1), self.absolute_max)

    @property
    def may_add(self) -> bool:
        """Whether there is room for another row."""
        return self.total_form_count() < self.max_num

    @property
    def may_remove(self) -> bool:
        """Whether a row may go."""
        return self.total_form_count() > max(self.min_num, 1)

    @property
    def filled(self) -> list[dict[str, Any]]:
        """The cleaned values of the rows that hold something."""
        return [form.cleaned_data for form in self.forms if form.has_changed() and form.cleaned_data]


def row_formset(form: type[forms.BaseForm], noun: str, least: int = 0, most: int = 20) -> type[RowFormSet]:
    """A formset of such rows; `noun` names one row on its buttons."""
    limits: dict[str, Any] = {"min_num": least, "max_num": most, "absolute_max": most}
    checks: dict[str, Any] = {"validate_min": least > 0, "validate_max": True}
    made = cast("type[RowFormSet]", formset_factory(form, formset=RowFormSet, extra=0, **limits, **checks))
    made.noun = noun
    return made


def rows_pressed(data: Mapping[str, Any], prefix: str) -> bool:
    """Whether this page came back because a row button of these rows was pressed."""
    return data.get("add") == prefix or str(data.get("remove", "")).startswith(f"{prefix}-")


def any_rows_pressed(data: Mapping[str, Any]) -> bool:
    """Whether any row button was pressed: then nothing is checked or saved yet."""
    return "add" in data or "remove" in data


def rows_after_press(formset: type[RowFormSet], data: Mapping[str, Any], prefix: str) -> RowFormSet:
    """The rows as typed, with one more or one fewer when a button of theirs was pressed; nothing checked."""
    sent = formset(data, prefix=prefix)
    rows = [typed(form, data) for form in sent.forms]
    removed = str(data.get("remove", "")).removeprefix(f"{prefix}-")
    if rows_pressed(data, prefix) and removed.isdecimal() and int(removed) < len(rows):
        rows.pop(int(removed))
    if data.get("add") == prefix and len(rows) < sent.max_num:
        rows.append({})
    return formset(initial=rows or None, prefix=prefix)


def as_typed(form: type[forms.Form], data: Mapping[str, Any], **more: Any) -> forms.Form:
    """The same form again with what was typed and no complaints: for a page that came back for its rows."""
    return form(initial=typed(form(data, **more), data), **more)


def typed(form: forms.BaseForm, data: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed into each field, unchecked."""
    return {
        name: field.widget.value_from_datadict(data, form.files, form.add_prefix(name))
        for name, field in form.fields.items()
    }
