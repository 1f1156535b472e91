"""Forms of contracts: filters of the list, the draft's terms and outcomes, a variation with its price lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from rightplace.core.money import parse_percentage, parse_pounds, percentage, pounds
from rightplace.core.problems import Problem
from rightplace.desks.components.fields import DateInPartsField, MoneyField
from rightplace.desks.components.rows import row_formset
from rightplace.journey.contracts.agreement import KIND_WORDS, UNIT_WORDS, VAT_WORDS
from rightplace.journey.contracts.drafting import OutcomeGiven, TermLine
from rightplace.journey.contracts.rules import STEP_GROUPS
from rightplace.journey.contracts.states import CONTRACT

KINDS = [(kind.value, words) for kind, words in KIND_WORDS.items()]
VATS = [(treatment.value, words) for treatment, words in VAT_WORDS.items()]
STEPS = [("", "Nothing"), *STEP_GROUPS.items()]
UNITS = [
    *((unit.value, words) for unit, words in UNIT_WORDS.items()),
    ("percent", "per cent off (discounts only)"),
]


class ContractFilters(forms.Form):
    """Filters of the list, kept in the address."""

    words = forms.CharField(label="Reference, home, provider or initials", required=False, max_length=80)
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any"), *CONTRACT.states.items()])
    waits_for = forms.ChoiceField(
        label="Signature missing",
        required=False,
        choices=[("", "Any"), ("authority", "The authority’s"), ("provider", "The provider’s")],
    )


class DraftForm(forms.Form):
    """The terms of a draft that a broker may word."""

    services = forms.CharField(
        label="Services",
        help_text="Taken from the accepted offer. Say what the provider does for this child.",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        required=False,
    )
    notice_days = forms.IntegerField(
        label="Notice",
        min_value=1,
        max_value=365,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )
    first_review_on = DateInPartsField(label="First review", required=False)
    review_every_weeks = forms.IntegerField(
        label="Reviews at least every", min_value=1, max_value=52,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["notice_days"].suffix = "days"  # type: ignore[attr-defined]  # read by the field template
        self.fields["review_every_weeks"].suffix = "weeks"  # type: ignore[attr-defined]  # read by the field template


class OutcomeForm(forms.Form):
    """One expected outcome."""

    words = forms.CharField(label="Outcome", max_length=500)
    measure = forms.CharField(label="How it will be seen", max_length=300, required=False)
    how = forms.CharField(
        label="How the provider works towards it",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


OutcomeRows = row_formset(OutcomeForm, "outcome", least=0, most=12)


class VariationForm(forms.Form):
    """From when, why, and until when."""

    in_force_from = DateInPartsField(
        label="First day of the new terms", help_text="What was due for nights before stays as it is."
    )
    reason = forms.CharField(
        label="Why do the terms change?", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    ends_on = DateInPartsField(
        label="New expected end",
        help_text="The day of leaving. Leave empty to keep the end as agreed.",
        required=False,
    )


class LineForm(forms.Form):
    """One price line."""

    hide_optional = True

    kind = forms.ChoiceField(label="For", choices=KINDS)
    amount_pence = MoneyField(label="Price", required=False)
    unit = forms.ChoiceField(label="Each", choices=UNITS, initial="week")
    quantity = forms.DecimalField(
        label="How many", help_text="For hours: how many a week; for sessions and miles: the most in a week.",
        required=False, min_value=Decimal("0.01"), max_value=10_000,
        decimal_places=2, max_digits=8, widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-4"}),
    )  # fmt: skip
    percent = forms.CharField(
        label="Per cent off",
        required=False,
        max_length=8,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4"}),
    )
    starts_on = DateInPartsField(label="From", help_text="Only if later than the new terms.", required=False)
    ends_on = DateInPartsField(label="Until", help_text="Only if before the end.", required=False)
    words = forms.CharField(label="Note", max_length=200, required=False)
    vat = forms.ChoiceField(label="VAT", choices=VATS, initial="exempt", required=False)
    after_nights = forms.IntegerField(
        label="After nights", help_text="For long stays: from which night on.", required=False, min_value=0, max_value=3_650,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )  # fmt: skip
    is_paid_when_away = forms.BooleanField(label="Also for nights away", required=False)
    step_group = forms.ChoiceField(label="More by step of", choices=STEPS, required=False)
    steps = forms.CharField(
        label="Steps", help_text="Such as: 5 to 10: £20.00; 11 to 15: £45.00", required=False, max_length=400
    )
    rate_kind = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)

    def clean_steps(self) -> tuple[tuple[str, int], ...]:
        """The steps with what each adds, in pence, or in basis points for a percentage."""
        found = []
        for part in (self.cleaned_data.get("steps") or "").split(";"):
            name, _, amount = part.rpartition(":")
            if part.strip():
                more = parse_percentage(amount) if "%" in amount else parse_pounds(amount)
                if isinstance(more, Problem) or not name.strip():
                    raise forms.ValidationError(
                        "Write each step as its name, a colon and an amount, such as 5 to 10: £20"
                    )
                found.append((name.strip(), more))
        return tuple(found)

    def clean_percent(self) -> int:
        """The percentage in hundredths of one per cent."""
        typed = self.cleaned_data.get("percent") or ""
        if not typed:
            return 0
        points = parse_percentage(typed)
        if isinstance(points, Problem):
            raise forms.ValidationError(points.sentence)
        return points


LineRows = row_formset(LineForm, "price line", least=1, most=15)


def lines_given(rows: list[dict[str, Any]]) -> tuple[TermLine, ...]:
    """The price lines as the action takes them."""
    return tuple(
        TermLine(
            kind=row["kind"],
            unit=row["unit"],
            amount_pence=row["amount_pence"] or 0,
            quantity=row["quantity"] or Decimal(1),
            basis_points=row["percent"] or 0,
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            words=row["words"],
            vat=row["vat"] or "exempt",
            after_nights=row["after_nights"] or 0,
            is_paid_when_away=row["is_paid_when_away"],
            step_group=row["step_group"],
            steps=row["steps"],
            rate_kind=row["rate_kind"],
        )
        for row in rows
    )


def line_rows_from(lines: list[TermLine]) -> list[dict[str, Any]]:
    """Price lines as the rows of the form start with them."""
    return [
        {
            "kind": line.kind,
            "amount_pence": line.amount_pence or None,
            "unit": line.unit,
            "quantity": None if line.quantity == 1 else f"{line.quantity.normalize():f}",
            "percent": f"{Decimal(line.basis_points) / 100:f}".rstrip("0").rstrip(".")
            if line.basis_points
            else "",
            "starts_on": line.starts_on,
            "ends_on": line.ends_on,
            "words": line.words,
            "vat": line.vat,
            "after_nights": line.after_nights or None,
            "is_paid_when_away": line.is_paid_when_away,
            "step_group": line.step_group,
            "steps": "; ".join(f"{name}: {_step_words(line, more)}" for name, more in line.steps),
            "rate_kind": line.rate_kind,
        }
        for line in lines
    ]


def _step_words(line: TermLine, more: int) -> str:
    return percentage(more) if line.unit == "percent" else pounds(more)


def outcomes_given(rows: list[dict[str, Any]]) -> tuple[OutcomeGiven, ...]:
    """The outcomes as the action takes them."""
    return tuple(OutcomeGiven(row["words"], row["measure"], row["how"]) for row in rows)
