"""What is typed about budgets, the outturn, savings, grants and the board."""

from __future__ import annotations

from django import forms

from rightplace.desks.components.fields import DateInPartsField, MoneyField, UploadField
from rightplace.oversight.savings.models import HOW

TABLES = (".csv", ".xlsx", ".xls", ".ods")


class YearForm(forms.Form):
    """Which year's budget is opened."""

    financial_year = forms.CharField(label="Financial year", max_length=7, help_text="For example 2026-27.")


class MonthForm(forms.Form):
    """A month out of those that may be taken."""

    month = forms.ChoiceField(label="Month")


class BudgetFileForm(forms.Form):
    """A budget as a spreadsheet."""

    file = UploadField(
        label="Spreadsheet", endings=TABLES,
        help_text="With cost centre, subjective code and amount; cohort, section 251 line and kind of line if you have them.",
    )  # fmt: skip


class PlanFileForm(forms.Form):
    """A savings plan as a spreadsheet."""

    file = UploadField(
        label="Spreadsheet", endings=TABLES,
        help_text="With reference, financial year and saving in thousands; project, owner, start, milestones if you have them.",
    )  # fmt: skip


class ClaimForm(forms.Form):
    """Which contract shows a project's saving. The amount is worked out."""

    project = forms.ChoiceField(label="Project")
    contract = forms.IntegerField(
        label="Contract", help_text="The number without IPC, for example 42.", min_value=1
    )
    how = forms.ChoiceField(label="How was it saved?", choices=list(HOW.items()), widget=forms.RadioSelect)
    percent = forms.IntegerField(label="Share of the saving", min_value=1, max_value=100, initial=100)
    instead = forms.IntegerField(
        label="Contract with own carers",
        required=False,
        min_value=1,
        help_text="Where the child moved to own carers.",
    )


class SettleForm(forms.Form):
    """What was received for a claim."""

    received_on = DateInPartsField(label="Received on")
    received_pence = MoneyField(label="Amount received")


class RiskForm(forms.Form):
    """A risk for the register."""

    words = forms.CharField(label="What may go wrong?", max_length=300)
    owner = forms.CharField(label="Owner", max_length=120)
    likelihood = forms.IntegerField(label="Likelihood, 1 to 5", min_value=1, max_value=5)
    impact = forms.IntegerField(label="Impact, 1 to 5", min_value=1, max_value=5)
    response = forms.CharField(label="What is done about it", required=False, max_length=300)


class MeetingForm(forms.Form):
    """A meeting for the calendar."""

    name = forms.CharField(label="Meeting", max_length=120)
    on = DateInPartsField(label="Day of the meeting")
    papers_on = DateInPartsField(label="Papers out by")
    decisions_asked = forms.CharField(
        label="Decisions asked", required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


class BoardActionForm(forms.Form):
    """An action asked of somebody."""

    words = forms.CharField(label="What is to be done?", max_length=300)
    owner = forms.CharField(label="By whom?", max_length=120)
    due_on = DateInPartsField(label="By when?")
