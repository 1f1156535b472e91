"""An invoice side by side: what was billed for the nights of a contract, and what was expected for them.

Lines of one contract whose nights overlap stand together, as the checks take them: a fee, its support and a discount are
held against the price of those nights, not each against nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from rightplace.core.pricing import PriceKind
from rightplace.core.pricing.running import day_number
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import PROVIDER
from rightplace.foundation.access.scope import as_system
from rightplace.journey.contracts.agreement import KIND_WORDS
from rightplace.journey.contracts.blocks import PAID_BY
from rightplace.journey.contracts.models import Contract, ContractLine
from rightplace.journey.invoices.books import COUNTED, claimed_pence
from rightplace.journey.invoices.given import UNITS
from rightplace.journey.invoices.models import Finding, InvoiceLine
from rightplace.journey.invoices.queries import initials_of, reference_of, whose
from rightplace.journey.invoices.states import LINE
from rightplace.journey.invoices.wording import explained, wording_of
from rightplace.journey.payments.agreed import PARTS, Commissioned, commissioned
from rightplace.journey.payments.models import ScheduleLine


@dataclass(frozen=True, slots=True)
class FindingShown:
    """A finding in words, with the clause and the money, and the line that it rests on."""

    name: str
    words: str
    clause: str
    pence: int
    state: str
    other: str
    other_invoice_id: int | None


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line as billed, as read, and as decided."""

    id: int
    number: int
    contract: str
    words: str
    typed: str
    read_as: str
    starts_on: date
    ends_on: date
    typed_dates: str
    quantity: str
    net_pence: int
    vat_pence: int
    agreed_pence: int
    agreed_vat_pence: int
    state: str
    state_words: str
    decision: str
    query_id: int | None
    credit_due_pence: int
    is_credited: bool
    findings: tuple[FindingShown, ...]
    # For finance alone: under which code it is booked, and whether that was proposed rather than the contract's own.
    cost_code: str = ""
    is_code_proposed: bool = False

    @property
    def last_night(self) -> date:
        """The last night billed."""
        return max(self.ends_on - timedelta(days=1), self.starts_on)


@dataclass(frozen=True, slots=True)
class Side:
    """Lines of one contract for nights that overlap, with what was expected for these nights and was billed before."""

    contract_id: int | None
    reference: str
    child: str
    starts_on: date
    ends_on: date
    lines: tuple[LineShown, ...]
    billed_pence: int
    billed_before_pence: int
    expected_pence: int | None
    expected_parts: tuple[tuple[str, int], ...]
    at_stake_pence: int
    is_open: bool
    # Which block pays for the bed, where it costs nothing further.
    block_words: str = ""

    @property
    def nights(self) -> int:
        """How many nights there are between the first and the last."""
        return (self.ends_on - self.starts_on).days

    @property
    def last_night(self) -> date:
        """The last night."""
        return max(self.ends_on - timedelta(days=1), self.starts_on)

    @property
    def difference_pence(self) -> int:
        """How much more was billed in all than was expected."""
        return self.billed_pence + self.billed_before_pence - (self.expected_pence or 0)


def sides(actor: Actor, invoice_id: int) -> Sides:
    """The lines of an invoice of this actor, side by side, to be taken by the page; those with something to decide first."""
    rows = InvoiceLine.objects.filter(whose(actor), invoice_id=invoice_id)
    groups = sorted(
        _groups(list(rows.order_by("contract_id", "starts_on", "number"))),
        key=lambda group: (not any(row.state == "open" for row in group), group[0].number),
    )
    return Sides(actor, tuple(tuple(row.pk for row in group) for group in groups))


@dataclass(frozen=True, slots=True)
class Sides:
    """An invoice as groups of lines, each worked out when its page is looked at: a long invoice opens as fast as a short one.

    It holds the lines' numbers only: the portal's pages are given no row of a table.
    """

    actor: Actor
    groups: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return len(self.groups)

    def __getitem__(self, part: slice) -> list[Side]:
        keys = self.groups[part]
        lines = InvoiceLine.objects.select_related("credited_by").prefetch_related(
            "cost_code", "findings__other_line__invoice"
        )
        found = lines.in_bulk([key for group in keys for key in group])
        wanted = {row.contract_id for row in found.values() if row.contract_id}
        initials = initials_of(self.actor, wanted)
        with as_system():
            contracts = Contract.objects.filter(pk__in=wanted).select_related("placement")
            agreed = commissioned(contracts.prefetch_related(*PARTS))
            return [_side(self.actor, [found[key] for key in group], agreed, initials) for group in keys]


def _groups(rows: Sequence[InvoiceLine]) -> list[list[InvoiceLine]]:
    """Lines of one contract whose nights overlap; a line without a contract stands alone."""
    groups: list[list[InvoiceLine]] = []
    until = date.min
    for row in rows:
        is_same = (
            bool(groups) and row.contract_id is not None and groups[-1][0].contract_id == row.contract_id
        )
        if is_same and row.starts_on < until:
            groups[-1].append(row)
            until = max(until, row.ends_on)
        else:
            groups.append([row])
            until = row.ends_on
    return groups


