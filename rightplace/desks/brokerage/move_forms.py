"""Forms of the pages of moves."""

from __future__ import annotations

from django import forms

from rightplace.desks.components.fields import DateInPartsField
from rightplace.journey.placements.moves import CHALLENGERS
from rightplace.journey.placements.states import MOVE


def long_words(label: str, *, hint: str = "", required: bool = True, rows: int = 4) -> forms.CharField:
    """A field for some sentences."""
    box = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=4000, widget=box, help_text=hint, required=required)


class MoveFilters(forms.Form):
    """Filters of the list, kept in the address."""

    words = forms.CharField(label="Search", required=False, max_length=80, help_text="Child or reference")
    state = forms.ChoiceField(label="State", required=False, choices=[("", "All"), *MOVE.states.items()])
    overdue = forms.BooleanField(label="Only where the discussion is overdue", required=False)


class ProposalForm(forms.Form):
    """Why the child should move, what was tried, and what the child says."""

    reasons = long_words("Why should the child move?")
    alternatives = long_words(
        "What was tried to keep the placement?",
        hint="Support, mediation, changes at home or school.",
        required=False,
    )
    child_view = long_words(
        "What does the child say?",
        hint="In the child’s words. If the child could not be asked, say why.",
        required=False,
    )


class DiscussionForm(forms.Form):
    """When the move was discussed, with whom, and what was said."""

    held_on = DateInPartsField(label="When was it discussed?")
    who = forms.CharField(
        label="Who took part?", max_length=300, help_text="Names and roles: carers, school, parents, team."
    )
    words = long_words("What was said?")


class ChallengeForm(forms.Form):
    """Who challenged the move, what was asked and answered, and when the child's case was reviewed."""

    challenge_from = forms.ChoiceField(
        label="Who challenged the move?", choices=list(CHALLENGERS.items()), widget=forms.RadioSelect
    )
    name = forms.CharField(label="Name", max_length=200, required=False)
    words = long_words("What was asked, and what was answered?")
    reviewed_on = DateInPartsField(
        label="When was the child’s case reviewed?",
        help_text="A placement is ended only after a review (Care Planning Regulations 2010, regulation 14).",
        required=False,
    )


class DecisionForm(forms.Form):
    """Why a manager decides so."""

    decision = long_words("Your decision and the reasons for it")


class WithdrawForm(forms.Form):
    """Why the move is withdrawn."""

    reason = long_words("Why is the move withdrawn?")
