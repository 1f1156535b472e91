"""Every line of an invoice held against what was commissioned, and what was found written beside it.

It runs as the product itself: a provider's deed is checked against other homes of the same child, which it never sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.db.models import F
from django.utils import timezone

from rightplace.core.checking.invoices import (
    CLAUSES,
    UNKNOWN,
    Checked,
    InvoiceLines,
    Outcome,
    read_references,
)
from rightplace.core.checking.invoices.matching import claims_of
from rightplace.core.checking.invoices.references import plain
from rightplace.core.money import WHOLE_IN_BASIS_POINTS, round_half_up
from rightplace.core.periods import Period
from rightplace.core.pricing import Agreement
from rightplace.foundation.access.scope import as_system
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices.books import Books, books_of, columns_of
from rightplace.journey.invoices.crediting import settle_credits
from rightplace.journey.invoices.models import Finding, Invoice, InvoiceLine
from rightplace.journey.payments.agreed import priced_between
from rightplace.journey.payments.coding import CostCodes, codes_of, home_kind_of
from rightplace.journey.payments.models import ScheduleLine

EPOCH = date(1970, 1, 1)
USUAL_KIND = "core_fee"
WRITTEN = (
    "contract", "contract_line", "cost_code", "starts_on", "ends_on", "typed_starts_on", "typed_ends_on", "agreed_net_pence",
    "agreed_vat_pence", "outcome", "state",
)  # fmt: skip
DueKey = tuple[int, date, date]
"""A contract, the first night of a line of its schedule, and the day after the last."""
DueLines = dict[DueKey, list[ScheduleLine]]


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """The lines as core read them: their columns with contracts, and what was found."""

    columns: InvoiceLines
    checked: Checked


def check_invoice(invoice: Invoice, *, now: datetime) -> tuple[int, int]:
    """Check all lines that nobody has decided yet; gives the number of findings and the pence at stake.

    Lines without a finding are accepted; a credit that somebody waits for settles itself and is never paid.
    """
    with as_system():
        books = books_of(invoice, timezone.localdate(now))
        lines = list(invoice.lines.order_by("number"))
        placed = place_lines(lines, books)
        lines = [line for line in lines if line.pk not in settle_credits(lines, placed, books, now=now)]
        read = _read(lines, books)
        Finding.objects.filter(invoice=invoice).update(state="replaced")
        found = _findings(invoice, lines, read, books, now)
        _write(lines, read, books, found)
        Finding.objects.bulk_create(found)
        at_stake = sum(one.pence for one in found if one.outcome != "undercharged")
        Invoice.objects.filter(pk=invoice.pk).update(at_stake_pence=at_stake)
    return len(found), at_stake


def place_lines(lines: Sequence[InvoiceLine], books: Books) -> dict[int, int]:
    """The place of the contract that each line names exactly; the lines that name none are left out."""
    exact = books.known.exact([line.contract_reference for line in lines]).tolist()
    return {line.pk: place for line, place in zip(lines, exact, strict=True) if place >= 0}


def _read(lines: Sequence[InvoiceLine], books: Books) -> Read:
    """The columns with contracts by reference, own reference or child; and what the checks say."""
    columns = columns_of(lines, [UNKNOWN] * len(lines), [_child_of(line, books) for line in lines])
    if books.rows and lines:
        typed = [line.contract_reference if _is_ours(line, books) else "" for line in lines]
        columns, _ = read_references(columns, typed, books.known, books.agreed.columns, books.tolerance)
    checked = books.year.check(columns)
    meant = claims_of(columns, books.agreed.columns, books.tolerance).lines
    return Read(meant, checked)


def _child_of(line: InvoiceLine, books: Books) -> int:
    """The child whom a line names by the provider's own reference, wherever that was typed."""
    for typed in (line.child_reference, "" if _is_ours(line, books) else line.contract_reference):
        if (child := books.own.get(plain(typed))) is not None:
            return child
    return UNKNOWN


def _is_ours(line: InvoiceLine, books: Books) -> bool:
    """Whether what was typed as the contract is not one of the provider's own references."""
    name = plain(line.contract_reference)
    return name in books.known.places or name not in books.own


def _findings(
    invoice: Invoice, lines: Sequence[InvoiceLine], read: Read, books: Books, now: datetime
) -> list[Finding]:
    """The findings of core as rows; a line that it rests on is one billed before, or another of the invoice."""
    found, many = read.checked.findings, len(books.billed)
    made = []
    for at in range(len(found)):
        other, contract = int(found.other[at]), books.contract_at(int(found.contract[at]))
        outcome = Outcome(int(found.outcome[at]))
        other_line = None if other < 0 else books.billed[other] if other < many else lines[other - many]
        has_nights = found.end[at] > found.start[at]
        made.append(
            Finding(
                authority_id=invoice.authority_id, provider_id=invoice.provider_id, invoice=invoice,
                invoice_line=lines[int(found.row[at])], other_line=other_line, contract=contract,
                outcome=outcome.name.lower(), clause=CLAUSES[outcome], pence=int(found.pence[at]), found_at=now,
                starts_on=day_of(int(found.start[at])) if has_nights else None,
                ends_on=day_of(int(found.end[at])) if has_nights else None,
            )
        )  # fmt: skip
    return made


