"""What a pinned choice costs the others: the best with it against the best without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from rightplace.core.matching.assignment.problem import AssignmentProblem, Ints
from rightplace.core.matching.assignment.solve import Assignment, assign
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
    return _difference(before, after, group)


def _difference(before: Assignment, after: Assignment, group: int) -> PinCost:
    moved = np.flatnonzero(before.home != after.home)
    own = after.points_of[group] - before.points_of[group]
    points = before.points - after.points
    return PinCost(
        points=points,
        others_points=points + float(own),
        left_out=before.placed - after.placed,
        moved=moved[moved != group],
        is_exact=before.is_proven and after.is_proven,
    )
