"""Payments: what was paid to whom, and the remittance of each: what it pays and what it takes back."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ninja import Query
from pydantic import Field

from rightplace.api import roles
from rightplace.api.calling import Call
from rightplace.api.fields import Id, Page, Shown
from rightplace.api.paging import BY_ID, Paged, by_day, page_of
from rightplace.api.problems import not_found
from rightplace.api.section import Section
from rightplace.journey.ledger import queries
from rightplace.journey.ledger.models import Payment
from rightplace.journey.ledger.payees import names_of, payee_of
from rightplace.journey.ledger.remittance import remittance_of
from rightplace.journey.ledger.states import PAYMENT

section = Section("payments", "Payments that were sent, with what each is for.")
READ = "read:payments"
SORTS = {"id": BY_ID, "paid_on": by_day("sent_on")}


class PaymentsAsked(Paged):
    """Which payments."""

    state: Literal["sent", "paid", "returned"] | None = None
    sort: Literal["id", "-id", "paid_on", "-paid_on"] = "-id"


class PaymentSummary(Shown):
    """A payment in a list. Its reference stands on the payee's bank statement; no account is ever shown."""

    id: int
    version: int
    reference: str
    authority: str
    payee: str
    state: str
    state_words: str
    paid_on: date | None
    pence: int


class PaymentItemShown(Shown):
    """What a payment is for: a line of an invoice; below zero what it takes back."""

    invoice: str
    contract: str
    starts_on: date
    ends_on: date = Field(description="The first day that the item is no longer for")
    net_pence: int
    vat_pence: int
    pence: int


class PaymentShown(PaymentSummary):
    """A payment with its items, which add up to it."""

    returned_words: str
    items: list[PaymentItemShown]


@section.lists("/payments", READ, roles.PAYMENT_READERS, PaymentSummary)
def list_payments(call: Call, asked: Query[PaymentsAsked]) -> Page[PaymentSummary]:
    """List payments that were sent: the authority's, or those to the provider."""
    rows = queries.payments_sent(call.actor, state=asked.state or "")
    return page_of(rows, asked, asked.sort, SORTS, lambda part: _summaries(part))


@section.reads("/payments/{int:payment_id}", READ, roles.PAYMENT_READERS, PaymentShown)
def read_payment(call: Call, payment_id: Id) -> PaymentShown:
    """Read one payment with what it is for: its remittance."""
    row = queries.payments_sent(call.actor).filter(pk=payment_id).first()
    if row is None:
        raise not_found()
    found = remittance_of(row)
    items = [
        PaymentItemShown(**{name: getattr(one, name) for name in PaymentItemShown.model_fields}) for one in found.items
    ]  # fmt: skip
    return PaymentShown(**_summaries([row])[0].model_dump(), returned_words=found.returned_words, items=items)


def _summaries(rows: list[Payment]) -> list[PaymentSummary]:
    names: dict[int, str] = {}
    for authority_id in {row.authority_id for row in rows}:
        theirs = [row for row in rows if row.authority_id == authority_id]
        found = names_of([payee_of(row) for row in theirs], authority_id)
        names |= {row.pk: found[payee_of(row)] for row in theirs}
    return [
        PaymentSummary(
            id=row.pk, version=row.version, reference=row.reference, authority=row.authority.name, payee=names[row.pk],
            state=row.state, state_words=PAYMENT.states[row.state], paid_on=row.sent_on, pence=row.pence,
        )
        for row in rows
    ]  # fmt: skip
