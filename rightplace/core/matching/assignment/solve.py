"""Assign everyone who waits to what is free, at once; with a bound, reasons, and what a bed is worth.

A mixed-integer programme (HiGHS through SciPy, loaded on first use). It is advice: people decide, by the ordinary offers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rightplace.core.matching.assignment.checks import assignment_problems
from rightplace.core.matching.assignment.columns import Apart, Columns, Room, columns_of, keys_of
from rightplace.core.matching.assignment.exact import Found, solve_small
from rightplace.core.matching.assignment.large import solve_large
from rightplace.core.matching.assignment.problem import NOWHERE, AssignmentProblem, Bools, Floats, Ints
from rightplace.core.matching.assignment.reasons import reasons_of
from rightplace.core.matching.assignment.relaxation import Market, place_worth_of
from rightplace.core.problems import Problem

__all__ = ["Assignment", "assign"]

SMALL = 4_000
"""Up to so many columns a problem is solved to proven optimality."""


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """Who goes where, and how good that is.

    `home` has one entry for each group (`NOWHERE`: not placed, or split), `home_of_child` one for each child. `placed` counts
    children, and no choice places more than `placed_bound`. `points` count bonuses, scarcity and penalties; no choice that places
    as many has more than `bound`. `value` is without them. `gap` is the share of the bound that may be missing.
    `finished`: all the work was done; otherwise the time ran out and this is the best found; `is_proven`:
    nothing better is possible. `shadow_prices`: what one bed more
    in each home would add, in points; where beds are so few that a child is left out, it contains
    `place_worth`, what placing one child more counts. `points_of` are those of each group, `why` its reasons (`Why`, added up).
    """

    home: Ints
    home_of_child: Ints
    is_split: Bools
    placed: int
    placed_bound: int
    points: float
    value: float
    bound: float
    finished: bool
    is_proven: bool
    shadow_prices: Floats
    place_worth: float
    points_of: Floats
    why: Ints

    @property
    def gap(self) -> float:
        """The share of the bound that may be missing; 0 when nothing better is possible."""
        missing = max(self.bound - self.points, 0.0)
        return missing / abs(self.bound) if self.bound else missing


def assign(
    problem: AssignmentProblem,
    seconds: float = 15.0,
    seed: int = 0,
    clock: Callable[[], float] | None = None,
) -> Assignment | list[Problem]:
    """The best set of homes for everyone together, or everything that is wrong with the problem.

    As many children as possible are placed, then points count (see `Prices`); pins are kept. `clock` (`time.monotonic`) makes
    `seconds` a limit on the whole; without one the amount of work alone ends it, and the same problem and seed always
    give the same answer.
    """
    wrong = assignment_problems(problem)
    if wrong:
        return wrong
    settled, market = open_market(problem)
    found = _found(market, problem, seconds, seed, clock)
    place_worth = place_worth_of(market) if problem.prices.everyone_first else 0.0
    return _assignment(problem, settled, market.columns, found, place_worth)


def open_market(problem: AssignmentProblem) -> tuple[Columns, Market]:
    """What is pinned, and the market that is left for all others."""
    columns, apart = columns_of(problem), Apart.of(problem)
    settled = columns.taken(is_pinned(problem, columns))
    room = Room.at_first(problem).after(settled)
    of_others = columns.taken(~np.isin(columns.group, settled.group) & room.fits(columns))
    left = of_others.taken(apart.allows(of_others, settled))
    return settled, Market(left, room, apart, len(problem.waiting), problem.prices.split_penalty)


def _found(
    market: Market, problem: AssignmentProblem, seconds: float, seed: int, clock: Callable[[], float] | None
) -> Found:
    everyone_first = problem.prices.everyone_first
    if not len(market.columns):
        return Found(np.zeros(0, dtype=bool), 0.0, 0, True, True, np.zeros(len(market.room.beds)))
    began = clock() if clock else 0.0

    def left() -> float:
        return seconds - (clock() - began) if clock else seconds

    if len(market.columns) <= SMALL:
        return solve_small(market, everyone_first=everyone_first, left=left)
    return solve_large(market, everyone_first=everyone_first, seconds=seconds, seed=seed, left=left)


def is_pinned(problem: AssignmentProblem, columns: Columns) -> Bools:
    """The rows that are pinned."""
    homes = len(problem.vacancies)
    pinned = keys_of(problem.pinned[:, 0], problem.pinned[:, 1], homes)
    is_there: Bools = np.isin(keys_of(columns.group, columns.home, homes), pinned)
    is_there &= columns.unit == columns.group
    return is_there


def _assignment(
    problem: AssignmentProblem, settled: Columns, columns: Columns, found: Found, place_worth: float
) -> Assignment:
    taken = columns.taken(found.taken)
    everyone = [settled, taken]
    home, of_child = _homes(problem, everyone)
    is_split = np.bincount(taken.group[taken.unit != taken.group], minlength=len(problem.waiting)) > 0
    pinned = float(settled.points.sum())
    penalty = problem.prices.split_penalty * is_split.sum()
    return Assignment(
        home=home,
        home_of_child=of_child,
        is_split=is_split,
        placed=int(sum(each.size.sum() for each in everyone)),
        placed_bound=int(settled.size.sum()) + found.placed_bound,
        points=pinned + float(taken.points.sum() - penalty),
        value=float(sum(each.value.sum() for each in everyone)),
        bound=pinned + found.bound,
        finished=found.is_finished,
        is_proven=found.is_proven,
        shadow_prices=found.bed_worth,
        place_worth=place_worth,
        points_of=_points_of(problem, everyone, is_split),
        why=reasons_of(problem, settled, taken),
    )


def _points_of(problem: AssignmentProblem, everyone: list[Columns], is_split: Bools) -> Floats:
    """The points of each group, with the penalty where it is split."""
    points: Floats = -problem.prices.split_penalty * is_split.astype(np.float64)
    for rows in everyone:
        points += np.bincount(rows.group, rows.points, len(problem.waiting))
    return points


def _homes(problem: AssignmentProblem, everyone: list[Columns]) -> tuple[Ints, Ints]:
    """The home of each group, and of each child."""
    groups = len(problem.waiting)
    home = np.full(groups, NOWHERE, dtype=np.int64)
    alone = np.full(len(problem.waiting.group_of), NOWHERE, dtype=np.int64)
    for rows in everyone:
        is_whole = rows.unit == rows.group
        home[rows.group[is_whole]] = rows.home[is_whole]
        alone[rows.unit[~is_whole] - groups] = rows.home[~is_whole]
    of_child = home[problem.waiting.group_of]
    return home, np.where(of_child == NOWHERE, alone, of_child)
