"""Forms of a search: how to open it, until when, why it is widened or stopped, an answer to a question, filters of lists."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from rightplace.core.matching.vocabulary import HomeKind
from rightplace.desks.components.fields import DateInPartsField
from rightplace.journey.search.planning import STRATEGY_WORDS
from rightplace.journey.search.states import INVITATION, SEARCH

REASON: dict[str, Any] = {"max_length": 300, "widget": forms.Textarea(attrs={"rows": 2})}


class MomentForm(forms.Form):
    """A form with a closing day and time."""

    closes_on = DateInPartsField(label="Closing date")
    closes_time = forms.TimeField(
        label="Closing time",
        initial="17:00",
        help_text="For example, 17:00",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
    )

    @property
    def closes_at(self) -> datetime:
        """The moment that day and time make."""
        return moment_of(self.cleaned_data, "closes")


def moment_of(values: dict[str, Any], name: str) -> datetime:
    """Day and time entries as one moment in the place's own time."""
    at = values.get(f"{name}_time") or time(17, 0)
    return timezone.make_aware(datetime.combine(values[f"{name}_on"], at))


class OpenForm(MomentForm):
    """How to search."""

    strategy = forms.ChoiceField(
        label="How to search", choices=tuple(STRATEGY_WORDS.items()), widget=forms.RadioSelect
    )
    own_on = DateInPartsField(label="Own carers alone until", required=False)
    own_time = forms.TimeField(
        label="At",
        required=False,
        initial="10:00",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
    )
    override_reason = forms.CharField(
        label="Why another way than the one suggested",
        required=False,
        help_text="Only when you do not follow the suggestion",
        **REASON,
    )
    reveals = {"strategy": {"own_first": ("own_on", "own_time")}}
    field_order = ("strategy", "own_on", "own_time", "override_reason", "closes_on", "closes_time")

    @property
    def own_until(self) -> datetime | None:
        """When the time for own carers alone ends, if it was entered."""
        is_given = self.cleaned_data.get("own_on") and self.cleaned_data["strategy"] == "own_first"
        return moment_of(self.cleaned_data, "own") if is_given else None


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="Reason", **REASON)


class AnswerForm(forms.Form):
    """An answer that everyone who was asked will read."""

    answer = forms.CharField(
        label="Your answer", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Everyone who was asked reads it: write nothing that could identify the child.",
    )  # fmt: skip


class SearchFilter(forms.Form):
    """Which searches."""

    state = forms.ChoiceField(label="State", required=False, choices=(("", "All"), *SEARCH.states.items()))
    q = forms.CharField(label="Request number", required=False, max_length=20)


class HomeFilter(forms.Form):
    """Which of the weighed homes."""

    q = forms.CharField(label="Name, provider or area", required=False, max_length=60)
    kind = forms.ChoiceField(label="Kind", required=False, choices=(("", "All"), *HomeKind.choices()))


class LeftOutFilter(HomeFilter):
    """Which of those left out, by which rule, and whether they may be asked all the same."""

    reason = forms.ChoiceField(label="Rule", required=False)
    may = forms.ChoiceField(
        label="May be asked",
        required=False,
        choices=(("", "All"), ("yes", "Yes, with a reason"), ("no", "No")),
    )

    choices_of_rules: tuple[tuple[str, str], ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = (("", "All rules"), *self.choices_of_rules)  # type: ignore[attr-defined]  # a ChoiceField


class AskedFilter(forms.Form):
    """Which of those who were asked."""

    state = forms.ChoiceField(
        label="State", required=False, choices=(("", "All"), *INVITATION.states.items())
    )
    q = forms.CharField(label="Name", required=False, max_length=60)
