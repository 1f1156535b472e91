"""What is typed about budgets, the outturn, savings, grants and the board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, TypeVar

from django import forms
from django.core.validators import RegexValidator

from rightplace.core.indicators import BY_CODE, INDICATORS, Shape
from rightplace.desks.components.fields import DateInPartsField, MoneyField, UploadField
from rightplace.exchange.uasc_claim.models import AWARDS, YEAR_COSTS
from rightplace.oversight.boards.pack import CAUSE_WORDS
from rightplace.oversight.budgets.models import DIFFERENCES, OutturnVersion
from rightplace.oversight.savings.models import HOW

SEEN_BY = {"director": "The director", "finance": "The finance lead", "member": "A member"}
TABLES = (".csv", ".xlsx", ".xls", ".ods")


class YearForm(forms.Form):
    """Which year's budget is opened."""

    financial_year = forms.CharField(label="Financial year", max_length=7, help_text="For example 2026-27.")


class VersionsForm(forms.Form):
    """Which frozen month is looked at, and which it is held against."""

    month = forms.ChoiceField(label="Frozen month", required=False)
    held_against = forms.ChoiceField(label="Held against", required=False)


class CausesForm(VersionsForm):
    """What narrows the contracts behind a bridge."""

    cause = forms.ChoiceField(
        label="Cause", required=False,
        choices=[("", "Any"), *((cause.name.lower(), words) for cause, words in CAUSE_WORDS.items())],
    )  # fmt: skip
    words = forms.CharField(label="Contract, child or home", required=False, max_length=60)


V = TypeVar("V", bound=VersionsForm)


def with_months(form: V, rows: Sequence[OutturnVersion]) -> V:
    """The form with the months that are frozen; the latest, and the one before it, where nothing is chosen."""
    known = [(f"{one.month:%Y-%m}", str(one)) for one in rows]
    choices = {"month": "The latest", "held_against": "The month before"}
    for name, words in choices.items():
        form.fields[name].choices = [("", words), *known]  # type: ignore[attr-defined]  # a choice
    return form


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
    """A savings plan as a spreadsheet or a document with tables."""

    file = UploadField(
        label="Spreadsheet or Word document", endings=(*TABLES, ".docx"),
        help_text="With reference, financial year and saving in thousands; project, owner, start, milestones if you have them. "
        "Save a plan that is a PDF as one of these first.",
    )  # fmt: skip


class ClaimForm(forms.Form):
    """Which contract shows a project's saving. The amount is worked out."""

    project = forms.ChoiceField(label="Project")
    contract = forms.IntegerField(
        label="Contract", help_text="The number without IPC, for example 42.", min_value=1
    )
    how = forms.ChoiceField(label="How was it saved?", choices=list(HOW.items()), widget=forms.RadioSelect)
    percent = forms.IntegerField(label="Share of the saving, %", min_value=1, max_value=100, initial=100)
    instead = forms.IntegerField(
        label="Contract with own carers",
        required=False,
        min_value=1,
        help_text="Where the child moved to own carers.",
    )


class SettleForm(forms.Form):
    """What was received for a claim, and which lines were refused, each with its reason."""

    received_on = DateInPartsField(label="Received on")
    received_pence = MoneyField(label="Amount received")
    refused = forms.CharField(
        label="Refused lines", required=False, widget=forms.Textarea(attrs={"rows": 5}), max_length=4000,
        help_text="One to a row: the number of the line as the claim shows it, the amount if only a part was refused, then why. "
        "For example: 12 £286.00 Two nights not accepted.",
    )  # fmt: skip


