"""Cost codes: the list with its dates, adding one, ending one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.tables import Column
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.record import Deed, deed_page
from rightplace.desks.layout.verbs import Verb, verb_page
from rightplace.journey.contracts.agreement import KIND_WORDS
from rightplace.journey.payments import keeping_codes
from rightplace.journey.payments.coding import CODED_HOMES
from rightplace.journey.payments.models import CostCode

KINDS = {kind.value: words for kind, words in KIND_WORDS.items()}
COLUMNS = (
    Column("Home", lambda row: CODED_HOMES.get(row.home_kind, "Any"), sort="home"),
    Column("For", lambda row: KINDS.get(row.kind, "Anything"), sort="kind"),
    Column("Cost centre", "cost_centre", sort="cost_centre"),
    Column("Subjective code", "subjective", sort="subjective"),
    Column("Section 251 line", "section_251_line"),
    Column("Note", "words"),
    Column("From", "starts_on", "date", "from"),
    Column("Until", "ends_on", "date"),
    Column("What to do", lambda row: None if row.ends_on else "End", link=lambda row: _end_url(row)),
)


class CodeFilters(forms.Form):
    """Filters of the list, kept in the address."""

    words = forms.CharField(label="Code or note", required=False, max_length=80)
    is_current = forms.BooleanField(label="Only those that hold today", required=False)


class CodeForm(forms.Form):
    """A code with what it is for and from when."""

    home_kind = forms.ChoiceField(
        label="For which homes?", required=False, choices=[("", "Any"), *CODED_HOMES.items()]
    )
    kind = forms.ChoiceField(
        label="For what?", required=False, choices=[("", "Anything"), *KINDS.items()],
        help_text="The narrowest code that fits is used: a home before a price, a price before any.",
    )  # fmt: skip
    cost_centre = forms.CharField(label="Cost centre", max_length=30)
    subjective = forms.CharField(label="Subjective code", max_length=30)
    section_251_line = forms.CharField(label="Section 251 line", required=False, max_length=30)
    words = forms.CharField(label="Note", required=False, max_length=120)
    starts_on = DateInPartsField(
        label="From",
        help_text="Charges for nights from this day that are not settled yet are coded by it at once.",
    )


class EndForm(forms.Form):
    """When a code ends."""

    ends_on = DateInPartsField(label="First day on which it no longer holds")


def _end_url(row: CostCode) -> str:
    return "" if row.ends_on else reverse("end_cost_code", args=[row.pk])


def code_list(request: HttpRequest) -> HttpResponse:
    """Every cost code with its dates."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[CostCode]:
        words, is_current = filters.get("words") or "", bool(filters.get("is_current"))
        return keeping_codes.cost_codes(actor, words=words, is_current=is_current, order=sort or "home")

    empty = "No cost codes yet. Until there are some, charges stand without a code."
    listing = Listing("Cost codes", "code", COLUMNS, rows, CodeFilters, sort="home", empty=empty)
    return list_page(request, "finance/cost_codes.html", listing)


def add(request: HttpRequest) -> HttpResponse:
    """Add a code from a day."""
    by = actor_of(request)
    lead = "A code is never changed: add another from a later day, or end it."
    deed = Deed("Add a cost code", "Add the cost code", "Cost codes", reverse("cost_codes"), lead=lead)
    return deed_page(
        request, deed, CodeForm(request.POST or None),
        lambda typed: keeping_codes.add_cost_code(by=by, now=timezone.now(), **typed), said="The cost code is added.",
    )  # fmt: skip


def end(request: HttpRequest, key: int) -> HttpResponse:
    """End a code."""
    actor = actor_of(request)
    row: CostCode = found(keeping_codes.cost_codes(actor).filter(pk=key).first())
    lead = f"{row}, from {row.starts_on:%-d %B %Y}. Charges that were settled keep it."
    verb = Verb("End the cost code", lead, "The cost code is ended.", reverse("cost_codes"), "Cost codes", row.version)
    return verb_page(request, EndForm, keeping_codes.end_cost_code, {"code_id": key}, verb)