def _write(lines: Sequence[InvoiceLine], read: Read, books: Books, found: Sequence[Finding]) -> None:
    """Write what each line was read as, what may be paid of it, and whether it waits for a decision."""
    about: dict[int, list[Finding]] = {}
    for one in found:
        about.setdefault(one.invoice_line_id or 0, []).append(one)
    codes = codes_of(lines[0].authority_id) if lines else CostCodes(())
    due = _due_lines(books.contract_at(int(place)) for place in read.checked.contract)
    for row, line in enumerate(lines):
        place = int(read.checked.contract[row])
        _read_dates(line, day_of(int(read.columns.start[row])), day_of(int(read.columns.end[row])))
        agreement = books.agreed.agreements[place] if place >= 0 else None
        _put_to_contract(line, books.contract_at(place), agreement, due, codes)
        _agree(line, about.get(line.pk, []), books, place)
        line.outcome = Outcome(int(read.checked.outcome[row])).name.lower()
        line.state = "open" if line.pk in about else "accepted"
    InvoiceLine.objects.bulk_update(lines, WRITTEN, batch_size=500)


def _due_lines(contracts: Iterable[Contract | None]) -> DueLines:
    """What the schedule has for contracts, by contract and nights; lines that no invoice had yet come first."""
    found: DueLines = {}
    wanted = {contract.pk for contract in contracts if contract is not None}
    rows = ScheduleLine.objects.filter(contract__in=wanted, state="due")
    for row in rows.order_by(F("settled_at").desc(nulls_first=True), "pk"):
        found.setdefault((row.contract_id, row.period.lower, row.period.upper), []).append(row)
    return found


def _read_dates(line: InvoiceLine, starts_on: date, ends_on: date) -> None:
    """Dates that were read otherwise than typed; what was typed stays beside them."""
    if (starts_on, ends_on) != (line.starts_on, line.ends_on) and starts_on < ends_on:
        line.typed_starts_on = line.typed_starts_on or line.starts_on
        line.typed_ends_on = line.typed_ends_on or line.ends_on
        line.starts_on, line.ends_on = starts_on, ends_on


def _put_to_contract(
    line: InvoiceLine, contract: Contract | None, agreement: Agreement | None, due: DueLines, codes: CostCodes
) -> None:
    """The contract, where it is the payee's own; its price line where the amount is exactly one's; and the cost code."""
    line.contract = contract if contract is not None and contract.provider_id == line.provider_id else None
    if line.contract is None:
        line.contract_line_id = line.cost_code_id = None
        return
    kinds = {each.number: each.kind for each in agreement.lines} if agreement else {}
    rows = due.get((line.contract.pk, line.starts_on, line.ends_on), [])
    named = [row for row in rows if row.contract_line_id == line.contract_line_id]
    one = next(iter(named or [row for row in rows if row.pence == line.net_pence]), None)
    line.contract_line_id = one.contract_line_id if one else _line_for(line, agreement)
    kind = one.kind if one else kinds.get(line.contract_line_id or 0) or _main_kind(line, agreement, kinds)
    line.cost_code = codes.code(home_kind_of(line.contract), kind, line.starts_on)


def _main_kind(line: InvoiceLine, agreement: Agreement | None, kinds: Mapping[int, str]) -> str:
    """The kind that most of the price of a line's nights is for: its code is proposed, and may be changed when it is decided."""
    if agreement is None or line.starts_on >= line.ends_on:
        return USUAL_KIND
    priced = priced_between(agreement, Period(line.starts_on, line.ends_on)).values()
    most = max(priced, key=lambda each: (each.pence, -each.line_id), default=None)
    return kinds.get(most.line_id, USUAL_KIND) if most else USUAL_KIND


def _line_for(line: InvoiceLine, agreement: Agreement | None) -> int | None:
    """The price line that a part of a month, or several months, is for: that which was named, or alone comes to the amount."""
    if agreement is None or line.starts_on >= line.ends_on:
        return None
    if line.contract_line_id in {each.number for each in agreement.lines}:
        return line.contract_line_id
    priced = priced_between(agreement, Period(line.starts_on, line.ends_on)).values()
    alike = [each.line_id for each in priced if each.pence == line.net_pence]
    return alike[0] if len(alike) == 1 else None


def _agree(line: InvoiceLine, found: Sequence[Finding], books: Books, place: int) -> None:
    """What may be paid of a line before anybody decides: what no finding is about."""
    at_stake = sum(one.pence for one in found if one.outcome not in ("vat_wrong", "undercharged"))
    line.agreed_net_pence = line.net_pence - min(max(at_stake, 0), max(line.net_pence, 0))
    is_vat_wrong = any(one.outcome == "vat_wrong" for one in found) and place >= 0
    points = int(books.agreed.columns.vat[place]) if is_vat_wrong else None
    line.agreed_vat_pence = vat_of(line, line.agreed_net_pence, points)


def vat_of(line: InvoiceLine, net_pence: int, points: int | None = None) -> int:
    """The VAT on a part of a line: its share of what was billed, or, where that was wrong, what is due, if that is less."""
    share = (
        round_half_up(Fraction(line.vat_pence * net_pence, line.net_pence))
        if line.net_pence
        else line.vat_pence
    )
    if points is None:
        return share
    due = round_half_up(Fraction(net_pence * points, WHOLE_IN_BASIS_POINTS))
    return min(share, due) if line.net_pence > 0 else share


def day_of(number: int) -> date:
    """The date of a day as columns hold it."""
    return EPOCH + timedelta(days=number)
