"""What placements cost a week on a day: the rate of the terms that rule on it, as limits and panels see it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rightplace.core.pricing import weekly_rate
from rightplace.journey.contracts.models import Contract
from rightplace.journey.contracts.standing import standing
from rightplace.journey.contracts.terms import amounts_on


def weekly_costs(authority_id: int, on: Mapping[int, date]) -> dict[int, int]:
    """Pence a week of placements by their keys, each on its own day; a placement without signed terms is left out."""
    rows = Contract.objects.filter(authority_id=authority_id, placement_id__in=list(on))
    found: dict[int, int] = {}
    for contract in rows.select_related("placement").prefetch_related("versions__lines").order_by("pk"):
        pence = weekly_cost(contract, on[contract.placed.pk])
        if pence is not None:
            found[contract.placed.pk] = pence
    return found


def weekly_cost(contract: Contract, day: date) -> int | None:
    """Pence a week of a contract on a day; None where nothing was signed."""
    stands = standing(contract)
    if stands is None:
        return None
    ruling = [terms for terms in stands.terms if terms.starts_on <= day] or list(stands.terms[:1])
    return weekly_rate(amounts_on(ruling[-1], day), day)
