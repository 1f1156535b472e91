"""Large markets: the relaxation, its whole part kept, the rest repaired, then one neighbourhood after another improved.

A *neighbourhood* is a group that falls far short of what the relaxation promised it, with those who live where it would
rather be, and those who would rather be where it lives. Everyone else is held fast, and the small programme is solved
afresh. What groups fall short adds up to the whole gap to the bound, so the search goes where there is something to win.
The amount of work depends on the problem, the seed and `seconds` alone; a clock can only cut it short.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rightplace.core.matching.assignment.columns import Columns
from rightplace.core.matching.assignment.exact import most_of_each
from rightplace.core.matching.assignment.problem import Bools, Floats, Ints
from rightplace.core.matching.assignment.programme import programme_of, solve_whole
from rightplace.core.matching.assignment.relaxation import Bounded, Market, best_of_each
from rightplace.core.matching.assignment.taking import take_in_order

NEAR = 25
"""Ways of each group that the search looks at."""
LIKED = 6
"""Homes that a group would rather have, and groups that would rather have a home, in a neighbourhood."""
FIRST_SIZE = 150
SMALLEST_SIZE = 40
MORE = 75
"""Groups in a neighbourhood at first, and how many more each time that it was no use."""
LARGEST = 500
ROUNDS_A_SECOND = 8
NODES = 20
LEEWAY = 10.0
"""Points beyond what the first group falls short, up to which ways are looked at in its neighbourhood."""
WIDE_FROM = 2
"""From so many tries on, every way is looked at."""
CLOSE_ENOUGH = 5e-4
"""The search ends when no more than this share of all points can be missing."""
STALLED = 12
LITTLE = 1e-4
"""It also ends when so many rounds together won less than this share of all points."""
WHOLE_FROM = 0.999


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """The ways looked at (`rows` of the market's), what each gains and falls short, and who likes what (-1: none)."""

    market: Market
    columns: Columns
    gains: Floats
    short: Floats
    amounts: Floats
    rows: Ints
    worth: Floats
    likes: Ints
    liked_by: Ints
    place_worth: float
    most: Ints

    @classmethod
    def of(cls, market: Market, bounded: Bounded) -> Board:
        """The nearest ways of each group by what they fall short."""
        everything = market.columns
        near = np.union1d(
            best_of_each(everything.unit, -bounded.short, NEAR), np.flatnonzero(bounded.amounts > 0)
        )
        columns, short = everything.taken(near), bounded.short[near]
        homes = len(market.room.beds)
        return cls(
            market, columns, columns.points + bounded.place_worth * columns.size, short,
            bounded.amounts[near], near, _spread(bounded.unit_worth, market.groups),
            _lists(columns.group, columns.home, short, market.groups),
            _lists(columns.home, columns.group, short, homes), bounded.place_worth, most_of_each(everything, market.groups),
        )  # fmt: skip

    def total(self, taken: Bools) -> float:
        """What a choice gains, penalties of splits taken off."""
        return float(self.gains[taken].sum()) - self.market.split_penalty * self.splits(taken)

    def splits(self, taken: Bools) -> int:
        """How many groups are split."""
        alone = taken & (self.columns.unit != self.columns.group)
        return len(set(self.columns.group[alone].tolist()))


def search(
    board: Board, bounded: Bounded, seed: int, rounds: int, is_time_left: Callable[[], bool]
) -> tuple[Bools, bool]:
    """The columns of the board that are taken, and whether all the work was done."""
    taken = _repaired(board)
    chance = np.random.default_rng(seed).random(board.market.groups)
    tries = np.zeros(board.market.groups)
    reached = deque([-np.inf] * STALLED, maxlen=STALLED)
    for _ in range(rounds):
        lost = _lost(board, taken)
        points = abs(float(board.columns.points[taken].sum()))
        total = board.total(taken)
        is_stalled = total - reached[0] < LITTLE * points
        if not lost.any() or is_stalled or bounded.bound - total < CLOSE_ENOUGH * points:
            return taken, True
        if not is_time_left():
            return taken, False
        reached.append(total)
        first = int(np.argmax(lost * (1.0 + 1e-6 * chance) / (1.0 + tries) ** 2))
        furthest = (lost[first] + LEEWAY) if tries[first] < WIDE_FROM else np.inf
        size = _size(board.market.groups, int(tries[first]))
        tries[first] += 1
        taken = improved(board, taken, _neighbourhood(board, taken, first, size), furthest)
    return taken, True


def _size(groups: int, tries: int) -> int:
    """How many groups a neighbourhood has: a part of a small market, and more where fewer were no use."""
    part = max(SMALLEST_SIZE, groups * (1 + tries) // 4)
    return min(FIRST_SIZE + MORE * tries, part, LARGEST)


def improved(board: Board, taken: Bools, free: Bools, furthest: float = np.inf) -> Bools:
    """The choice with these groups placed afresh and all others held; never fewer children placed, never worse."""
    columns, market = board.columns, board.market
    held = taken & ~free[columns.group]
    settled = columns.taken(held)
    room = market.room.after(settled)
    is_near = taken | (board.short <= furthest)
    is_open = free[columns.group] & is_near & room.fits(columns) & market.apart.allows(columns, settled)
    rows = np.flatnonzero(is_open)
    part = columns.taken(rows)
    if not len(part):
        return taken
    programme = programme_of(part, room, market.apart, market.groups, market.split_penalty)
    gains = programme.points.copy()
    gains[: len(part)] = board.gains[rows]
    solved = solve_whole(programme, gains, columns=len(part), nodes=NODES, gap=1e-4)
    if solved.taken is None:
        return taken
    new = held.copy()
    new[rows[solved.taken]] = True
    is_fewer = board.place_worth > 0 and columns.size[new].sum() < columns.size[taken].sum()
    return new if board.total(new) > board.total(taken) and not is_fewer else taken


def _repaired(board: Board) -> Bools:
    """What the relaxation takes whole; then everyone else together in what is left; then one after another where it fits."""
    columns = board.columns
    whole = board.amounts >= WHOLE_FROM
    left = np.ones(board.market.groups, dtype=bool)
    left[columns.group[whole]] = False
    if board.splits(whole):
        whole = np.zeros(len(columns), dtype=bool)  # a split taken in part could not be left as it is
        left[:] = True
    best = improved(board, whole, left) if left.sum() <= LARGEST else whole
    plain = take_in_order(columns, board.market.room, board.market.apart, board.amounts - 1e-6 * board.short)
    return best if board.total(best) >= board.total(plain) else plain


def _lost(board: Board, taken: Bools) -> Floats:
    """By how much each group falls short of what the relaxation promised; a group left out, by all that placing it is worth."""
    columns = board.columns
    short = np.maximum(board.short[taken], 0.0)
    groups = board.market.groups
    lost = np.bincount(columns.group[taken], short, groups).astype(np.float64)
    missing = board.most - np.bincount(columns.group[taken], columns.size[taken], groups)
    left_out = missing > 0
    lost[left_out] += np.maximum(board.worth, board.place_worth * missing)[left_out]
    lost[lost < 1e-6] = 0.0
    return lost


def _neighbourhood(board: Board, taken: Bools, first: int, size: int) -> Bools:
    """Groups around one: who lives where it would rather be, who would rather be where it lives, and so on outwards."""
    columns = board.columns
    where: dict[int, list[int]] = {}
    homes: dict[int, list[int]] = {}
    for group, home in zip(columns.group[taken].tolist(), columns.home[taken].tolist(), strict=True):
        where.setdefault(group, []).append(home)
        homes.setdefault(home, []).append(group)
    chosen, queue = {first}, deque([first])
    while queue and len(chosen) < size:
        group = queue.popleft()
        near = [one for home in board.likes[group].tolist() for one in homes.get(home, ())]
        near += [one for home in where.get(group, ()) for one in board.liked_by[home].tolist() if one >= 0]
        for one in near:
            if one not in chosen:
                chosen.add(one)
                queue.append(one)
    free = np.zeros(board.market.groups, dtype=bool)
    free[list(chosen)] = True
    return free


def _lists(owner: Ints, other: Ints, short: Floats, owners: int) -> Ints:
    """For each owner its nearest others, nearest first."""
    order = np.lexsort((short, owner))
    owned = owner[order]
    turn = np.arange(len(order)) - np.searchsorted(owned, owned)
    table = np.full((owners, LIKED), -1, dtype=np.int64)
    first = turn < LIKED
    table[owned[first], turn[first]] = other[order[first]]
    return table


def _spread(worth: Floats, groups: int) -> Floats:
    """The worth of groups alone, as long as there are groups."""
    spread = np.zeros(groups)
    many = min(groups, len(worth))
    spread[:many] = worth[:many]
    return spread
