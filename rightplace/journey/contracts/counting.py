"""How many are counted for a step of a price: brothers and sisters placed together, children placed with the provider.

Brothers and sisters are those placed by one offer who live there on the same nights. Counts are facts of the placements, so
that nobody types a discount that nobody looks after; a step that a contract's rules state by name goes before them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from rightplace.foundation.access.scope import as_system
from rightplace.journey.contracts.models import Contract, ContractLine
from rightplace.journey.contracts.terms import Terms
from rightplace.journey.placements.models import Placement

SIBLINGS, VOLUME = "siblings", "volume"
COUNTED = frozenset({SIBLINGS, VOLUME})
LIVING = ("planned", "started", "ended")


def counts_for(contract: Contract, terms: Iterable[Terms]) -> dict[str, tuple[tuple[date, int], ...]]:
    """The counts that the lines of a contract ask for, by day; none are looked up where no line does.

    Counted beyond the sight of whoever asks: a provider is charged by how many there are, not shown who.
    """
    wanted = {line.step_group for each in terms for line in each.lines if line.steps} & COUNTED
    if not wanted:
        return {}
    with as_system():
        placement = Placement.objects.get(pk=contract.placed.pk)
        return {group: _counted(_rows(group, placement)) for group in sorted(wanted)}


def _rows(group: str, placement: Placement) -> Q:
    if group == VOLUME:
        return Q(provider_id=placement.provider_id, authority_id=placement.authority_id)
    return Q(offer_id=placement.offer_id) if placement.offer_id else Q(pk=placement.pk)


def _counted(which: Q) -> tuple[tuple[date, int], ...]:
    stays = Placement.objects.filter(which, state__in=LIVING).values_list("period", flat=True)
    return by_day((stay.lower, stay.upper) for stay in stays)


def by_day(stays: Iterable[tuple[date, date | None]]) -> tuple[tuple[date, int], ...]:
    """The number of stays from each day on which it moves.

    >>> by_day([(date(2026, 5, 1), None), (date(2026, 5, 3), date(2026, 5, 9))])
    ((datetime.date(2026, 5, 1), 1), (datetime.date(2026, 5, 3), 2), (datetime.date(2026, 5, 9), 1))
    """
    moves: dict[date, int] = {}
    for start, end in stays:
        moves[start] = moves.get(start, 0) + 1
        if end is not None:
            moves[end] = moves.get(end, 0) - 1
    found, there = [], 0
    for day in sorted(moves):
        if moves[day]:
            there += moves[day]
            found.append((day, there))
    return tuple(found)


def counted_with(placement_id: int) -> list[int]:
    """The contracts whose price may move with a placement: of its provider by volume, of its offer by brothers and sisters."""
    with as_system():
        placement = Placement.objects.filter(pk=placement_id).first()
        if placement is None or placement.provider_id is None:
            return []
        lines = ContractLine.objects.filter(
            contract_version__is_signed=True, step_group__in=COUNTED, authority_id=placement.authority_id,
            provider_id=placement.provider_id,
        )  # fmt: skip
        together = Q(step_group=VOLUME)
        if placement.offer_id:
            together |= Q(
                step_group=SIBLINGS, contract_version__contract__placement__offer_id=placement.offer_id
            )
        keys = lines.filter(together).values_list("contract_version__contract", flat=True)
        return sorted(set(keys))
