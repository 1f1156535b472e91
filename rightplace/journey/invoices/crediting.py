"""Credit notes that are waited for: what was billed and is not paid is credited in the provider's own books, not paid back.

A credit line that undoes exactly what is due on its contract settles itself against it. Any other credit is a line like
others, below zero: it is set against what is paid next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from rightplace.journey.invoices.books import Books
from rightplace.journey.invoices.models import InvoiceLine


def settle_credits(
    lines: Sequence[InvoiceLine], placed: Mapping[int, int], books: Books, *, now: datetime
) -> frozenset[int]:
    """Put credit lines to what they credit; gives the numbers of the lines that are settled so."""
    settled = {line.pk for line in lines if line.state == "settled"}
    for line in lines:
        if line.net_pence >= 0 or line.pk not in placed or line.pk in settled:
            continue
        contract = books.rows[placed[line.pk]]
        due = InvoiceLine.objects.select_for_update().filter(
            contract=contract, provider_id=line.provider_id or 0, credit_due_pence__gt=0, credited_by=None
        )
        allowed = books.tolerance.pence
        near = due.filter(
            credit_due_pence__range=(-line.net_pence - allowed, -line.net_pence + allowed)
        ).order_by("pk")
        if (credited := near.first()) is None:
            continue
        InvoiceLine.objects.filter(pk=credited.pk).update(credited_by=line)
        line.contract, line.state, line.outcome = contract, "settled", "matched"
        line.agreed_net_pence = line.agreed_vat_pence = 0
        line.decision_words, line.decided_at = (
            f"Credits line {credited.number} of an invoice that was not paid in full",
            now,
        )
        line.save()
        settled.add(line.pk)
    return frozenset(settled)
