"""Forms of the placement pages."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from rightplace.desks.components.fields import DateInPartsField
from rightplace.foundation.reference.codes import codes
from rightplace.journey.placements.codes import MOVED, collection_year
from rightplace.journey.placements.states import PLACEMENT

KINDS = [
    ("", "All"),
    ("U", "Foster home"),
    ("K2", "Children's home"),
    ("K3", "Supported accommodation"),
    ("K1", "Secure"),
    ("R", "Residential"),
    ("P", "With parents or independent"),
    ("A", "For adoption"),
]


def code_choices(code_set: str) -> list[tuple[str, str]]:
    """The codes of this collection year, to choose from."""
    return [("", "Choose")] + [
        (code, f"{words} ({code})")
        for code, words in codes(code_set, collection_year(timezone.localdate())).items()
    ]


class PlacementFilters(forms.Form):
    """Filters of the list, kept in the address."""

    words = forms.CharField(
        label="Search", required=False, max_length=80, help_text="Child, home or reference"
    )
    state = forms.ChoiceField(label="State", required=False, choices=[("", "All"), *PLACEMENT.states.items()])
    kind = forms.ChoiceField(label="Kind", required=False, choices=KINDS)


class ConfirmStartForm(forms.Form):
    """When the child arrived, and why they moved if they did."""

    started_on = DateInPartsField(label="First night there")
    change_reason = forms.ChoiceField(
        label="If the child moved from another placement, why",
        choices=lambda: code_choices("REASON_PLACE_CHANGE")[1:],
        initial="CARPL",
    )
    emergency_reason = forms.CharField(
        label="If the child had to move before the move was agreed, why",
        help_text="Only in an emergency: immediate risk of significant harm. The discussion must follow within days.",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ChangeStartForm(forms.Form):
    """A new start date."""

    starts_on = DateInPartsField(label="New start date")


class PostcodeForm(forms.Form):
    """Where the child lives."""

    postcode = forms.CharField(
        label="Postcode of the home",
        max_length=10,
        help_text="Where the child lives: of a fostering agency the carers’ home, not its office",
    )


class PlanForm(forms.Form):
    """When the placement plan was agreed."""

    agreed_on = DateInPartsField(label="Day on which it was agreed")


class WordsForm(forms.Form):
    """What happened, in words."""

    words = forms.CharField(label="What happened", widget=forms.Textarea, max_length=500)


class SureForm(forms.Form):
    """Nothing to fill in: the button is the answer."""


class EndForm(forms.Form):
    """When and why a placement ended, with the statutory codes."""

    ended_on = DateInPartsField(label="Day of leaving")
    end_reason = forms.ChoiceField(label="Why it ended", choices=lambda: code_choices("REC"), initial=MOVED)
    change_reason = forms.ChoiceField(
        label="If the child is still looked after, why the placement changed",
        choices=lambda: code_choices("REASON_PLACE_CHANGE"),
        required=False,
    )
    words = forms.CharField(label="In your words", widget=forms.Textarea, max_length=500, required=False)
    is_breakdown = forms.BooleanField(
        label="The placement broke down: open a new request now", required=False
    )
