"""Recharges: what partners owe, made, sent, chased and paid; and the list of partners."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.desks.components.paper_parts import drawn_grid, pdf_response
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.svg import Bar, bars
from rightplace.desks.components.tables import Column
from rightplace.desks.finance import funding_forms as forms_
from rightplace.desks.layout.answers import version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, NoFilters, list_page
from rightplace.desks.layout.pressing import button
from rightplace.desks.layout.record import Deed, deed_page
from rightplace.desks.layout.verbs import Verb, verb_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.queries import history
from rightplace.journey.funding import actions, documents, invoicing, queries
from rightplace.journey.funding.models import Partner, RechargeInvoice
from rightplace.journey.funding.states import PARTNER_KINDS, RECHARGE

DEEDS: dict[str, tuple[type[forms.Form], Callable[..., Any], str, str]] = {
    "record_recharge_paid": (
        forms_.PaidForm, invoicing.record_recharge_paid, "The payment is recorded.", "For the whole invoice.",
    ),
    "dispute_recharge": (
        forms_.WordsForm, invoicing.dispute_recharge, "The dispute is recorded. Reminders rest.", "What the partner disputes.",
    ),
    "settle_recharge": (
        forms_.WordsForm, invoicing.settle_recharge, "The dispute is settled.",
        "How it was settled. What was charged wrongly is set right by shares or schedule, in the next invoice.",
    ),
}  # fmt: skip


def recharge_list(request: HttpRequest) -> HttpResponse:
    """Every recharge invoice, with what is owed by age."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[RechargeInvoice]:
        words, state = filters.get("words") or "", filters.get("state") or ""
        return queries.recharges(
            actor, words=words, state=state, overdue=bool(filters.get("overdue")), order=sort
        )

    columns = (
        Column(
            "Invoice", "reference", "reference", "number", link=lambda row: reverse("recharge", args=[row.pk])
        ),
        Column("Partner", lambda row: row.partner.name, sort="partner"),
        Column("State", lambda row: state_of(row), "status", "state"),
        Column("Up to", "up_to", "date"),
        Column("Lines", "line_count", "number"),
        Column("To be paid by", "due_on", "date", "due"),
        Column("Reminders", "reminders", "number"),
        Column("Total", "total_pence", "money", "total"),
    )
    context = {"ageing": ageing_of(actor), "waiting": queries.not_invoiced(actor)}
    listing = Listing(
        "Recharges to partners", "recharge", columns, rows, forms_.RechargeFilters, sort="-number", context=context,
        empty="No recharges yet. Agree shares of a placement, then make recharges.",
    )  # fmt: skip
    return list_page(request, "finance/recharges.html", listing)


def ageing_of(actor: Actor) -> Any:
    """What partners owe by how late it is, as bars with their table; None while nobody owes anything."""
    owed = queries.ageing(actor, on=timezone.localdate())
    if not any(owed.values()):
        return None
    rows = [Bar(label, max(pence, 0)) for label, pence in owed.items()]
    return bars(rows, "What partners owe, by age", unit="pounds")


def state_of(row: RechargeInvoice) -> tuple[str, str]:
    """The state in words; what is past its day is overdue."""
    if row.state == "sent" and row.due_on is not None and row.due_on < timezone.localdate():
        return ("overdue", "Overdue")
    return (row.state, RECHARGE.states[row.state])


def recharge(request: HttpRequest, key: int) -> HttpResponse:
    """One recharge invoice with its lines and what may be done with it."""
    actor = actor_of(request)
    row: RechargeInvoice = found(queries.recharge(actor, key))
    verbs = {step.verb for step in RECHARGE.open_to(state=row.state, role=actor.role)}
    is_late = state_of(row)[0] == "overdue"
    known = {
        "invoice": row,
        "state": state_of(row),
        "title": "Recharge credit note" if row.total_pence < 0 else "Recharge invoice",
        "summary": summary(row),
        "grid": drawn_grid(documents.invoice_grid(documents.lines_of(row))),
        "verbs": verbs,
        "deeds": [(verb, RECHARGE.transition(verb).label) for verb in DEEDS if verb in verbs],
        "may_remind": "remind_partner" in verbs and is_late and row.reminded_on != timezone.localdate(),
        "history": history(actor, subject="recharge", subject_id=key),
    }
    return render(request, "finance/recharge.html", known)


