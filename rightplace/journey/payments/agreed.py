"""What each contract comes to, as core prices it: the agreement that stands by signature, and many of them as columns.

The one place where a contract's rows become an `Agreement`: schedules, invoice checks, accruals and the proof of them all
ask here, so that none can differ from another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rightplace.core.checking.invoices import UNKNOWN, Contracts
from rightplace.core.periods import Period
from rightplace.core.pricing import Absence, Agreement, Delivery, dated_charges
from rightplace.core.pricing.running import day_numbers
from rightplace.journey.contracts.counting import counts_for
from rightplace.journey.contracts.models import Contract, ContractLine
from rightplace.journey.contracts.standing import Standing, happened, standing
from rightplace.journey.contracts.terms import agreement_from, ruling

HUNDREDTHS = 100
PARTS = ("versions__lines", "absences", "deliveries", "authority__carer_rates")
"""What is read of each contract: prefetch it for many."""


@dataclass(frozen=True, slots=True, eq=False)
class Commissioned:
    """Contracts as columns: `columns` has a row for each of `contract_ids`, in their order."""

    contract_ids: tuple[int, ...]
    agreements: tuple[Agreement, ...]
    columns: Contracts

    @property
    def places(self) -> dict[int, int]:
        """The row of each contract by its number."""
        return {contract_id: place for place, contract_id in enumerate(self.contract_ids)}


def agreement_of(contract: Contract) -> Agreement | None:
    """What stands by signature, with all its rules and what happened; None while nothing was signed, or when cancelled.

    Lines are numbered by their rows. Reads `versions` with their `lines`, `absences` and `deliveries` through the
    relations: prefetch them for many (`PARTS`).
    """
    stands = standing(contract)
    if stands is None or contract.state == "cancelled":
        return None
    came_to_pass = happened(
        contract, absences=_absences(contract), deliveries=_deliveries(contract, stands),
        counts=counts_for(contract, stands.terms),
    )  # fmt: skip
    return agreement_from(stands.terms, stands.stay, came_to_pass, contract.pk)


@dataclass(frozen=True, slots=True)
class Priced:
    """What one price line, by its number, comes to for some nights: pence and VAT."""

    line_id: int
    nights: Period
    pence: int
    vat_pence: int


def priced_between(agreement: Agreement, nights: Period) -> dict[int, Priced]:
    """What each price line comes to for these nights; lines that come to nothing are left out."""
    cuts = day_numbers([nights.start, nights.closed_end])
    rows = dated_charges(agreement, cuts)
    return {row.line: Priced(row.line, row.period, row.pence, row.vat_pence) for row in rows}


def commissioned(contracts: Iterable[Contract]) -> Commissioned:
    """Those contracts that stand, as columns to check invoices against. A provider of -1 is the authority's own service."""
    standing_now = [(contract, agreement_of(contract)) for contract in contracts]
    held = [(contract, agreement) for contract, agreement in standing_now if agreement is not None]
    agreements = tuple(agreement for _, agreement in held)
    columns = Contracts.agreed(
        agreements,
        provider=[contract.provider_id or UNKNOWN for contract, _ in held],
        child=[contract.child_id or UNKNOWN for contract, _ in held],
        is_home=[contract.package_id is None for contract, _ in held],
    )
    return Commissioned(tuple(contract.pk for contract, _ in held), agreements, columns)


def _absences(contract: Contract) -> tuple[Absence, ...]:
    rows = [row for row in contract.absences.all() if row.taken_back_at is None]
    return tuple(Absence(_reason(row.reason), Period(row.period.lower, row.period.upper)) for row in rows)


def _reason(kept: str) -> str:
    return "" if kept == "other" else kept


def _deliveries(contract: Contract, stands: Standing) -> tuple[Delivery, ...]:
    """What was delivered, for the line that rules on its day: a variation goes on with the line of the same name.

    Hours are charged as agreed, not as given.
    """
    rows = [row for row in contract.deliveries.all() if row.taken_back_at is None]
    if not rows:
        return ()
    parts = ruling(stands.terms, stands.stay)
    named = {line.pk: _name(line) for lines in stands.lines for line in lines}
    found = []
    for row in rows:
        name = named.get(row.contract_line_id) or _name(row.contract_line)
        place = next((place for place, part in parts if part.contains(row.on)), None)
        lines = stands.lines[place] if place is not None else ()
        line = next((line for line in lines if _name(line) == name), None)
        if line is not None and line.unit != "hour":
            found.append(Delivery(line.pk, row.on, int(row.quantity * HUNDREDTHS)))
    return tuple(found)


def _name(line: ContractLine) -> tuple[str, str, str]:
    return line.kind, line.unit, line.words
