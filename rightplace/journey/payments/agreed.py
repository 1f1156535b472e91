"""What each contract comes to, as core prices it: the agreement that stands by signature, and many of them as columns.

The one place where a contract's rows become an `Agreement`: schedules, invoice checks, accruals and the proof of them all
ask here, so that none can differ from another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rightplace.core.checking.invoices import UNKNOWN, Contracts
from rightplace.core.pricing import Agreement, Version, agreed_lines
from rightplace.journey.contracts.models import Contract
from rightplace.journey.contracts.standing import standing


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
    """What stands by signature, with all its rules; None while nothing has been signed, or when it was cancelled.

    Lines are numbered by their rows. Reads `versions` and their `lines` through the relations: prefetch them for many.
    """
    stands = standing(contract)
    if stands is None or contract.state == "cancelled":
        return None
    versions = [
        Version(terms.starts_on, tuple((row.pk, line) for row, line in zip(rows, terms.lines, strict=True)))
        for terms, rows in zip(stands.terms, stands.lines, strict=True)
    ]
    return Agreement(contract.pk, stands.stay, agreed_lines(versions, stands.stay))


def commissioned(contracts: Iterable[Contract]) -> Commissioned:
    """Those contracts that stand, as columns to check invoices against. A provider of -1 is the authority's own service."""
    standing_now = [(contract, agreement_of(contract)) for contract in contracts]
    held = [(contract, agreement) for contract, agreement in standing_now if agreement is not None]
    agreements = tuple(agreement for _, agreement in held)
    columns = Contracts.agreed(
        agreements,
        provider=[contract.provider_id or UNKNOWN for contract, _ in held],
        child=[contract.child_id or UNKNOWN for contract, _ in held],
    )
    return Commissioned(tuple(contract.pk for contract, _ in held), agreements, columns)
