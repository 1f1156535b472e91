"""Which beds of a block are free, whose turn the next one is, and which nights of a month were used by whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from rightplace.core.blocks import Handed, Standing, turn_order
from rightplace.core.periods import Period
from rightplace.core.pricing import cost_within
from rightplace.journey.blocks.models import BlockStay, SharedBlock


@dataclass(frozen=True, slots=True)
class Used:
    """The nights of a stretch: of each member, and of who took beds over with what it pays."""

    nights: Period
    by_member: dict[int, int]
    handed: tuple[Handed, ...]
    bed_nights: int
    cost_pence: int

    @property
    def filled(self) -> int:
        """Bed nights that somebody slept or took over."""
        return sum(self.by_member.values()) + sum(one.nights for one in self.handed)

    @property
    def empty(self) -> int:
        """Bed nights that nobody had."""
        return self.bed_nights - self.filled

    @property
    def share(self) -> float:
        """How much was filled, from 0 to 1."""
        return self.filled / self.bed_nights if self.bed_nights else 0.0


def whole_of(block: SharedBlock) -> Period:
    """The nights of the block."""
    return Period(block.starts_on, block.ends_on)


def month_of(block: SharedBlock, month: date) -> Period | None:
    """The nights of a block in a month; None where it has none."""
    after = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    return whole_of(block).intersection(Period(month.replace(day=1), after))


def used_in(block: SharedBlock, nights: Period) -> Used:
    """Who used which nights of a stretch, and what the block costs in it: a difference of its running total."""
    by_member: dict[int, int] = defaultdict(int)
    handed: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for stay in block.stays.all():
        part = Period(stay.period.lower, stay.period.upper).intersection(nights)
        slept = part.nights if part else 0
        if slept and stay.night_pence is None:
            by_member[stay.authority_id] += slept
        elif slept:
            before = handed[stay.authority_id]
            handed[stay.authority_id] = (before[0] + slept, before[1] + slept * (stay.night_pence or 0))
    return Used(
        nights, dict(by_member), tuple(Handed(key, *of) for key, of in sorted(handed.items())),
        nights.nights * block.beds, cost_within(block.price_lines(), whole_of(block), nights),
    )  # fmt: skip


def free_beds(block: SharedBlock, on: date) -> list[int]:
    """The beds in which nobody is on a night, nor will be: by number."""
    taken = {stay.bed for stay in block.stays.all() if stay.period.upper is None or stay.period.upper > on}
    return [bed for bed in range(1, block.beds + 1) if bed not in taken]


def free_between(block: SharedBlock, start: date, end: date, *, but: int = 0) -> list[int]:
    """The beds in which nobody (but that one stay) is on any night of a stretch."""
    wanted = Period(start, end)
    taken = {
        stay.bed
        for stay in block.stays.all()
        if stay.pk != but and Period(stay.period.lower, stay.period.upper).overlaps(wanted)
    }
    return [bed for bed in range(1, block.beds + 1) if bed not in taken]


def standings(block: SharedBlock, on: date) -> list[Standing]:
    """Where each member stands on a day: its nights so far, its beds now, its last turn."""
    so_far = Period(block.starts_on, max(min(on, block.ends_on), block.starts_on))
    nights = used_in(block, so_far).by_member if not so_far.is_empty else {}
    now = _beds_now(block.stays.all(), on)
    last = {turn.authority_id: turn.pk for turn in block.turns.all()}
    return [
        Standing(
            one.authority_id, Fraction(one.top, one.bottom), nights.get(one.authority_id, 0),
            now.get(one.authority_id, 0), last.get(one.authority_id, 0),
        )
        for one in block.members.all()
    ]  # fmt: skip


def _beds_now(stays: Iterable[BlockStay], on: date) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for stay in stays:
        if stay.night_pence is None and (stay.period.upper is None or stay.period.upper > on):
            found[stay.authority_id] += 1
    return found


def order_now(block: SharedBlock, on: date) -> list[int]:
    """The members in the order in which they are asked for the next bed: who passed this bed stands last."""
    order = turn_order(block.turn_rule, standings(block, on), block.beds)
    passed = passed_now(block)
    return [key for key in order if key not in passed] + [key for key in order if key in passed]


def passed_now(block: SharedBlock) -> set[int]:
    """Who has passed since the last bed was taken; nobody once all have, and the round begins again."""
    found: set[int] = set()
    for turn in block.turns.all():
        found = set() if turn.kind == "took" else found | {turn.authority_id}
    return found if len(found) < len(block.members.all()) else set()
