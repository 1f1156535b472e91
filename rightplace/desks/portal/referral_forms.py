"""Forms about a referral: a question, a decline with its reasons, filters of the list."""

from __future__ import annotations

from django import forms

from rightplace.journey.search.reasons import DECLINE_REASONS
from rightplace.journey.search.states import INVITATION


class QuestionForm(forms.Form):
    """A question for the broker."""

    words = forms.CharField(
        label="Your question", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Everyone who was asked sees the question with its answer, not who asked.",
    )  # fmt: skip


class DeclineForm(forms.Form):
    """Why not."""

    reasons = forms.MultipleChoiceField(
        label="Why can you not help?", choices=tuple(DECLINE_REASONS.items()), widget=forms.CheckboxSelectMultiple,
        help_text="Select all that apply. Your reasons show the authorities where places are short.",
    )  # fmt: skip
    words = forms.CharField(
        label="In your words", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed when there is another reason",
    )  # fmt: skip


class ReferralFilter(forms.Form):
    """Which referrals."""

    state = forms.ChoiceField(
        label="State", required=False, choices=(("", "All"), *INVITATION.states.items())
    )
    q = forms.CharField(label="Reference", required=False, max_length=12)
