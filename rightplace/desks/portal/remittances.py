"""Remittances in the portal: what this provider was paid, for what, with the advice on paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from rightplace.desks.components.paper_parts import pdf_response
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.payment_parts import items_table
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import pounds
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.journey.ledger import queries
from rightplace.journey.ledger.remittance import Remittance, drawn, remittance_of

STATES = {"sent": "On its way", "paid": "Paid", "returned": "Returned by the bank"}


class RemittanceFilters(forms.Form):
    """Filters of the list, kept in the address."""

    words = forms.CharField(label="Number or authority", required=False, max_length=80)


def remittance_list(request: HttpRequest) -> HttpResponse:
    """Everything that this provider was paid, by every authority."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Any]:
        return queries.remittances(actor, words=filters.get("words") or "", sort=sort)

    columns = (
        Column(
            "Payment",
            "reference",
            "reference",
            "number",
            link=lambda row: reverse("portal_remittance", args=[row.id]),
        ),
        Column("Authority", "authority", sort="authority"),
        Column("State", lambda row: (row.state, STATES[row.state]), "status"),
        Column("Paid on", "sent_on", "date", "paid"),
        Column("Items", "items", "number"),
        Column("Amount", "pence", "money", "amount"),
    )
    listing = Listing(
        "Remittances", "payment", columns, rows, RemittanceFilters, sort="-paid", as_row=queries.remittance_row,
        empty="No payments yet. Each one is listed here on the day it is sent to the bank.",
    )  # fmt: skip
    return list_page(request, "layout/list.html", listing)


def remittance(request: HttpRequest, key: int) -> HttpResponse:
    """What one payment is for."""
    row = found(queries.remittance(actor_of(request), key))
    shown = remittance_of(row)
    known = {
        "reference": shown.reference,
        "key": key,
        "lead": f"{pounds(shown.pence)} from {shown.authority}",
        "state": (row.state, STATES[row.state]),
        "items": items_table(shown),
        "summary": summary(shown),
    }
    return render(request, "portal/remittance.html", known)


def summary(shown: Remittance) -> list[SummaryRow]:
    """The facts of a payment."""
    lines = [SummaryRow("From", shown.authority), SummaryRow("Amount", pounds(shown.pence))]
    if shown.paid_on:
        lines.append(SummaryRow("Paid on", f"{shown.paid_on:%-d %B %Y}"))
    if shown.returned_words:
        lines.append(SummaryRow("Returned by the bank", shown.returned_words))
    return lines


def remittance_pdf(request: HttpRequest, key: int) -> HttpResponse:
    """The advice on paper."""
    row = found(queries.remittance(actor_of(request), key))
    return pdf_response(drawn(remittance_of(row), is_synthetic=row.authority.is_demo), f"{row.reference}.pdf")
