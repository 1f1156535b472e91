"""The payment schedule: every dated line, filtered by the address, with its total and its downloads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from rightplace.desks.components.schedule_parts import filters_from, schedule_form
from rightplace.desks.components.tables import Column
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.journey.payments import queries
from rightplace.journey.payments.models import ScheduleLine

COLUMNS = (
    Column("Due on", "due_on", "date", "due_on"),
    Column(
        "Contract",
        "reference",
        sort="contract",
        link=lambda row: reverse("finance_contract", args=[row.contract_id]),
    ),
    Column("Child", "child_initials"),
    Column("Provider", "provider", sort="provider"),
    Column("For", "kind", sort="kind"),
    Column("Price", "price"),
    Column("From", "starts_on", "date", "starts_on"),
    Column("Last night", "last_night", "date"),
    Column("Code", "code"),
    Column("What", "what"),
    Column("Amount", "pence", "money", "pence"),
)


def schedule_list(request: HttpRequest) -> HttpResponse:
    """Every line that is due, over all contracts of the authority."""
    actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[ScheduleLine]:
        return queries.schedule(actor, filters_from(filters, sort))

    def totals(found: QuerySet[ScheduleLine]) -> dict[str, int]:
        return {"Amount": queries.total_of(found).pence}

    listing = Listing(
        "Payment schedule",
        "line",
        COLUMNS,
        rows,
        schedule_form(actor, with_providers=True),
        sort="due_on",
        totals=totals,
        as_row=queries.schedule_row,
    )
    return list_page(request, "layout/list.html", listing)
