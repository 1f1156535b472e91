"""The forms of an offer: place and support, price lines, answers, evidence. A draft may be saved with anything missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from rightplace.core.problems import Problem
from rightplace.desks.components.fields import DateInPartsField, MoneyField, UploadField
from rightplace.desks.components.rows import row_formset
from rightplace.journey.offers.given import AnswerGiven, LineGiven
from rightplace.journey.offers.pages import OfferPage, TopicAnswer

KIND_WORDS = {
    "core_fee": "Core fee",
    "support": "Support",
    "therapy": "Therapy",
    "education": "Education",
    "transport": "Transport",
    "one_off": "One-off cost",
    "discount": "Discount",
}
UNIT_WORDS = {
    "week": "a week",
    "night": "a night",
    "month": "a month",
    "hour": "an hour (quantity is hours a week)",
    "one_off": "once",
    "percent": "per cent (discounts only)",
}
UNIT_SHORT = {**UNIT_WORDS, "hour": "an hour", "percent": "per cent"}
LARGEST_PENCE = 10_000_000_000
EVIDENCE_ENDINGS = (".pdf", ".png", ".jpg", ".jpeg")
EVIDENCE_BYTES = 5 * 1024 * 1024
TALL, SHORT = forms.Textarea(attrs={"rows": 5}), forms.Textarea(attrs={"rows": 3})


class PlaceForm(forms.Form):
    """Where and from when, and how the child will live there."""

    hide_optional = True

    starts_on = DateInPartsField(
        label="Start date", required=False, help_text="The first night that the place is free."
    )
    open_until = DateInPartsField(
        label="Offer stands until (optional)",
        required=False,
        help_text="After this day the authority asks you again.",
    )
    carer_reference = forms.CharField(
        label="Foster carer, by your own reference",
        max_length=40,
        required=False,
        help_text="For example HF-17. No name and no address.",
    )
    home_words = forms.CharField(
        label="More about the place (optional)",
        max_length=200,
        required=False,
        help_text="For example: the ground-floor room with its own bathroom.",
    )
    home_postcode_district = forms.CharField(
        label="First part of the postcode (optional)",
        max_length=4,
        required=False,
        help_text="For example CR0, where it differs from the registered address.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
    )
    support_words = forms.CharField(
        label="How the child will be supported",
        max_length=4000,
        required=False,
        widget=TALL,
        help_text="Who is there by day and at night, what they are trained in, what they do when it is hard.",
    )
    education_words = forms.CharField(
        label="Education (optional)",
        max_length=4000,
        required=False,
        widget=SHORT,
        help_text="How the child gets to school, or what you offer.",
    )
    others_at_home = forms.CharField(
        label="Who else lives there (optional)",
        max_length=4000,
        required=False,
        widget=SHORT,
        help_text="Ages and needs that matter for living together. No names.",
    )

    def __init__(self, *args: Any, needs_carer: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        if not needs_carer:
            del self.fields["carer_reference"]

    def clean_home_postcode_district(self) -> str:
        """The district in capitals."""
        return str(self.cleaned_data["home_postcode_district"]).strip().upper()


def place_initial(page: OfferPage) -> dict[str, Any]:
    """What the offer holds, for the form of the place."""
    held = {name: getattr(page, name) for name in PlaceForm.base_fields if name != "starts_on"}
    return {**held, "starts_on": page.row.starts_on}


class LineForm(forms.Form):
    """One price line; a discount is an amount or a percentage."""

    hide_optional = True

    kind = forms.ChoiceField(label="What for", choices=[("", "Choose"), *KIND_WORDS.items()])
    words = forms.CharField(label="In a few words", max_length=200, required=False)
    amount_pence = MoneyField(label="Amount", max_pence=LARGEST_PENCE, required=False)
    unit = forms.ChoiceField(
        label="Charged by",
        choices=[("", "Choose"), *UNIT_WORDS.items()],
        error_messages={"required": "Choose what the amount is for"},
    )
    quantity = forms.DecimalField(
        label="Quantity",
        required=False,
        min_value=Decimal("0.01"),
        max_value=10_000,
        max_digits=8,
        decimal_places=2,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", "inputmode": "decimal"}),
    )
    percent = forms.DecimalField(
        label="Per cent (discounts)",
        required=False,
        min_value=Decimal("0.01"),
        max_value=100,
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", "inputmode": "decimal"}),
    )
    starts_on = DateInPartsField(label="From (if not all of the stay)", required=False)
    ends_on = DateInPartsField(label="Until, not included", required=False)

    def clean(self) -> dict[str, Any]:
        """An amount, or for a percentage the per cent."""
        found: dict[str, Any] = super().clean() or {}
        is_share = found.get("unit") == "percent"
        if is_share and found.get("percent") is None and "percent" not in self.errors:
            self.add_error("percent", "Enter the per cent of the discount")
        if not is_share and found.get("amount_pence") is None and "amount_pence" not in self.errors:
            self.add_error("amount_pence", "Enter the amount")
        return found


LineRows = row_formset(LineForm, "price line", most=20)


def line_initial(line: LineGiven) -> dict[str, Any]:
    """A kept line, for its row."""
    is_share = line.unit == "percent"
    return {
        "kind": line.kind,
        "words": line.words,
        "unit": line.unit,
        "amount_pence": None if is_share else line.amount_pence,
        "quantity": "" if line.quantity == 1 else f"{line.quantity.normalize():f}",
        "percent": f"{(Decimal(line.basis_points) / 100).normalize():f}" if is_share else "",
        "starts_on": line.starts_on,
        "ends_on": line.ends_on,
    }


def lines_given(rows: Iterable[dict[str, Any]]) -> tuple[LineGiven, ...]:
    """The rows as price lines."""
    return tuple(
        LineGiven(
            kind=row["kind"],
            unit=row["unit"],
            amount_pence=0 if row["unit"] == "percent" else row["amount_pence"] or 0,
            quantity=row["quantity"] or Decimal(1),
            basis_points=int((row["percent"] or 0) * 100) if row["unit"] == "percent" else 0,
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            words=row["words"],
        )
        for row in rows
    )


def add_line_problems(rows: Any, problems: Sequence[Problem]) -> None:
    """Put each problem of the price at its row and entry, or above the rows."""
    forms_filled = [form for form in rows.forms if form.has_changed()]
    for problem in problems:
        place, _, name = problem.field.partition(".")
        name = "percent" if name == "basis_points" else name
        if place.isdecimal() and int(place) < len(forms_filled):
            form = forms_filled[int(place)]
            form.add_error(name if name in form.fields else None, problem.sentence)
        else:
            rows.non_form_errors().append(problem.sentence)


class AnswersForm(forms.Form):
    """Each need, criterion and outcome as shown, with how it will be met."""

    hide_optional = True

    def __init__(self, *args: Any, answers: Sequence[TopicAnswer], **more: Any) -> None:
        super().__init__(*args, **more)
        self.answers = answers
        for place, one in enumerate(answers):
            if one.topic.about == "criterion":
                self.fields[f"met_{place}"] = forms.ChoiceField(
                    label=f"{one.topic.words}: do you meet this?",
                    choices=[("yes", "Yes"), ("no", "No")],
                    widget=forms.RadioSelect,
                    required=False,
                )
            self.fields[f"how_{place}"] = forms.CharField(
                label=_label(one), max_length=4000, required=False, widget=SHORT, help_text=one.topic.note
            )

    @property
    def given(self) -> tuple[AnswerGiven, ...]:
        """The answers as typed."""
        said = self.cleaned_data
        met = {"yes": True, "no": False}
        return tuple(
            AnswerGiven(
                one.topic.about, one.topic.key, said[f"how_{place}"], met.get(said.get(f"met_{place}", ""))
            )
            for place, one in enumerate(self.answers)
        )

    def field_of(self, topic_field: str) -> str:
        """The form's field for a problem's (“need:need:12”)."""
        for place, one in enumerate(self.answers):
            if topic_field == f"{one.topic.about}:{one.topic.key}":
                return f"met_{place}" if one.topic.about == "criterion" else f"how_{place}"
        return ""

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [
            ("What every offer has to meet", self._group("criterion", True, is_must=True)),
            ("Essential criteria", self._group("criterion", True)),
            ("Needs and risks", self._group("need")),
            ("Desirable criteria", self._group("criterion", False)),
            ("Outcomes hoped for", self._group("outcome")),
        ]

    def _group(
        self, about: str, is_asked: bool | None = None, *, is_must: bool = False
    ) -> list[forms.BoundField]:
        return [
            self[name]
            for place, one in enumerate(self.answers)
            if one.topic.about == about
            and one.topic.is_must == is_must
            and (is_asked is None or one.topic.is_asked == is_asked)
            for name in (f"met_{place}", f"how_{place}")
            if name in self.fields
        ]


def _label(one: TopicAnswer) -> str:
    if one.topic.is_must:
        return f"{one.topic.words}: how (optional)"
    if one.topic.about == "criterion":
        return f"{one.topic.words}: how, or what you would do instead"
    if one.topic.about == "need":
        return f"{one.topic.words}: how you will meet this need"
    return f"{one.topic.words}: how you will help (optional)"


def answers_initial(page: OfferPage) -> dict[str, Any]:
    """What the offer holds, for the form of the answers."""
    met = {True: "yes", False: "no", None: ""}
    held = {f"how_{place}": one.how for place, one in enumerate(page.answers)}
    return held | {f"met_{place}": met[one.is_met] for place, one in enumerate(page.answers)}


class EvidenceForm(forms.Form):
    """A file and what it shows."""

    hide_optional = True

    file = UploadField(
        label="File",
        endings=EVIDENCE_ENDINGS,
        max_bytes=EVIDENCE_BYTES,
        help_text="PDF, PNG or JPEG, at most 5 MB. For example your statement of purpose or a carer’s profile.",
    )
    words = forms.CharField(label="What it shows (optional)", max_length=200, required=False)


class WithdrawForm(forms.Form):
    """Why an offer is withdrawn."""

    reason = forms.CharField(
        label="Why do you withdraw this offer?",
        max_length=300,
        widget=SHORT,
        help_text="The authority reads this.",
    )


class OfferFilters(forms.Form):
    """Filters of the list, kept in the address."""

    text = forms.CharField(label="Referral", required=False, max_length=12)
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[
            ("", "All"),
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("chosen", "Chosen"),
            ("accepted", "Accepted"),
            ("not_chosen", "Not chosen"),
            ("withdrawn", "Withdrawn"),
        ],
    )
