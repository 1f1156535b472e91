"""The remittance advice: for one payment, what it pays and what it takes back, as a page and as paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rightplace.core.money import pounds
from rightplace.foundation.files.drawing import draw_pdf
from rightplace.journey.ledger.instructions import PaidItem, paid_items
from rightplace.journey.ledger.models import Payment
from rightplace.journey.ledger.payees import names_of, payee_of

TEMPLATE = Path(__file__).parent / "remittance.typ"


@dataclass(frozen=True, slots=True)
class Remittance:
    """What one payment is for."""

    reference: str
    authority: str
    payee: str
    paid_on: date | None
    pence: int
    items: tuple[PaidItem, ...]
    returned_words: str = ""


def remittance_of(payment: Payment) -> Remittance:
    """The remittance of a payment whose authority was read with it."""
    payee = payee_of(payment)
    return Remittance(
        payment.reference, payment.authority.name, names_of([payee], payment.authority_id)[payee], payment.sent_on,
        payment.pence, tuple(paid_items([payment], payment.authority_id)),
        payment.ended_words if payment.state == "returned" else "",
    )  # fmt: skip


def item_cells(item: PaidItem) -> tuple[str, ...]:
    """An item as it stands on paper."""
    nights = f"{item.starts_on:%-d %b %Y} to {item.last_day:%-d %b %Y}"
    amounts = (item.net_pence, item.vat_pence, item.pence)
    return (item.invoice, item.contract, item.child_initials, nights, *(pounds(pence) for pence in amounts))


def drawn(remittance: Remittance, *, is_synthetic: bool) -> bytes:
    """The remittance as a PDF; the same payment always gives the same bytes."""
    facts = [
        ["Payment", remittance.reference],
        ["To", remittance.payee],
        ["Paid on", f"{remittance.paid_on:%-d %B %Y}" if remittance.paid_on else "Not yet"],
        ["Amount", pounds(remittance.pence)],
    ]
    if remittance.returned_words:
        facts.append(["Returned by the bank", remittance.returned_words])
    given = {
        "title": "Remittance advice", "reference": remittance.reference, "authority": remittance.authority, "facts": facts,
        "head": ["Invoice", "Contract", "Child", "Nights", "Net", "VAT", "Amount"],
        "rows": [list(item_cells(item)) for item in remittance.items], "total": pounds(remittance.pence),
        "note": "Synthetic data for demonstration" if is_synthetic else "",
    }  # fmt: skip
    return draw_pdf(TEMPLATE, given)
