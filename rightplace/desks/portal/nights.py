"""Nights away, sessions, miles and hours of a contract: what was recorded, and recording it; for providers and the authority.

The portal's pages and the authority's are the same; a `Place` says where they stand and who stands there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.contract_parts import lead_words
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.schedule_parts import nights_figure
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.foundation.actions import Outcome
from rightplace.journey.contracts.agreement import KIND_WORDS, price_words
from rightplace.journey.contracts.models import ContractLine
from rightplace.journey.contracts.queries import ContractRow, contract_brief
from rightplace.journey.payments import absences, deliveries
from rightplace.journey.payments.calendar import nights_by_month
from rightplace.journey.payments.models import Absence, Delivery


@dataclass(frozen=True, slots=True)
class Place:
    """Where these pages stand: names of the addresses of a contract, of its nights, and what begins each of theirs."""

    contract: str
    contracts: str
    prefix: str = ""

    def url(self, name: str, *keys: int) -> str:
        """An address of these pages."""
        return reverse(f"{self.prefix}{name}", args=keys)


PORTAL = Place("portal_contract", "portal_contracts", "portal_")
SHORT = forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-4"})


class AbsenceForm(forms.Form):
    """Why a child is away, and when."""

    reason = forms.ChoiceField(label="Why?", choices=[("", "Choose"), *absences.REASONS.items()])
    left_on = DateInPartsField(label="First night away")
    back_on = DateInPartsField(
        label="Day of return", required=False, help_text="Leave empty while the child is still away."
    )
    words = forms.CharField(label="Note", required=False, max_length=300)


class ReturnForm(forms.Form):
    """When a child came back."""

    back_on = DateInPartsField(label="Day of return", help_text="The night of that day is at home again.")


def delivery_form(lines: list[ContractLine]) -> type[forms.Form]:
    """The form of a day's sessions, miles or hours, for the price lines that a contract has."""
    choices = [
        (line.pk, f"{KIND_WORDS[line.as_price_line().kind]}, {price_words(line.as_price_line())}")
        for line in lines
    ]
    fields: dict[str, forms.Field] = {
        "line_id": forms.TypedChoiceField(label="For", coerce=int, choices=choices),
        "on": DateInPartsField(label="On"),
        "quantity": forms.DecimalField(
            label="How many sessions, miles or hours?", min_value=Decimal("0.01"), max_value=10_000, decimal_places=2,
            widget=SHORT,
        ),
        "words": forms.CharField(label="Note", required=False, max_length=300),
    }  # fmt: skip
    return type("DeliveryForm", (forms.Form,), fields)


def nights(request: HttpRequest, key: int, place: Place = PORTAL) -> HttpResponse:
    """The nights of a contract, its absences, and what was delivered."""
    actor = actor_of(request)
    row: ContractRow = found(contract_brief(actor, key))
    lines = list(deliveries.delivered_lines(actor, key))
    away, held = list(absences.absences(actor, key)), list(deliveries.deliveries(actor, key))
    is_home = row.package_id is None
    may_record = is_home and actor.role in absences.RECORDERS and row.state != "cancelled"
    may_deliver = bool(lines) and actor.role in deliveries.RECORDERS
    known = {
        "row": row,
        "lead": lead_words(row),
        "title": "Nights" if is_home else "Sessions and days delivered",
        "figure": nights_figure(nights_by_month(actor, key)) if is_home else None,
        "absences": _absence_table(away, place, may_record=may_record) if is_home else None,
        "deliveries": _delivery_table(held) if lines or held else None,
        "may_record": may_record,
        "may_deliver": may_deliver,
        "mistakes": [
            *(_absence_back(one, place) for one in away if may_record),
            *(_delivery_back(one, place) for one in held if may_deliver),
        ],
        "urls": _urls(place, key),
        "list_url": reverse(place.contracts),
        "contract_url": reverse(place.contract, args=[key]),
    }
    return render(request, "portal/nights.html", known)


def record(request: HttpRequest, key: int, place: Place = PORTAL) -> HttpResponse:
    """Record an absence."""
    row: ContractRow = found(contract_brief(actor_of(request), key))

    def act(form: forms.Form) -> Outcome[Any]:
        return absences.record_absence(
            by=actor_of(request), now=timezone.now(), contract_id=key, **form.cleaned_data
        )

    lead = "The contract says what is paid for nights away; its schedule follows at once."
    page = _Page("Record an absence", lead, "The absence is recorded.", place, row, row.version)
    return _form(request, AbsenceForm(request.POST or None), page, act)


def came_back(request: HttpRequest, key: int, place: Place = PORTAL) -> HttpResponse:
    """Record the day of return."""
    absence: Absence = found(absences.absences(actor_of(request)).filter(pk=key).first())
    row: ContractRow = found(contract_brief(actor_of(request), absence.contract_id))

    def act(form: forms.Form) -> Outcome[Any]:
        given = {"absence_id": key, "version": version_of(request), **form.cleaned_data}
        return absences.end_absence(by=actor_of(request), now=timezone.now(), **given)

    lead = f"{absences.REASONS[absence.reason]}, since {absence.period.lower:%-d %B %Y}."
    page = _Page("Record the return", lead, "The return is recorded.", place, row, absence.version)
    return _form(request, ReturnForm(request.POST or None), page, act)


