"""Who wins a tender: quality scored by several people, cost over the whole contract, weights that add up to one hundred.

Rules of the house, in the spirit of the Procurement Act 2023, section 19 (the most advantageous tender):
- a quality criterion gives weight × points ÷ 5 (points 0 to 5, moderated);
- cost gives weight × lowest whole cost ÷ this whole cost, so twice as dear earns half;
- whoever is below the least points of any criterion cannot win, whatever the rest;
- cost weighs at most 40 of 100 and is given once, sealed: never an auction on price.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rightplace.core.problems import Problem

MOST_POINTS = 5
WHOLE = 100
MOST_COST_WEIGHT = 40


@dataclass(frozen=True, slots=True)
class Weighted:
    """A criterion with its weight of a hundred; below `least` points nobody wins. Cost is weighed by whole cost."""

    code: int
    name: str
    weight: int
    is_cost: bool = False
    least: int = 0


@dataclass(frozen=True, slots=True)
class Tendered:
    """What one provider offers: its moderated points by criterion, and its whole cost in pence."""

    key: int
    points: Mapping[int, Fraction]
    whole_cost_pence: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A provider's result: its share of each weight (0 to 1), the total of a hundred, and what it falls short of."""

    key: int
    shares: Mapping[int, Fraction]
    total: Fraction
    short_of: tuple[str, ...] = ()

    @property
    def can_win(self) -> bool:
        """Whether no criterion is below its least points."""
        return not self.short_of


@dataclass(frozen=True, slots=True)
class Room:
    """Between which weights of one criterion the winner stays (the others keep their proportions); None: without a limit."""

    code: int
    name: str
    weight: int
    lowest: Fraction | None
    highest: Fraction | None


def weight_problems(criteria: Sequence[Weighted]) -> list[Problem]:
    """Why these weights cannot stand; empty when they can."""
    problems = []
    if sum(one.weight for one in criteria) != WHOLE:
        problems.append(Problem("not_a_hundred", "The weights must add up to 100.", "weights"))
    if any(one.weight <= 0 for one in criteria):
        problems.append(Problem("no_weight", "Every criterion needs a weight above 0.", "weights"))
    cost = sum(one.weight for one in criteria if one.is_cost)
    if cost > MOST_COST_WEIGHT:
        words = f"Cost may weigh at most {MOST_COST_WEIGHT} of 100: children are not placed by an auction on price."
        problems.append(Problem("auction", words, "cost_weight"))
    if not any(not one.is_cost for one in criteria):
        problems.append(Problem("no_quality", "State at least one criterion of quality.", "weights"))
    return problems


def whole_cost(
    weekly_pence: int, places: int, weeks: int, once_pence: int = 0, travel_pence_week: int = 0
) -> int:
    """What a tender costs in all: the fee and travel for all places over all weeks, and what is paid once."""
    return (weekly_pence + travel_pence_week) * places * weeks + once_pence


def rank(criteria: Sequence[Weighted], tendered: Sequence[Tendered]) -> list[Standing]:
    """Everyone by total, best first; those who cannot win come last; equal totals by lower cost, then by key."""
    cheapest = min((one.whole_cost_pence for one in tendered if one.whole_cost_pence > 0), default=0)
    cost = {one.key: one.whole_cost_pence for one in tendered}
    rows = [_standing(criteria, one, cheapest) for one in tendered]
    return sorted(rows, key=lambda row: (not row.can_win, -row.total, cost[row.key], row.key))


def _standing(criteria: Sequence[Weighted], one: Tendered, cheapest: int) -> Standing:
    shares: dict[int, Fraction] = {}
    short = []
    for each in criteria:
        if each.is_cost:
            shares[each.code] = (
                Fraction(cheapest, one.whole_cost_pence) if one.whole_cost_pence > 0 else Fraction(0)
            )
            continue
        points = one.points.get(each.code, Fraction(0))
        shares[each.code] = points / MOST_POINTS
        if points < each.least:
            short.append(each.name)
    total = sum((shares[each.code] * each.weight for each in criteria), Fraction(0))
    return Standing(one.key, shares, total, tuple(short))


def rooms(criteria: Sequence[Weighted], ranked: Sequence[Standing]) -> tuple[Room, ...]:
    """For each criterion, how far its weight may move before somebody else wins; the other weights keep their proportions.

    In closed form: with weight w on one criterion (as a part of one) and 1 - w spread over the rest as now, the lead over a
    rival is w·a + (1 - w)·b, a straight line in w, which is nought at exactly one w.
    """
    able = [row for row in ranked if row.can_win]
    if not able:
        return tuple(Room(one.code, one.name, one.weight, None, None) for one in criteria)
    return tuple(_room(one, criteria, able[0], able[1:]) for one in criteria)


def _room(one: Weighted, criteria: Sequence[Weighted], winner: Standing, rivals: Sequence[Standing]) -> Room:
    rest = [each for each in criteria if each.code != one.code]
    others = sum(each.weight for each in rest)
    lowest: Fraction | None = None
    highest: Fraction | None = None
    for rival in rivals:
        here = winner.shares[one.code] - rival.shares[one.code]
        there = sum(
            (each.weight * (winner.shares[each.code] - rival.shares[each.code]) for each in rest), Fraction(0)
        )
        there = there / others if others else Fraction(0)
        if here == there:
            continue
        turn = there / (there - here) * WHOLE
        if turn <= one.weight and here > there and turn >= 0:
            lowest = turn if lowest is None else max(lowest, turn)
        if turn >= one.weight and here < there and turn <= WHOLE:
            highest = turn if highest is None else min(highest, turn)
    return Room(one.code, one.name, one.weight, lowest, highest)


def steady_words(found: Sequence[Room]) -> str:
    """One sentence: the criterion whose weight may move least before somebody else wins."""
    bound = [
        (abs(one.weight - side), one, side)
        for one in found
        for side in (one.lowest, one.highest)
        if side is not None
    ]
    if not bound:
        return "The same provider wins whatever one weight is."
    _, room, side = min(bound, key=lambda each: each[0])
    way = "falls below" if side < room.weight else "rises above"
    if side == room.weight:
        return f"Two providers are level: any change of the weight of “{room.name}” decides."
    return f"The same provider wins until the weight of “{room.name}” {way} {float(side):.1f} (it is {room.weight})."
