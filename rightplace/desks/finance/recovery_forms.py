"""What is typed about recovery invoices: who is asked, what came in, why something is written off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from rightplace.desks.components.fields import DateInPartsField, MoneyField
from rightplace.journey.ledger.states import RECOVERY

LONG = forms.Textarea(attrs={"rows": 3})


class RecoveryFilters(forms.Form):
    """Filters of the list of recovery invoices, kept in the address."""

    words = forms.CharField(label="Number or payee", required=False, max_length=80)
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any"), *RECOVERY.states.items()])
    overdue = forms.BooleanField(label="Only overdue", required=False)


class RaiseForm(forms.Form):
    """Who is asked to pay back, and why it is not set off."""

    payee_key = forms.ChoiceField(label="Who is asked to pay back?", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Why is it not set off against later payments?", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For example: no child lives there any more. It stands on the invoice.",
    )  # fmt: skip

    def __init__(self, *given: Any, choices: Sequence[tuple[str, str]] = (), **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["payee_key"].choices = list(choices)  # type: ignore[attr-defined]  # a choice field


class ReceiptForm(forms.Form):
    """A sum that came in."""

    pence = MoneyField(label="Amount")
    received_on = DateInPartsField(label="On")
    reference = forms.CharField(label="Reference on the bank statement", max_length=60)


class WriteOffForm(forms.Form):
    """Why a debt is given up."""

    reason = forms.CharField(
        label="Why can it not be recovered?", max_length=500, widget=LONG,
        help_text="What was tried, and what it would cost to try more.",
    )  # fmt: skip


class TakeBackForm(forms.Form):
    """Why an invoice is taken back."""

    reason = forms.CharField(label="Why?", max_length=300, widget=LONG)


class DecisionForm(forms.Form):
    """What the second person says."""

    words = forms.CharField(label="In your words", max_length=500, widget=LONG)
