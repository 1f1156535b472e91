"""Miles that own foster carers claim: the list with what became of each, the form, and taking one back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.parts import NavItem
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import day
from rightplace.desks.layout.answers import answer, version_of
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.record import Button, Deed, Part, Record, deed_page, record_page
from rightplace.foundation.actions import Outcome
from rightplace.journey.contracts.models import Contract
from rightplace.journey.payments import claiming
from rightplace.journey.payments.models import MilesClaim
from rightplace.journey.payments.states import MILES_CLAIM

SHOWN = 50
COLUMNS = (
    Column("Day", "on", "date"),
    Column("Child", lambda one: one.contract.child_initials or "A child"),
    Column("Miles", "miles", "number"),
    Column("For", "words"),
    Column("State", lambda one: (one.state, MILES_CLAIM.states[one.state]), "status"),
    Column("Why not", "reason"),
)


def miles(request: HttpRequest) -> HttpResponse:
    """What was claimed, the latest day first."""
    actor = actor_of(request)
    rows = list(claiming.claims(actor)[:SHOWN])
    table = Table(
        COLUMNS, rows, "Your claims", id="claims", empty="You have claimed no miles.", hide_caption=True
    )
    record = Record(
        "Miles", "", "",
        lead="Journeys for a child who lives with you, paid by the mile once your fostering officer agrees them.",
        links=[NavItem("Claim miles", reverse("carer:claim_miles"))] if claiming.own_contracts(actor).exists() else [],
        parts=[Part("Your claims", table=table, buttons=[_back(one) for one in rows if one.state == "claimed"])],
    )  # fmt: skip
    return record_page(request, record)


def _back(row: MilesClaim) -> Button:
    return Button(
        reverse("carer:withdraw_miles", args=[row.pk]), f"Withdraw the claim of {day(row.on)}", row.version
    )


def miles_form(contracts: list[Contract]) -> type[forms.Form]:
    """The form of a day's miles, for the children who live or lived here."""
    choices = [(row.pk, row.child_initials or "A child") for row in contracts]
    fields: dict[str, forms.Field] = {
        "contract_id": forms.TypedChoiceField(label="For which child?", coerce=int, choices=choices),
        "on": DateInPartsField(label="Day of the journey"),
        "miles": forms.DecimalField(
            label="How many miles, there and back?", min_value=Decimal("0.1"), max_value=1_000, decimal_places=1,
            widget=forms.NumberInput(attrs={"class": "govuk-input--width-5"}),
        ),
        "words": forms.CharField(
            label="What was the journey for?", max_length=300, help_text="Such as contact with family, or school."
        ),
    }  # fmt: skip
    return type("MilesForm", (forms.Form,), fields)


def claim(request: HttpRequest) -> HttpResponse:
    """Claim a day's miles."""
    actor = actor_of(request)
    form = miles_form(list(claiming.own_contracts(actor)))(
        request.POST or None, initial={"on": timezone.localdate()}
    )

    def press(typed: dict[str, Any]) -> Outcome[Any]:
        return claiming.claim_miles(by=actor, now=timezone.now(), **typed)

    deed = Deed(
        "Claim miles", "Claim them", "Miles", reverse("carer:miles"), lead="One claim a child and day."
    )
    return deed_page(request, deed, form, press, said="Thank you. Your fostering officer is told.")


def withdraw(request: HttpRequest, miles_claim_id: int) -> HttpResponse:
    """Take a claim back."""
    outcome = claiming.withdraw_miles(
        by=actor_of(request), now=timezone.now(), claim_id=miles_claim_id, version=version_of(request)
    )
    return answer(request, outcome, then=reverse("carer:miles"), said="The claim is withdrawn.")
