"""Parts of pages about payments, alike at the finance desk and in the portal."""

from __future__ import annotations

from rightplace.desks.components.tables import Column, Table
from rightplace.journey.ledger.remittance import Remittance


def items_table(shown: Remittance) -> Table:
    """What a payment is for, with what it sets off."""
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
    return Table(columns, shown.items, "What it pays", id="items", totals={"Amount": shown.pence})
