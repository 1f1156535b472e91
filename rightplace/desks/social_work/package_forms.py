"""Forms about services for a child, built from the terms of the kind: no kind has a form of its own."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from rightplace.core.services.kinds import UNIT_WORDS, KindTerms
from rightplace.desks.components.fields import DateInPartsField, MoneyField
from rightplace.journey.packages.actions import OfferGiven, PackageGiven
from rightplace.journey.packages.models import PackagePrice
from rightplace.journey.packages.running import ChangeGiven
from rightplace.register.services.models import Service

LONG = forms.Textarea(attrs={"rows": 4})
Choices = Iterable[tuple[Any, str]]


def _numbered(prefix: str, fields: Iterable[forms.Field]) -> dict[str, forms.Field]:
    return {f"{prefix}_{number}": field for number, field in enumerate(fields)}


def _words(label: str) -> forms.CharField:
    return forms.CharField(label=label, widget=LONG, max_length=4000)


def _each(typed: dict[str, Any], prefix: str, lines: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(typed[f"{prefix}_{number}"] for number in range(len(lines)))


class OfKind(forms.Form):
    """A form with entries that the terms of a kind ask for."""

    def __init__(self, kind: KindTerms, *typed: Any, **known: Any) -> None:
        super().__init__(*typed, **known)
        self.kind = kind
        self.fields.update(self.asked())

    def asked(self) -> dict[str, forms.Field]:
        """The entries of the kind."""
        return {}


class AskForm(OfKind):
    """What is asked for."""

    child = forms.ChoiceField(label="For whom?")
    needed_by = DateInPartsField(label="Needed by")
    likely_weeks = forms.IntegerField(
        label="For how many weeks, as far as one can say?", min_value=1, max_value=520
    )
    units_needed = forms.DecimalField(
        label="How many a week?", required=False, min_value=0, max_value=9999, decimal_places=2,
        help_text="Hours, sessions or nights. Leave empty where it is not counted.",
    )  # fmt: skip

    def asked(self) -> dict[str, forms.Field]:
        """The parts of the kind's form."""
        return _numbered("part", (_words(part) for part in self.kind.form_parts))

    @property
    def given(self) -> PackageGiven:
        """The request as the action takes it."""
        typed = self.cleaned_data
        return PackageGiven(
            child_id=int(typed["child"]), kind_code=self.kind.code, needed_by=typed["needed_by"],
            likely_weeks=typed["likely_weeks"], units_needed=typed["units_needed"],
            answers=_each(typed, "part", self.kind.form_parts),
        )  # fmt: skip


class Price(OfKind):
    """A price by one of the kind's units."""

    amount_pence = MoneyField(label="Price")
    unit = forms.ChoiceField(label="For")
    quantity = forms.DecimalField(
        label="How many a week", min_value=0, max_value=9999, decimal_places=2, initial=1,
        help_text="Hours, sessions or nights; 1 where it is paid by the week, the month or once.",
    )  # fmt: skip

    def __init__(self, kind: KindTerms, *typed: Any, **known: Any) -> None:
        super().__init__(kind, *typed, **known)
        self.fields["unit"] = forms.ChoiceField(
            label="For", choices=[(unit, UNIT_WORDS[unit]) for unit in kind.price_units]
        )


class OfferForm(Price):
    """What a service offers."""

    service = forms.ChoiceField(label="Which service?")
    starts_on = DateInPartsField(label="From")
    words = forms.CharField(label="In words", required=False, widget=LONG, max_length=4000)

    field_order = ("service", "amount_pence", "unit", "quantity", "starts_on", "words")

    def asked(self) -> dict[str, forms.Field]:
        """Whether each must of the kind is met."""
        return _numbered(
            "must", (forms.BooleanField(label=f"Met: {must}", required=False) for must in self.kind.musts)
        )

    def with_services(self, rows: Iterable[Service]) -> OfferForm:
        """The same with the services that may offer."""
        choices = [
            (str(row.pk), f"{row.name} ({row.provider})" if row.provider else row.name) for row in rows
        ]
        self.fields["service"] = forms.ChoiceField(label="Which service?", choices=choices)
        self.order_fields(self.field_order)
        return self

    @property
    def given(self) -> OfferGiven:
        """The offer as the action takes it."""
        typed = self.cleaned_data
        return OfferGiven(
            service_id=int(typed["service"]), unit=typed["unit"], amount_pence=typed["amount_pence"],
            quantity=typed["quantity"], starts_on=typed["starts_on"], words=typed["words"],
            met=_each(typed, "must", self.kind.musts),
        )  # fmt: skip


