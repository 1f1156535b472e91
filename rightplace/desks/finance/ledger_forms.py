"""What is typed about paying: runs, bank accounts, limits, returns, months."""

from __future__ import annotations

from django import forms

from rightplace.desks.components.fields import DateInPartsField, MoneyField
from rightplace.journey.ledger.accounts import SOURCES
from rightplace.journey.ledger.due import PAYEES
from rightplace.journey.ledger.states import BANK_ACCOUNT, PAYMENT_RUN

SHORT = forms.Textarea(attrs={"rows": 2})


class RunFilters(forms.Form):
    """Filters of the list of runs, kept in the address."""

    words = forms.CharField(label="Number or who proposed", required=False, max_length=80)
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any"), *PAYMENT_RUN.states.items()]
    )


class AccountFilters(forms.Form):
    """Filters of the list of bank accounts, kept in the address."""

    words = forms.CharField(label="Payee, or last digits", required=False, max_length=80)
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Current"), *BANK_ACCOUNT.states.items()]
    )


class JournalFilters(forms.Form):
    """Filters of the journal, kept in the address."""

    words = forms.CharField(label="Number or words", required=False, max_length=80)
    source = forms.ChoiceField(
        label="Booked for", required=False, choices=[("", "Anything"), *SOURCES.items()]
    )


class WordFilters(forms.Form):
    """One search field."""

    words = forms.CharField(label="Search", required=False, max_length=80)


class ProposeForm(forms.Form):
    """What goes into a run, and when the bank pays."""

    hide_optional = True

    due_by = DateInPartsField(label="Take in what is due by", help_text="The day of payment or earlier.")
    pay_on = DateInPartsField(label="Paid by the bank on", help_text="BACS needs two working days before it.")
    payees = forms.ChoiceField(
        label="Who is paid?", required=False, choices=list(PAYEES.items()), widget=forms.RadioSelect
    )


class AccountForm(forms.Form):
    """Bank details of a payee."""

    name = forms.CharField(label="Name of the account", max_length=60)
    sort_code = forms.CharField(
        label="Sort code", max_length=12, help_text="Six digits, for example 20-00-00."
    )
    account_number = forms.CharField(label="Account number", max_length=12, help_text="Eight digits.")
    asked_how = forms.CharField(
        label="How did the details reach you?", max_length=300, widget=SHORT,
        help_text="The letter, form or call, with its date. A change by e-mail alone is the commonest fraud.",
    )  # fmt: skip


class OwnAccountForm(AccountForm):
    """The account that the authority pays from."""

    service_user_number = forms.CharField(
        label="Service user number",
        max_length=6,
        help_text="Six digits, given by the bank that sponsors you for BACS.",
    )


class CallBackForm(forms.Form):
    """What came of the call back."""

    call_back_words = forms.CharField(
        label="The call back", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Whom you called, on which number known from before (never one from the letter), and what they said.",
    )  # fmt: skip


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(label="Why?", max_length=300, widget=SHORT)


class ReturnForm(forms.Form):
    """A payment that the bank returned."""

    returned_on = DateInPartsField(label="Returned on")
    reason = forms.CharField(
        label="Reason on the bank’s report", max_length=300, help_text="For example: account closed."
    )


class MonthForm(forms.Form):
    """Which month is prepared."""

    month = forms.ChoiceField(label="Month")


class LimitForm(forms.Form):
    """How large a run a role may approve."""

    role = forms.ChoiceField(
        label="For",
        choices=[("finance_officer", "Finance officers"), ("director", "Directors")],
        widget=forms.RadioSelect,
    )
    most_pence = MoneyField(label="Largest payment run")
    starts_on = DateInPartsField(label="From")
    reason = forms.CharField(label="Why does it change?", max_length=300, widget=SHORT)