class AwardForm(forms.Form):
    """A grant awarded for a year."""

    financial_year = forms.CharField(label="Financial year", max_length=7, help_text="For example 2026-27.")
    kind = forms.ChoiceField(label="Kind of grant", choices=list(AWARDS.items()), widget=forms.RadioSelect)
    name = forms.CharField(label="Name of the grant", max_length=120)
    pence = MoneyField(label="Amount awarded")
    conditions = forms.CharField(
        label="Conditions", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReceiptForm(forms.Form):
    """What was received of an award."""

    received_on = DateInPartsField(label="Received on")
    pence = MoneyField(label="Amount received")
    reference = forms.CharField(label="Reference of the payment", required=False, max_length=80)


class YearCostForm(forms.Form):
    """Staffing or running costs of asylum work in a year."""

    financial_year = forms.CharField(label="Financial year", max_length=7, help_text="For example 2026-27.")
    kind = forms.ChoiceField(label="Which costs?", choices=list(YEAR_COSTS.items()), widget=forms.RadioSelect)
    pence = MoneyField(label="Amount")
    source = forms.CharField(
        label="Where is the amount from?", max_length=200, help_text="For example: ledger, period 7."
    )


class ChangeBudgetForm(forms.Form):
    """Growth, a saving, or a virement between two codes."""

    kind = forms.ChoiceField(
        label="What changes?", widget=forms.RadioSelect,
        choices=[
            ("virement", "A virement: money moves from one code to another"),
            ("growth", "Growth is added"),
            ("savings", "A saving is taken"),
        ],
    )  # fmt: skip
    code = forms.ChoiceField(label="Code")
    to_code = forms.ChoiceField(label="To which code?", required=False, help_text="For a virement.")
    pence = MoneyField(label="Amount")
    words = forms.CharField(label="Why?", max_length=200)


class DifferenceFilters(forms.Form):
    """What narrows the list of differences."""

    month = forms.CharField(
        label="Month, as 2026-11", required=False, validators=[RegexValidator(r"^\d{4}-(0[1-9]|1[0-2])$")]
    )
    kind = forms.ChoiceField(label="What", required=False, choices=[("", "Any"), *DIFFERENCES.items()])
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any"), ("open", "Open"), ("cleared", "Cleared up")]
    )


