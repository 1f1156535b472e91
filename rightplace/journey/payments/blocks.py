"""How far blocks of beds are filled, and what a filled night costs: the whole price of the block over the nights slept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from rightplace.core.periods import Period
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.journey.contracts.blocks import Block, blocks_of
from rightplace.journey.contracts.models import Contract
from rightplace.journey.payments.agreed import PARTS, agreement_of, priced_between
from rightplace.journey.placements.models import Placement

STAYED = ("started", "ended")


@dataclass(frozen=True, slots=True)
class BlockUse:
    """A block to a day: its bed nights, those that were slept, and what it came to."""

    block: Block
    bed_nights: int
    filled_nights: int
    pence: int

    @property
    def share(self) -> float:
        """How much of it was filled, from 0 to 1."""
        return self.filled_nights / self.bed_nights if self.bed_nights else 0.0

    @property
    def pence_a_filled_night(self) -> int | None:
        """What a night that was slept cost; None while none was."""
        return round(self.pence / self.filled_nights) if self.filled_nights else None


def block_uses(actor: Actor, today: date) -> list[BlockUse]:
    """Every block of the actor's authority to a day, without a child's name; one that has not begun has no nights yet."""
    return [_use(actor.authority_id, block, today) for block in blocks_of(actor.authority_id)]


def _use(authority_id: int, block: Block, today: date) -> BlockUse:
    until = min(max(today, block.nights.start), block.nights.closed_end)
    nights = Period(block.nights.start, until)
    if nights.is_empty:
        return BlockUse(block, 0, 0, 0)
    with as_system():
        contract = Contract.objects.prefetch_related(*PARTS).get(pk=block.contract_id)
        agreement = agreement_of(contract)
        priced = priced_between(agreement, nights).get(block.line_id) if agreement else None
        stays = Placement.objects.filter(
            authority_id=authority_id, setting_id=block.setting_id, state__in=STAYED, period__overlap=(nights.start, until)
        ).values_list("period", flat=True)  # fmt: skip
        slept = filled_nights(nights, block.beds, [(stay.lower, stay.upper) for stay in stays])
    return BlockUse(block, nights.nights * block.beds, slept, priced.pence if priced else 0)


def filled_nights(nights: Period, beds: int, stays: Iterable[tuple[date, date | None]]) -> int:
    """The bed nights that were slept: on each night as many as there were children, at most the beds.

    >>> filled_nights(Period(date(2026, 5, 1), date(2026, 5, 4)), 1, [(date(2026, 4, 1), date(2026, 5, 3))])
    2
    """
    moves: dict[date, int] = {}
    for start, end in stays:
        first, last = max(start, nights.start), min(end or nights.closed_end, nights.closed_end)
        if first < last:
            moves[first] = moves.get(first, 0) + 1
            moves[last] = moves.get(last, 0) - 1
    slept, there, day = 0, 0, nights.start
    for at in [*sorted(moves), nights.closed_end]:
        slept += (at - day) // timedelta(days=1) * min(there, beds)
        there, day = there + moves.get(at, 0), at
    return slept
