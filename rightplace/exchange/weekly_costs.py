"""What placements cost a week on a day: the rate of the terms that rule on it, as limits and panels see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.models import QuerySet

from rightplace.core.pricing import weekly_rate
from rightplace.journey.contracts.models import Contract
from rightplace.journey.contracts.standing import standing
from rightplace.journey.contracts.terms import Terms, amounts_on


@dataclass(frozen=True, slots=True)
class WeeklyLine:
    """What one price line, by its key, adds to a week."""

    line: int
    kind: str
    pence: int


def contracts_of(authority_id: int, placements: Iterable[int]) -> QuerySet[Contract]:
    """The contracts of placements with their terms, in the order in which they were made."""
    rows = Contract.objects.filter(authority_id=authority_id, placement_id__in=list(placements))
    return rows.select_related("placement").prefetch_related("versions__lines").order_by("pk")


def weekly_costs(authority_id: int, on: Mapping[int, date]) -> dict[int, int]:
    """Pence a week of placements by their keys, each on its own day; a placement without signed terms is left out."""
    found: dict[int, int] = {}
    for contract in contracts_of(authority_id, on):
        pence = weekly_cost(contract, on[contract.placed.pk])
        if pence is not None:
            found[contract.placed.pk] = pence
    return found


def weekly_cost(contract: Contract, day: date) -> int | None:
    """Pence a week of a contract on a day; None where nothing was signed."""
    terms = _ruling(contract, day)
    return None if terms is None else weekly_rate(amounts_on(terms, day), day)


def weekly_lines(contract: Contract, day: date) -> list[WeeklyLine] | None:
    """What each price line adds to the week of a day; together exactly `weekly_cost`. None where nothing was signed.

    What a percentage comes to depends on the others, so it is added last.
    """
    terms = _ruling(contract, day)
    if terms is None:
        return None
    numbered = zip(terms.numbers, amounts_on(terms, day), strict=True)
    rows = sorted(numbered, key=lambda row: row[1].is_percentage)
    totals = [weekly_rate([line for _, line in rows[:many]], day) for many in range(len(rows) + 1)]
    return [
        WeeklyLine(number, str(line.kind), after - before)
        for (number, line), (before, after) in zip(rows, pairwise(totals), strict=True)
    ]


def _ruling(contract: Contract, day: date) -> Terms | None:
    stands = standing(contract)
    if stands is None:
        return None
    return ([terms for terms in stands.terms if terms.starts_on <= day] or list(stands.terms[:1]))[-1]
