"""The ways that are open: one column for each group (or child on its own) and home, with its points.

What is settled (pinned, or held fast while a part is improved) is taken out first: beds are used up, and the ways that it rules
out are dropped. So every step of the search sees a smaller problem of the same form.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from rightplace.core.matching.assignment.problem import (
    WHOLE,
    AssignmentProblem,
    Bools,
    Codes,
    Floats,
    Ints,
    Sex,
)

BOTH = 3
"""A group with boys and girls."""


def keys_of(first: Ints, second: Ints, many: int) -> Ints:
    """One number for each pair, `second` below `many`."""
    return first * max(many, 1) + second


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Ways, one row each. `unit` is the group, or the number of groups plus the child for a child on its own.

    `points` counts for all children of the row, with bonuses and scarcity; `value` without. `sex` is `Sex` or `BOTH`.
    """

    group: Ints
    unit: Ints
    home: Ints
    size: Ints
    points: Floats
    value: Floats
    sex: Codes
    is_emergency: Bools

    def __len__(self) -> int:
        return len(self.group)

    def taken(self, chosen: NDArray[Any]) -> Self:
        """Some of the rows: a mask or their numbers."""
        return type(self)(**{each.name: getattr(self, each.name)[chosen] for each in fields(self)})

    def beside(self, others: Self) -> Self:
        """These rows and others."""
        both = {each.name: (getattr(self, each.name), getattr(others, each.name)) for each in fields(self)}
        return type(self)(**{name: np.concatenate(pair) for name, pair in both.items()})


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """What homes still have. `open_beds` is for all but emergencies; `sex` is set once a home of one sex has taken someone."""

    beds: Ints
    open_beds: Ints
    takes_one_sex: Bools
    sex: Codes

    @classmethod
    def at_first(cls, problem: AssignmentProblem) -> Self:
        """Before anyone is placed."""
        vacancies = problem.vacancies
        left = np.maximum(vacancies.beds - vacancies.kept_back, 0)
        return cls(
            vacancies.beds.copy(), left, vacancies.takes_one_sex, np.zeros(len(vacancies), dtype=np.int8)
        )

    def after(self, settled: Columns) -> Room:
        """With these rows placed."""
        many = len(self.beds)
        used = np.bincount(settled.home, settled.size, many).astype(np.int64)
        others = np.where(settled.is_emergency, 0, settled.size)
        beds = self.beds - used
        left = self.open_beds - np.bincount(settled.home, others, many).astype(np.int64)
        sex = self.sex.copy()
        np.maximum.at(sex, settled.home, settled.sex)
        return Room(beds, np.minimum(left, beds), self.takes_one_sex, sex)

    def has_beds(self, columns: Columns) -> Bools:
        """Which rows have beds enough, each by itself."""
        room = np.where(columns.is_emergency, self.beds[columns.home], self.open_beds[columns.home])
        enough: Bools = columns.size <= room
        return enough

    def fits(self, columns: Columns) -> Bools:
        """Which rows could be placed next, each by itself."""
        there = self.sex[columns.home]
        is_mixed = (columns.sex > 0) & (there > 0) & (there != columns.sex)
        is_wrong: Bools = self.takes_one_sex[columns.home] & (is_mixed | (columns.sex == BOTH))
        return self.has_beds(columns) & ~is_wrong


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """Groups that may not share a home, as a list for each group: `other[start[g]:start[g + 1]]`."""

    start: Ints
    other: Ints
    homes: int

    @classmethod
    def of(cls, problem: AssignmentProblem) -> Self:
        """Both ways round."""
        both = np.unique(np.concatenate([problem.apart, problem.apart[:, ::-1]]), axis=0)
        many = np.bincount(both[:, 0], minlength=len(problem.waiting))
        return cls(np.concatenate([[0], np.cumsum(many)]), both[:, 1], len(problem.vacancies))

    def forbidden(self, settled: Columns) -> Ints:
        """Keys (group, home) that the settled rows rule out."""
        many = self.start[settled.group + 1] - self.start[settled.group]
        if not many.any():
            return np.zeros(0, dtype=np.int64)
        row = np.repeat(np.arange(len(settled)), many)
        turn = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
        other = self.other[self.start[settled.group[row]] + turn]
        return keys_of(other, settled.home[row], self.homes)

    def allows(self, columns: Columns, settled: Columns) -> Bools:
        """Which rows may live beside the settled ones."""
        forbidden = self.forbidden(settled)
        if not len(forbidden):
            return np.ones(len(columns), dtype=bool)
        return ~np.isin(keys_of(columns.group, columns.home, self.homes), forbidden)


def columns_of(problem: AssignmentProblem) -> Columns:
    """Every candidate with its points, unit by unit; those barred, or of a child whose group may not be split, left out."""
    waiting, rows = problem.waiting, problem.candidates
    alone = rows.child != WHOLE
    size = np.where(alone, 1, waiting.sizes[rows.group])
    made = Columns(
        group=rows.group,
        unit=np.where(alone, len(waiting) + rows.child, rows.group),
        home=rows.home,
        size=size,
        points=size * _points_each(problem),
        value=size * rows.value,
        sex=np.where(alone, waiting.sex[rows.child], group_sex(problem)[rows.group]).astype(np.int8),
        is_emergency=waiting.is_emergency[rows.group],
    ).taken(_is_open(problem))
    return (
        made if (made.unit[1:] >= made.unit[:-1]).all() else made.taken(np.argsort(made.unit, kind="stable"))
    )


def _points_each(problem: AssignmentProblem) -> Floats:
    """Points for each child: value, own carers, days waited, less what the bed is worth to others."""
    rows, vacancies, prices = problem.candidates, problem.vacancies, problem.prices
    own = prices.own_bonus * vacancies.is_own[rows.home]
    waited = prices.wait_bonus * problem.waiting.waited_days[rows.group]
    points: Floats = rows.value + own + waited - vacancies.scarcity[rows.home]
    return points


def _is_open(problem: AssignmentProblem) -> Bools:
    rows, homes = problem.candidates, len(problem.vacancies)
    is_open: Bools = (rows.child == WHOLE) | problem.waiting.may_split[rows.group]
    if len(problem.barred):
        barred = keys_of(problem.barred[:, 0], problem.barred[:, 1], homes)
        is_open &= ~np.isin(keys_of(rows.group, rows.home, homes), barred)
    return is_open


def group_sex(problem: AssignmentProblem) -> Codes:
    """`Sex` of each group, `BOTH` when it has boys and girls."""
    waiting = problem.waiting
    has = [
        np.bincount(waiting.group_of[waiting.sex == sex], minlength=len(waiting)) > 0
        for sex in (Sex.MALE, Sex.FEMALE)
    ]
    return (has[0] * int(Sex.MALE) + has[1] * int(Sex.FEMALE)).astype(np.int8)