class ClearForm(forms.Form):
    """How a difference was cleared up."""

    words = forms.CharField(
        label="How was it cleared up?", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class OwnerForm(forms.Form):
    """Who clears a difference up."""

    owner_id = forms.TypedChoiceField(label="Who clears it up?", coerce=int)


class CloseYearForm(forms.Form):
    """Closing a year for good."""

    is_sure = forms.BooleanField(label="Nothing more is to be added to this year’s budget")


class ProjectForm(forms.Form):
    """A project's words."""

    name = forms.CharField(label="Name", max_length=120)
    owner = forms.CharField(label="Owner", max_length=120)
    description = forms.CharField(
        label="What is done", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    equality_assessment = forms.CharField(
        label="Equality assessment", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    consultation = forms.CharField(
        label="Consultation", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    dependencies = forms.CharField(
        label="Depends on", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class NewProjectForm(forms.Form):
    """A project of the plan to begin with; the rest is kept on its page."""

    reference = forms.CharField(label="Reference", max_length=20, help_text="For example CS-04.")
    name = forms.CharField(label="Name", max_length=120)
    owner = forms.CharField(label="Owner", max_length=120)
    starts_on = DateInPartsField(label="Starts on")
    is_growth = forms.BooleanField(label="It is growth, not a saving", required=False)


class ProfileForm(forms.Form):
    """What a project brings in a year."""

    financial_year = forms.CharField(label="Financial year", max_length=7, help_text="For example 2026-27.")
    thousands = forms.IntegerField(label="In thousands of pounds")


class OwnedForm(forms.Form):
    """Whose something is: one of the authority's people, or a name where the owner has no account."""

    owner_id = forms.TypedChoiceField(
        label="Owner",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="One of your people, who is reminded when it is late; or write a name below.",
    )
    owner = forms.CharField(label="Owner’s name, if they have no account", required=False, max_length=120)


Owned = TypeVar("Owned", bound=OwnedForm)


def with_people(form: Owned, known: Mapping[int, str], nobody: str = "Somebody without an account") -> Owned:
    """The form with the people who may be chosen."""
    form.fields["owner_id"].choices = [("", nobody), *known.items()]  # type: ignore[attr-defined]  # a choice
    return form


class MilestoneForm(OwnedForm):
    """Something to be reached by a day; the project's owner's where nobody is named."""

    field_order = ("words", "due_on", "owner_id", "owner")
    words = forms.CharField(label="What is to be reached?", max_length=200)
    due_on = DateInPartsField(label="By when?")


class TakeOffForm(forms.Form):
    """What is undone or removed of a project."""

    what = forms.ChoiceField(label="What is undone or removed?", widget=forms.RadioSelect)


class MetricForm(forms.Form):
    """An indicator with its target."""

    indicator = forms.ChoiceField(label="Indicator", choices=[(one.code, one.name) for one in INDICATORS])
    target = forms.CharField(
        label="Target", max_length=20, help_text="As the indicator is written: a share as 12%, a rate or a mean as 7.5.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The target as the indicator counts: a share of one, else the number."""
        typed: dict[str, Any] = super().clean() or {}
        indicator = BY_CODE.get(typed.get("indicator", ""))
        if indicator and "target" in typed:
            found = _target(typed["target"], is_share=indicator.shape is Shape.SHARE)
            if found is None:
                wrong = (
                    "Enter a share from 0% to 100%." if indicator.shape is Shape.SHARE else "Enter a number."
                )
                self.add_error("target", wrong)
            typed["target"] = found
        return typed


def _target(text: str, *, is_share: bool) -> float | None:
    """What was typed as a number: 12% and 0.12 are the same share; None for what is neither."""
    try:
        found = float(text.strip().removesuffix("%").replace(",", ""))
    except ValueError:
        return None
    if is_share:
        found = found / 100 if text.strip().endswith("%") else found
        return found if 0 <= found <= 1 else None
    return found if isfinite(found) else None


class GapForm(forms.Form):
    """Beside whom, and the scenario of closing the gap."""

    beside = forms.ChoiceField(label="Beside", required=False)
    years = forms.IntegerField(label="Years to close it", required=False, min_value=1, max_value=10)
    closed = forms.IntegerField(label="Share to close, %", required=False, min_value=0, max_value=100)
    growth = forms.FloatField(label="Costs grow a year, %", required=False, min_value=-10, max_value=30)


class GroupForm(forms.Form):
    """By what the budget is shown."""

    by = forms.ChoiceField(
        label="By",
        required=False,
        choices=[("", "Code"), ("section_251", "Section 251 line"), ("cohort", "Cohort")],
    )
    year = forms.ChoiceField(label="Year", required=False)


class SeenByForm(forms.Form):
    """Whose page at a glance is shown."""

    seen_by = forms.ChoiceField(
        label="For", required=False, choices=[("", "My role"), *SEEN_BY.items()],
    )  # fmt: skip


class RiskForm(OwnedForm):
    """A risk for the register."""

    field_order = ("words", "owner_id", "owner")
    words = forms.CharField(label="What may go wrong?", max_length=300)
    likelihood = forms.IntegerField(label="Likelihood, 1 to 5", min_value=1, max_value=5)
    impact = forms.IntegerField(label="Impact, 1 to 5", min_value=1, max_value=5)
    response = forms.CharField(label="What is done about it", required=False, max_length=300)


class WeighRiskForm(OwnedForm):
    """A risk weighed again."""

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


class BoardActionForm(OwnedForm):
    """An action asked of somebody, at a meeting or between two."""

    field_order = ("words", "owner_id", "owner", "due_on", "meeting_id")
    words = forms.CharField(label="What is to be done?", max_length=300)
    due_on = DateInPartsField(label="By when?")
    meeting_id = forms.TypedChoiceField(
        label="Asked at", required=False, coerce=int, empty_value=None, choices=[("", "No meeting")]
    )
