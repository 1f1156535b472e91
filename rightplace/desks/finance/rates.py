"""Rates for own foster carers: the list by kind, band and level, and adding one from a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.money import parse_percentage, percentage, pounds
from rightplace.core.problems import Problem
from rightplace.desks.components.fields import DateInPartsField, MoneyField
from rightplace.desks.components.tables import Column
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.record import Deed, deed_page
from rightplace.journey.contracts import keeping_rates
from rightplace.journey.contracts.carer_rates import KINDS
from rightplace.journey.contracts.keeping_rates import RateGiven
from rightplace.journey.contracts.models import CarerRate

PER = {"allowance": " a week", "fee": " a week", "mileage": " a mile"}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
SHORT = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"})


class RateFilters(forms.Form):
    """Filters of the list, kept in the address."""

    kind = forms.ChoiceField(
        label="What is paid", required=False, choices=[("", "Everything"), *KINDS.items()]
    )
    words = forms.CharField(label="Note", required=False, max_length=80)


class RateForm(forms.Form):
    """A rate: what for, for whom, how much, from when."""

    hide_optional = True

    kind = forms.ChoiceField(label="What is paid?", choices=list(KINDS.items()))
    starts_on = DateInPartsField(label="From")
    amount_pence = MoneyField(
        label="Amount",
        required=False,
        help_text="A week for allowance and fee, a mile for mileage, once for the rest.",
    )
    age_from = forms.IntegerField(
        label="For children from the age of", required=False, min_value=0, max_value=18, widget=SHORT,
        help_text="Up to the next age for which there is a rate. Empty: from birth.",
    )  # fmt: skip
    level = forms.TypedChoiceField(
        label="For carers of", coerce=int, initial=0,
        choices=[(0, "Any level"), *((level, f"Level {level}") for level in range(1, 6))],
    )  # fmt: skip
    percent = forms.CharField(
        label="Of a retainer: part that is paid", required=False, max_length=6, help_text="For example 50%.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4"}),
    )  # fmt: skip
    nights = forms.IntegerField(
        label="Of a retainer: after so many nights in full",
        required=False,
        min_value=0,
        max_value=366,
        widget=SHORT,
    )
    in_day = forms.IntegerField(
        label="Of a festival or holiday: day of the month",
        required=False,
        min_value=1,
        max_value=31,
        widget=SHORT,
    )
    in_month = forms.TypedChoiceField(
        label="Of a festival or holiday: month", coerce=int, initial=0,
        choices=[(0, "None"), *((place, name) for place, name in enumerate(MONTHS, 1))],
    )  # fmt: skip
    words = forms.CharField(
        label="Note",
        required=False,
        max_length=80,
        help_text="Of a festival: its name, as the contract calls it.",
    )

    def clean_percent(self) -> int:
        """The percentage in hundredths of one per cent."""
        typed = self.cleaned_data.get("percent") or ""
        points = parse_percentage(typed) if typed else 0
        if isinstance(points, Problem):
            raise forms.ValidationError(points.sentence)
        return points

    @property
    def rate(self) -> RateGiven:
        """The rate as the action takes it."""
        typed: dict[str, Any] = dict(self.cleaned_data)
        typed["basis_points"] = typed.pop("percent")
        for name in ("amount_pence", "age_from", "nights", "in_day"):
            typed[name] = typed[name] or 0
        return RateGiven(**typed)


def amount_words(row: CarerRate) -> str:
    """What a rate says: £210.00 a week; 50% after 14 nights."""
    if row.kind == "retainer":
        return f"{percentage(row.basis_points)} after {row.nights} nights"
    return f"{pounds(row.amount_pence)}{PER.get(row.kind, '')}"


def rate_list(request: HttpRequest) -> HttpResponse:
    """Every rate with its date."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[CarerRate]:
        wanted = {name: filters.get(name) or "" for name in ("kind", "words")}
        return keeping_rates.carer_rates(actor, **wanted, order=sort or "kind")

    columns = (
        Column("What is paid", lambda row: KINDS[row.kind], sort="kind"),
        Column("From age", "age_from", "number", "age"),
        Column("Level", lambda row: f"Level {row.level}" if row.level else "Any", sort="level"),
        Column("Rate", amount_words),
        Column("Each", lambda row: f"{row.in_day} {MONTHS[row.in_month - 1]}" if row.in_month else None),
        Column("Note", "words"),
        Column("From", "starts_on", "date", "from"),
    )
    empty = "No rates yet. Until there are some, contracts with own carers take their prices from the offer."
    listing = Listing("Rates for carers", "rate", columns, rows, RateFilters, sort="kind", empty=empty)
    return list_page(request, "finance/carer_rates.html", listing)


def add(request: HttpRequest) -> HttpResponse:
    """Add a rate from a day."""
    form, by = RateForm(request.POST or None), actor_of(request)
    lead = (
        "A rate is never changed: a later one takes its place from its day. What was paid before stays, and "
        "differences are added."
    )
    deed = Deed("Add a rate", "Add the rate", "Rates for carers", reverse("carer_rates"), lead=lead)
    said = "The rate is added. Contracts with own carers follow it."
    return deed_page(
        request, deed, form, lambda _: keeping_rates.add_carer_rate(by=by, now=timezone.now(), rate=form.rate), said=said
    )  # fmt: skip
