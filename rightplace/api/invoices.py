"""Invoices: a provider's system sends one, reads what the checks found line by line, confirms what was proposed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import Field

from rightplace.api import roles
from rightplace.api.calling import Call
from rightplace.api.fields import (
    Day,
    Given,
    Id,
    Line,
    Number,
    Page,
    Quantity,
    RowId,
    Shown,
    SignedPence,
    Text,
)
from rightplace.api.paging import BY_ID, Paged, by_day, by_moment, page_of
from rightplace.api.problems import ApiProblem, Fault, not_found
from rightplace.api.section import Section, done
from rightplace.foundation.access.roles import PROVIDER
from rightplace.journey.invoices import actions, proposing, queries, sides
from rightplace.journey.invoices.given import MOST_LINES, InvoiceGiven, LineGiven
from rightplace.journey.invoices.queries import InvoiceFilters, InvoiceRow
from rightplace.journey.invoices.sides import LineShown
from rightplace.journey.invoices.states import INVOICE

section = Section(
    "invoices", "Invoices and credit notes: what was billed, what was found, what was released."
)
READ, WRITE = "read:invoices", "write:invoices"
SORTS = {
    "id": BY_ID, "received_at": by_moment("received_at"), "due_on": by_day("due_on"), "invoiced_on": by_day("invoiced_on"),
}  # fmt: skip
Unit = Literal["", "night", "week", "four_weeks", "month", "hour", "session", "mile", "one_off"]


class InvoicesAsked(Paged):
    """Which invoices."""

    state: Literal["proposed", "objected", "received", "part_released", "released", "withdrawn"] | None = None
    number: Number | None = Field(None, description="The invoice number, or a part of it")
    sort: Literal[
        "id", "-id", "received_at", "-received_at", "due_on", "-due_on", "invoiced_on", "-invoiced_on"
    ] = "-id"


class InvoiceSummary(Shown):
    """An invoice in a list; below zero it is a credit note."""

    id: int
    version: int
    number: str
    payee: str
    authority: str
    channel: str = Field(description="How it came, in words")
    state: str
    state_words: str
    invoiced_on: date
    received_at: datetime
    due_on: date = Field(description="By when what is not disputed is to be paid")
    net_pence: int
    vat_pence: int
    at_stake_pence: int = Field(description="What the checks found to be wrong, without VAT")
    released_pence: int = Field(description="Released for payment so far, with VAT")
    lines: int
    undecided: int


class InvoiceFindingShown(Shown):
    """What was found about a line: in words, with the clause it rests on and the money at stake."""

    name: str
    words: str
    clause: str
    pence: int
    state: str
    other: str = Field(description="The line of yours that it rests on, if any")


class InvoiceLineShown(Shown):
    """A line as billed, and how it stands."""

    number: int
    contract: str = Field(description="The contract that it was read as, or what was typed")
    words: str
    starts_on: date
    ends_on: date = Field(description="The first day that the line is no longer for")
    net_pence: int
    vat_pence: int
    agreed_pence: int = Field(description="What may be paid of it as things stand, without VAT")
    state: str
    state_words: str
    decision: str
    query_id: int | None
    credit_due_pence: int
    findings: list[InvoiceFindingShown]


class InvoiceShown(InvoiceSummary):
    """An invoice with its lines."""

    objection: str
    invoice_lines: list[InvoiceLineShown]
    verbs: list[str]


class InvoiceLineOf(Given):
    """A line: the nights from the first up to, but not including, `ends_on`. A credit is below zero."""

    starts_on: Day
    ends_on: Day
    net_pence: SignedPence
    vat_pence: SignedPence = 0
    contract: Annotated[Line, Field(max_length=40)] = Field(
        "", description="The contract’s reference: IPC-000118"
    )
    child: Annotated[Line, Field(max_length=60)] = Field("", description="Your own reference; never a name")
    words: Annotated[Line, Field(max_length=200)] = ""
    quantity: Quantity = Decimal(0)
    unit: Unit = ""
    rate_pence: SignedPence = 0


class InvoiceNew(Given):
    """An invoice to send. Totals, where they are given, must be what the lines come to."""

    number: Number = Field(description="Your invoice number: each is taken once")
    invoiced_on: Day
    lines: Annotated[list[InvoiceLineOf], Field(min_length=1, max_length=MOST_LINES)]
    net_pence: SignedPence | None = None
    vat_pence: SignedPence | None = None
    authority_id: RowId | None = Field(
        None, description="To whom; needed where you have contracts with several"
    )
    provider_id: RowId | None = Field(
        None, description="From whom; only where finance sends it for a provider"
    )
    received_on: Day | None = Field(None, description="When paper came; only where finance sends it")


class InvoiceObjection(Given):
    """What is wrong with a proposed invoice."""

    words: Annotated[Text, Field(min_length=1, max_length=2000)]


@section.lists("/invoices", READ, roles.PAYMENT_READERS, InvoiceSummary)
def list_invoices(call: Call, asked: Query[InvoicesAsked]) -> Page[InvoiceSummary]:
    """List invoices: the authority's, or the provider's own."""
    rows = queries.invoices(call.actor, InvoiceFilters(words=asked.number or "", state=asked.state or ""))
    return page_of(
        rows, asked, asked.sort, SORTS, lambda part: [_summary(queries.invoice_row(one)) for one in part]
    )


@section.reads("/invoices/{int:invoice_id}", READ, roles.PAYMENT_READERS, InvoiceShown)
def read_invoice(call: Call, invoice_id: Id) -> InvoiceShown:
    """Read one invoice, with what was found about each of its lines."""
    row = queries.invoice(call.actor, invoice_id)
    if row is None:
        raise not_found()
    listed = sorted(sides.lines_of(call.actor, invoice_id), key=lambda one: one.number)
    verbs = [step.verb for step in INVOICE.open_to(state=row.state, role=call.actor.role)]
    return InvoiceShown(
        **_summary(row).model_dump(), objection=row.objection, invoice_lines=[_line(one) for one in listed], verbs=verbs
    )  # fmt: skip


@section.creates("/invoices", WRITE, roles.PAYMENT_READERS, InvoiceShown, read_invoice)
def send_invoice(call: Call, given: InvoiceNew) -> InvoiceShown:
    """Send an invoice or a credit note. It is checked at once; the answer says how each line stands.

    Finance sends one for a provider that has no system of its own, and does not release it.
    """
    lines = tuple(_given(one) for one in given.lines)
    outcome = actions.send_invoice(
        by=call.actor, now=call.now, authority_id=_authority(call, given), channel="api",
        provider_id=given.provider_id, received_on=given.received_on,
        given=InvoiceGiven(given.number, given.invoiced_on, lines, given.net_pence, given.vat_pence),
    )  # fmt: skip
    return read_invoice(call, done(outcome).pk)


@section.acts("/invoices/{int:invoice_id}/confirm", WRITE, roles.PROVIDERS, InvoiceShown, read_invoice)
def confirm_invoice(call: Call, invoice_id: Id) -> InvoiceShown:
    """Confirm an invoice that the authority proposed from the schedule."""
    who: dict[str, Any] = {"by": call.actor, "now": call.now, "invoice_id": invoice_id}
    done(proposing.confirm_invoice(**who, version=call.version))
    return read_invoice(call, invoice_id)


@section.acts("/invoices/{int:invoice_id}/object", WRITE, roles.PROVIDERS, InvoiceShown, read_invoice)
def object_to_invoice(call: Call, invoice_id: Id, given: InvoiceObjection) -> InvoiceShown:
    """Object to a proposed invoice, saying what is wrong with it."""
    who: dict[str, Any] = {"by": call.actor, "now": call.now, "invoice_id": invoice_id}
    done(proposing.object_to_invoice(**who, version=call.version, words=given.words))
    return read_invoice(call, invoice_id)


@section.acts("/invoices/{int:invoice_id}/withdraw", WRITE, roles.PROVIDERS, InvoiceShown, read_invoice)
def withdraw_invoice(call: Call, invoice_id: Id) -> InvoiceShown:
    """Take an invoice back before anything of it was released; its number may then be used again."""
    who: dict[str, Any] = {"by": call.actor, "now": call.now, "invoice_id": invoice_id}
    done(actions.withdraw_invoice(**who, version=call.version))
    return read_invoice(call, invoice_id)


def _authority(call: Call, given: InvoiceNew) -> int:
    """To whom it goes: the caller's own authority; a provider's only one, or the one that it names."""
    if call.actor.role != PROVIDER:
        return given.authority_id or call.actor.authority_id
    if given.provider_id is not None or given.received_on is not None:
        raise _unfit(
            "provider_id", "Only finance sends an invoice for somebody else, and says when paper came."
        )
    if given.authority_id is not None:
        return given.authority_id
    known = queries.authorities_to_invoice(call.actor)
    if len(known) == 1:
        return known[0][0]
    names = (
        ", ".join(f"{key} ({name})" for key, name in known)
        or "none: you have no contract that both sides signed"
    )
    raise _unfit("authority_id", f"Say to whom it goes: {names}.")


def _unfit(field: str, words: str) -> ApiProblem:
    return ApiProblem("unfit", words, (Fault(field=field, code="unknown", message=words),))


def _given(one: InvoiceLineOf) -> LineGiven:
    return LineGiven(
        starts_on=one.starts_on, ends_on=one.ends_on, net_pence=one.net_pence, vat_pence=one.vat_pence,
        contract_reference=one.contract, child_reference=one.child, words=one.words, quantity=one.quantity, unit=one.unit,
        rate_pence=one.rate_pence,
    )  # fmt: skip


def _summary(row: InvoiceRow) -> InvoiceSummary:
    return InvoiceSummary(**{name: getattr(row, name) for name in InvoiceSummary.model_fields})


def _line(one: LineShown) -> InvoiceLineShown:
    same = set(InvoiceLineShown.model_fields) - {"findings"}
    return InvoiceLineShown(
        **{name: getattr(one, name) for name in same},
        findings=[
            InvoiceFindingShown(**{name: getattr(each, name) for name in InvoiceFindingShown.model_fields})
            for each in one.findings
        ],
    )
