"""The proof of the schedules: what is due, computed again from what both sides signed, from the stay and its absences."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from rightplace.journey.contracts.models import Contract
from rightplace.journey.payments.agreed import PARTS
from rightplace.journey.payments.models import ScheduleLine
from rightplace.journey.payments.scheduling import Key, wanted_of

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ScheduleReport:
    """How many contracts were computed again, what is due in all (pence), and the references of those that differ."""

    contracts: int
    pence: int
    wrong: tuple[str, ...]


def check_schedules() -> ScheduleReport:
    """Compute every contract's schedule again; a price line's month that comes to other pence is a difference.

    What was settled and its differences count together: they must come to what would be due had all been known at first.
    """
    contracts = pence = 0
    wrong: list[str] = []
    rows = Contract.objects.prefetch_related(*PARTS).order_by("pk")
    for contract in rows.iterator(chunk_size=AT_ONCE):
        held = _held(contract)
        contracts, pence = contracts + 1, pence + sum(net for net, _ in held.values())
        if held != {row.key: (row.pence, row.vat_pence) for row in wanted_of(contract)}:
            wrong.append(contract.reference)
    return ScheduleReport(contracts, pence, tuple(wrong))


def _held(contract: Contract) -> dict[Key, tuple[int, int]]:
    """What the lines that count come to for each price line and month; what comes to nothing is left out."""
    sums: dict[Key, tuple[int, int]] = defaultdict(lambda: (0, 0))
    lines = ScheduleLine.objects.filter(contract=contract, state="due")
    for line_id, month, pence, vat in lines.values_list("contract_line_id", "month", "pence", "vat_pence"):
        net, more = sums[line_id, month]
        sums[line_id, month] = (net + pence, more + vat)
    return {key: both for key, both in sums.items() if any(both)}
