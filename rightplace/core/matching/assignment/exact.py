"""Small problems, solved to proven optimality: first as many children as possible, then as many points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from rightplace.core.matching.assignment.columns import Columns
from rightplace.core.matching.assignment.problem import Bools, Floats, Ints
from rightplace.core.matching.assignment.programme import Programme, at_least, solve_whole
from rightplace.core.matching.assignment.relaxation import Market, place_worth_of, relax_market
from rightplace.core.matching.assignment.taking import take_in_order


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Which columns are taken, what no other choice can exceed, and whether all the work was done."""

    taken: Bools
    bound: float
    placed_bound: int
    is_finished: bool
    is_proven: bool
    bed_worth: Floats


def solve_small(market: Market, *, everyone_first: bool, left: Callable[[], float]) -> Found:
    """Both stages by HiGHS; where the time runs out, the best found with the bounds known then."""
    columns = market.columns
    programme = market.programme(columns)
    first = take_in_order(columns, market.room, market.apart)
    relaxed = relax_market(market, place_worth_of(market) if everyone_first else 0.0)
    worth = np.zeros(len(market.room.beds)) if relaxed is None else relaxed.bed_worth
    if everyone_first:
        return replace(_in_two_stages(programme, columns, first, placeable(market), left), bed_worth=worth)
    solved = solve_whole(programme, programme.points, columns=len(columns), seconds=left())
    taken = first if solved.taken is None else solved.taken
    return Found(taken, solved.bound, placeable(market), solved.is_proven, solved.is_proven, worth)


def _in_two_stages(
    programme: Programme, columns: Columns, first: Bools, most: int, left: Callable[[], float]
) -> Found:
    best, is_proven = first, True
    if columns.size[best].sum() < most:
        solved = solve_whole(programme, programme.children, columns=len(columns), seconds=left())
        if solved.taken is not None and columns.size[solved.taken].sum() > columns.size[best].sum():
            best = solved.taken
        most, is_proven = min(most, int(np.floor(solved.bound + 1e-6))), solved.is_proven
    row = at_least(programme, columns.size[best].sum())
    solved = solve_whole(programme, programme.points, extra=(row,), columns=len(columns), seconds=left())
    taken = best if solved.taken is None else solved.taken
    is_proven = is_proven and solved.is_proven
    return Found(taken, solved.bound, most, is_proven, is_proven, np.zeros(0))


def placeable(market: Market) -> int:
    """The children who have a candidate at all, or the beds of all candidates if these are fewer: nobody can place more."""
    columns = market.columns
    beds = market.room.beds[np.bincount(columns.home, minlength=len(market.room.beds)) > 0]
    return min(int(most_of_each(columns, market.groups).sum()), int(beds.sum()))


def most_of_each(columns: Columns, groups: int) -> Ints:
    """The most children of each group that its candidates could take, whole or one by one."""
    units, at = np.unique(columns.unit, return_index=True)
    most, alone = np.zeros(groups, dtype=np.int64), np.zeros(groups, dtype=np.int64)
    is_whole = units == columns.group[at]
    most[columns.group[at[is_whole]]] = columns.size[at[is_whole]]
    np.add.at(alone, columns.group[at[~is_whole]], 1)
    return np.maximum(most, alone)
