"""What is typed about invoices: filters, decisions, proposals, messages, how a query ended, and the tolerance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms

from rightplace.desks.components.fields import DateInPartsField, MoneyField
from rightplace.desks.components.invoice_parts import months_before
from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts.queries import providers_in_use
from rightplace.journey.invoices.asking import LONGEST
from rightplace.journey.invoices.deciding import Decision
from rightplace.journey.invoices.states import INVOICE, QUERY, QUERY_OUTCOMES
from rightplace.journey.invoices.wording import outcome_choices
from rightplace.journey.payments.keeping_codes import cost_codes
from rightplace.journey.payments.models import CostCode

LONG = forms.Textarea(attrs={"rows": 3})


class InvoiceFilters(forms.Form):
    """Filters of the list of invoices, kept in the address."""

    words = forms.CharField(label="Number, provider or contract", required=False, max_length=80)
    provider = forms.ChoiceField(label="Provider", required=False)
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any"), *INVOICE.states.items()])
    waits = forms.ChoiceField(
        label="Waits for", required=False,
        choices=[("", "Anything"), ("decide", "A decision"), ("release", "Release"), ("overdue", "Past its day")],
    )  # fmt: skip
    outcome = forms.ChoiceField(label="Found", required=False, choices=[("", "Anything"), *outcome_choices()])


class LineFilters(forms.Form):
    """Filters of the lines to decide."""

    words = forms.CharField(label="Invoice or contract", required=False, max_length=80)
    provider = forms.ChoiceField(label="Provider", required=False)
    outcome = forms.ChoiceField(label="Found", required=False, choices=[("", "Anything"), *outcome_choices()])


class QueryFilters(forms.Form):
    """Filters of the list of queries."""

    words = forms.CharField(label="Number, subject or provider", required=False, max_length=80)
    provider = forms.ChoiceField(label="Provider", required=False)
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Any"), ("open", "All that are open"), *QUERY.states.items()],
    )
    overdue = forms.BooleanField(label="Only overdue", required=False)


class CreditFilters(forms.Form):
    """Filters of the credit notes that are waited for."""

    words = forms.CharField(label="Invoice or provider", required=False, max_length=80)


class DecisionForm(forms.Form):
    """What is decided about chosen lines."""

    how = forms.ChoiceField(
        label="What do you decide?",
        widget=forms.RadioSelect,
        choices=[
            ("accept", "Accept as billed"),
            ("reduce", "Pay less"),
            ("dispute", "Dispute: ask the provider, and pay only what nothing was found about"),
        ],
    )
    net_pence = MoneyField(
        label="Pay of each line, without VAT", required=False, min_pence=-(10**9), max_pence=10**10,
        help_text="Only to pay less or to dispute. Left empty, it is what the check found nothing about.",
    )  # fmt: skip
    words = forms.CharField(
        label="Why?",
        required=False,
        max_length=500,
        widget=LONG,
        help_text="The provider reads this. Needed wherever something was found.",
    )
    cost_code = forms.TypedChoiceField(
        label="Cost code", required=False, coerce=int, empty_value=None,
        help_text="Only to book them elsewhere than proposed. A line without a contract needs one.",
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **more: Any) -> None:
        super().__init__(*args, **more)
        named = {_code_words(row): str(row.pk) for row in cost_codes(actor, is_current=True)}
        if named:
            codes = [(key, words) for words, key in sorted(named.items())]
            self.fields["cost_code"].choices = [("", "As proposed"), *codes]  # type: ignore[attr-defined]  # a ChoiceField
        else:
            del self.fields["cost_code"]

    def decision(self) -> Decision:
        """What was decided, as the verbs take it."""
        facts = self.cleaned_data
        return Decision(facts["how"], facts["words"], facts["net_pence"], facts.get("cost_code"))


def _code_words(row: CostCode) -> str:
    """A code in words; several rows may hold the same one for other kinds of price."""
    return " · ".join(part for part in (str(row), row.section_251_line, row.words) if part)


class ProposeForm(forms.Form):
    """For which month, and whose invoices are made from the schedule."""

    month = forms.ChoiceField(label="Nights in")
    payee = forms.ChoiceField(
        label="For whom?", help_text="Own carers’ invoices are made all at once, one a household."
    )

    def __init__(self, *args: Any, actor: Actor, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["month"].choices = months_before(today)  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["payee"].choices = [(str(key), name) for key, name in providers_in_use(actor)]  # type: ignore[attr-defined]  # a ChoiceField


class MessageForm(forms.Form):
    """A message to the provider."""

    words = forms.CharField(label="Your message", max_length=LONGEST, widget=LONG)


class MediationForm(forms.Form):
    """The record of a mediation."""

    held_on = DateInPartsField(label="You met on")
    words = forms.CharField(label="Who was there, and what was said?", max_length=LONGEST, widget=LONG)


class ResolveForm(forms.Form):
    """How a query ended."""

    outcome = forms.ChoiceField(
        label="How did it end?", widget=forms.RadioSelect, choices=list(QUERY_OUTCOMES.items())
    )
    net_pence = MoneyField(
        label="Paid of the rest, without VAT", required=False, help_text="Only where a part is paid."
    )
    words = forms.CharField(
        label="Why?", max_length=LONGEST, widget=LONG, help_text="The provider reads this."
    )


class ToleranceForm(forms.Form):
    """What is let pass from a day on."""

    starts_on = DateInPartsField(label="From")
    pence = MoneyField(
        label="For each line", help_text="Differences up to this are no finding.", max_pence=10_000
    )
    basis_points = forms.DecimalField(
        label="And of what is expected", required=False, min_value=0, max_value=5, decimal_places=2, max_digits=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-4"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["basis_points"].suffix = "%"  # type: ignore[attr-defined]  # read by the field template

    def clean_basis_points(self) -> int:
        """Per cent as basis points."""
        return int((self.cleaned_data["basis_points"] or 0) * 100)


def with_providers(form: type[forms.Form], actor: Actor) -> Callable[..., forms.Form]:
    """The form with the providers that this authority has contracts with."""

    def make(data: Mapping[str, Any] | None = None) -> forms.Form:
        made = form(data)
        found = [(str(key), name) for key, name in providers_in_use(actor)]
        made.fields["provider"].choices = [("", "Any"), *found]  # type: ignore[attr-defined]  # a ChoiceField
        return made

    return make