def _side(actor: Actor, rows: list[InvoiceLine], agreed: Commissioned, initials: dict[int, str]) -> Side:
    first = rows[0]
    starts_on, ends_on = min(row.starts_on for row in rows), max(row.ends_on for row in rows)
    key = first.contract_id
    place = agreed.places.get(key) if key is not None else None
    # A contract that this actor may not see is one of a restricted case: its money is shown, and no words about it.
    is_closed = key is not None and key not in initials
    in_order = sorted(rows, key=lambda row: row.number)
    shown = tuple(line_shown(row, actor, is_closed=is_closed) for row in in_order)
    return Side(
        contract_id=key, reference=reference_of(first), child=first.child_reference if key is None else initials.get(key, ""),
        starts_on=starts_on, ends_on=ends_on, lines=shown, billed_pence=sum(row.net_pence for row in rows),
        billed_before_pence=_billed_before(first, starts_on, ends_on) if key else 0,
        expected_pence=None if place is None else _expected(agreed, place, starts_on, ends_on),
        expected_parts=_parts(key, starts_on, ends_on) if key else (),
        at_stake_pence=sum(row.held_back_pence for row in rows if row.net_pence > 0),
        is_open=any(row.state == "open" for row in rows),
        block_words=_block_words(key) if key else "",
    )  # fmt: skip


def line_shown(row: InvoiceLine, actor: Actor, *, is_closed: bool = False) -> LineShown:
    """A line as both sides read it; of another line only the actor's own is named. Where `is_closed`, no words are shown."""
    typed = row.contract_reference or ("" if is_closed else row.child_reference)
    reference = reference_of(row)
    is_read = (
        bool(row.contract_id and row.contract_reference)
        and reference != row.contract_reference.strip().upper()
    )
    has_other_dates = row.typed_starts_on is not None and row.typed_ends_on is not None
    return LineShown(
        id=row.pk, number=row.number, contract=reference, words="" if is_closed else row.words, typed=typed,
        read_as=reference if is_read else "",
        starts_on=row.starts_on, ends_on=row.ends_on,
        typed_dates=f"{row.typed_starts_on:%-d %B %Y} to {row.typed_ends_on:%-d %B %Y}" if has_other_dates else "",
        quantity=f"{row.quantity.normalize():f} {UNITS.get(row.unit, row.unit)}" if row.quantity else "",
        net_pence=row.net_pence, vat_pence=row.vat_pence, agreed_pence=row.agreed_net_pence,
        agreed_vat_pence=row.agreed_vat_pence, state=row.state, state_words=LINE.states[row.state],
        decision="" if is_closed else row.decision_words, query_id=row.query_id, credit_due_pence=row.credit_due_pence,
        is_credited=row.credited_by_id is not None,
        findings=tuple(_finding(one, actor) for one in row.findings.all() if one.state != "replaced"),
        cost_code=str(row.cost_code) if row.cost_code_id and actor.role != PROVIDER else "",
        is_code_proposed=row.contract_line_id is None,
    )  # fmt: skip


def lines_of(actor: Actor, invoice_id: int) -> list[LineShown]:
    """Every line of an invoice as both sides read it, in their order: for other systems, which take it whole."""
    rows = InvoiceLine.objects.filter(whose(actor), invoice_id=invoice_id).select_related("credited_by")
    found = list(rows.prefetch_related("cost_code", "findings__other_line__invoice").order_by("number"))
    seen = initials_of(actor, {row.contract_id for row in found if row.contract_id})
    return [
        line_shown(row, actor, is_closed=row.contract_id is not None and row.contract_id not in seen)
        for row in found
    ]


def _finding(one: Finding, actor: Actor) -> FindingShown:
    other = one.other_line
    is_named = other is not None and (actor.role != PROVIDER or other.provider_id == actor.provider_id)
    words = f"invoice {other.invoice.number}, line {other.number}" if other is not None and is_named else ""
    wording = wording_of(one.outcome)
    return FindingShown(
        wording.name, explained(one), wording.clause, one.pence, one.state, words,
        other.invoice_id if other is not None and is_named else None,
    )  # fmt: skip


def _block_words(contract_id: int) -> str:
    """Which block pays for the bed; "" where none does."""
    lines = ContractLine.objects.filter(
        contract_version__contract=contract_id, contract_version__is_signed=True, words__startswith=PAID_BY
    ).order_by("-pk")  # fmt: skip
    line = lines.first()
    return f"{line.words}: it costs nothing further." if line else ""


def _expected(agreed: Commissioned, place: int, starts_on: date, ends_on: date) -> int:
    column = np.array([place], dtype=np.int64)
    start = np.array([day_number(starts_on)], dtype=np.int32)
    end = np.array([day_number(ends_on)], dtype=np.int32)
    return int(agreed.columns.expected(column, start, end)[0])


def _parts(contract_id: int, starts_on: date, ends_on: date) -> tuple[tuple[str, int], ...]:
    """What the expected sum is made of, where the nights are whole lines of the schedule."""
    rows = ScheduleLine.objects.filter(
        contract_id=contract_id, state="due", period__startswith__gte=starts_on, period__endswith__lte=ends_on
    )
    sums: dict[str, int] = {}
    for row in rows.order_by("contract_line_id"):
        name = KIND_WORDS[PriceKind(row.kind)]
        sums[name] = sums.get(name, 0) + row.pence
    return tuple(sums.items())


def _billed_before(line: InvoiceLine, starts_on: date, ends_on: date) -> int:
    """What other invoices that came before billed for these nights, by the night."""
    rows = InvoiceLine.objects.filter(
        contract_id=line.contract_id or 0, invoice__state__in=COUNTED, invoice_id__lt=line.invoice_id,
        starts_on__lt=ends_on, ends_on__gt=starts_on,
    )  # fmt: skip
    total = 0
    for row in rows:
        shared = (min(row.ends_on, ends_on) - max(row.starts_on, starts_on)).days
        total += claimed_pence(row) * shared // max((row.ends_on - row.starts_on).days, 1)
    return total
