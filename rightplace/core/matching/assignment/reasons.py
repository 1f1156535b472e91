"""Why each group is placed where it is, or is not placed: codes that any number of may hold, with words for people."""

from __future__ import annotations

from enum import IntFlag

import numpy as np

from rightplace.core.matching.assignment.columns import Apart, Columns, Room, columns_of
from rightplace.core.matching.assignment.problem import WHOLE, AssignmentProblem, Bools, Floats, Ints


class Why(IntFlag):
    """Reasons, from the home that is proposed to the want of one."""

    PINNED = 1
    ONLY_CANDIDATE = 2
    ONLY_ONE_LEFT = 4
    BEST = 8
    OWN_FIRST = 16
    SCARCE_SPARED = 32
    GAVE_WAY = 64
    TOGETHER = 128
    SPLIT = 256
    KEPT_BACK_USED = 512
    NO_CANDIDATE = 1024
    ALL_BARRED = 2048
    TOO_SMALL = 4096
    ONLY_KEPT_BACK = 8192
    FULL = 16384
    NOT_ALONGSIDE = 32768
    NOT_WORTH_IT = 65536


WORDS: dict[Why, str] = {
    Why.PINNED: "Settled by a person.",
    Why.ONLY_CANDIDATE: "The only home that meets every must.",
    Why.ONLY_ONE_LEFT: "The only home left: the other homes that could serve are taken by children placed with this set.",
    Why.BEST: "No home that meets every must fits better.",
    Why.OWN_FIRST: "Own carers come first: another home fits better by less than the bonus for own carers.",
    Why.SCARCE_SPARED: "A scarce place that fits better is spared for a child whom others cannot serve.",
    Why.GAVE_WAY: "A home that fits better serves other children of this set.",
    Why.TOGETHER: "Brothers and sisters stay together.",
    Why.SPLIT: "Brothers and sisters live apart: the penalty for it is counted.",
    Why.KEPT_BACK_USED: "An emergency: a bed that is kept back is used.",
    Why.NO_CANDIDATE: "No home meets every must.",
    Why.ALL_BARRED: "Every home that meets every must was ruled out by a person.",
    Why.TOO_SMALL: "No home that meets every must has a free bed for each of the children.",
    Why.ONLY_KEPT_BACK: "Only beds that are kept back for emergencies are free.",
    Why.FULL: "All homes that meet every must are full with other children of this set.",
    Why.NOT_ALONGSIDE: "The homes with free beds take children of this set who may not live alongside.",
    Why.NOT_WORTH_IT: "Placing it now counts less than what the beds are worth to others.",
}


def words_of(why: int) -> tuple[str, ...]:
    """The sentences of a group's reasons, in their order."""
    return tuple(words for each, words in WORDS.items() if why & each)


def reasons_of(problem: AssignmentProblem, settled: Columns, taken: Columns) -> Ints:
    """The reasons of each group (`Why`, added up), from what was pinned and what was taken."""
    rows = columns_of(problem)
    rows = rows.taken(rows.unit == rows.group)
    why = np.zeros(len(problem.waiting), dtype=np.int64)
    facts = _Facts(problem, rows, settled, taken)
    for reason, holds in (*facts.of_placed().items(), *facts.of_left_out().items()):
        why[holds] |= int(reason)
    return why


class _Facts:
    """What holds for each group, as masks over groups."""

    def __init__(self, problem: AssignmentProblem, rows: Columns, settled: Columns, taken: Columns) -> None:
        self.problem, self.rows, self.settled = problem, rows, settled
        self.groups = len(problem.waiting)
        self.everyone = settled.beside(taken)
        self.at_first = Room.at_first(problem)
        self.room = self.at_first.after(self.everyone)
        whole = self.everyone.unit == self.everyone.group
        self.home = np.full(self.groups, -1, dtype=np.int64)
        self.home[self.everyone.group[whole]] = self.everyone.home[whole]
        self.is_split = self._any(self.everyone.group[~whole])
        self.has_beds = self.room.has_beds(rows)
        self.is_free = self.room.fits(rows) & Apart.of(problem).allows(rows, self.everyone)
        self.value, self.points = self._of_home(whole)

    def _of_home(self, whole: Bools) -> tuple[Floats, Floats]:
        value, points = np.full(self.groups, -np.inf), np.full(self.groups, -np.inf)
        value[self.everyone.group[whole]] = self.everyone.value[whole]
        points[self.everyone.group[whole]] = self.everyone.points[whole]
        return value, points

    def _any(self, groups: Ints) -> Bools:
        return np.bincount(groups, minlength=self.groups) > 0

    def _has(self, rows: Bools) -> Bools:
        """Groups with such a row."""
        return self._any(self.rows.group[rows])

    def of_placed(self) -> dict[Why, Bools]:
        """Why this home, for those who have one."""
        rows, problem = self.rows, self.problem
        placed, several = self.home >= 0, np.bincount(rows.group, minlength=self.groups) > 1
        is_other = rows.home != self.home[rows.group]
        is_better = is_other & (rows.value > self.value[rows.group])
        gave = is_better & self.is_free & (rows.points <= self.points[rows.group])
        own_here = np.append(problem.vacancies.is_own, False)[self.home]  # nowhere, -1, is the last
        by_own = self._has(gave & ~problem.vacancies.is_own[rows.home])
        return {
            Why.PINNED: self._any(self.settled.group),
            Why.ONLY_CANDIDATE: placed & ~several,
            Why.ONLY_ONE_LEFT: placed & several & ~self._has(is_other & self.is_free),
            Why.BEST: placed & ~self._has(is_better),
            Why.OWN_FIRST: own_here & by_own & (problem.prices.own_bonus > 0),
            Why.SCARCE_SPARED: placed & self._has(gave & (problem.vacancies.scarcity[rows.home] > 0)),
            Why.GAVE_WAY: placed & self._has(is_better & ~self.is_free),
            Why.TOGETHER: placed & (problem.waiting.sizes > 1),
            Why.SPLIT: self.is_split,
            Why.KEPT_BACK_USED: placed & problem.waiting.is_emergency & self._uses_kept_back(),
        }

    def _uses_kept_back(self) -> Bools:
        kept_back = np.minimum(self.problem.vacancies.kept_back, self.problem.vacancies.beds)
        used: Bools = np.append(self.room.beds < kept_back, False)[self.home]
        return used

    def of_left_out(self) -> dict[Why, Bools]:
        """Why no home, for those who have none."""
        rows, out = self.rows, (self.home < 0) & ~self.is_split
        given = self._any(self.problem.candidates.group[self.problem.candidates.child == WHOLE])
        has = self._has(np.ones(len(rows), dtype=bool))
        large = self._has(rows.size <= self.at_first.beds[rows.home])
        open_at_first = self._has(self.at_first.has_beds(rows))
        return {
            Why.NO_CANDIDATE: out & ~given,
            Why.ALL_BARRED: out & given & ~has,
            Why.TOO_SMALL: out & has & ~large,
            Why.ONLY_KEPT_BACK: out & large & ~open_at_first,
            Why.FULL: out & open_at_first & ~self._has(self.has_beds),
            Why.NOT_ALONGSIDE: out & self._has(self.has_beds) & ~self._has(self.is_free),
            Why.NOT_WORTH_IT: out & self._has(self.is_free),
        }
