"""The proof of the schedules: what is due, computed again from what both sides signed and from the stay."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from rightplace.journey.contracts.models import Contract
from rightplace.journey.payments.actions import wanted_lines
from rightplace.journey.payments.models import ScheduleLine

AT_ONCE = 500
Line = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class ScheduleReport:
    """How many contracts were computed again, what is due in all (pence), and the references of those that differ."""

    contracts: int
    pence: int
    wrong: tuple[str, ...]


def check_schedules() -> ScheduleReport:
    """Compute every contract's schedule again; a line that is missing, too many or of other pence is a difference."""
    contracts = pence = 0
    wrong: list[str] = []
    rows = Contract.objects.prefetch_related("versions__lines").order_by("pk")
    for contract in rows.iterator(chunk_size=AT_ONCE):
        held = _held(contract)
        contracts, pence = contracts + 1, pence + sum(int(str(line[3])) for line in held)
        if sorted(map(str, held)) != sorted(map(str, wanted_lines(contract, timezone.now()))):
            wrong.append(contract.reference)
    return ScheduleReport(contracts, pence, tuple(wrong))


def _held(contract: Contract) -> list[Line]:
    lines = ScheduleLine.objects.filter(contract=contract, state="due")
    found = lines.values_list("contract_line_id", "period", "pence")
    return [(line_id, period.lower, period.upper, amount) for line_id, period, amount in found]
