"""Recovery invoices in the portal: what this provider is asked to pay back, with the invoice on paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from rightplace.desks.components.paper_parts import pdf_response
from rightplace.desks.components.tables import Column
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.journey.ledger import recovery_queries as queries
from rightplace.journey.ledger.recovery_paper import recovery_pdf as drawn
from rightplace.journey.ledger.recovery_queries import AskedBack

STATES = {
    "open": "To be paid", "write_off_asked": "To be paid", "paid": "Paid", "written_off": "At an end",
    "withdrawn": "Taken back",
}  # fmt: skip


class RecoveryFilters(forms.Form):
    """Filters of the list, kept in the address."""

    words = forms.CharField(label="Number or authority", required=False, max_length=80)


def recovery_list(request: HttpRequest) -> HttpResponse:
    """Everything that this provider is asked to pay back, by every authority."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Any]:
        return queries.asked_back(actor, words=filters.get("words") or "", sort=sort)

    columns = (
        Column("Invoice (PDF)", "reference", "reference", "number", link=_paper),
        Column("Authority", "authority", sort="authority"),
        Column("State", lambda row: (row.state, STATES[row.state]), "status"),
        Column("Sent", "sent_on", "date", "sent"),
        Column("To be paid by", "due_on", "date", "due"),
        Column("Asked for", "pence", "money", "amount"),
        Column("Still to be paid", "rest_pence", "money"),
    )
    listing = Listing(
        "Recovery invoices", "invoice", columns, rows, RecoveryFilters, sort="-sent", as_row=queries.asked_back_row,
        empty="You are not asked to pay anything back.",
    )  # fmt: skip
    return list_page(request, "layout/list.html", listing)


def _paper(row: AskedBack) -> str:
    return reverse("portal_recovery_pdf", args=[row.id])


def recovery_pdf(request: HttpRequest, key: int) -> HttpResponse:
    """The invoice on paper."""
    row = found(queries.asked_back(actor_of(request)).filter(pk=key).first())
    return pdf_response(drawn(row, is_synthetic=row.authority.is_demo), f"{row.reference}.pdf")
