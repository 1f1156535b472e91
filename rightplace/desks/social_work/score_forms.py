"""The form by which outcomes are scored, at the desks and in the portal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from rightplace.core.quality.outcomes import WORDS
from rightplace.journey.reviews.actions import ScoreGiven

OutcomeRow = tuple[int, str, str, int | None, str]


class ScoreForm(forms.Form):
    """A score and its evidence for each outcome of a contract."""

    def __init__(self, *args: Any, outcomes: Sequence[OutcomeRow], with_words: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.outcomes = outcomes
        for key, words, measure, points, evidence in outcomes:
            self.fields[f"score_{key}"] = forms.TypedChoiceField(
                label=words,
                help_text=measure,
                choices=tuple(WORDS.items()),
                coerce=int,
                widget=forms.RadioSelect,
                initial=points,
            )
            self.fields[f"evidence_{key}"] = forms.CharField(
                label="What shows it",
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
                initial=evidence,
            )
        if with_words:
            self.fields["words"] = forms.CharField(
                label=with_words, required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
            )

    @property
    def given(self) -> list[ScoreGiven]:
        """The scores as the action takes them."""
        typed = self.cleaned_data
        return [ScoreGiven(key, typed[f"score_{key}"], typed[f"evidence_{key}"]) for key, *_ in self.outcomes]
