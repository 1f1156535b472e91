"""Terms of approval of own carers: the terms over time, and a form with which the fostering officer records new ones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.matching.vocabulary import NeedKind
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import day
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.register.carers import queries
from rightplace.register.carers.approving import TermsGiven, set_terms, terms_over_time
from rightplace.register.carers.models import Approval, Household

SEXES = (("", "Girls and boys"), ("F", "Girls"), ("M", "Boys"))
NARROW = {"class": "govuk-input--width-2", "inputmode": "numeric"}


def _number(label: str, hint: str = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=hint, widget=forms.TextInput(attrs=NARROW))


def _needs(label: str, hint: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        help_text=hint,
        required=False,
        choices=NeedKind.choices(),
        widget=forms.CheckboxSelectMultiple,
    )


class TermsForm(forms.Form):
    """Terms of approval from a day on."""

    hide_optional = True

    starts_on = DateInPartsField(label="From", help_text="The day from which the decision maker gave them.")
    places = _number("Places")
    min_age = _number("Youngest age")
    max_age = _number("Oldest age")
    sexes = forms.ChoiceField(label="For", choices=SEXES, required=False, widget=forms.RadioSelect)
    exemption = forms.CharField(
        label="Exemption from the fostering limit", required=False, max_length=300,
        help_text="When they may care for more than three children who are not all brothers and sisters.",
    )  # fmt: skip
    needs_only = _needs(
        "Only for children with one of these needs", "Leave all empty where the terms name none."
    )
    needs_barred = _needs(
        "Not for children with any of these needs", "A home is left out when a child has one of them."
    )

    @property
    def given(self) -> TermsGiven:
        """The entries as they are kept."""
        typed: dict[str, Any] = {name: self.cleaned_data[name] for name in TermsGiven.__dataclass_fields__}
        needs = {name: frozenset(typed[name]) for name in ("needs_only", "needs_barred")}
        return TermsGiven(**{**typed, **needs})


COLUMNS = (
    Column("From", lambda row: day(row.period.lower)),
    Column("Until", lambda row: day(row.period.upper) or "now"),
    Column("Places", "places", "number"),
    Column("Ages", lambda row: f"{row.min_age} to {row.max_age}"),
    Column("For", lambda row: dict(SEXES).get(row.sexes, "")),
    Column("Needs", lambda row: needs_words(row) or "any"),
    Column("Exemption", "exemption"),
)


def needs_words(row: Approval) -> str:
    """What the terms say of needs, in words."""
    only = ", ".join(NeedKind.words_for(code).lower() for code in row.needs_only)
    barred = ", ".join(NeedKind.words_for(code).lower() for code in row.needs_barred)
    return "; ".join(
        part for part in (f"only {only}" if only else "", f"not {barred}" if barred else "") if part
    )


def terms(request: HttpRequest, household_id: int) -> HttpResponse:
    """The terms over time, and a form for those from a day on."""
    actor = actor_of(request)
    row: Household = found(queries.households(actor).filter(pk=household_id).first())
    held, code = list(terms_over_time(row)), 200
    form = TermsForm(request.POST or None, initial=_initial(held[0] if held else None))
    if request.method == "POST":
        code = 422
        if form.is_valid():
            outcome = set_terms(
                by=actor,
                now=timezone.now(),
                household_id=household_id,
                version=version_of(request),
                given=form.given,
            )
            if outcome.is_done or status_of(outcome.problems) in {404, 409}:
                then = reverse("brokerage:own_carer", args=[household_id])
                return answer(request, outcome, then=then, said="The terms of approval are recorded.")
            add_problems(form, outcome.problems)
    table = Table(
        COLUMNS, held, "Terms over time", id="terms", empty="No terms are recorded.", hide_caption=True
    )
    return render(
        request, "brokerage/carer_terms.html", {"row": row, "form": form, "table": table}, status=code
    )


def _initial(held: Approval | None) -> dict[str, Any]:
    if held is None:
        return {"starts_on": timezone.localdate(), "min_age": 0, "max_age": 17}
    names = ("places", "min_age", "max_age", "sexes", "exemption", "needs_only", "needs_barred")
    return {"starts_on": timezone.localdate(), **{name: getattr(held, name) for name in names}}
