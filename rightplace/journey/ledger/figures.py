"""What became of a month's schedule, contract by contract: invoiced, missed, disputed, accrued, and what was paid.

For each contract and cost code of a month, in pence without VAT:

* *expected*: the schedule's lines for the nights of the month;
* *invoiced*: what of the providers' invoices for these nights was agreed, at most what was expected;
* *missed*: expected nights that the checks found nobody has billed;
* *disputed*: what was billed for these nights and is neither agreed nor refused yet, within what was expected;
* *accrued*: what is then left: nights that nobody has billed yet;
* *above*: what was agreed beyond what was expected, to be looked at (as after a schedule was shortened).

So expected = invoiced + missed + disputed + accrued - above, to the penny; the table holds it by a constraint. An invoice line
over several months is shared out by its nights, by differences of rounded running totals, so that the months add up to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, Sum

from rightplace.core.money import split_pence
from rightplace.core.periods import Period
from rightplace.journey.invoices.models import Finding, InvoiceLine
from rightplace.journey.ledger.booking import next_month
from rightplace.journey.ledger.models import PaymentItem
from rightplace.journey.payments.models import ScheduleLine

Key = tuple[int, int | None]
"""A contract and a cost code."""

AGREED = ("accepted", "reduced", "settled", "disputed")
WAITING = ("open", "disputed")
NOT_COUNTED = ("withdrawn", "objected", "proposed")


@dataclass(slots=True)
class Billed:
    """What was found for a contract and code before it is held against what was expected."""

    expected: int = 0
    agreed: int = 0
    waiting: int = 0
    missed: int = 0
    paid: int = 0


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """What became of what was expected, in pence."""

    contract_id: int
    cost_code_id: int | None
    expected: int
    invoiced: int
    missed: int
    disputed: int
    accrued: int
    above: int
    paid: int


@dataclass(slots=True)
class Month:
    """The month being counted: its nights, and what was found so far."""

    period: Period
    found: dict[Key, Billed] = field(default_factory=lambda: defaultdict(Billed))

    def part(self, starts_on: date, ends_on: date, pence: int) -> int:
        """How much of an amount for some nights falls in the month; what is for no night, on the day it is for."""
        if starts_on >= ends_on:
            return pence if self.period.contains(starts_on) else 0
        whole = Period(starts_on, ends_on)
        shared = self.period.intersection(whole)
        if shared is None or shared.is_empty:
            return 0
        before = max((shared.start - starts_on).days, 0)
        parts = (before, shared.nights, whole.nights - before - shared.nights)
        return split_pence(pence, parts)[1]


def figures_of(authority_id: int, month: date) -> list[MonthFigure]:
    """The figures of a month, by contract and cost code, in the order of their numbers."""
    counted = Month(Period(month, next_month(month)))
    _count_expected(counted, authority_id)
    _count_billed(counted, authority_id)
    _count_missed(counted, authority_id)
    _join_codes(counted)
    rows = [
        weighed(key, billed)
        for key, billed in sorted(counted.found.items(), key=lambda pair: (pair[0][0], pair[0][1] or 0))
    ]
    return [
        row
        for row in rows
        if any((row.expected, row.invoiced, row.missed, row.disputed, row.above, row.paid))
    ]


def weighed(key: Key, billed: Billed) -> MonthFigure:
    """What was billed held against what was expected: agreed first, then missed, then disputed; the rest is accrued.

    >>> found = weighed((1, None), Billed(expected=1000, agreed=600, waiting=500, missed=0, paid=600))
    >>> found.invoiced, found.disputed, found.accrued, found.above
    (600, 400, 0, 0)
    """
    left = max(billed.expected - billed.agreed, 0)
    missed = min(max(billed.missed, 0), left)
    disputed = min(max(billed.waiting, 0), left - missed)
    accrued = left - missed - disputed
    above = billed.agreed + missed + disputed + accrued - billed.expected
    return MonthFigure(*key, billed.expected, billed.agreed, missed, disputed, accrued, above, billed.paid)


def _count_expected(counted: Month, authority_id: int) -> None:
    start, end = counted.period.start, counted.period.closed_end
    rows = ScheduleLine.objects.filter(
        authority_id=authority_id, state="due", period__startswith__gte=start, period__startswith__lt=end
    )
    sums = rows.order_by().values("contract_id", "cost_code_id").annotate(all=Sum("pence"))
    for row in sums:
        counted.found[row["contract_id"], row["cost_code_id"]].expected += row["all"]


def _count_billed(counted: Month, authority_id: int) -> None:
    start, end = counted.period.start, counted.period.closed_end
    in_month = Q(ends_on__gt=start) | Q(starts_on__gte=start)
    rows = InvoiceLine.objects.filter(
        in_month, authority_id=authority_id, contract__isnull=False, starts_on__lt=end
    ).exclude(invoice__state__in=NOT_COUNTED)
    paid = _paid_of(rows.values_list("pk", flat=True))
    for line in rows:
        if line.contract_id is None:
            continue
        billed = counted.found[line.contract_id, line.cost_code_id]
        if line.state in AGREED:
            billed.agreed += counted.part(line.starts_on, line.ends_on, line.agreed_net_pence)
        if line.state in WAITING:
            # Until somebody decides, nothing of it is agreed, whatever the checks propose.
            pence = line.net_pence if line.state == "open" else line.held_back_pence
            billed.waiting += counted.part(line.starts_on, line.ends_on, pence)
        billed.paid += counted.part(line.starts_on, line.ends_on, paid.get(line.pk, 0))


def _paid_of(line_ids: Iterable[int]) -> dict[int, int]:
    """What was paid of each invoice line, without VAT: its payables whose payment was sent and did not come back."""
    rows = PaymentItem.objects.filter(
        payable__invoice_line__in=line_ids, is_live=True, payment__state__in=["sent", "paid"]
    )
    sums: dict[int, int] = defaultdict(int)
    for row in rows.select_related("payable"):
        payable, gross = row.payable, row.payable.net_pence + row.payable.vat_pence
        sums[payable.invoice_line_id] += payable.net_pence if row.pence == gross else row.pence
    return dict(sums)


def _count_missed(counted: Month, authority_id: int) -> None:
    rows = Finding.objects.filter(
        authority_id=authority_id, outcome="missed", state="open", contract__isnull=False, starts_on__isnull=False,
        ends_on__isnull=False, starts_on__lt=counted.period.closed_end, ends_on__gt=counted.period.start,
    )  # fmt: skip
    for row in rows:
        if row.contract_id is not None and row.starts_on is not None and row.ends_on is not None:
            key = (row.contract_id, _main_code(counted, row.contract_id))
            counted.found[key].missed += abs(counted.part(row.starts_on, row.ends_on, row.pence))


def _main_code(counted: Month, contract_id: int) -> int | None:
    """The code under which most of a contract's month was expected."""
    held = [
        (billed.expected, code)
        for (contract, code), billed in counted.found.items()
        if contract == contract_id
    ]
    return max(held, key=lambda pair: pair[0], default=(0, None))[1]


def _join_codes(counted: Month) -> None:
    """What was billed under a code that the schedule does not use counts under the contract's main code."""
    for key in [key for key, billed in counted.found.items() if billed.expected == 0]:
        main = (key[0], _main_code(counted, key[0]))
        if main != key and counted.found[main].expected:
            billed, into = counted.found.pop(key), counted.found[main]
            into.agreed += billed.agreed
            into.waiting += billed.waiting
            into.missed += billed.missed
            into.paid += billed.paid
