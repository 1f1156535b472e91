"""What may be done with invoices until finance decides: take one in, whatever way it came, attach a document, withdraw it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FINANCE_OFFICER, PROVIDER
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.files.taking import store_file, take_file
from rightplace.foundation.reference.rules import rule
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices.checking import check_invoice
from rightplace.journey.invoices.events import InvoiceReceived
from rightplace.journey.invoices.given import InvoiceGiven, LineGiven, invoice_problems
from rightplace.journey.invoices.models import Invoice, InvoiceLine
from rightplace.journey.invoices.states import INVOICE

GONE = Problem(MISSING, "This invoice is not there, or is not yours.")
NO_CONTRACT = Problem(MISSING, "You have no contract with this authority.")
TAKERS = (PROVIDER, FINANCE_OFFICER)
PAID_WITHIN = 30
"""Days, where the reference data has no rule of the day."""


@action
def send_invoice(
    *,
    by: Actor,
    now: datetime,
    authority_id: int,
    given: InvoiceGiven,
    channel: str = "portal",
    provider_id: int | None = None,
    document: tuple[str, bytes] | None = None,
    received_on: date | None = None,
) -> Outcome[Invoice]:
    """Take an invoice of a provider in and check it at once; finance may do so for a provider that sent it on paper.

    The number of an invoice is taken once: the same file again, or a button pressed twice, makes no second invoice.
    `received_on` is the day on which paper came: the days within which it is paid run from there, and only finance says it.
    """
    if by.role not in TAKERS:
        return refuse(Problem("not_yours", "Your role may not send invoices."))
    payee = by.provider_id if by.role == PROVIDER else provider_id
    if not _has_contract(by, authority_id, payee):
        return refuse(NO_CONTRACT)
    came_at = now if by.role == PROVIDER else _came_at(received_on, now)
    problems = invoice_problems(given, timezone.localdate(now)) + _receipt_problems(came_at, given, now)
    if problems:
        return refuse(problems)
    invoice = write_invoice(
        by=by, now=now, authority_id=authority_id, provider_id=payee, given=given, channel=channel, came_at=came_at
    )  # fmt: skip
    if isinstance(invoice, Problem):
        return refuse(invoice)
    if document is not None and (problem := _attach(by, now, invoice, *document)):
        return refuse(problem)
    take_up(by=by, now=now, invoice=invoice)
    _record(by, now, invoice, "send_invoice", f"Invoice {invoice.number} came in")
    return Outcome(invoice)


def _has_contract(by: Actor, authority_id: int, provider_id: int | None) -> bool:
    """Whether the payee has a contract with the authority, and finance enters it for its own authority only."""
    if by.role == FINANCE_OFFICER and authority_id != by.authority_id:
        return False
    return Contract.objects.filter(authority_id=authority_id, provider_id=provider_id or 0).exists()


def _came_at(received_on: date | None, now: datetime) -> datetime:
    """The moment of receipt: noon of an earlier day, where one is said."""
    if received_on is None or received_on == timezone.localdate(now):
        return now
    return timezone.make_aware(datetime.combine(received_on, time(12)))


def _receipt_problems(came_at: datetime, given: InvoiceGiven, now: datetime) -> list[Problem]:
    """Paper is received between the date on it and today."""
    day, today = timezone.localdate(came_at), timezone.localdate(now)
    if day == today or given.invoiced_on <= day < today:
        return []
    return [Problem("dates", "Enter the day on which it came: from its own date to today.", "received_on")]


def write_invoice(
    *,
    by: Actor,
    now: datetime,
    authority_id: int,
    given: InvoiceGiven,
    channel: str,
    provider_id: int | None = None,
    household_id: int | None = None,
    state: str = "received",
    came_at: datetime | None = None,
) -> Invoice | Problem:
    """Write an invoice with its lines; a Problem when its number has been taken. It came now, unless it came before."""
    came_at = came_at or now
    came_on = timezone.localdate(came_at)
    due_on = came_on + timedelta(days=_paid_within(came_on))
    facts = {"provider_id": provider_id, "household_id": household_id, "number": given.number.strip()}
    try:
        with transaction.atomic():
            invoice = Invoice.objects.create(
                authority_id=authority_id, channel=channel, invoiced_on=given.invoiced_on, received_at=came_at,
                due_on=due_on, net_pence=given.lines_net_pence, vat_pence=given.lines_vat_pence, state=state,
                made_by_id=by.user_id, made_by_name=by.name, **facts,
            )  # fmt: skip
    except IntegrityError:
        words = f"Invoice number {given.number.strip()} was taken in before. Each number is taken once."
        return Problem("taken", words, "number")
    InvoiceLine.objects.bulk_create(
        _line(invoice, number, line) for number, line in enumerate(given.lines, 1)
    )
    return invoice


def take_up(*, by: Actor, now: datetime, invoice: Invoice) -> None:
    """Check an invoice that has come in, and tell of it."""
    findings, at_stake = check_invoice(invoice, now=now)
    invoice.refresh_from_db()
    publish(
        InvoiceReceived(
            by=by,
            now=now,
            authority_id=invoice.authority_id,
            invoice_id=invoice.pk,
            provider_id=invoice.provider_id,
            findings=findings,
            at_stake_pence=at_stake,
        )
    )


@action
def attach_document(
    *, by: Actor, now: datetime, invoice_id: int, version: int, name: str, content: bytes
) -> Outcome[Invoice]:
    """Keep the provider's own document (PDF or picture) with an invoice; a later one takes its place."""
    invoice = own_invoice(by, invoice_id)
    if invoice is None:
        return refuse(GONE)
    if problem := _attach(by, now, invoice, name, content, is_saved=False):
        return refuse(problem)
    if problems := change_state(
        INVOICE, invoice, "attach_document", by=by, version=version, file_id=invoice.file_id
    ):
        return refuse(problems)
    _record(by, now, invoice, "attach_document", f"Document of invoice {invoice.number} attached")
    return Outcome(invoice)


