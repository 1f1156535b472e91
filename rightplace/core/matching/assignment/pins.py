"""What a pinned choice costs the others: exactly by solving with and without, or roughly for all choices by prices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from rightplace.core.matching.assignment.checks import assignment_problems
from rightplace.core.matching.assignment.problem import AssignmentProblem, Floats, Ints
from rightplace.core.matching.assignment.relaxation import place_worth_of, relax_market
from rightplace.core.matching.assignment.solve import Assignment, assign, open_market
from rightplace.core.problems import Problem


@dataclass(frozen=True, slots=True, eq=False)
class PinCost:
    """What one choice costs.

    `points`: how much less all get together, the group itself included; `others_points`: how much less the others get.
    `left_out`: how many fewer children are placed. `moved`: groups that would be placed elsewhere, or no longer. `is_exact`: both
    were solved to proven optimality; otherwise each may be short of the best by its gap, and so may the difference.
    """

    points: float
    others_points: float
    left_out: int
    moved: Ints
    is_exact: bool


@dataclass(frozen=True, slots=True, eq=False)
class PinEstimates:
    """For each open way (group, home): about how many points less all would get together were it pinned."""

    group: Ints
    home: Ints
    points: Floats

    def of(self, group: int, home: int) -> float | None:
        """The estimate for one choice; None when it is not open."""
        found = np.flatnonzero((self.group == group) & (self.home == home))
        return float(self.points[found[0]]) if len(found) else None


def pin_estimates(problem: AssignmentProblem, seconds: float = 15.0) -> PinEstimates | list[Problem]:
    """Every choice's cost by the prices of one relaxation: quick, and at most what it truly costs, but for the gap.

    A choice that costs nothing here may still cost a little, because beds come whole; `cost_of_pin` is exact.
    """
    wrong = assignment_problems(problem)
    if wrong:
        return wrong
    _, market = open_market(problem)
    columns = market.columns
    whole = columns.unit == columns.group
    if not len(columns):
        return PinEstimates(columns.group, columns.home, columns.points)
    worth = place_worth_of(market) if problem.prices.everyone_first else 0.0
    bounded = relax_market(market, worth, seconds=seconds)
    short = np.full(len(columns), np.nan) if bounded is None else np.maximum(bounded.short, 0.0)
    return PinEstimates(columns.group[whole], columns.home[whole], short[whole])


def cost_of_pin(
    problem: AssignmentProblem,
    group: int,
    home: int,
    *,
    without: Assignment | None = None,
    seconds: float = 15.0,
    seed: int = 0,
    clock: Callable[[], float] | None = None,
) -> PinCost | list[Problem]:
    """What it costs to settle that a group goes to a home, by solving with and without; refused when a must forbids it.

    `without` is the assignment without this pin, when it is known already. Other pins of the problem are kept in both.
    """
    others = problem.pinned[(problem.pinned[:, 0] != group) | (problem.pinned[:, 1] != home)]
    free = replace(problem, pinned=others)
    held = replace(problem, pinned=np.concatenate([others, [[group, home]]]))
    before = assign(free, seconds, seed, clock) if without is None else without
    after = assign(held, seconds, seed, clock)
    if not isinstance(before, Assignment):
        return before
    if not isinstance(after, Assignment):
        return after
    return _difference(problem, before, after, group)


def _difference(problem: AssignmentProblem, before: Assignment, after: Assignment, group: int) -> PinCost:
    moved = np.unique(problem.waiting.group_of[before.home_of_child != after.home_of_child])
    own = after.points_of[group] - before.points_of[group]
    points = before.points - after.points
    return PinCost(
        points=points,
        others_points=points + float(own),
        left_out=before.placed - after.placed,
        moved=moved[moved != group],
        is_exact=before.is_proven and after.is_proven,
    )
