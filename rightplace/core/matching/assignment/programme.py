"""The mixed-integer programme over some ways and what homes have left, and the calls to HiGHS.

Variables: one for each way (0 or 1), one for each group that is split, one for each home of one sex (boys or girls). All rows
read "sum is at most". Besides beds, groups of two and more get the cuts ⌊size/k⌋ ≤ ⌊beds/k⌋ (Chvátal and Gomory): three
pairs never fit five beds, which the plain relaxation does not see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rightplace.core.matching.assignment.columns import Apart, Columns, Room, keys_of
from rightplace.core.matching.assignment.problem import Bools, Floats, Ints, Sex

CUT_AT = (2, 3)
"""The divisors of the cuts: brothers and sisters in twos and threes are the most frequent."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """A block of rows: entries (row, variable, factor), the rows' limits, and whom each row belongs to (home or unit)."""

    kind: str
    row: Ints
    variable: Ints
    factor: Floats
    limit: Floats
    owner: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Programme:
    """Points and children of each variable, and all rows. The first variables are the columns, in their order."""

    points: Floats
    children: Floats
    blocks: tuple[Rows, ...]

    def matrix(self, extra: tuple[Rows, ...] = ()) -> tuple[Any, Floats]:
        """The rows as one sparse matrix with their limits."""
        from scipy.sparse import csr_array

        blocks = (*self.blocks, *extra)
        shifts = np.cumsum([0, *(len(block.limit) for block in blocks)])
        row = np.concatenate([block.row + shift for block, shift in zip(blocks, shifts[:-1], strict=True)])
        column = np.concatenate([block.variable for block in blocks])
        factor = np.concatenate([block.factor for block in blocks])
        shape = (int(shifts[-1]), len(self.points))
        return csr_array((factor, (row, column)), shape=shape), np.concatenate(
            [block.limit for block in blocks]
        )

    def paid(self, worth: tuple[Floats, ...]) -> Floats:
        """What each variable pays at these worths of the limits."""
        paid: Floats = self.matrix()[0].T @ np.concatenate(worth)
        return paid

    def fixed(self, worth: tuple[Floats, ...]) -> float:
        """What all limits together are worth."""
        return sum(float(block.limit @ each) for block, each in zip(self.blocks, worth, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """A solved relaxation: how much of each variable, what each row's limit is worth by block, and the optimum."""

    amounts: Floats
    worth: tuple[Floats, ...]
    optimum: float


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """A solved programme: which columns are taken (None: nothing found in time), the bound, and whether it is proven."""

    taken: Bools | None
    bound: float
    is_proven: bool


def programme_of(columns: Columns, room: Room, apart: Apart, groups: int, split_penalty: float) -> Programme:
    """The programme for these columns in this room. Columns that do not fit by themselves must be gone already."""
    split, split_at = _split_variables(columns, groups)
    mixed = _mixed_homes(columns, room)
    extra = len(split) + len(mixed)
    first_home = len(columns) + len(split)
    blocks = (
        _units(columns, groups, split, split_at),
        _beds(columns, room),
        _open_beds(columns, room),
        *(_cut(columns, room, at) for at in CUT_AT),
        *_one_sex(columns, room, mixed, first_home),
        _pairs(columns, apart),
    )
    points = np.concatenate([columns.points, np.full(len(split), -split_penalty), np.zeros(len(mixed))])
    children = np.concatenate([columns.size, np.zeros(extra)]).astype(np.float64)
    return Programme(points, children, blocks)


def at_least(programme: Programme, children: float) -> Rows:
    """The row that holds how many children are placed."""
    variable = np.flatnonzero(programme.children)
    return Rows("placed", np.zeros(len(variable), dtype=np.int64), variable, -programme.children[variable],
                np.array([-float(children)]), np.zeros(1, dtype=np.int64))  # fmt: skip


def relax(programme: Programme, gains: Floats, seconds: float | None = None) -> Relaxed | None:
    """The linear relaxation for the greatest sum of `gains`; None when the time ran out."""
    from scipy.optimize import linprog

    matrix, limit = programme.matrix()
    options = {} if seconds is None else {"time_limit": max(seconds, 0.01)}
    found = linprog(-gains, A_ub=matrix, b_ub=limit, bounds=(0, None), method="highs-ipm", options=options)
    if found.x is None or found.status != 0:
        return None
    ends = np.cumsum([len(block.limit) for block in programme.blocks])
    worth = np.split(np.maximum(-found.ineqlin.marginals, 0.0), ends[:-1])
    return Relaxed(found.x, tuple(worth), -float(found.fun))


def solve_whole(
    programme: Programme,
    gains: Floats,
    *,
    extra: tuple[Rows, ...] = (),
    columns: int,
    seconds: float | None = None,
    nodes: int | None = None,
    gap: float = 0.0,
) -> Solved:
    """The programme in whole numbers for the greatest sum of `gains`, by HiGHS; the same input gives the same answer."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    matrix, limit = programme.matrix(extra)
    options: dict[str, Any] = {"mip_rel_gap": gap}
    if seconds is not None:
        options["time_limit"] = max(seconds, 0.01)
    if nodes is not None:
        options["node_limit"] = nodes
    found = milp(-gains, constraints=LinearConstraint(matrix, ub=limit), bounds=Bounds(0, 1),
                 integrality=np.ones(len(gains)), options=options)  # fmt: skip
    bound = found.get("mip_dual_bound")
    best = np.inf if bound is None or not np.isfinite(bound) else -float(bound)
    if found.x is None:
        return Solved(None, best, is_proven=found.status == 2)
    return Solved(found.x[:columns] > 0.5, best, is_proven=found.status == 0)


def _split_variables(columns: Columns, groups: int) -> tuple[Ints, Ints]:
    """The groups with ways for a child alone, and for each group the place of its variable (-1: none)."""
    split = np.flatnonzero(np.bincount(columns.group[columns.unit >= groups], minlength=groups))
    at = np.full(groups, -1, dtype=np.int64)
    at[split] = len(columns) + np.arange(len(split))
    return split, at


def _units(columns: Columns, groups: int, split: Ints, split_at: Ints) -> Rows:
    """A group has one home, or is split; a child alone has one home, when its group is split."""
    units, row = _numbered(np.concatenate([columns.unit, split]), int(columns.unit.max(initial=groups)) + 1)
    row = row[: len(columns)]
    group_of = units.copy()
    group_of[row] = columns.group
    alone = units >= groups
    owners = np.flatnonzero(split_at[group_of] >= 0)
    return Rows(
        "units",
        np.concatenate([row, owners]),
        np.concatenate([np.arange(len(columns)), split_at[group_of[owners]]]),
        np.concatenate([np.ones(len(columns)), np.where(alone[owners], -1.0, 1.0)]),
        np.where(alone, 0.0, 1.0),
        units,
    )


def _numbered(owner: Ints, many: int) -> tuple[Ints, Ints]:
    """The owners that occur, in order, and the place of each entry's owner among them."""
    owners = np.flatnonzero(np.bincount(owner, minlength=many))
    place = np.zeros(many, dtype=np.int64)
    place[owners] = np.arange(len(owners))
    return owners, place[owner]


def _by_home(kind: str, columns: Columns, chosen: Ints, factor: Ints, limit: Ints) -> Rows:
    """A row for each home over the chosen columns; rows that cannot bind are left out."""
    homes, row = _numbered(columns.home[chosen], len(limit))
    could = np.bincount(row, factor, len(homes)) > limit[homes]
    new = np.cumsum(could) - 1
    keep = could[row] & (factor > 0)
    return Rows(kind, new[row[keep]], chosen[keep], factor[keep].astype(np.float64),
                limit[homes[could]].astype(np.float64), homes[could])  # fmt: skip


def _beds(columns: Columns, room: Room) -> Rows:
    return _by_home("beds", columns, np.arange(len(columns)), columns.size, room.beds)


def _open_beds(columns: Columns, room: Room) -> Rows:
    """All but emergencies, where some beds are kept back."""
    chosen = np.flatnonzero(~columns.is_emergency & (room.open_beds < room.beds)[columns.home])
    return _by_home("open_beds", columns, chosen, columns.size[chosen], room.open_beds)


def _cut(columns: Columns, room: Room, at: int) -> Rows:
    """⌊size/k⌋ summed is at most ⌊beds/k⌋, where k does not divide the beds."""
    chosen = np.flatnonzero((columns.size >= at) & (room.beds % at > 0)[columns.home])
    return _by_home(f"cut_{at}", columns, chosen, columns.size[chosen] // at, room.beds // at)


def _mixed_homes(columns: Columns, room: Room) -> Ints:
    """Homes of one sex that are still open to both and have ways for both."""
    open_to_both = room.takes_one_sex & (room.sex == Sex.NOT_KNOWN) & (room.beds > 1)
    many = len(room.beds)
    boys, girls = (
        np.bincount(columns.home[columns.sex == sex], minlength=many) for sex in (Sex.MALE, Sex.FEMALE)
    )
    return np.flatnonzero((boys > 0) & (girls > 0) & open_to_both)


def _one_sex(columns: Columns, room: Room, homes: Ints, first: int) -> tuple[Rows, Rows]:
    """For each way of a boy: at most the home's variable; of a girl: at most one less it."""
    place = np.full(len(room.beds), -1, dtype=np.int64)
    place[homes] = first + np.arange(len(homes))
    made = []
    for sex, factor, limit in ((Sex.MALE, -1.0, 0.0), (Sex.FEMALE, 1.0, 1.0)):
        chosen = np.flatnonzero((columns.sex == sex) & (place[columns.home] >= 0))
        row = np.arange(len(chosen))
        made.append(
            Rows("boys" if sex == Sex.MALE else "girls", np.tile(row, 2),
                 np.concatenate([chosen, place[columns.home[chosen]]]),
                 np.concatenate([np.ones(len(chosen)), np.full(len(chosen), factor)]),
                 np.full(len(chosen), limit), chosen)
        )  # fmt: skip
    return made[0], made[1]


def _pairs(columns: Columns, apart: Apart) -> Rows:
    """Two ways of groups kept apart, in one home: at most one of them."""
    empty = np.zeros(0, dtype=np.int64)
    many = apart.start[columns.group + 1] - apart.start[columns.group]
    has = np.flatnonzero(many)
    one = np.repeat(has, many[has])
    turn = np.arange(len(one)) - np.repeat(np.cumsum(many[has]) - many[has], many[has])
    wanted = keys_of(apart.other[apart.start[columns.group[one]] + turn], columns.home[one], apart.homes)
    if not len(wanted):
        return Rows("apart", empty, empty, np.zeros(0), np.zeros(0), empty)
    keys = keys_of(columns.group, columns.home, apart.homes)
    first, second = _matches(keys, one, wanted)
    once = first < second
    first, second = first[once], second[once]
    row = np.tile(np.arange(len(first)), 2)
    return Rows("apart", row, np.concatenate([first, second]), np.ones(len(row)), np.ones(len(first)), first)


def _matches(keys: Ints, one: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Every pair of a row of `one` and a row whose key is the wanted one."""
    order = np.argsort(keys, kind="stable")
    low = np.searchsorted(keys[order], wanted, side="left")
    high = np.searchsorted(keys[order], wanted, side="right")
    many = high - low
    turn = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    return np.repeat(one, many), order[np.repeat(low, many) + turn]
