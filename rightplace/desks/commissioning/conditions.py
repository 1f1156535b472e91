"""Conditions of a home's registration: those that bind and those that have ended, and a form to record one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.matching.vocabulary import NeedKind
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.words import day
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.register.providers.conditions import (
    ConditionGiven,
    conditions_of,
    end_condition,
    record_condition,
)
from rightplace.register.providers.models import Condition, Setting

NARROW = {"class": "govuk-input--width-2", "inputmode": "numeric"}


def _number(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, widget=forms.TextInput(attrs=NARROW))


def _needs(label: str, hint: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, help_text=hint, required=False, choices=NeedKind.choices(), widget=forms.CheckboxSelectMultiple
    )  # fmt: skip


class ConditionForm(forms.Form):
    """A condition of registration, as the certificate words it, and what of it matching reads."""

    hide_optional = True

    words = forms.CharField(
        label="The condition", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="As the certificate of registration words it.",
    )  # fmt: skip
    starts_on = DateInPartsField(label="From")
    min_age = _number("Youngest age")
    max_age = _number("Oldest age")
    max_places = _number("Most children")
    needs_only = _needs(
        "Only for children with one of these needs", "Leave all empty where the condition names none."
    )
    needs_barred = _needs("Not for children with any of these needs")

    @property
    def given(self) -> ConditionGiven:
        """The entries as they are kept."""
        typed: dict[str, Any] = self.cleaned_data
        needs = {name: frozenset(typed[name]) for name in ("needs_only", "needs_barred")}
        return ConditionGiven(**{**typed, **needs})


def conditions(request: HttpRequest, setting_id: int) -> HttpResponse:
    """The conditions of a home, and a form for one more."""
    row: Setting = found(Setting.objects.filter(pk=setting_id).first())
    today, code = timezone.localdate(), 200
    form = ConditionForm(request.POST or None, initial={"starts_on": today})
    if request.method == "POST":
        code = 422
        if form.is_valid():
            outcome = record_condition(
                by=actor_of(request), now=timezone.now(), setting_id=setting_id, given=form.given
            )
            if outcome.is_done:
                said = "The condition is recorded. Every search from its first day on keeps to it."
                return answer(request, outcome, then=_address(setting_id), said=said)
            add_problems(form, outcome.problems)
            code = status_of(outcome.problems)
    listed = [(one, bound_words(one), _binds(one, today)) for one in conditions_of(setting_id)]
    known = {"row": row, "form": form, "conditions": listed}
    return render(request, "commissioning/conditions.html", known, status=code)


def end(request: HttpRequest, setting_id: int, condition_id: int) -> HttpResponse:
    """Say that a condition binds no longer."""
    found(conditions_of(setting_id).filter(pk=condition_id).first())
    outcome = end_condition(
        by=actor_of(request), now=timezone.now(), condition_id=condition_id, version=version_of(request)
    )
    return answer(request, outcome, then=_address(setting_id), said="The condition binds no longer.")


def _address(setting_id: int) -> str:
    return reverse("commissioning:conditions", args=[setting_id])


def _binds(row: Condition, today: Any) -> bool:
    return row.ends_on is None or row.ends_on > today


def bound_words(row: Condition) -> str:
    """What matching reads of a condition, and from when until when, in words."""
    ages = (row.min_age, row.max_age)
    parts = [
        f"ages {ages[0] or 0} to {'any' if ages[1] is None else ages[1]}" if any(one is not None for one in ages) else "",
        "" if row.max_places is None else f"at most {row.max_places}",
        _listed("only", row.needs_only),
        _listed("not", row.needs_barred),
    ]  # fmt: skip
    binds = "; ".join(part for part in parts if part) or "read by people only"
    dates = f"from {day(row.starts_on)}" if row.starts_on else ""
    return ", ".join(
        part for part in (binds, dates, f"until {day(row.ends_on)}" if row.ends_on else "") if part
    )


def _listed(word: str, codes: list[str]) -> str:
    return f"{word} {', '.join(NeedKind.words_for(code).lower() for code in codes)}" if codes else ""
