"""What a payee's lines are held against: the contracts that they may be for, what was billed on these before, the tolerance.

One place turns rows into core's columns, for an invoice that comes in as for what was missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from rightplace.core.checking.invoices import UNKNOWN, InvoiceLines, References, Tolerance, Year
from rightplace.core.checking.invoices.references import plain
from rightplace.core.pricing.columns import Per
from rightplace.core.pricing.running import day_number
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices.models import Invoice, InvoiceLine, OwnReference, PaymentTolerance
from rightplace.journey.payments.agreed import PARTS, Commissioned, commissioned

COUNTED = ("received", "part_released", "released")
"""The states in which an invoice's lines count as billed."""
PER_OF = {
    "night": Per.NIGHT, "week": Per.WEEK, "four_weeks": Per.FOUR_WEEKS, "month": Per.MONTH, "hour": Per.HOUR,
    "session": Per.SESSION, "mile": Per.MILE, "one_off": Per.ONE_OFF,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Books:
    """The contracts (`rows`, in the order of `agreed`), lines billed on them before, and how references are read.

    `own` maps a provider's own references and initials, as they are compared, to children.
    """

    rows: tuple[Contract, ...]
    agreed: Commissioned
    billed: tuple[InvoiceLine, ...]
    year: Year
    known: References
    own: dict[str, int]
    tolerance: Tolerance

    def contract_at(self, place: int) -> Contract | None:
        """The contract at a place of the columns; None for UNKNOWN."""
        return self.rows[place] if place >= 0 else None


def tolerance_of(authority_id: int, on: date) -> Tolerance:
    """What the authority lets pass on a day; the house's rule of two pence a line where it keeps none."""
    held = PaymentTolerance.objects.filter(authority_id=authority_id, starts_on__lte=on).first()
    return Tolerance(held.pence, held.basis_points) if held else Tolerance()


def books_of(invoice: Invoice, today: date) -> Books:
    """The books of an invoice's payee, without the invoice itself and what came in after it."""
    contracts = related_contracts(contracts_of_payee(invoice))
    billed = InvoiceLine.objects.filter(invoice__state__in=COUNTED, invoice_id__lt=invoice.pk)
    return make_books(contracts, billed, authority_id=invoice.authority_id, today=today)


def make_books(
    contracts: Iterable[Contract], billed: QuerySet[InvoiceLine], *, authority_id: int, today: date
) -> Books:
    """Books from contracts and from the lines that were billed on them."""
    by_number = {contract.pk: contract for contract in contracts}
    agreed = commissioned(by_number.values())
    rows = tuple(by_number[key] for key in agreed.contract_ids)
    lines = (
        billed.filter(contract_id__in=agreed.contract_ids)
        .select_related("invoice")
        .order_by("invoice_id", "number")
    )
    counted = tuple(line for line in lines if claimed_pence(line))
    tolerance, places = tolerance_of(authority_id, today), agreed.places
    year = Year.prepared(_billed_columns(counted, places), agreed.columns, tolerance)
    known = References.of([contract.reference for contract in rows])
    return Books(rows, agreed, counted, year, known, _own_references(rows), tolerance)


def contracts_of_payee(invoice: Invoice) -> QuerySet[Contract]:
    """Every contract with who is to be paid."""
    rows = Contract.objects.filter(authority_id=invoice.authority_id)
    if invoice.provider_id is not None:
        return rows.filter(provider_id=invoice.provider_id)
    return rows.filter(provider__isnull=True, placement__household_id=invoice.household_id or 0)


def related_contracts(rows: QuerySet[Contract]) -> list[Contract]:
    """These contracts and those of the same children with anybody: two homes for one night cannot both be right."""
    children = rows.exclude(child_id=None).values("child_id")
    authorities = rows.values("authority_id")
    both = Q(pk__in=rows.values("pk")) | Q(child_id__in=children, authority_id__in=authorities)
    found = Contract.objects.filter(both).select_related("placement__setting", "placement__household")
    return list(found.prefetch_related(*PARTS).order_by("pk"))


def claimed_pence(line: InvoiceLine) -> int:
    """What a line still asks for: all of it until somebody decided, then what was agreed."""
    return line.agreed_net_pence if line.state in ("reduced", "settled") else line.net_pence


def columns_of(
    lines: Sequence[InvoiceLine], contracts: Sequence[int], children: Sequence[int]
) -> InvoiceLines:
    """Lines as core's columns; contracts are places (or UNKNOWN), children their numbers (or UNKNOWN)."""
    return InvoiceLines.of(
        invoice=[line.invoice_id for line in lines],
        provider=[line.provider_id or UNKNOWN for line in lines],
        contract=list(contracts),
        child=list(children),
        start=[day_number(line.typed_starts_on or line.starts_on) for line in lines],
        end=[day_number(line.typed_ends_on or line.ends_on) for line in lines],
        quantity=[int(line.quantity * 100) for line in lines],
        per=[PER_OF.get(line.unit, UNKNOWN) for line in lines],
        rate=[line.rate_pence for line in lines],
        net=[line.net_pence for line in lines],
        vat=[line.vat_pence for line in lines],
    )


def _billed_columns(lines: Sequence[InvoiceLine], places: dict[int, int]) -> InvoiceLines:
    """What was billed before, at what is still asked for; quantities and VAT were looked at when it came in."""
    return InvoiceLines.of(
        invoice=[line.invoice_id for line in lines],
        provider=[line.provider_id or UNKNOWN for line in lines],
        contract=[places[line.contract_id or 0] for line in lines],
        start=[day_number(line.starts_on) for line in lines],
        end=[day_number(line.ends_on) for line in lines],
        net=[claimed_pence(line) for line in lines],
    )


def _own_references(rows: Sequence[Contract]) -> dict[str, int]:
    """Children by the provider's own references and by initials; what may mean two children means neither."""
    found: dict[str, set[int]] = {}
    children = {contract.pk: contract.child_id for contract in rows if contract.child_id is not None}
    for contract in rows:
        if contract.child_id is not None and contract.child_initials:
            found.setdefault(plain(contract.child_initials), set()).add(contract.child_id)
    saved: dict[str, set[int]] = {}
    for own in OwnReference.objects.filter(contract_id__in=children):
        saved.setdefault(own.plain, set()).add(children[own.contract_id])
    found |= saved
    return {name: next(iter(meant)) for name, meant in found.items() if name and len(meant) == 1}
