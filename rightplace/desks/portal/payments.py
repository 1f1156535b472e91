"""Payments in the portal: what is due to this provider, its own lines only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.schedule_parts import due_tiles, filters_from, month_bars, schedule_form
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
        link=lambda row: reverse("portal_contract", args=[row.contract_id]),
    ),
    Column("Child", "child_initials"),
    Column("For", "kind", sort="kind"),
    Column("Price", "price"),
    Column("From", "starts_on", "date", "starts_on"),
    Column("Last night", "last_night", "date"),
    Column("What", "what"),
    Column("Authority", "authority"),
    Column("Amount", "pence", "money", "pence"),
)


def payment_list(request: HttpRequest) -> HttpResponse:
    """The payment schedule of this provider's contracts."""
    actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[ScheduleLine]:
        return queries.schedule(actor, filters_from(filters, sort))

    def totals(found: QuerySet[ScheduleLine]) -> dict[str, int]:
        return {"Amount": queries.total_of(found).pence}

    today, months = timezone.localdate(), queries.due_by_month(actor)
    listing = Listing(
        "Payment schedule",
        "line",
        COLUMNS,
        rows,
        schedule_form(actor, with_providers=False),
        sort="due_on",
        totals=totals,
        as_row=queries.schedule_row,
        context={"tiles": due_tiles(actor, today, months), "months": month_bars(today, months)},
    )
    return list_page(request, "portal/payments.html", listing)