def summary(row: RechargeInvoice) -> list[SummaryRow]:
    """The facts of an invoice, in lines."""
    lines = [
        SummaryRow("Partner", row.partner.name, note=PARTNER_KINDS[row.partner.kind]),
        SummaryRow("Total", pounds(row.total_pence)),
        SummaryRow("For what was due up to", f"{row.up_to:%-d %B %Y}"),
        SummaryRow("Made by", f"{row.made_by}, {timezone.localtime(row.made_at):%-d %B %Y}"),
    ]
    if row.sent_on and row.due_on:
        lines.append(
            SummaryRow("Sent", f"{row.sent_on:%-d %B %Y}", note=f"to be paid by {row.due_on:%-d %B %Y}")
        )
    if row.reminded_on:
        lines.append(
            SummaryRow("Reminders", str(row.reminders), note=f"the last on {row.reminded_on:%-d %B %Y}")
        )
    if row.dispute_words:
        lines.append(SummaryRow("Dispute", row.dispute_words))
    if row.paid_on:
        lines.append(SummaryRow("Paid", f"{row.paid_on:%-d %B %Y}", note=row.paid_reference))
    return lines


def recharge_pdf(request: HttpRequest, key: int) -> HttpResponse:
    """The document of an invoice that was sent."""
    row: RechargeInvoice = found(queries.recharge(actor_of(request), key))
    if row.pdf is None:
        raise Http404
    return pdf_response(bytes(row.pdf.content), row.pdf.name)


def make(request: HttpRequest) -> HttpResponse:
    """Make recharges for what is due up to a day."""
    form, by = forms_.MakeForm(request.POST or None, initial={"up_to": timezone.localdate()}), actor_of(request)
    lead = "Each partner is charged for its shares of what is due by that day, and for differences to what was charged before."
    deed = Deed("Make recharges", "Make recharges", "Recharges", reverse("recharges"), lead=lead)
    said = "Draft recharges are made. Look at each, then send it."
    return deed_page(
        request, deed, form, lambda typed: invoicing.make_recharges(by=by, now=timezone.now(), **typed), said=said
    )


_verb = partial(button, of="invoice_id", page="recharge")
send = _verb(invoicing.send_recharge, "The invoice is sent. Download its document for the partner.")
void = _verb(invoicing.void_recharge, "The draft is taken apart. Its lines wait for the next invoice.")
remind = _verb(invoicing.remind_partner, "The partner is reminded.")


def deed(request: HttpRequest, key: int, verb: str) -> HttpResponse:
    """The page of a verb that wants words or a date."""
    actor = actor_of(request)
    row: RechargeInvoice = found(queries.recharge(actor, key))
    if verb not in DEEDS:
        raise Http404
    form_class, act, said, lead = DEEDS[verb]
    back = reverse("recharge", args=[key])
    words = Verb(RECHARGE.transition(verb).label, lead, said, back, row.reference, row.version)
    return verb_page(request, form_class, act, {"invoice_id": key}, words)


def partner_list(request: HttpRequest) -> HttpResponse:
    """Everyone with whom the authority shares costs."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Partner]:
        found_ = queries.partners(actor)
        return found_.order_by(("-" if sort.startswith("-") else "") + "name") if "name" in sort else found_

    columns = (
        Column("Partner", "name", sort="name", link=lambda row: reverse("partner", args=[row.pk])),
        Column("Kind", lambda row: PARTNER_KINDS[row.kind]),
        Column("Their reference", "their_reference"),
        Column("E-mail", "email"),
        Column(
            "Pays within",
            lambda row: f"{row.pays_within_days} days" if row.pays_within_days else "the house’s rule",
        ),
        Column("New shares", lambda row: "Yes" if row.is_active else "No"),
    )
    empty = "No partners yet. Begin with your own social care."
    listing = Listing("Funding partners", "partner", columns, rows, NoFilters, empty=empty)
    return list_page(request, "finance/partners.html", listing)


def partner(request: HttpRequest, key: int = 0) -> HttpResponse:
    """Add a partner, or change one."""
    actor = actor_of(request)
    held: Partner | None = found(queries.partner(actor, key)) if key else None
    facts = ("name", "email", "their_reference", "pays_within_days", "is_active")
    initial = {name: getattr(held, name) for name in facts} if held else {"is_active": True}
    form = forms_.PartnerForm(request.POST or None, initial=initial, is_new=held is None)
    given = {"kind": held.kind, "partner_id": held.pk, "version": version_of(request)} if held else {}
    title = "Change a partner" if held else "Add a partner"
    lead = "Partners share the cost of placements: social care, education, health, another authority."
    deed = Deed(title, "Save the partner", "Partners", reverse("partners"), lead=lead)
    return deed_page(
        request, deed, form, lambda typed: actions.save_partner(by=actor, now=timezone.now(), **{**typed, **given}),
        said="The partner is saved.", version=held.version if held else None,
    )  # fmt: skip
