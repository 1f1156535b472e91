"""The forms of visits: planning one, and writing one up, which a phone may fill in without a connection."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from rightplace.desks.components.fields import DateInPartsField
from rightplace.foundation.reference.quality import quality_areas
from rightplace.register.visits.actions import ActionGiven, FindingGiven, Written
from rightplace.register.visits.states import VISIT
from rightplace.register.visits.words import JUDGEMENTS, OWNERS, SCORES, VISIT_KINDS

ACTIONS = 5
SHORT = {"class": "govuk-input--width-3"}


class VisitFilter(forms.Form):
    """Which visits."""

    q = forms.CharField(label="Home or number", required=False, max_length=60)
    state = forms.ChoiceField(label="State", required=False, choices=(("", "All"), *VISIT.states.items()))


class PlanFilter(forms.Form):
    """Which places of the plan."""

    q = forms.CharField(label="Home or provider", required=False, max_length=60)
    late = forms.BooleanField(label="Late only", required=False)


class PlanForm(forms.Form):
    """A visit to be made."""

    kind = forms.ChoiceField(label="Announced?", choices=tuple(VISIT_KINDS.items()), widget=forms.RadioSelect)
    planned_on = DateInPartsField(label="Day")
    why = forms.CharField(label="Why", max_length=200)
    joint_with = forms.CharField(
        label="Together with", required=False, max_length=200, help_text="Who else comes along, in words."
    )
    is_shared = forms.BooleanField(
        label="Let other authorities come along", required=False,
        help_text="Those that we share concerns with see the plan and read what is found, so that nobody writes it twice.",
    )  # fmt: skip

    def __init__(self, *args: Any, is_own: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        if is_own:
            del self.fields["is_shared"]


class MoveForm(forms.Form):
    """Another day."""

    planned_on = DateInPartsField(label="New day")


class DropForm(forms.Form):
    """Why a visit was not made."""

    reason = forms.CharField(label="Why was it not made?", max_length=300)


class CloseForm(forms.Form):
    """Words to the home about an action."""

    words = forms.CharField(label="In words", max_length=500, help_text="The home reads this.")


class WriteForm(forms.Form):
    """A visit as it is written up: each area of the framework, a judgement, and up to five actions."""

    visited_on = DateInPartsField(label="Day of the visit")
    judgement = forms.ChoiceField(
        label="Judgement", choices=tuple(JUDGEMENTS.items()), widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="The visit in a few sentences", max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    posts = forms.IntegerField(
        label="Posts", required=False, min_value=0, max_value=500, widget=forms.TextInput(attrs=SHORT)
    )
    posts_empty = forms.IntegerField(
        label="Posts that stand empty",
        required=False,
        min_value=0,
        max_value=500,
        widget=forms.TextInput(attrs=SHORT),
    )
    children_heard = forms.IntegerField(
        label="Children spoken with",
        required=False,
        min_value=0,
        max_value=50,
        widget=forms.TextInput(attrs=SHORT),
    )

    def __init__(self, *args: Any, on: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.areas = quality_areas(on)
        for one in self.areas:
            self.fields[f"score_{one.code}"] = forms.TypedChoiceField(
                label=one.question, choices=tuple(SCORES.items()), coerce=int, initial=0
            )
            self.fields[f"words_{one.code}"] = forms.CharField(
                label="What you saw",
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                validators=[MaxLengthValidator(2000)],
            )
        for place in range(1, ACTIONS + 1):
            self.fields[f"action_{place}"] = forms.CharField(
                label="To be put right", required=False, max_length=500
            )
            self.fields[f"owner_{place}"] = forms.ChoiceField(
                label="By", required=False, choices=tuple(OWNERS.items()), initial="provider"
            )
            self.fields[f"who_{place}"] = forms.CharField(label="Who", required=False, max_length=120)
            self.fields[f"by_{place}"] = DateInPartsField(label="By when", required=False)

    def clean(self) -> dict[str, Any]:
        """An action that was begun needs who and by when."""
        typed = super().clean() or {}
        for place in range(1, ACTIONS + 1):
            if typed.get(f"action_{place}"):
                for name, words in (("who", "Say who does it"), ("by", "Say by when")):
                    if not typed.get(f"{name}_{place}") and f"{name}_{place}" not in self.errors:
                        self.add_error(f"{name}_{place}", words)
        return typed

    @property
    def area_names(self) -> list[tuple[str, str]]:
        """The pairs of fields of each area, for the template."""
        return [(one.area, f"score_{one.code} words_{one.code}") for one in self.areas]

    @property
    def action_names(self) -> list[tuple[str, str]]:
        """The fields of each action, for the template."""
        return [
            (f"Action {place}", f"action_{place} owner_{place} who_{place} by_{place}")
            for place in range(1, ACTIONS + 1)
        ]

    @property
    def written(self) -> Written:
        """The visit as the action takes it."""
        typed = self.cleaned_data
        findings = tuple(
            FindingGiven(one.code, typed[f"score_{one.code}"], typed[f"words_{one.code}"])
            for one in self.areas
        )
        actions = tuple(
            ActionGiven(
                typed[f"action_{place}"], typed[f"owner_{place}"], typed[f"who_{place}"], typed[f"by_{place}"]
            )
            for place in range(1, ACTIONS + 1)
            if typed[f"action_{place}"]
        )
        plain = {
            name: typed[name]
            for name in ("visited_on", "judgement", "words", "posts", "posts_empty", "children_heard")
        }
        return Written(findings=findings, actions=actions, **plain)
