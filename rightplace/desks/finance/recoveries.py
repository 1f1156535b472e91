"""Recovery invoices: who owes something back, what was raised for it, how old it is, and what may be done."""

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
from rightplace.desks.components.paper_parts import pdf_response
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.svg import Bar, bars
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.finance import recovery_forms as forms_
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.pressing import button
from rightplace.desks.layout.record import Deed, deed_page
from rightplace.desks.layout.verbs import Verb, verb_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.foundation.audit.queries import history
from rightplace.journey.ledger import recovering, recovery_queries
from rightplace.journey.ledger.models import Recovery
from rightplace.journey.ledger.payees import names_of, payee_of
from rightplace.journey.ledger.recovery_paper import asked_of
from rightplace.journey.ledger.states import RECOVERY

DEEDS: dict[str, tuple[type[forms.Form], Callable[..., Any], str, str]] = {
    "record_receipt": (
        forms_.ReceiptForm, recovering.record_receipt, "What came in is recorded and booked.",
        "As it stands on the bank statement; it may be a part.",
    ),
    "ask_write_off": (
        forms_.WriteOffForm, recovering.ask_write_off, "A second person decides. Reminders rest.",
        "What is still to be paid is given up and booked as a loss once a second person agrees.",
    ),
    "confirm_write_off": (
        forms_.DecisionForm, recovering.confirm_write_off, "It is written off and booked as a loss.",
        "What is still to be paid is given up. This cannot be undone.",
    ),
    "refuse_write_off": (
        forms_.DecisionForm, recovering.refuse_write_off, "It is not written off. It is chased as before.",
        "Who asked reads your words.",
    ),
    "withdraw_recovery": (
        forms_.TakeBackForm, recovering.withdraw_recovery, "The invoice is taken back. It is set off against what is paid next.",
        "What it asked for is set off against what the payee is paid next, as before.",
    ),
}  # fmt: skip