@action
def withdraw_invoice(*, by: Actor, now: datetime, invoice_id: int, version: int) -> Outcome[Invoice]:
    """Take an invoice back before anything of it was released; its number may then be used again."""
    invoice = own_invoice(by, invoice_id)
    if invoice is None:
        return refuse(GONE)
    if problems := change_state(INVOICE, invoice, "withdraw_invoice", by=by, version=version):
        return refuse(problems)
    InvoiceLine.objects.filter(credited_by__invoice=invoice).update(credited_by=None)
    for query in invoice.queries.exclude(state="resolved"):
        query.state, query.outcome, query.resolved_at = "resolved", "not_paid", now
        query.outcome_words = "The invoice was withdrawn."
        query.save()
    _record(by, now, invoice, "withdraw_invoice", f"Invoice {invoice.number} withdrawn")
    return Outcome(invoice)


def own_invoice(by: Actor, invoice_id: int) -> Invoice | None:
    """The invoice, if it is the actor's authority's or provider's; a provider sees none of own carers."""
    rows = Invoice.objects.filter(pk=invoice_id)
    if by.role == PROVIDER or by.provider_id is not None:
        return rows.filter(provider_id=by.provider_id or 0).first()
    return rows.filter(authority_id=by.authority_id).first()


def _attach(
    by: Actor, now: datetime, invoice: Invoice, name: str, content: bytes, *, is_saved: bool = True
) -> Problem | None:
    taken = take_file(name, content)
    if isinstance(taken, Problem):
        return taken
    invoice.file = store_file(
        taken, authority_id=invoice.authority_id, provider_id=invoice.provider_id, made_by=by.name, now=now
    )
    if is_saved:
        invoice.save(update_fields=["file"])
    return None


def _line(invoice: Invoice, number: int, line: LineGiven) -> InvoiceLine:
    """A line as a row. The contract that a prefilled line names is found again by its reference."""
    reference = line.contract_reference or (f"IPC-{line.contract_id:06d}" if line.contract_id else "")
    return InvoiceLine(
        authority_id=invoice.authority_id, provider_id=invoice.provider_id, invoice=invoice, number=number,
        contract_reference=reference.strip()[:40], child_reference=line.child_reference.strip()[:60],
        words=line.words.strip()[:200], starts_on=min(line.starts_on, line.ends_on),
        ends_on=max(line.starts_on, line.ends_on), typed_starts_on=_typed(line, line.starts_on),
        typed_ends_on=_typed(line, line.ends_on), quantity=line.quantity, unit=line.unit,
        rate_pence=line.rate_pence, net_pence=line.net_pence, vat_pence=line.vat_pence,
        contract_line_id=line.contract_line_id,
    )  # fmt: skip


def _typed(line: LineGiven, day: date) -> date | None:
    """Dates that came backwards are kept as they were typed."""
    return day if line.ends_on < line.starts_on else None


def _paid_within(today: date) -> int:
    held = rule("invoice_paid_within", today)
    return int(held.value) if held else PAID_WITHIN


def _record(by: Actor, now: datetime, invoice: Invoice, verb: str, words: str) -> None:
    audit(
        by=by, now=now, verb=verb, words=words, subject="invoice", subject_id=invoice.pk,
        authority_id=invoice.authority_id, provider_id=invoice.provider_id,
    )  # fmt: skip
