"""What is typed to change a limit or to record absence cover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from rightplace.desks.components.fields import DateInPartsField, MoneyField
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.roles import ROLES
from rightplace.journey.decisions.states import APPROVERS, HOME_KINDS, KINDS

LONG = forms.Textarea(attrs={"rows": 3})
NARROW = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"})


class LimitForm(forms.Form):
    """For whom and what the limit is, how high, from when, and why."""

    role = forms.ChoiceField(label="Role", choices=[(code, ROLES[code].words) for code in APPROVERS])
    user_id = forms.ChoiceField(label="For", required=False)
    kind = forms.ChoiceField(
        label="Kind of decision", required=False, choices=[("", "Any kind"), *KINDS.items()]
    )
    home_kind = forms.ChoiceField(
        label="Kind of home", required=False, choices=[("", "Any home"), *HOME_KINDS.items()]
    )
    whole_cost_pence = MoneyField(
        label="Whole cost of a stay, at most",
        required=False,
        help_text="Leave empty to end the limit that holds now.",
    )
    weekly_pence = MoneyField(label="Cost a week, at most", required=False)
    longest_weeks = forms.IntegerField(
        label="Length of the stay, at most", required=False, min_value=1, max_value=1000, widget=NARROW
    )
    starts_on = DateInPartsField(label="First day")
    ends_on = DateInPartsField(label="First day on which it no longer holds", required=False)
    reason = forms.CharField(label="Why does the limit change?", max_length=500, widget=LONG)

    def __init__(self, *args: Any, people: Sequence[Membership], **more: Any) -> None:
        super().__init__(*args, **more)
        named = [
            (str(row.user_id), f"{row.user}, {ROLES[row.role].words.lower()}, by name") for row in people
        ]
        self.fields["user_id"].choices = [("", "Everyone in this role"), *dict(named).items()]  # type: ignore[attr-defined]  # a choice field
        self.fields["longest_weeks"].suffix = "weeks"  # type: ignore[attr-defined]  # read by the field template

    def clean_user_id(self) -> int | None:
        """The named person, if any."""
        return int(self.cleaned_data["user_id"]) if self.cleaned_data["user_id"] else None


class CoverForm(forms.Form):
    """Who is away, who acts for them, from when until when, and why."""

    absent = forms.ChoiceField(label="Who is away")
    cover_id = forms.ChoiceField(label="Who acts for them")
    starts_on = DateInPartsField(label="First day of cover")
    ends_on = DateInPartsField(label="First day back")
    reason = forms.CharField(label="Why is cover needed?", max_length=300, widget=LONG)

    def __init__(self, *args: Any, people: Sequence[Membership], **more: Any) -> None:
        super().__init__(*args, **more)
        posts = [
            (f"{row.user_id}-{row.role}", f"{row.user}, {ROLES[row.role].words.lower()}") for row in people
        ]
        names = {str(row.user_id): str(row.user) for row in people}
        self.fields["absent"].choices = [("", "Choose"), *posts]  # type: ignore[attr-defined]  # a choice field
        self.fields["cover_id"].choices = [("", "Choose"), *names.items()]  # type: ignore[attr-defined]  # a choice field

    def given(self) -> dict[str, Any]:
        """The entries as the action takes them."""
        key, _, role = self.cleaned_data["absent"].partition("-")
        kept = {name: self.cleaned_data[name] for name in ("starts_on", "ends_on", "reason")}
        return {**kept, "absent_id": int(key), "role": role, "cover_id": int(self.cleaned_data["cover_id"])}
