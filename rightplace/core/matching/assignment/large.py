"""Large markets: bound, search, and proof where the gap lets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from rightplace.core.matching.assignment.exact import Found, placeable
from rightplace.core.matching.assignment.problem import Bools
from rightplace.core.matching.assignment.programme import at_least, solve_whole
from rightplace.core.matching.assignment.relaxation import Bounded, Market, place_worth_of, relax_market
from rightplace.core.matching.assignment.search import ROUNDS_A_SECOND, Board, search
from rightplace.core.matching.assignment.taking import take_in_order

PROVABLE = 4_000
"""Up to so many columns that could still be in something better, the rest is tried to the end."""
PROOF_NODES = 400
ROUNDING = 1e-6


def solve_large(
    market: Market,
    *,
    everyone_first: bool,
    seconds: float,
    seed: int,
    left: Callable[[], float],
) -> Found:
    """The best found in so much work; its bound holds whatever was left out of sight."""
    columns = market.columns
    place_worth = place_worth_of(market) if everyone_first else 0.0
    bounded = relax_market(market, place_worth, seconds=left())
    if bounded is None:
        return Found(
            take_in_order(columns, market.room, market.apart),
            np.inf,
            placeable(market),
            False,
            False,
            np.zeros(len(market.room.beds)),
        )
    board = Board.of(market, bounded)
    near, is_finished = search(board, bounded, seed, int(ROUNDS_A_SECOND * seconds), lambda: left() > 0)
    taken = np.zeros(len(columns), dtype=bool)
    taken[board.rows[near]] = True
    gap = bounded.bound - board.total(near)
    taken, is_proven = _tried_to_the_end(market, bounded, taken, gap, left())
    placed = int(columns.size[taken].sum())
    if is_proven:
        most = placed if everyone_first else placeable(market)
        return Found(taken, points_of(market, taken), most, True, True, bounded.bed_worth)
    points, most = _bounds(market, bounded, placed, everyone_first=everyone_first, seconds=left())
    return Found(taken, points, most, is_finished, False, bounded.bed_worth)


def _tried_to_the_end(
    market: Market, bounded: Bounded, taken: Bools, gap: float, seconds: float
) -> tuple[Bools, bool]:
    """The best of all, where few columns are left that could be in anything better: those short by no more than the gap."""
    columns = market.columns
    rows = np.flatnonzero(taken | (bounded.short <= gap + ROUNDING))
    placed = int(columns.size[taken].sum())
    is_first = bounded.place_worth > 0
    if not len(rows) or len(rows) > PROVABLE or seconds <= 0 or (is_first and placed < placeable(market)):
        return taken, False
    part = columns.taken(rows)
    programme = market.programme(part)
    extra = (at_least(programme, placed),) if is_first else ()
    solved = solve_whole(
        programme, programme.points, extra=extra, columns=len(part), nodes=PROOF_NODES, seconds=seconds
    )
    if solved.taken is None:
        return taken, False
    best = np.zeros(len(columns), dtype=bool)
    best[rows[solved.taken]] = True
    is_better = points_of(market, best) >= points_of(market, taken)
    return (best if is_better else taken), solved.is_proven


def points_of(market: Market, taken: Bools) -> float:
    """The points of a choice, penalties taken off."""
    columns = market.columns
    alone = taken & (columns.unit != columns.group)
    return float(columns.points[taken].sum()) - market.split_penalty * len(np.unique(columns.group[alone]))


def _bounds(
    market: Market, bounded: Bounded, placed: int, *, everyone_first: bool, seconds: float
) -> tuple[float, int]:
    """The most points of any choice that places as many, and the most children that any choice places."""
    most = placeable(market)
    if not everyone_first:
        return bounded.bound, most
    points = bounded.bound - bounded.place_worth * placed
    if placed < most and seconds > 0:
        of_points = relax_market(market, 0.0, least=placed, seconds=seconds, like=bounded)
        points = points if of_points is None else min(points, of_points.bound)
        most = _most(market, bounded, most, seconds)
    return points, most


def _most(market: Market, bounded: Bounded, most: int, seconds: float) -> int:
    """The most children that the relaxation places; known already where the first one places all who could be."""
    columns = market.columns
    if float(bounded.amounts @ columns.size) > most - ROUNDING:
        return most
    counted = replace(market, columns=replace(columns, points=np.zeros(len(columns))), split_penalty=0.0)
    relaxed = relax_market(counted, 1.0, seconds=seconds, like=bounded)
    return most if relaxed is None else min(most, int(np.floor(relaxed.bound + ROUNDING)))
