"""What was agreed for a month and that nobody has invoiced, by provider and contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from rightplace.core.calendar import add_months
from rightplace.core.checking.invoices import Outcome, check_invoices
from rightplace.core.pricing.running import day_number
from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices.books import COUNTED, make_books
from rightplace.journey.invoices.checking import day_of
from rightplace.journey.invoices.models import InvoiceLine, Query
from rightplace.journey.invoices.queries import whose
from rightplace.journey.payments.agreed import PARTS


@dataclass(frozen=True, slots=True)
class Missed:
    """Nights of a contract that nobody billed, and what they come to."""

    contract_id: int
    reference: str
    child: str
    provider_id: int | None
    payee: str
    starts_on: date
    ends_on: date
    pence: int
    is_asked: bool

    @property
    def nights(self) -> int:
        """How many nights."""
        return (self.ends_on - self.starts_on).days

    @property
    def last_night(self) -> date:
        """The last of them."""
        return self.ends_on - timedelta(days=1)


def missed(actor: Actor, month: date, provider_id: int | None = None) -> list[Missed]:
    """What is not invoiced of a month (its first day), the largest first. Provider 0: the authority's own carers."""
    contracts = Contract.objects.filter(whose(actor), state__in=("in_force", "varying", "ended"))
    if provider_id is not None:
        contracts = contracts.filter(Q(provider_id=provider_id or None))
    rows = contracts.select_related("provider", "placement__setting", "placement__household")
    ends_on = add_months(month, 1)
    near = rows.filter(starts_on__lt=ends_on).prefetch_related(*PARTS).order_by("pk")
    books = make_books(
        near, InvoiceLine.objects.filter(invoice__state__in=(*COUNTED, "proposed")), authority_id=actor.authority_id,
        today=month,
    )  # fmt: skip
    window = (day_number(month), day_number(ends_on))
    found = check_invoices(books.year.lines, books.agreed.columns, books.tolerance, window).findings
    asked = _asked(actor)
    made = [
        _missed(books.rows[int(found.contract[at])], day_of(int(found.start[at])), day_of(int(found.end[at])),
                int(found.pence[at]), asked)
        for at in range(len(found)) if found.outcome[at] == Outcome.MISSED
    ]  # fmt: skip
    return sorted(made, key=lambda one: (-one.pence, one.contract_id))


def _missed(row: Contract, starts_on: date, ends_on: date, pence: int, asked: set[tuple[int, str]]) -> Missed:
    subject = f"Not invoiced: {row.reference}, {starts_on:%B %Y}"
    payee = row.provider.name if row.provider else "Own carers"
    return Missed(
        row.pk, row.reference, row.child_initials, row.provider_id, payee, starts_on, ends_on, pence,
        (row.pk, subject) in asked,
    )  # fmt: skip


def _asked(actor: Actor) -> set[tuple[int, str]]:
    rows = Query.objects.filter(whose(actor), contract__isnull=False).exclude(state="resolved")
    return {(int(key or 0), subject) for key, subject in rows.values_list("contract_id", "subject")}
