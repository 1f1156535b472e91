"""Recoveries of the demonstration: overpayments with nothing left to set them off against, at every state. Synthetic."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from rightplace.demo.asking import Office
from rightplace.demo.ledger import Three
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices.actions import send_invoice
from rightplace.journey.invoices.deciding import Decision, decide_lines, release_invoice
from rightplace.journey.invoices.given import InvoiceGiven, LineGiven
from rightplace.journey.invoices.models import Payable
from rightplace.journey.ledger import recovering
from rightplace.journey.ledger.models import Recovery
from rightplace.journey.ledger.payees import Payee
from rightplace.journey.ledger.recovery_queries import owe_back

WANTED = 3
WORDS = "Credit for nights after the child had left (synthetic)."
GONE = "No child of ours lives there any more."


def recover(office: Office, three: Three) -> None:
    """One owed back and not invoiced, one overdue and reminded, one paid in part, one that waits to be written off."""
    made: list[Recovery] = []
    for contract in _contracts(office):
        is_first = not owe_back(three.proposer)
        if _credited(office, three, contract, office.ago(80 - 10 * len(made))) and not is_first:
            raised = recovering.raise_recovery(
                by=three.proposer, now=office.ago(60 - 10 * len(made)), reason=GONE,
                payee_key=Payee(contract.provider_id).key,
            )  # fmt: skip
            made += [raised.value] if raised.value is not None else []
        if len(made) == WANTED:
            break
    recovering.remind_overdue_payees(office.ago(5))
    for row, step in zip(made[1:], (_part, _write_off), strict=False):
        row.refresh_from_db()
        step(office, three, row)


def _contracts(office: Office) -> list[Contract]:
    """One contract of each provider with somebody in the portal that nothing was released for yet."""
    rows = Contract.objects.filter(
        authority_id=office.authority_id, provider_id__in=office.cast.by_provider, state__in=("in_force", "ended"),
        starts_on__lt=office.today - timedelta(days=150),
    ).exclude(provider__in=_paid(office))  # fmt: skip
    found: dict[int, Contract] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.provider_id or 0, row)
    return list(found.values())


def _paid(office: Office) -> Any:
    return Payable.objects.filter(authority_id=office.authority_id, provider__isnull=False).values(
        "provider_id"
    )


def _credited(office: Office, three: Three, contract: Contract, at: datetime) -> bool:
    """A credit note of the provider, accepted and released."""
    by = office.cast.by_provider[contract.provider_id or 0]
    start = contract.starts_on + timedelta(days=30)
    pence = -(120_000 + 7_000 * (contract.pk % 10))
    line = LineGiven(
        start, start + timedelta(days=4), pence, contract_reference=contract.reference, contract_id=contract.pk,
        words=WORDS,
    )  # fmt: skip
    given = InvoiceGiven(f"CN-{contract.pk}", timezone.localdate(at), (line,))
    invoice = send_invoice(by=by, now=at, authority_id=office.authority_id, given=given).value
    if invoice is None:
        return False
    who: dict[str, Any] = {"by": three.releaser, "now": at, "invoice_id": invoice.pk}
    invoice.refresh_from_db()
    open_lines = list(invoice.lines.filter(state="open").values_list("pk", flat=True))
    if open_lines:
        decision = Decision("accept", WORDS)
        decided = decide_lines(**who, version=invoice.version, line_ids=open_lines, decision=decision)
        if not decided.is_done:
            return False
        invoice.refresh_from_db()
    return release_invoice(**who, version=invoice.version).is_done and invoice.payables.exists()


def _part(office: Office, three: Three, row: Recovery) -> None:
    recovering.record_receipt(
        by=three.proposer, now=office.ago(3), recovery_id=row.pk, version=row.version, pence=row.pence // 2,
        received_on=office.day(4), reference="BGC 204417",
    ).done()  # fmt: skip


def _write_off(office: Office, three: Three, row: Recovery) -> None:
    recovering.ask_write_off(
        by=three.proposer, now=office.ago(1), recovery_id=row.pk, version=row.version,
        reason="The company was struck off; its liquidator has nothing to share out (synthetic).",
    ).done()  # fmt: skip
