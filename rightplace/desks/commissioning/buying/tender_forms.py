"""The forms of tenders."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from rightplace.desks.components.fields import DateInPartsField, MoneyField
from rightplace.register.buying.given import CriterionGiven, PriceGiven, TenderGiven
from rightplace.register.buying.words import GROUNDS, TENDER_ROUTES
from rightplace.register.frameworks.models import Lot

ROUTES = tuple((code, words) for code, words in TENDER_ROUTES.items() if code != "direct")
POINTS = tuple((str(number), words) for number, words in enumerate(
    ("0: nothing that answers it", "1: weak", "2: partly", "3: meets it", "4: good", "5: excellent")
))  # fmt: skip


class _Dated(forms.Form):
    """What every purchase says: title, places, when."""

    title = forms.CharField(label="What is bought", max_length=160)
    about = forms.CharField(label="About it", widget=forms.Textarea, max_length=4_000, required=False)
    places = forms.IntegerField(
        label="Places",
        min_value=1,
        max_value=500,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3"}),
    )
    starts_on = DateInPartsField(label="Contract starts on")
    ends_on = DateInPartsField(label="Contract ends on")
    lot = forms.TypedChoiceField(label="Lot", required=False, coerce=int, empty_value=None)
    lead = forms.TypedChoiceField(label="Led by", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, lots: list[Lot], leads: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        named = [("", "None"), *((lot.pk, f"{lot.framework.name}, {lot.name}") for lot in lots)]
        self.fields["lot"].choices = named  # type: ignore[attr-defined]  # a choice field
        if leads:
            self.fields["lead"].choices = [("", "Choose"), *leads]  # type: ignore[attr-defined]  # a choice field
        else:
            del self.fields["lead"]

    def given(self, route: str, closes_at: datetime | None = None) -> TenderGiven:
        """The entries as a tender."""
        typed = self.cleaned_data
        return TenderGiven(
            typed["title"],
            route,
            typed["places"],
            typed["starts_on"],
            typed["ends_on"],
            closes_at,
            typed["about"],
            typed["lot"],
        )


class TenderForm(_Dated):
    """A tender by competition."""

    route = forms.ChoiceField(label="Route", choices=ROUTES, widget=forms.RadioSelect)
    closes_on = DateInPartsField(
        label="Closes on", help_text="At noon. What is tendered stays sealed until then"
    )
    field_order = ("title", "about", "route", "lot", "places", "closes_on", "starts_on", "ends_on", "lead")

    @property
    def as_given(self) -> TenderGiven:
        """The entries as a tender."""
        closes = timezone.make_aware(datetime.combine(self.cleaned_data["closes_on"], time(12)))
        return self.given(self.cleaned_data["route"], closes)


class DirectForm(_Dated):
    """A direct award."""

    provider = forms.CharField(label="Provider", max_length=200, help_text="The name as on the register")
    weekly_pence = MoneyField(label="Price of a place a week", max_pence=10_000_000)
    ground = forms.ChoiceField(label="Ground", choices=tuple(GROUNDS.items()), widget=forms.RadioSelect)
    reason = forms.CharField(label="Why is no competition held?", widget=forms.Textarea, max_length=2_000)
    field_order = (
        "title",
        "provider",
        "weekly_pence",
        "places",
        "starts_on",
        "ends_on",
        "ground",
        "reason",
        "lot",
        "about",
        "lead",
    )

    @property
    def price(self) -> PriceGiven:
        """The price."""
        return PriceGiven(self.cleaned_data["weekly_pence"])


class CriterionForm(forms.Form):
    """A criterion."""

    name = forms.CharField(label="Criterion", max_length=120)
    about = forms.CharField(
        label="What is looked for", widget=forms.Textarea, max_length=2_000, required=False
    )
    weight = forms.IntegerField(label="Weight of 100", min_value=1, max_value=100)
    is_cost = forms.BooleanField(label="This is the whole cost", required=False)
    least = forms.IntegerField(
        label="Least points",
        min_value=0,
        max_value=5,
        initial=0,
        help_text="Below this nobody wins, whatever the rest",
    )

    @property
    def as_given(self) -> CriterionGiven:
        """The entries as a criterion."""
        typed = self.cleaned_data
        return CriterionGiven(
            typed["name"], typed["weight"], typed["is_cost"], typed["least"], typed["about"]
        )


class EvaluatorForm(forms.Form):
    """Somebody who scores."""

    user = forms.TypedChoiceField(label="Who scores it?", coerce=int)

    def __init__(self, *args: Any, people: dict[int, str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["user"].choices = list(people.items())  # type: ignore[attr-defined]  # a choice field


class ScoreForm(forms.Form):
    """Points and why for each criterion of quality."""

    def __init__(
        self, *args: Any, criteria: list[tuple[int, str, str]], given: dict[int, tuple[int, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.keys = [key for key, _, _ in criteria]
        for key, name, about in criteria:
            points, words = given.get(key, (None, ""))
            self.fields[f"points_{key}"] = forms.ChoiceField(
                label=name,
                help_text=about,
                choices=POINTS,
                widget=forms.RadioSelect,
                initial=None if points is None else str(points),
            )
            self.fields[f"words_{key}"] = forms.CharField(
                label=f"Why these points for “{name}”", widget=forms.Textarea, max_length=2_000, initial=words
            )

    @property
    def scores(self) -> dict[int, tuple[int, str]]:
        """Points and words by criterion."""
        typed = self.cleaned_data
        return {key: (int(typed[f"points_{key}"]), typed[f"words_{key}"]) for key in self.keys}


class ModerateForm(forms.Form):
    """The points agreed on."""

    points = forms.TypedChoiceField(
        label="Points agreed on", choices=POINTS, coerce=int, widget=forms.RadioSelect
    )
    reason = forms.CharField(label="Why?", widget=forms.Textarea, max_length=2_000)


class AwardForm(forms.Form):
    """What each provider is told."""

    def __init__(self, *args: Any, tendered: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.keys = [key for key, _ in tendered]
        for key, words in tendered:
            self.fields[f"feedback_{key}"] = forms.CharField(
                label=words, widget=forms.Textarea, max_length=4_000
            )

    @property
    def feedback(self) -> dict[int, str]:
        """Words by what was tendered."""
        return {key: self.cleaned_data[f"feedback_{key}"] for key in self.keys}


def as_basis_points(percent: Decimal | None) -> int | None:
    """Per cent as typed, in hundredths of one."""
    return None if percent is None else round(percent * 100)
