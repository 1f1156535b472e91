"""Beds of a block: kept for the authority in a home to a date, and paid whether they are filled or not.

A block is a price line of an ordinary contract; `quantity` is how many beds. A placement into a bed of it costs nothing
further: its contract is drafted with a core fee of nothing, and says which contract pays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from rightplace.core.periods import Period
from rightplace.core.pricing import PriceKind
from rightplace.foundation.access.scope import as_system
from rightplace.journey.contracts.models import Contract
from rightplace.journey.contracts.standing import happened, standing
from rightplace.journey.contracts.terms import agreement_from
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.placements.models import Placement

PAID_BY = "Bed paid by the block of"
HUNDREDTHS = 100
OF_A_PLACE = frozenset({PriceKind.CORE_FEE.value, PriceKind.DISCOUNT.value})
"""What a bed of a block costs nothing further for; support and the like are for the child."""


@dataclass(frozen=True, slots=True)
class Block:
    """Beds that a contract keeps in a home for some nights."""

    contract_id: int
    reference: str
    provider: str
    home: str
    setting_id: int
    line_id: int
    beds: int
    nights: Period


def blocks_of(authority_id: int, setting_id: int | None = None) -> list[Block]:
    """Every block of an authority by signature, perhaps only those in one home, in the order of their contracts."""
    with as_system():
        rows = Contract.objects.filter(
            authority_id=authority_id, versions__lines__kind=PriceKind.BLOCK, placement__setting__isnull=False,
            state__in=("in_force", "varying", "ended"),
        )  # fmt: skip
        if setting_id is not None:
            rows = rows.filter(placement__setting_id=setting_id)
        found = (
            rows.select_related("provider", "placement__setting")
            .prefetch_related("versions__lines")
            .distinct()
        )
        return [block for row in found.order_by("pk") for block in _blocks(row)]


def _blocks(contract: Contract) -> list[Block]:
    stands, setting = standing(contract), contract.setting
    if stands is None or setting is None:
        return []
    agreement = agreement_from(stands.terms, stands.stay, happened(contract))
    found = []
    for line in agreement.lines:
        start = max(line.starts_on or contract.starts_on, contract.starts_on)
        end = line.ends_on or agreement.ends_on or stands.stay.closed_end
        if line.kind == PriceKind.BLOCK and start < end:
            provider = contract.provider.name if contract.provider else ""
            found.append(
                Block(
                    contract.pk, contract.reference, provider, setting.name, setting.pk, line.number,
                    line.quantity // HUNDREDTHS, Period(start, end),
                )
            )  # fmt: skip
    return found


def block_with_a_bed(placement: Placement) -> Block | None:
    """The block of which a bed is free for a placement on its first day: its own contract's is never asked."""
    if placement.setting_id is None:
        return None
    on = placement.period.lower
    for block in blocks_of(placement.authority_id, placement.setting_id):
        if (
            block.nights.contains(on)
            and filled_on(placement.authority_id, block, on, but=placement.pk) < block.beds
        ):
            return block
    return None


def filled_on(authority_id: int, block: Block, on: date, *, but: int = 0) -> int:
    """How many of the authority's children live in the home on a night, or are to: the beds of a block are filled first."""
    with as_system():
        rows = Placement.objects.filter(
            Q(period__endswith=None) | Q(period__endswith__gt=on), authority_id=authority_id, setting_id=block.setting_id,
            state__in=("planned", "started", "ended"), period__startswith__lte=on,
        )  # fmt: skip
        return rows.exclude(pk=but).count()


def paid_by_block(placement: Placement, lines: Sequence[LineGiven]) -> list[LineGiven]:
    """The lines of a placement, without the price of the bed where a block pays it."""
    block = block_with_a_bed(placement)
    if block is None:
        return list(lines)
    words = f"{PAID_BY} {block.reference}"
    rest = [line for line in lines if line.kind not in OF_A_PLACE]
    fees = [line for line in lines if line.kind == PriceKind.CORE_FEE][:1]
    return [*(replace(fee, amount_pence=0, words=words) for fee in fees), *rest]
