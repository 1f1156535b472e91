"""Self-billing: an invoice made from the schedule, which the provider confirms or objects to; own carers' confirm themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone

from rightplace.core.pricing import PriceKind
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.contracts.agreement import KIND_WORDS
from rightplace.journey.invoices.actions import GONE, own_invoice, take_up, write_invoice
from rightplace.journey.invoices.events import InvoiceObjected, InvoiceProposed
from rightplace.journey.invoices.given import InvoiceGiven, LineGiven, invoice_problems
from rightplace.journey.invoices.models import Invoice
from rightplace.journey.invoices.settling import left_to_invoice
from rightplace.journey.invoices.states import FINANCE, INVOICE
from rightplace.journey.payments.models import ScheduleLine

NOTHING = Problem("nothing", "Nothing of that month is left to be invoiced.")


def not_invoiced(authority_id: int, month: date) -> QuerySet[ScheduleLine]:
    """Lines of the schedule for a month that were not settled: of each, `left_to_invoice` says what no invoice stands for."""
    rows = ScheduleLine.objects.filter(authority_id=authority_id, month=month, state="due", settled_at=None)
    return rows.exclude(pence=0).order_by("contract_id", "period", "pk")


def lines_from(rows: Sequence[ScheduleLine]) -> tuple[LineGiven, ...]:
    """What is left of lines of the schedule, as an invoice has it."""
    return tuple(
        LineGiven(
            starts_on=left.nights.start, ends_on=left.nights.closed_end, net_pence=left.pence, vat_pence=left.vat_pence,
            contract_reference=left.row.contract.reference, child_reference=left.row.contract.child_initials,
            words=left.row.reason if left.row.is_difference else KIND_WORDS[PriceKind(left.row.kind)],
            quantity=Decimal(left.nights.nights), unit="night", contract_line_id=left.row.contract_line_id,
        )
        for left in left_to_invoice(rows)
    )  # fmt: skip


def prefilled(actor: Actor, authority_id: int, month: date) -> tuple[LineGiven, ...]:
    """What a provider can invoice an authority for a month: its schedule, without what stands on an invoice already."""
    rows = not_invoiced(authority_id, month).filter(provider_id=actor.provider_id or 0)
    return lines_from(list(rows.select_related("contract")))


def due_to(actor: Actor, month: date, provider_id: int) -> tuple[LineGiven, ...]:
    """What a provider can still invoice the actor's authority for a month, for finance, without initials."""
    if actor.role not in FINANCE:
        return ()
    return _payees(actor.authority_id, month, provider_id).get(provider_id, ())


@action
def propose_invoices(
    *, by: Actor, now: datetime, month: date, provider_id: int | None = None
) -> Outcome[list[Invoice]]:
    """Make invoices from what the schedule has for a month: one to a provider, or (none given) to each own household.

    A provider's waits for its word. Own carers send none: theirs are confirmed at once, checked, and wait for release.
    """
    if by.role not in FINANCE:
        return refuse(Problem("not_yours", "Your role may not propose invoices."))
    made_of = _payees(by.authority_id, month, provider_id)
    made: list[Invoice] = []
    for key, lines in sorted(made_of.items()):
        invoice = _proposed(by, now, month, lines, provider_id, None if provider_id else key)
        if isinstance(invoice, Problem):
            return refuse(invoice)
        made.append(invoice)
    if not made:
        return refuse(NOTHING)
    words = f"{len(made)} invoices of {month:%B %Y} made from the schedule"
    audit(by=by, now=now, verb="propose_invoices", words=words, subject="invoice", subject_id=made[0].pk,
          provider_id=provider_id)  # fmt: skip
    return Outcome(made)


def _payees(authority_id: int, month: date, provider_id: int | None) -> dict[int, tuple[LineGiven, ...]]:
    """What each payee is due for a month, without initials: a restricted child's home is paid too, so the product reads it."""
    found: dict[int, list[ScheduleLine]] = defaultdict(list)
    with as_system():
        rows = not_invoiced(authority_id, month).filter(Q(provider_id=provider_id))
        for row in rows.select_related("contract__placement"):
            key = provider_id or row.contract.household_id
            if key is not None:
                found[key].append(row)
        lines = {
            key: tuple(replace(line, child_reference="") for line in lines_from(rows_))
            for key, rows_ in found.items()
        }
        return {key: given for key, given in lines.items() if given}