def recovery_list(request: HttpRequest) -> HttpResponse:
    """Every recovery invoice, what is owed by age, and who owes something that no invoice asks for yet."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Recovery]:
        on = timezone.localdate() if filters.get("overdue") else None
        words, state = filters.get("words") or "", filters.get("state") or ""
        return recovery_queries.recoveries(actor, words=words, state=state, overdue_on=on, sort=sort)

    columns = (
        Column(
            "Invoice", "reference", "reference", "number", link=lambda row: reverse("recovery", args=[row.pk])
        ),
        Column("Payee", lambda row: str(row.provider or row.household)),
        Column("State", state_of, "status", "state"),
        Column("To be paid by", "due_on", "date", "due"),
        Column("Reminders", "reminders", "number"),
        Column("Total", "pence", "money", "pence"),
        Column("Still to be paid", "rest_pence", "money", "rest"),
    )
    context = {
        "ageing": ageing_of(actor),
        "owing": owing_table(actor),
        "may_raise": actor.role == FINANCE_OFFICER,
    }
    listing = Listing(
        "Recoveries", "invoice", columns, rows, forms_.RecoveryFilters, sort="-number", context=context,
        empty="No recovery invoices. What was paid too much is set off against what is paid next; the rest can be invoiced.",
    )  # fmt: skip
    return list_page(request, "finance/recoveries.html", listing)


def ageing_of(actor: Actor) -> Any:
    """What is still to be paid back by how late it is, as bars with their table; None while nothing is."""
    owed = recovery_queries.ageing(actor, on=timezone.localdate())
    if not any(owed.values()):
        return None
    return bars(
        [Bar(label, pence) for label, pence in owed.items()], "Still to be paid back, by age", unit="pounds"
    )


def owing_table(actor: Actor) -> Table | None:
    """Who owes something back that is neither set off nor invoiced."""
    rows = recovery_queries.owe_back(actor)
    if not rows:
        return None
    columns = (
        Column("Payee", "name"),
        Column("Paid too much since", "since", "date"),
        Column("Left over", "pence", "money"),
    )
    return Table(columns, rows, "Owed back, and nothing left to set it off against", id="owing")


def state_of(row: Recovery) -> tuple[str, str]:
    """The state in words; what is past its day is overdue."""
    if row.state == "open" and row.due_on < timezone.localdate():
        return ("overdue", "Overdue")
    return (row.state, RECOVERY.states[row.state])


def recovery(request: HttpRequest, key: int) -> HttpResponse:
    """One recovery invoice: what it asks back, what came in, and what may be done with it."""
    actor = actor_of(request)
    row: Recovery = found(recovery_queries.recovery(actor, key))
    verbs = {step.verb for step in RECOVERY.open_to(state=row.state, role=actor.role)}
    if row.received_pence:
        verbs.discard("withdraw_recovery")
    if row.asked_by_id == actor.user_id:
        verbs.discard("confirm_write_off")
    late = state_of(row)[0] == "overdue"
    known = {
        "recovery": row,
        "payee": names_of([payee_of(row)], row.authority_id)[payee_of(row)],
        "state": state_of(row),
        "summary": summary(row),
        "lines": lines_table(row),
        "receipts": receipts_table(row),
        "deeds": [(verb, RECOVERY.transition(verb).label) for verb in DEEDS if verb in verbs],
        "may_remind": "remind_payee" in verbs and late and row.reminded_on != timezone.localdate(),
        "history": history(actor, subject="recovery", subject_id=key),
    }
    return render(request, "finance/recovery.html", known)


def lines_table(row: Recovery) -> Table:
    """What was paid too much, by invoice, contract and nights."""
    columns = (
        Column("Invoice", "invoice"),
        Column("Contract", "contract", "reference"),
        Column("Child", "child_initials"),
        Column("From", "starts_on", "date"),
        Column("Last night", "last_day", "date"),
        Column("Net", "net_pence", "money"),
        Column("VAT", "vat_pence", "money"),
        Column("Amount", "pence", "money"),
    )
    return Table(columns, asked_of(row), "What was paid too much", id="lines", totals={"Amount": row.pence})


def receipts_table(row: Recovery) -> Table | None:
    """What came in."""
    rows = list(row.receipts.select_related("made_by"))
    if not rows:
        return None
    columns = (
        Column("On", "received_on", "date"),
        Column("Reference", "reference"),
        Column("Recorded by", lambda one: str(one.made_by)),
        Column("Amount", "pence", "money"),
    )
    return Table(columns, rows, "What came in", id="receipts", totals={"Amount": row.received_pence})


def summary(row: Recovery) -> list[SummaryRow]:
    """The facts of an invoice, in lines."""
    lines = [
        SummaryRow("Asked for", pounds(row.pence)),
        SummaryRow("Came in", pounds(row.received_pence)),
        SummaryRow("Still to be paid", pounds(row.rest_pence)),
        SummaryRow("Sent", f"{row.sent_on:%-d %B %Y}", note=f"to be paid by {row.due_on:%-d %B %Y}"),
        SummaryRow("Why not set off", row.reason, note=f"raised by {row.raised_by}"),
    ]
    if row.reminded_on:
        lines.append(
            SummaryRow("Reminders", str(row.reminders), note=f"the last on {row.reminded_on:%-d %B %Y}")
        )
    if row.write_off_reason:
        lines.append(SummaryRow("To be written off", row.write_off_reason, note=f"asked by {row.asked_by}"))
    if row.written_off_pence:
        lines.append(
            SummaryRow("Written off", pounds(row.written_off_pence), note=f"agreed by {row.decided_by}")
        )
    if row.decision_words:
        lines.append(SummaryRow("Decision", row.decision_words))
    return lines


def recovery_pdf(request: HttpRequest, key: int) -> HttpResponse:
    """The invoice on paper."""
    row: Recovery = found(recovery_queries.recovery(actor_of(request), key))
    if row.pdf is None:
        raise Http404
    return pdf_response(bytes(row.pdf.content), row.pdf.name)


def raise_invoice(request: HttpRequest) -> HttpResponse:
    """Choose who is asked to pay back."""
    actor = actor_of(request)
    choices = [
        (one.payee.key, f"{one.name}: {pounds(one.pence)}") for one in recovery_queries.owe_back(actor)
    ]
    back = reverse("recoveries")
    if not choices:
        return render(request, "finance/recovery_none.html", {"back": back})
    lead = "What is left of an overpayment when everything released for the payee was set off against it."
    deed = Deed("Raise a recovery invoice", "Raise the invoice", "Recoveries", back, lead=lead)
    return deed_page(
        request, deed, forms_.RaiseForm(request.POST or None, choices=choices),
        lambda typed: recovering.raise_recovery(by=actor, now=timezone.now(), **typed),
        said="The invoice is raised. The payee sees it in its portal.",
        then=lambda row: reverse("recovery", args=[row.pk]),
    )  # fmt: skip


_verb = partial(button, of="recovery_id", page="recovery")
remind = _verb(recovering.remind_payee, "The payee is reminded.")


def deed(request: HttpRequest, key: int, verb: str) -> HttpResponse:
    """The page of a verb that wants words, a sum or a date."""
    actor = actor_of(request)
    row: Recovery = found(recovery_queries.recovery(actor, key))
    if verb not in DEEDS:
        raise Http404
    form_class, act, said, lead = DEEDS[verb]
    back = reverse("recovery", args=[key])
    words = Verb(RECOVERY.transition(verb).label, lead, said, back, row.reference, row.version)
    return verb_page(request, form_class, act, {"recovery_id": key}, words)
