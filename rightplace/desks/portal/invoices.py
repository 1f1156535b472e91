"""Invoices in the portal: every invoice with the state of each line, entering one that is filled in, and what was proposed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.invoice_parts import invoice_state, invoice_summary, month_from
from rightplace.desks.components.invoice_typing import Document, InvoicePage, Send
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import count
from rightplace.desks.layout.answers import add_problems, answer, see_other, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.pressing import button
from rightplace.desks.portal import invoice_forms as forms_
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome
from rightplace.foundation.files.serving import as_download
from rightplace.journey.invoices import actions, keeping, proposing, queries, sides
from rightplace.journey.invoices.given import InvoiceGiven
from rightplace.journey.invoices.models import Invoice
from rightplace.journey.invoices.states import INVOICE

COLUMNS = (
    Column(
        "Invoice", "number", "reference", "number", link=lambda row: reverse("portal_invoice", args=[row.id])
    ),
    Column("To", "authority"),
    Column("State", lambda row: their_state(row), "status", "state"),
    Column("Sent", lambda row: timezone.localdate(row.received_at), "date", "received"),
    Column("Due", "due_on", "date", "due"),
    Column("Lines", "lines", "number"),
    Column("Released", lambda row: row.released_pence or None, "money"),
    Column("Total", "gross_pence", "money", "total"),
)

SIDES_A_PAGE = 20
TYPED = InvoicePage(
    "portal/invoice_enter.html",
    "authority",
    "portal_invoice",
    "Your invoice is sent and was checked. Below is how each line stands.",
)


def their_state(row: queries.InvoiceRow) -> tuple[str, str]:
    """The state as a provider reads it."""
    words = {"proposed": "For you to confirm", "received": "Being checked", "objected": "You object"}
    return (invoice_state(row)[0], words.get(row.state, row.state_words))


def invoice_list(request: HttpRequest) -> HttpResponse:
    """Every invoice of this provider."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Invoice]:
        return queries.invoices(
            actor,
            queries.InvoiceFilters(words=filters.get("words") or "", state=filters.get("state") or ""),
            sort,
        )

    listing = Listing(
        "Invoices", "invoice", COLUMNS, rows, forms_.InvoiceFilters, sort="-received", as_row=queries.invoice_row,
        empty="No invoices yet. Enter one: it is filled in from what is due.",
    )  # fmt: skip
    return list_page(request, "portal/invoices.html", listing)


def invoice(request: HttpRequest, key: int) -> HttpResponse:
    """One invoice with the state of every line."""
    actor = actor_of(request)
    row: queries.InvoiceRow = found(queries.invoice(actor, key))
    together: Any = sides.sides(actor, key)
    page = Paginator(together, SIDES_A_PAGE).get_page(request.GET.get("page"))
    known = {
        "title": "Credit note" if row.is_credit else "Invoice", "invoice": row, "state": their_state(row),
        "summary": invoice_summary(row), "page": page, "sums": queries.line_sums(actor, key),
        "verbs": {step.verb for step in INVOICE.open_to(state=row.state, role=actor.role)},
    }  # fmt: skip
    return render(request, "portal/invoice.html", known)


def document(request: HttpRequest, key: int) -> HttpResponse:
    """The document of one's own invoice."""
    return as_download(found(queries.document(actor_of(request), key)))


def start(request: HttpRequest) -> HttpResponse:
    """To whom, and for which month: then the lines come filled in."""
    actor = actor_of(request)
    authorities = queries.authorities_to_invoice(actor)
    month = f"{month_from('', timezone.localdate()):%Y-%m}"
    form = forms_.StartForm(authorities=authorities, today=timezone.localdate(), initial={"month": month})
    known = {
        "form": form,
        "file_form": forms_.FileForm(authorities=authorities),
        "has_authorities": bool(authorities),
    }
    return render(request, "portal/invoice_start.html", known)


def enter(request: HttpRequest) -> HttpResponse:
    """Enter an invoice, its lines filled in from what is due and not invoiced yet."""
    actor = actor_of(request)
    names = {str(key): name for key, name in queries.authorities_to_invoice(actor)}
    if not names:
        return see_other(reverse("portal_start_invoice"))
    authority = request.GET.get("authority") or next(iter(names))
    found(names.get(authority))
    month = month_from(request.GET.get("month", ""), timezone.localdate())
    if request.method == "POST":
        return TYPED.taken(request, names[authority], _sent(actor, int(authority)))
    due = proposing.prefilled(actor, int(authority), month)
    return TYPED.filled(request, names[authority], due, month, invoiced_on=timezone.localdate())


def _sent(actor: Actor, authority_id: int) -> Send:
    def send(facts: Mapping[str, Any], given: InvoiceGiven, document: Document) -> Outcome[Invoice]:
        return actions.send_invoice(
            by=actor, now=timezone.now(), authority_id=authority_id, given=given, document=document
        )

    return send


_verb = partial(button, of="invoice_id", page="portal_invoice")
confirm = _verb(proposing.confirm_invoice, "The invoice is confirmed.")
withdraw = _verb(actions.withdraw_invoice, "The invoice is withdrawn. Its number can be used again.")


def object_to(request: HttpRequest, key: int) -> HttpResponse:
    """Say what is wrong with a proposed invoice."""
    row: queries.InvoiceRow = found(queries.invoice(actor_of(request), key))
    form, status, back = forms_.ObjectForm(request.POST or None), 200, reverse("portal_invoice", args=[key])
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = proposing.object_to_invoice(
                by=actor_of(request),
                now=timezone.now(),
                invoice_id=key,
                version=version_of(request),
                **form.cleaned_data,
            )
            if outcome.is_done:
                return answer(request, outcome, then=back, said="Your objection is sent.")
            add_problems(form, outcome.problems)
            status = status_of(outcome.problems)
    known = {
        "form": form,
        "title": "Object to this invoice",
        "back": back,
        "list": row.number,
        "version": row.version,
    }
    return render(request, "portal/invoice_form.html", known, status=status)


def attach(request: HttpRequest, key: int) -> HttpResponse:
    """Attach the document itself."""
    file = request.FILES.get("file")
    outcome = actions.attach_document(
        by=actor_of(request), now=timezone.now(), invoice_id=key, version=version_of(request),
        name=file.name or "" if file else "", content=file.read() if file else b"",
    )  # fmt: skip
    return answer(
        request, outcome, then=reverse("portal_invoice", args=[key]), said="The document is attached."
    )


def references(request: HttpRequest) -> HttpResponse:
    """What the provider calls each child on its invoices."""
    actor = actor_of(request)
    rows = queries.own_references(actor)
    form, status = forms_.ReferenceForm(request.POST or None, contracts=rows), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = keeping.save_own_reference(
                by=actor, now=timezone.now(), contract_id=int(form.cleaned_data["contract"]),
                reference=form.cleaned_data["reference"],
            )  # fmt: skip
            if outcome.is_done:
                return answer(
                    request, outcome, then=reverse("portal_references"), said="Your reference is kept."
                )
            add_problems(form, outcome.problems)
            status = status_of(outcome.problems)
    columns = (
        Column("Contract", "reference", "reference", link=lambda row: reverse("portal_contract", args=[row["id"]])),
        Column("Child", "child"), Column("Authority", "authority"), Column("Your own reference", "own"),
    )  # fmt: skip
    caption = f"{count(len(rows), 'contract')} of yours"
    table = Table(columns, rows, caption, empty="You have no contract yet.")
    return render(
        request,
        "portal/invoice_references.html",
        {"form": form, "table": table, "rows": bool(rows)},
        status=status,
    )
