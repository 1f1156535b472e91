"""Making the schedule of a contract: what is wanted by what stands, against what is held and what was settled.

A line that was settled (invoiced or paid) stays as it is for good. Where what is wanted for its price line and month has
moved since, a line of the difference is added, with the reason. Lines that were not settled are superseded and made
again. So settled lines, differences and open lines always add up to what would be due had all been known at first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from rightplace.core.periods import Period, financial_year
from rightplace.core.pricing import dated_charges
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.events.bus import publish
from rightplace.journey.contracts.models import Contract, ContractLine
from rightplace.journey.payments.agreed import agreement_of
from rightplace.journey.payments.coding import CostCodes, codes_of, home_kind_of
from rightplace.journey.payments.events import ScheduleMade
from rightplace.journey.payments.models import ScheduleLine

CHANGED = "The contract or the stay has changed since this was settled"
Key = tuple[int, date]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one price line comes to in one month, by what stands now."""

    line_id: int
    month: date
    nights: Period
    pence: int
    vat_pence: int

    @property
    def key(self) -> Key:
        """What is settled and set right as one."""
        return self.line_id, self.month


def schedule_again(contract: Contract, *, by: Actor, now: datetime, reason: str = "") -> ScheduleMade:
    """Bring the schedule to what stands now; with nothing to change it changes nothing.

    `reason` says why in the lines of difference. One at a time for a contract: a second run waits, then finds it done.
    Runs beyond the actor's own sight, because a provider's signature makes lines whose codes are the authority's.
    """
    with as_system():
        Contract.objects.select_for_update().filter(pk=contract.pk).first()
        held = list(ScheduleLine.objects.filter(contract=contract, state="due"))
        settled = [line for line in held if line.settled_at is not None]
        open_now = {_sameness(line): line for line in held if line.settled_at is None}
        target = {_sameness(line): line for line in _target(contract, settled, now, reason or CHANGED)}
        gone = [line for key, line in open_now.items() if key not in target]
        new = [line for key, line in target.items() if key not in open_now]
        _write(gone, new, now)
    event = _made(contract, by, now, gone, new)
    if new or gone:
        publish(event)
    return event


def wanted_of(contract: Contract) -> tuple[Wanted, ...]:
    """What each price line comes to in each month, by what stands; nothing for a contract that was cancelled."""
    agreement = agreement_of(contract)
    if agreement is None:
        return ()
    rows = dated_charges(agreement)
    return tuple(Wanted(row.line, row.part, row.period, row.pence, row.vat_pence) for row in rows)


def _target(
    contract: Contract, settled: Sequence[ScheduleLine], now: datetime, reason: str
) -> Iterator[ScheduleLine]:
    """The lines that should stand open beside those that were settled."""
    maker = _Maker(contract, codes_of(contract.authority_id), now)
    wanted = {row.key: row for row in wanted_of(contract)}
    sums = _sums(settled)
    for key, row in wanted.items():
        if key not in sums:
            yield maker.line(row)
    for key, (nights, pence, vat_pence) in sums.items():
        found = wanted.get(key)
        nights = found.nights if found else nights
        net = (found.pence if found else 0) - pence
        vat = (found.vat_pence if found else 0) - vat_pence
        if net or vat:
            yield maker.line(Wanted(*key, nights, net, vat), reason)


def _sums(settled: Iterable[ScheduleLine]) -> dict[Key, tuple[Period, int, int]]:
    """What was settled for each line and month: its nights, pence and VAT."""
    sums: dict[Key, tuple[Period, int, int]] = {}
    for line in settled:
        key = (line.contract_line_id, line.month)
        nights, pence, vat = sums.get(key, (Period(line.period.lower, line.period.upper), 0, 0))
        sums[key] = (nights, pence + line.pence, vat + line.vat_pence)
    return sums


class _Maker:
    """Makes the rows of one contract's schedule."""

    def __init__(self, contract: Contract, codes: CostCodes, now: datetime) -> None:
        self._contract, self._codes, self._now = contract, codes, now
        self._home_kind = home_kind_of(contract) if codes.rows else ""
        rows = ContractLine.objects.filter(contract_version__contract=contract)
        self._lines = {row.pk: row for row in rows}

    def line(self, wanted: Wanted, reason: str = "") -> ScheduleLine:
        """One row: a charge, or with a reason a difference, which is due today unless its nights are still to come."""
        end, start = wanted.nights.closed_end, wanted.nights.start
        line = self._lines[wanted.line_id]
        return ScheduleLine(
            authority_id=self._contract.authority_id,
            provider_id=self._contract.provider_id,
            contract=self._contract,
            contract_version_id=line.contract_version_id,
            contract_line=line,
            kind=line.kind,
            period=DateRange(start, end),
            due_on=max(end, timezone.localdate(self._now)) if reason else end,
            financial_year=financial_year(start),
            month=wanted.month,
            pence=wanted.pence,
            vat_pence=wanted.vat_pence,
            cost_code=self._codes.code(self._home_kind, line.kind, start),
            is_difference=bool(reason),
            reason=reason[:300],
            made_at=self._now,
        )


def _sameness(line: ScheduleLine) -> tuple[object, ...]:
    """What makes two lines the same, so that one that stays right is not touched."""
    nights = (line.period.lower, line.period.upper)
    return line.contract_line_id, nights, line.pence, line.vat_pence, line.cost_code_id, line.is_difference


def _write(gone: Iterable[ScheduleLine], new: Iterable[ScheduleLine], now: datetime) -> None:
    keys = [line.pk for line in gone]
    ScheduleLine.objects.filter(pk__in=keys).update(state="superseded", superseded_at=now)
    ScheduleLine.objects.bulk_create(new)


def _made(
    contract: Contract, by: Actor, now: datetime, gone: Sequence[ScheduleLine], new: Sequence[ScheduleLine]
) -> ScheduleMade:
    change = sum(line.pence for line in new) - sum(line.pence for line in gone)
    return ScheduleMade(
        by=by, now=now, authority_id=contract.authority_id, contract_id=contract.pk, provider_id=contract.provider_id,
        lines_added=len(new), lines_superseded=len(gone), change_pence=change,
    )  # fmt: skip