class ChooseForm(OfKind):
    """Which offer, and why."""

    offer_id = forms.TypedChoiceField(label="Which offer?", widget=forms.RadioSelect, coerce=int)
    reason = _words("Why this one?")

    def with_offers(self, choices: Choices) -> ChooseForm:
        """The same with the offers there are."""
        self.fields["offer_id"] = forms.TypedChoiceField(
            label="Which offer?", widget=forms.RadioSelect, coerce=int, choices=list(choices)
        )
        return self


class WordsForm(OfKind):
    """Why."""

    words = _words("In words")


class StartForm(OfKind):
    """When it began, with everything checked."""

    starts_on = DateInPartsField(label="It began on")

    def asked(self) -> dict[str, forms.Field]:
        """Every check of the kind."""
        return _numbered("check", (forms.BooleanField(label=one, required=False) for one in self.kind.checks))

    @property
    def checked(self) -> tuple[bool, ...]:
        """Which checks are done."""
        return _each(self.cleaned_data, "check", self.kind.checks)


class ChangeForm(Price):
    """An agreed change."""

    starts_on = DateInPartsField(label="From")
    likely_weeks = forms.IntegerField(
        label="For how many weeks from the first day may it run?", required=False, min_value=1, max_value=520,
        help_text="Leave empty where that stays as it is. Longer or dearer is recorded by somebody who may permit it.",
    )  # fmt: skip
    reason = _words("Why, and on what evidence?")

    @property
    def given(self) -> ChangeGiven:
        """The change as the action takes it."""
        return ChangeGiven(**{**self.cleaned_data, "likely_weeks": self.cleaned_data["likely_weeks"] or 0})

    def with_price(self, price: PackagePrice | None) -> ChangeForm:
        """The same beginning with what is agreed now."""
        if price is not None:
            held = {"amount_pence": price.amount_pence, "unit": price.unit, "quantity": price.quantity}
            self.initial = {**held, **self.initial}
        return self


class EndForm(OfKind):
    """When it ended."""

    ended_on = DateInPartsField(label="It ended on")
    words = _words("How did it end, and what comes next?")


def _needed(words: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=f"{words}: how many are needed now?", required=False, min_value=0, max_value=9999, decimal_places=2,
        help_text="Counted as it is agreed: a week, a month or each time. Leave empty where that is not known.",
    )  # fmt: skip


class MeetForm(OfKind):
    """What was found; a milestone that recurs is a review, and asks what the kind's reviews ask."""

    done_on = DateInPartsField(label="Done on")
    items: tuple[str, ...] = ()

    def with_questions(self, *, is_review: bool, items: Iterable[str] = ()) -> MeetForm:
        """The same with its questions."""
        self.questions = self.kind.questions if is_review and self.kind.questions else ("What was found?",)
        self.fields.update(_numbered("found", (_words(question) for question in self.questions)))
        if is_review and self.kind.is_bought:
            self.fields["units_needed"] = forms.DecimalField(
                label="How many a week are needed now?",
                required=False,
                min_value=0,
                max_value=9999,
                decimal_places=2,
            )
            self.items = tuple(dict.fromkeys(items))
            self.fields.update(_numbered("need", (_needed(words) for words in self.items)))
        return self

    @property
    def item_needs(self) -> dict[str, Decimal]:
        """How many are needed of each item of which it was said."""
        typed = _each(self.cleaned_data, "need", self.items)
        return {words: many for words, many in zip(self.items, typed, strict=True) if many is not None}

    @property
    def found_words(self) -> dict[str, str]:
        """What was answered to each question."""
        return dict(zip(self.questions, _each(self.cleaned_data, "found", self.questions), strict=True))
