"""The same question answered by trying everything: slow, plain, and written apart from the solver."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from rightplace.core.matching.assignment import WHOLE, AssignmentProblem

Placing = tuple[tuple[int, int], ...]
"""For each child of a group that is placed: the child and the home."""


def best(problem: AssignmentProblem) -> tuple[int, float]:
    """The most children (0 unless everyone comes first) and then the most points that any set of homes reaches."""
    scores = (score(problem, choice) for choice in product(*ways(problem)) if is_allowed(problem, choice))
    return max(scores, default=(-1, 0.0))


def ways(problem: AssignmentProblem) -> list[list[Placing]]:
    """Everything that may become of each group."""
    return [list(_ways_of(problem, group)) for group in range(len(problem.waiting))]


def _ways_of(problem: AssignmentProblem, group: int) -> Iterator[Placing]:
    pinned = [home for one, home in problem.pinned.tolist() if one == group]
    barred = [home for one, home in problem.barred.tolist() if one == group]
    children = [at for at, of in enumerate(problem.waiting.group_of.tolist()) if of == group]
    given = problem.candidates
    table = zip(given.group.tolist(), given.home.tolist(), given.child.tolist(), strict=True)
    rows = [(home, child) for one, home, child in table if one == group and home not in barred]
    for home in [home for home, child in rows if child == WHOLE]:
        if pinned in ([], [home]):
            yield tuple((child, home) for child in children)
    if pinned:
        return
    yield ()
    if problem.waiting.may_split[group]:
        homes = [[-1, *(home for home, child in rows if child == one)] for one in children]
        for choice in product(*homes):
            apart = tuple((child, home) for child, home in zip(children, choice, strict=True) if home >= 0)
            if apart:
                yield (*apart, (-1, -1))  # marks a split


def is_allowed(problem: AssignmentProblem, choice: tuple[Placing, ...]) -> bool:
    """Beds, beds kept back, one sex, groups apart."""
    waiting, vacancies = problem.waiting, problem.vacancies
    at = [
        (group, child, home) for group, placing in enumerate(choice) for child, home in placing if home >= 0
    ]
    for home in {home for _, _, home in at}:
        there = [(group, child) for group, child, where in at if where == home]
        others = [group for group, _ in there if not waiting.is_emergency[group]]
        sexes = {int(waiting.sex[child]) for _, child in there} - {0}
        left = max(int(vacancies.beds[home]) - int(vacancies.kept_back[home]), 0)
        if len(there) > vacancies.beds[home] or len(others) > left:
            return False
        if vacancies.takes_one_sex[home] and len(sexes) > 1:
            return False
        groups = {group for group, _ in there}
        if any(one in groups and other in groups for one, other in problem.apart.tolist()):
            return False
    return True


def score(problem: AssignmentProblem, choice: tuple[Placing, ...]) -> tuple[int, float]:
    """Children placed and points."""
    rows = problem.candidates
    value = {
        (int(group), int(home), int(child)): float(points)
        for group, home, child, points in zip(rows.group, rows.home, rows.child, rows.value, strict=True)
    }
    placed, points = 0, 0.0
    for group, placing in enumerate(choice):
        is_split = (-1, -1) in placing
        points -= problem.prices.split_penalty * is_split
        for child, home in placing:
            if home >= 0:
                placed += 1
                points += _points(problem, group, home, value[group, home, child if is_split else WHOLE])
    return placed if problem.prices.everyone_first else 0, points


def _points(problem: AssignmentProblem, group: int, home: int, value: float) -> float:
    own = problem.prices.own_bonus * bool(problem.vacancies.is_own[home])
    waited = problem.prices.wait_bonus * float(problem.waiting.waited_days[group])
    return value + own + waited - float(problem.vacancies.scarcity[home])