def _proposed(
    by: Actor,
    now: datetime,
    month: date,
    lines: tuple[LineGiven, ...],
    provider_id: int | None,
    household_id: int | None,
) -> Invoice | Problem:
    payee = Q(provider_id=provider_id, household_id=household_id)
    earlier = Invoice.objects.filter(payee, authority_id=by.authority_id, channel="self_billing").count()
    number = f"SB-{month:%Y%m}-{provider_id or household_id}-{earlier + 1}"
    given = InvoiceGiven(number, timezone.localdate(now), lines)
    if problems := invoice_problems(given, timezone.localdate(now)):
        return problems[0]
    invoice = write_invoice(
        by=by, now=now, authority_id=by.authority_id, given=given, channel="self_billing", provider_id=provider_id,
        household_id=household_id, state="proposed" if provider_id else "received",
    )  # fmt: skip
    if isinstance(invoice, Problem):
        return invoice
    if provider_id is None:
        take_up(by=by, now=now, invoice=invoice)
    else:
        facts = {"authority_id": by.authority_id, "invoice_id": invoice.pk, "provider_id": provider_id}
        publish(InvoiceProposed(by=by, now=now, **facts))
    return invoice


@action
def confirm_invoice(*, by: Actor, now: datetime, invoice_id: int, version: int) -> Outcome[Invoice]:
    """Confirm a proposed invoice, for the provider: it is checked and goes on like any other."""
    invoice = own_invoice(by, invoice_id)
    if invoice is None:
        return refuse(GONE)
    if problems := change_state(INVOICE, invoice, "confirm_invoice", by=by, version=version, received_at=now):
        return refuse(problems)
    take_up(by=by, now=now, invoice=invoice)
    _record(by, now, invoice, "confirm_invoice", f"Invoice {invoice.number} confirmed")
    return Outcome(invoice)


@action
def object_to_invoice(
    *, by: Actor, now: datetime, invoice_id: int, version: int, words: str
) -> Outcome[Invoice]:
    """Object to a proposed invoice, saying what is wrong with it."""
    invoice = own_invoice(by, invoice_id)
    if invoice is None:
        return refuse(GONE)
    if not words.strip() or len(words) > 2_000:
        return refuse(Problem("empty", "Say what is wrong with it, in at most 2,000 characters.", "words"))
    facts = {"objection": words.strip()}
    if problems := change_state(INVOICE, invoice, "object_to_invoice", by=by, version=version, **facts):
        return refuse(problems)
    publish(
        InvoiceObjected(
            by=by,
            now=now,
            authority_id=invoice.authority_id,
            invoice_id=invoice.pk,
            provider_id=invoice.provider_id,
        )
    )
    _record(by, now, invoice, "object_to_invoice", f"Invoice {invoice.number}: the provider objects")
    return Outcome(invoice)


@action
def take_back_proposal(*, by: Actor, now: datetime, invoice_id: int, version: int) -> Outcome[Invoice]:
    """Take a proposed invoice back: its lines may be proposed again."""
    invoice = own_invoice(by, invoice_id)
    if invoice is None:
        return refuse(GONE)
    if problems := change_state(INVOICE, invoice, "take_back_proposal", by=by, version=version):
        return refuse(problems)
    _record(by, now, invoice, "take_back_proposal", f"Proposed invoice {invoice.number} taken back")
    return Outcome(invoice)


def _record(by: Actor, now: datetime, invoice: Invoice, verb: str, words: str) -> None:
    audit(
        by=by, now=now, verb=verb, words=words, subject="invoice", subject_id=invoice.pk,
        authority_id=invoice.authority_id, provider_id=invoice.provider_id,
    )  # fmt: skip
