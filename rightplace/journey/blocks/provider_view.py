"""Shared blocks as the provider of the home sees them: its beds, who has each, how full they are, the months and what they cost.

What the authorities bear among themselves is not for the home. The product reads for it: the rows are of the authorities.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from rightplace.core.money import pounds
from rightplace.core.periods import Period
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.journey.blocks.beds import free_beds, used_in
from rightplace.journey.blocks.models import UNITS, SharedBlock
from rightplace.journey.blocks.queries import PARTS
from rightplace.journey.blocks.states import OPEN_AGAIN


@dataclass(frozen=True, slots=True)
class OwnStay:
    """Nights of one bed, and the authority that has it."""

    bed: int
    authority: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """A month as it was worked out: what the home is paid for it by the lead."""

    words: str
    bed_nights: int
    cost_pence: int
    is_signed: bool


@dataclass(frozen=True, slots=True)
class OwnBlock:
    """A block in one of the provider's homes: plain values, no row."""

    id: int
    reference: str
    name: str
    home: str
    lead: str
    state: str
    beds: int
    free: int | None
    filled: float
    starts_on: date
    ends_on: date
    price: str
    stays: tuple[OwnStay, ...]
    months: tuple[OwnMonth, ...]


def own_blocks(
    actor: Actor, on: date, *, words: str = "", state: str = "", sort: str = "name"
) -> list[OwnBlock]:
    """Blocks in the homes of the actor's provider."""
    with as_system():
        rows = _rows(actor)
        rows = rows.filter(name__icontains=words.strip()) if words.strip() else rows
        rows = rows.filter(state=state) if state else rows
        column = {"name": "name", "home": "setting__name", "until": "ends_on"}.get(
            sort.removeprefix("-"), "name"
        )
        return [
            _shown(one, on) for one in rows.order_by(f"{'-' if sort.startswith('-') else ''}{column}", "id")
        ]


def own_block_of(actor: Actor, block_id: int, on: date) -> OwnBlock | None:
    """One of them; None where it is in no home of the actor's provider."""
    with as_system():
        row = _rows(actor).filter(pk=block_id).first()
        return _shown(row, on) if row is not None else None


def _rows(actor: Actor) -> QuerySet[SharedBlock]:
    rows = SharedBlock.objects.filter(setting__provider_id=actor.provider_id or 0)
    return rows.select_related("setting", "authority").prefetch_related(*PARTS, "settlements")


def _shown(row: SharedBlock, on: date) -> OwnBlock:
    is_on = row.state == "running" and row.starts_on <= on < row.ends_on
    price = [one for one in row.prices.all() if one.starts_on <= max(on, row.starts_on)][-1]
    so_far = Period(row.starts_on, max(row.starts_on, min(on, row.ends_on)))
    stays = tuple(
        OwnStay(one.bed, one.authority.name, one.period.lower, one.period.upper)
        for one in row.stays.all()
        if one.period.upper is None or one.period.upper > on
    )
    months = tuple(
        OwnMonth(str(one), one.bed_nights, one.cost_pence, one.state == "agreed")
        for one in row.settlements.all()
        if one.state not in OPEN_AGAIN
    )
    return OwnBlock(
        row.pk, row.reference, row.name, row.setting.name, row.authority.name, row.state, row.beds,
        len(free_beds(row, on)) if is_on else None, used_in(row, so_far).share, row.starts_on, row.ends_on,
        f"{pounds(price.amount_pence)} {UNITS[price.unit]}", stays, months,
    )  # fmt: skip
