"""Who waits, what is free, and what counts: the problem that `assign` solves, all in columns.

A *group* is one child, or brothers and sisters who wait together. A *candidate* is a home that breaks no must for a
group (or for one child of a group that may be split). What is not a candidate is never proposed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.int8]

WHOLE = -1
"""The `child` of a candidate that takes the whole group."""
NOWHERE = -1
"""The home of a group or child that is not placed."""


class Sex(IntEnum):
    """How a child counts in a home that takes only boys or only girls; not known counts for neither."""

    NOT_KNOWN = 0
    MALE = 1
    FEMALE = 2


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """Who waits. `group_of` and `sex` have one entry for each child, the others one for each group.

    `is_emergency` groups may use beds that are kept back; `may_split` groups may live apart, at a price.
    """

    group_of: Ints
    sex: Codes
    waited_days: Floats
    is_emergency: Bools
    may_split: Bools

    @classmethod
    def groups(
        cls,
        sizes: ArrayLike,
        *,
        sex: ArrayLike = Sex.NOT_KNOWN,
        waited_days: ArrayLike = 0.0,
        is_emergency: ArrayLike = False,
        may_split: ArrayLike = False,
    ) -> Self:
        """Groups of so many children each; the children of a group follow one another."""
        many = np.asarray(sizes, dtype=np.int64)
        children = np.repeat(np.arange(len(many)), np.maximum(many, 0))
        return cls(
            group_of=children,
            sex=_column(sex, len(children), np.int8),
            waited_days=_column(waited_days, len(many), np.float64),
            is_emergency=_column(is_emergency, len(many), np.bool_),
            may_split=_column(may_split, len(many), np.bool_),
        )

    def __len__(self) -> int:
        return len(self.waited_days)

    @property
    def sizes(self) -> Ints:
        """How many children each group has."""
        return np.bincount(self.group_of, minlength=len(self))


@dataclass(frozen=True, slots=True, eq=False)
class Vacancies:
    """What is free, one entry for each home.

    `kept_back` of its `beds` go to emergencies only. `takes_one_sex`: those placed here now must all be boys or all girls.
    `scarcity` is the price in points of each bed used: what it is worth to a child who may come and whom others cannot serve.
    """

    beds: Ints
    kept_back: Ints
    is_own: Bools
    takes_one_sex: Bools
    scarcity: Floats

    @classmethod
    def homes(
        cls,
        beds: ArrayLike,
        *,
        kept_back: ArrayLike = 0,
        is_own: ArrayLike = False,
        takes_one_sex: ArrayLike = False,
        scarcity: ArrayLike = 0.0,
    ) -> Self:
        """Homes with so many free beds each; the other columns are as long, or one value for all."""
        free = np.asarray(beds, dtype=np.int64)
        return cls(
            beds=free,
            kept_back=_column(kept_back, len(free), np.int64),
            is_own=_column(is_own, len(free), np.bool_),
            takes_one_sex=_column(takes_one_sex, len(free), np.bool_),
            scarcity=_column(scarcity, len(free), np.float64),
        )

    def __len__(self) -> int:
        return len(self.beds)


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Homes that break no must, one row for each group (or child of it) and home.

    `value` is how well the home fits, in points for each child (0 to 100 as the ranking gives them). `child` is `WHOLE`, or
    the child that alone could live there when its group is split; such rows count only where the group may be split.
    """

    group: Ints
    home: Ints
    value: Floats
    child: Ints

    @classmethod
    def rows(cls, group: ArrayLike, home: ArrayLike, value: ArrayLike, child: ArrayLike = WHOLE) -> Self:
        """Candidates from columns of equal length."""
        groups = np.asarray(group, dtype=np.int64)
        return cls(
            groups,
            np.asarray(home, dtype=np.int64),
            np.asarray(value, dtype=np.float64),
            _column(child, len(groups), np.int64),
        )

    @classmethod
    def table(cls, values: ArrayLike) -> Self:
        """Candidates from a table of groups by homes; what is not finite is no candidate."""
        points = np.asarray(values, dtype=np.float64)
        group, home = np.nonzero(np.isfinite(points))
        return cls.rows(group, home, points[group, home])

    def __len__(self) -> int:
        return len(self.group)


@dataclass(frozen=True, slots=True)
class Prices:
    """What counts beside the value, in points.

    `own_bonus` for each child with own carers, `wait_bonus` for each child and day waited, `split_penalty` for each group
    that is split (above 0 wherever a group may be split). `everyone_first`: as many children as possible are placed, and only
    then points are counted, so that none is left out for the sake of others' points.
    """

    own_bonus: float = 0.0
    wait_bonus: float = 0.0
    split_penalty: float = 0.0
    everyone_first: bool = True


def no_pairs() -> Ints:
    """An empty list of pairs."""
    return np.zeros((0, 2), dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class AssignmentProblem:
    """All that `assign` is given.

    `apart` are pairs of groups that may not live in one home; `pinned` are pairs (group, home) that are settled; `barred` are
    pairs (group, home) that are ruled out. All have two columns.
    """

    waiting: Waiting
    vacancies: Vacancies
    candidates: Candidates
    prices: Prices = Prices()
    apart: Ints = field(default_factory=no_pairs)
    pinned: Ints = field(default_factory=no_pairs)
    barred: Ints = field(default_factory=no_pairs)


def pairs_of(rows: ArrayLike) -> Ints:
    """Pairs from any list of twos, also an empty one."""
    return np.asarray(rows, dtype=np.int64).reshape(-1, 2)


def _column(value: ArrayLike, length: int, kind: Any) -> NDArray[Any]:
    given = np.asarray(value, dtype=kind)
    return np.full(length, given, dtype=kind) if given.ndim == 0 else given