def take_back(request: HttpRequest, key: int, place: Place = PORTAL) -> HttpResponse:
    """Take back an absence that was a mistake."""
    absence: Absence = found(absences.absences(actor_of(request)).filter(pk=key).first())
    outcome = absences.take_back_absence(
        by=actor_of(request), now=timezone.now(), absence_id=key, version=version_of(request)
    )
    then = place.url("contract_nights", absence.contract_id)
    return answer(request, outcome, then=then, said="The absence is taken back.")


def deliver(request: HttpRequest, key: int, place: Place = PORTAL) -> HttpResponse:
    """Record sessions held, miles driven or hours given on a day."""
    actor = actor_of(request)
    row: ContractRow = found(contract_brief(actor, key))
    form = delivery_form(list(deliveries.delivered_lines(actor, key)))(request.POST or None)

    def act(form: forms.Form) -> Outcome[Any]:
        return deliveries.record_delivery(by=actor, now=timezone.now(), **form.cleaned_data)

    lead = (
        "Sessions and miles are charged by what was delivered, up to the most in a week that was agreed. Hours a week are"
        " charged as agreed: recording them shows how many are used."
    )
    return _form(
        request,
        form,
        _Page("Record what was delivered", lead, "It is recorded.", place, row, row.version),
        act,
    )


def take_back_delivery(request: HttpRequest, key: int, place: Place = PORTAL) -> HttpResponse:
    """Take back what was recorded for a day."""
    actor = actor_of(request)
    delivery: Delivery = found(deliveries.deliveries(actor).filter(pk=key).first())
    outcome = deliveries.take_back_delivery(by=actor, now=timezone.now(), delivery_id=key)
    then = place.url("contract_nights", delivery.contract_id)
    return answer(request, outcome, then=then, said="It is taken back.")


@dataclass(frozen=True, slots=True)
class _Page:
    title: str
    lead: str
    said: str
    place: Place
    row: ContractRow
    version: int | None = None


def _form(
    request: HttpRequest, form: forms.Form, page: _Page, act: Callable[[forms.Form], Outcome[Any]]
) -> HttpResponse:
    """A page with one form: shown, and taken."""
    status, back = 200, page.place.url("contract_nights", page.row.id)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = act(form)
            if outcome.is_done:
                return answer(request, outcome, then=back, said=page.said)
            add_problems(form, outcome.problems)
            status = status_of(outcome.problems)
    known = {
        "form": form, "title": page.title, "lead": page.lead, "back": back, "list": page.row.reference,
        "version": page.version,
    }  # fmt: skip
    return render(request, "portal/nights_form.html", known, status=status)


def _urls(place: Place, key: int) -> dict[str, str]:
    return {
        "record": place.url("record_absence", key),
        "deliver": place.url("record_delivery", key),
    }


def _absence_back(row: Absence, place: Place) -> dict[str, Any]:
    about = f"the absence from {row.period.lower:%-d %B %Y}"
    return {
        "url": place.url("take_back_absence", row.pk),
        "version": row.version,
        "label": f"Take back {about}",
    }


def _delivery_back(row: Delivery, place: Place) -> dict[str, Any]:
    about = f"{row.quantity.normalize():f} of {row.on:%-d %B %Y}"
    return {"url": place.url("take_back_delivery", row.pk), "version": None, "label": f"Take back {about}"}


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """An absence as the page shows it."""

    id: int
    why: str
    first: date
    last: date | None
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A day's sessions, miles or hours as the page shows them."""

    on: date
    kind: str
    price: str
    quantity: Decimal
    words: str
    by: str


def _absence_row(row: Absence) -> AbsenceRow:
    last = row.period.upper - timedelta(days=1) if row.period.upper else None
    return AbsenceRow(
        row.pk, absences.REASONS[row.reason], row.period.lower, last, row.words, row.recorded_by
    )


def _delivery_row(row: Delivery) -> DeliveryRow:
    line = row.contract_line.as_price_line()
    return DeliveryRow(
        row.on, KIND_WORDS[line.kind], price_words(line), row.quantity, row.words, row.recorded_by
    )


def _absence_table(rows: list[Absence], place: Place, *, may_record: bool) -> Table:
    columns = (
        Column("Why", "why"),
        Column("First night away", "first", "date"),
        Column("Last night away", "last", "date"),
        Column("Note", "words"),
        Column("Recorded by", "by"),
        *([_return_column(place)] if may_record else []),
    )
    shown = [_absence_row(row) for row in rows]
    return Table(
        columns, shown, "Absences", id="absences", empty="No night away is recorded.", hide_caption=True
    )


def _return_column(place: Place) -> Column:
    return Column(
        "Return",
        lambda row: "Record the return" if row.last is None else None,
        link=lambda row: "" if row.last else place.url("end_absence", row.id),
    )


def _delivery_table(rows: list[Delivery]) -> Table:
    columns = (
        Column("On", "on", "date"),
        Column("For", "kind"),
        Column("Price", "price"),
        Column("How many", "quantity", "number"),
        Column("Note", "words"),
        Column("Recorded by", "by"),
    )
    shown, empty = [_delivery_row(row) for row in rows], "Nothing is recorded yet."
    return Table(columns, shown, "What was delivered", id="deliveries", empty=empty, hide_caption=True)
