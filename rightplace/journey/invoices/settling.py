"""What an invoice settles of the schedule: the nights that it was released for, whatever their cut; and what is left.

A line for one price line settles the nights of that one; a line that names none is for all price lines of its contract on
its nights. A difference is settled by the line that bills exactly it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q

from rightplace.core.periods import Period, joined
from rightplace.core.pricing import Agreement, PriceKind
from rightplace.foundation.access.scope import as_system
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices.books import COUNTED, claimed_pence
from rightplace.journey.invoices.models import InvoiceLine
from rightplace.journey.payments.agreed import PARTS, agreement_of, priced_between
from rightplace.journey.payments.models import ScheduleLine
from rightplace.journey.payments.scheduling import settle_nights
from rightplace.journey.payments.settling import settle

LIVE = (*COUNTED, "proposed", "objected")
"""The states in which an invoice stands for its nights."""


@dataclass(frozen=True, slots=True)
class Left:
    """Nights of a schedule line that stand on no invoice yet, and what they come to."""

    row: ScheduleLine
    nights: Period
    pence: int
    vat_pence: int


def settle_invoiced(lines: Iterable[InvoiceLine], now: datetime) -> None:
    """Settle what lines were released for: from then on a later change of these nights adds a difference.

    A line of which nothing is paid settles nothing: its nights may be billed rightly yet.
    """
    of: dict[int, list[InvoiceLine]] = defaultdict(list)
    for line in lines:
        if line.contract_id is not None and line.agreed_net_pence:
            of[line.contract_id].append(line)
    with as_system():
        for key, billed in sorted(of.items()):
            Contract.objects.select_for_update().filter(pk=key).first()
            exact = _settle_exact(key, billed, now)
            by_night = [line for line in billed if line.pk not in exact and _is_for_nights(line)]
            if by_night:
                contract = Contract.objects.prefetch_related(*PARTS).get(pk=key)
                settle_nights(contract, _nights_of(contract, by_night), now=now)


def _settle_exact(contract_id: int, billed: Sequence[InvoiceLine], now: datetime) -> set[int]:
    """Settle open lines that were billed as they stand, differences among them; gives the invoice lines that did."""
    rows = ScheduleLine.objects.filter(contract=contract_id, state="due", settled_at=None).order_by(
        "is_difference", "pk"
    )
    standing = {
        _exactly(row.contract_line_id, row.period.lower, row.period.upper, row.pence): row.pk for row in rows
    }
    found = {}
    for line in billed:
        key = _exactly(line.contract_line_id or 0, line.starts_on, line.ends_on, line.net_pence)
        if (row := standing.pop(key, None)) is not None:
            found[line.pk] = row
    settle(found.values(), now)
    return set(found)


def _exactly(line_id: int, starts_on: date, ends_on: date, pence: int) -> tuple[int, date, date, int]:
    return line_id, starts_on, ends_on, pence


def _is_for_nights(line: InvoiceLine) -> bool:
    """Whether a line bills nights rather than gives back: above zero, or below it for the price line of a discount."""
    is_discount = line.contract_line is not None and line.contract_line.kind == PriceKind.DISCOUNT
    return line.net_pence < 0 if is_discount else line.net_pence > 0


def _nights_of(contract: Contract, billed: Iterable[InvoiceLine]) -> dict[int, list[Period]]:
    """The nights that were billed of each price line; a line that names none is for each of them."""
    every = {row.pk for version in contract.versions.all() for row in version.lines.all()}
    found: dict[int, list[Period]] = defaultdict(list)
    for line in billed:
        if line.starts_on < line.ends_on:
            for key in every if line.contract_line_id is None else {line.contract_line_id}:
                found[key].append(Period(line.starts_on, line.ends_on))
    return found


def left_to_invoice(rows: Sequence[ScheduleLine]) -> list[Left]:
    """What of open schedule lines no invoice stands for yet, proposed ones counted: whole lines, or the nights left of them."""
    billed = _billed_of(rows)
    agreements: dict[int, Agreement | None] = {}
    found: list[Left] = []
    for row in rows:
        own = Period(row.period.lower, row.period.upper)
        claims = [
            line
            for line in billed.get(row.contract_id, ())
            if line.contract_line_id in (None, row.contract_line_id)
        ]
        if row.is_difference:
            if not any(_bills_exactly(line, row) for line in claims):
                found.append(Left(row, own, row.pence, row.vat_pence))
            continue
        parts = own.without(_nights(line) for line in claims if _is_for_nights(line))
        found += (
            [Left(row, own, row.pence, row.vat_pence)] if parts == (own,) else _priced(row, parts, agreements)
        )
    return found


def _billed_of(rows: Sequence[ScheduleLine]) -> dict[int, list[InvoiceLine]]:
    """Live invoice lines that still ask for something, by contract; a proposed one names its price line, not yet a contract."""
    if not rows:
        return {}
    contracts, of_line = (
        {row.contract_id for row in rows},
        {row.contract_line_id: row.contract_id for row in rows},
    )
    first, last = min(row.period.lower for row in rows), max(row.period.upper for row in rows)
    live = InvoiceLine.objects.filter(
        Q(contract__in=contracts) | Q(contract=None, contract_line__in=of_line), invoice__state__in=LIVE,
        starts_on__lt=last, ends_on__gt=first,
    ).exclude(starts_on=F("ends_on"))  # fmt: skip
    found: dict[int, list[InvoiceLine]] = defaultdict(list)
    for line in live.select_related("invoice", "contract_line"):
        if claimed_pence(line):
            found[line.contract_id or of_line[line.contract_line_id or 0]].append(line)
    return found


def _bills_exactly(line: InvoiceLine, row: ScheduleLine) -> bool:
    """Whether a line bills exactly this difference and is not released yet: one that is has settled another."""
    is_open = line.invoice.state not in ("part_released", "released")
    return is_open and _exactly(
        line.contract_line_id or 0, line.starts_on, line.ends_on, line.net_pence
    ) == _exactly(row.contract_line_id, row.period.lower, row.period.upper, row.pence)


def _nights(line: InvoiceLine) -> Period:
    return Period(line.starts_on, line.ends_on)


def _priced(
    row: ScheduleLine, parts: Iterable[Period], agreements: dict[int, Agreement | None]
) -> list[Left]:
    """Parts of a line at what they come to by the contract."""
    if row.contract_id not in agreements:
        contract = Contract.objects.prefetch_related(*PARTS).filter(pk=row.contract_id).first()
        agreements[row.contract_id] = agreement_of(contract) if contract else None
    agreement = agreements[row.contract_id]
    found = []
    for part in joined(parts):
        priced = priced_between(agreement, part).get(row.contract_line_id) if agreement else None
        if priced is not None:
            found.append(Left(row, part, priced.pence, priced.vat_pence))
    return found
