"""Making the schedule of a contract: what is wanted by what stands, against what is held and what was settled.

A line that was settled (invoiced or paid) stays as it is for good. Where what is wanted for its nights has moved since, a
line of the difference is added, with the reason. Nights that were not settled are charged by open lines, which are
superseded and made again; of a month of which a part was invoiced, only the rest. So settled lines, differences and open
lines always add up to what would be due had all been known at first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from rightplace.core.periods import Period, financial_year, joined
from rightplace.core.pricing import dated_charges
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.events.bus import publish
from rightplace.journey.contracts.models import Contract, ContractLine
from rightplace.journey.payments.agreed import agreement_of, priced_between
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

    def with_more(self, other: Wanted) -> Wanted:
        """Both as one, from the first night of either to the last."""
        end = max(self.nights.closed_end, other.nights.closed_end)
        nights = Period(min(self.nights.start, other.nights.start), end)
        return replace(
            self, nights=nights, pence=self.pence + other.pence, vat_pence=self.vat_pence + other.vat_pence
        )  # fmt: skip


def schedule_again(contract: Contract, *, by: Actor, now: datetime, reason: str = "") -> ScheduleMade:
    """Bring the schedule to what stands now; with nothing to change it changes nothing.

    `reason` says why in the lines of difference. One at a time for a contract: a second run waits, then finds it done.
    Runs beyond the actor's own sight, because a provider's signature makes lines whose codes are the authority's.
    """
    with as_system():
        Contract.objects.select_for_update().filter(pk=contract.pk).first()
        gone, new = _brought_up(contract, now, reason or CHANGED)
    event = _made(contract, by, now, gone, new)
    if new or gone:
        publish(event)
    return event


def settle_nights(contract: Contract, nights: Mapping[int, Sequence[Period]], *, now: datetime) -> None:
    """Settle the nights that were invoiced, by price line: whole lines as they are, of others that part alone.

    A line of which a part was invoiced is superseded: by a settled line for the part, at what it comes to, and by an open one
    for the rest. Nothing is due otherwise than before, so nobody is told. The contract must have been locked, and read with
    `PARTS`.
    """
    rows = ScheduleLine.objects.filter(contract=contract, state="due", settled_at=None, is_difference=False)
    parted: list[tuple[ScheduleLine, tuple[Period, ...]]] = []
    whole: list[int] = []
    for row in rows.filter(contract_line__in=nights):
        own = Period(row.period.lower, row.period.upper)
        shared = [part for each in nights[row.contract_line_id] if (part := own.intersection(each))]
        if not own.without(shared):
            whole.append(row.pk)
        elif shared:
            parted.append((row, joined(shared)))
    ScheduleLine.objects.filter(pk__in=whole).update(settled_at=now)
    if parted:
        _settle_parts(contract, parted, now)


def _settle_parts(
    contract: Contract, parted: Sequence[tuple[ScheduleLine, tuple[Period, ...]]], now: datetime
) -> None:
    """Put settled lines for parts in the place of whole ones, then bring the rest up to what stands."""
    agreement = agreement_of(contract)
    if agreement is None:
        return
    maker = _Maker(contract, codes_of(contract.authority_id), now)
    _write([row for row, _ in parted], [], now)
    made = []
    for row, parts in parted:
        for part in parts:
            found = priced_between(agreement, part).get(row.contract_line_id)
            if found is not None:
                wanted = Wanted(row.contract_line_id, row.month, part, found.pence, found.vat_pence)
                line = maker.line(wanted)
                line.settled_at, line.cost_code_id = now, row.cost_code_id
                made.append(line)
    ScheduleLine.objects.bulk_create(made)
    _brought_up(contract, now, CHANGED)


def _brought_up(
    contract: Contract, now: datetime, reason: str
) -> tuple[list[ScheduleLine], list[ScheduleLine]]:
    """Supersede the open lines that are not wanted any more and make those that are; gives both."""
    held = list(ScheduleLine.objects.filter(contract=contract, state="due"))
    settled = [line for line in held if line.settled_at is not None]
    open_now = {_sameness(line): line for line in held if line.settled_at is None}
    target = {_sameness(line): line for line in _target(contract, settled, now, reason)}
    gone = [line for key, line in open_now.items() if key not in target]
    new = [line for key, line in target.items() if key not in open_now]
    _write(gone, new, now)
    return gone, new


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
    open_rows, within = _parted(contract, settled)
    for row in open_rows:
        yield maker.line(row)
    for key, (nights, pence, vat_pence) in _sums(settled).items():
        net, vat = within.get(key, (0, 0))
        if net - pence or vat - vat_pence:
            yield maker.line(Wanted(*key, nights, net - pence, vat - vat_pence), reason)


def _parted(
    contract: Contract, settled: Sequence[ScheduleLine]
) -> tuple[list[Wanted], dict[Key, tuple[int, int]]]:
    """What is wanted for nights that no settled charge is for, as lines; and for those that are, summed by line and month."""
    agreement = agreement_of(contract)
    if agreement is None:
        return [], {}
    held = settled_nights(settled)
    days = {day for nights in held.values() for each in nights for day in (each.start, each.closed_end)}
    within: dict[Key, tuple[int, int]] = {}
    left: dict[tuple[int, date, int], Wanted] = {}
    for row in dated_charges(agreement, also=days):
        key, month = (row.line, row.part.replace(day=1)), row.part.replace(day=1)
        nights = held.get(key, ())
        if any(each.contains(row.period.start) for each in nights):
            net, vat = within.get(key, (0, 0))
            within[key] = (net + row.pence, vat + row.vat_pence)
            continue
        gap = sum(each.start <= row.period.start for each in nights)
        part = Wanted(row.line, month, row.period, row.pence, row.vat_pence)
        before = left.get((*key, gap))
        left[(*key, gap)] = part if before is None else before.with_more(part)
    return [row for row in left.values() if row.pence or row.vat_pence], within


def settled_nights(settled: Iterable[ScheduleLine]) -> dict[Key, tuple[Period, ...]]:
    """The nights that settled charges are for, by price line and month; a difference is for no nights of its own."""
    found: dict[Key, list[Period]] = defaultdict(list)
    for line in settled:
        if not line.is_difference:
            found[line.contract_line_id, line.month].append(Period(line.period.lower, line.period.upper))
    return {key: tuple(sorted(nights, key=_start_of)) for key, nights in found.items()}


def _start_of(nights: Period) -> date:
    return nights.start


def _sums(settled: Iterable[ScheduleLine]) -> dict[Key, tuple[Period, int, int]]:
    """What was settled for each line and month: from its first night to its last, pence and VAT."""
    sums: dict[Key, tuple[Period, int, int]] = {}
    for line in settled:
        key = (line.contract_line_id, line.month)
        own = Period(line.period.lower, line.period.upper)
        nights, pence, vat = sums.get(key, (own, 0, 0))
        hull = Period(min(nights.start, own.start), max(nights.closed_end, own.closed_end))
        sums[key] = (hull, pence + line.pence, vat + line.vat_pence)
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
