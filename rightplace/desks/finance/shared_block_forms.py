"""What is typed about shared blocks: the agreement, nominations, turns, hand-overs, prices, signatures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from rightplace.core.blocks import RISK_RULES, TURN_RULES, Member
from rightplace.core.problems import Problem
from rightplace.core.sharing import read_share
from rightplace.desks.components.fields import DateInPartsField, MoneyField
from rightplace.journey.blocks.models import UNITS
from rightplace.journey.blocks.states import BLOCK

LONG = forms.Textarea(attrs={"rows": 3})
NARROW = {"class": "govuk-input--width-10"}


class BlockFilters(forms.Form):
    """Filters of the list of blocks, kept in the address."""

    words = forms.CharField(label="Block, home or provider", required=False, max_length=80)
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any"), *BLOCK.states.items()])


class AgreeForm(forms.Form):
    """A block as it was agreed; a field for the share of each authority is added."""

    hide_optional = True

    name = forms.CharField(label="Name of the block", max_length=120)
    urn = forms.CharField(
        label="Number of the home on Ofsted’s register", max_length=10, widget=forms.TextInput(attrs=NARROW)
    )
    beds = forms.IntegerField(
        label="Beds", min_value=1, max_value=200, widget=forms.NumberInput(attrs=NARROW)
    )
    starts_on = DateInPartsField(label="From")
    ends_on = DateInPartsField(label="Until", help_text="The first day that is no longer part of it.")
    amount_pence = MoneyField(label="Price of all beds together")
    unit = forms.ChoiceField(label="That is", choices=list(UNITS.items()))
    turn_rule = forms.ChoiceField(
        label="Whose turn is the next bed?", choices=list(TURN_RULES.items()), widget=forms.RadioSelect
    )
    turn_hours = forms.IntegerField(
        label="Hours to take a turn", min_value=1, max_value=720, initial=48,
        widget=forms.NumberInput(attrs=NARROW),
        help_text="After that the lead may pass it on.",
    )  # fmt: skip
    risk_rule = forms.ChoiceField(
        label="Who bears empty nights?", choices=list(RISK_RULES.items()), widget=forms.RadioSelect
    )

    def __init__(self, *given: Any, authorities: Sequence[tuple[int, str]] = (), **named: Any) -> None:
        super().__init__(*given, **named)
        for key, name in authorities:
            self.fields[f"share_{key}"] = forms.CharField(
                label=f"Share of {name}", required=False, max_length=12, widget=forms.TextInput(attrs=NARROW),
                help_text="Such as 40% or 1/3; empty where it is no member.",
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The members with their shares, in the order of the fields; each problem at its own field."""
        cleaned = super().clean() or self.cleaned_data
        members: list[Member] = []
        for name in [one for one in self.fields if one.startswith("share_")]:
            read = read_share(cleaned.pop(name, "") or "", int(name.removeprefix("share_")))
            if isinstance(read, Problem):
                self.add_error(name, read.sentence)
            elif read is not None and read.part is None:
                self.add_error(name, "Enter a share of the whole, such as 40% or 1/3.")
            elif read is not None and read.part is not None:
                members.append(Member(read.partner, read.part))
        return {**cleaned, "members": tuple(members)}


class AskForm(forms.Form):
    """From when a bed is needed."""

    needed_on = DateInPartsField(label="Needed from")
    words = forms.CharField(
        label="What the others should know", required=False, max_length=300, widget=LONG,
        help_text="Age and needs in general. No name, no initials: the other authorities read it.",
    )  # fmt: skip


class TakeForm(forms.Form):
    """From when the bed is taken."""

    starts_on = DateInPartsField(label="First night")


class LeftForm(forms.Form):
    """When the bed became free."""

    left_on = DateInPartsField(label="Left on", help_text="The day of leaving is not a night of the stay.")


class NightsForm(forms.Form):
    """The nights of a stay as they were."""

    starts_on = DateInPartsField(label="First night")
    ends_on = DateInPartsField(label="Left on", help_text="The day of leaving is not a night of the stay.")
    reason = forms.CharField(label="What was wrong?", max_length=300, widget=LONG)


class WordsForm(forms.Form):
    """Why, in words."""

    words = forms.CharField(label="Why?", max_length=300, widget=LONG)


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label="Why?", max_length=300, widget=LONG)


class HandForm(forms.Form):
    """To whom an empty bed is offered, for which nights and at what price."""

    to_id = forms.TypedChoiceField(label="To", coerce=int)
    starts_on = DateInPartsField(label="First night")
    ends_on = DateInPartsField(label="Until", help_text="The day on which the bed is ours again.")
    night_pence = MoneyField(label="Price of a night")
    reason = forms.CharField(label="Why?", max_length=300, widget=LONG)

    def __init__(self, *given: Any, authorities: Sequence[tuple[int, str]] = (), **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["to_id"].choices = [("", "Choose"), *authorities]  # type: ignore[attr-defined]  # a choice field


class PriceForm(forms.Form):
    """A new price from a day."""

    starts_on = DateInPartsField(label="From")
    amount_pence = MoneyField(label="Price of all beds together")
    unit = forms.ChoiceField(label="That is", choices=list(UNITS.items()))
    reason = forms.CharField(label="Why?", max_length=300, widget=LONG)


class EndForm(forms.Form):
    """When a block ends."""

    ends_on = DateInPartsField(label="Ends on", help_text="The first day that is no longer part of it.")


class MonthForm(forms.Form):
    """Which month is worked out."""

    month = DateInPartsField(label="Any day of the month")
