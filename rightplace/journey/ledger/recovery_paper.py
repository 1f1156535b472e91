"""The recovery invoice on paper: what was paid too much, by invoice, contract and nights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from rightplace.core.money import pounds
from rightplace.foundation.files.drawing import draw_pdf
from rightplace.journey.ledger.instructions import vat_part
from rightplace.journey.ledger.payees import names_of, payee_of
from rightplace.journey.ledger.recovery_models import Recovery, RecoveryItem
from rightplace.journey.ledger.remittance import TEMPLATE


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of a recovery invoice: what is asked back, and for which nights of which invoice it was paid too much."""

    invoice: str
    contract: str
    child_initials: str
    starts_on: date
    last_day: date
    net_pence: int
    vat_pence: int

    @property
    def pence(self) -> int:
        """With VAT."""
        return self.net_pence + self.vat_pence


def asked_of(row: Recovery) -> list[Asked]:
    """The lines of an invoice in the order of their payables, as amounts to be paid back."""
    items = row.items.select_related("payable__invoice", "payable__invoice_line", "payable__contract")
    return [_asked(item) for item in items.order_by("payable_id")]


def _asked(item: RecoveryItem) -> Asked:
    payable = item.payable
    line, contract = payable.invoice_line, payable.contract
    vat = vat_part(item.pence, payable.net_pence, payable.vat_pence)
    return Asked(
        payable.invoice.number, contract.reference if contract else "", contract.child_initials if contract else "",
        line.starts_on, max(line.starts_on, line.ends_on - timedelta(days=1)), vat - item.pence, -vat,
    )  # fmt: skip


def recovery_pdf(row: Recovery, *, is_synthetic: bool) -> bytes:
    """The invoice as a PDF; the same rows always give the same bytes."""
    payee = payee_of(row)
    facts = [
        ["Invoice", row.reference],
        ["To", names_of([payee], row.authority_id)[payee]],
        ["Date", f"{row.sent_on:%-d %B %Y}"],
        ["To be paid by", f"{row.due_on:%-d %B %Y}"],
        ["Amount", pounds(row.pence)],
        ["Why", row.reason],
    ]
    given = {
        "title": "Recovery invoice", "reference": row.reference, "authority": row.authority.name, "facts": facts,
        "head": ["Invoice", "Contract", "Child", "Nights", "Net", "VAT", "Amount"],
        "rows": [list(_cells(one)) for one in asked_of(row)], "total": pounds(row.pence), "total_words": "To be paid back",
        "after": f"Quote {row.reference} with your payment. If you think that this is wrong, write to us before the day above.",
        "note": "Synthetic data for demonstration" if is_synthetic else "",
    }  # fmt: skip
    return draw_pdf(TEMPLATE, given)


def _cells(one: Asked) -> tuple[str, ...]:
    nights = f"{one.starts_on:%-d %b %Y} to {one.last_day:%-d %b %Y}"
    amounts = (one.net_pence, one.vat_pence, one.pence)
    return (one.invoice, one.contract, one.child_initials, nights, *(pounds(pence) for pence in amounts))
