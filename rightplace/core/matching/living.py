"""Who lives in each home, in columns: what a newcomer must fit with, and what may not live beside whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rightplace.core.matching.codes import SEX_BITS, risks_mask, sexes_mask
from rightplace.core.matching.profile import Child
from rightplace.core.matching.vocabulary import LivingCompanions

NO_YOUNGEST = 127
NOBODY = -1
MOST_CHILDREN = 50
"""Places and children of one home are counted to this many: more than any group that is placed together."""


class Beside(NamedTuple):
    """What the children of one home come to together."""

    many: int = 0
    youngest: int = NO_YOUNGEST
    oldest: int = NOBODY
    sexes: int = 0
    alone: bool = False
    older_than: int = NOBODY
    younger_than: int = NO_YOUNGEST
    barred_sexes: int = 0
    risks: int = 0
    barred_risks: int = 0


EMPTY = Beside()


def beside(children: Iterable[Child]) -> Beside:
    """The children of a home in one row: a newcomer must be above `older_than` and below `younger_than` years."""
    found = EMPTY
    for child in children:
        one = _alone(child)
        if found is EMPTY:
            found = one
            continue
        found = Beside(
            min(found.many + 1, MOST_CHILDREN),
            min(found.youngest, one.youngest),
            max(found.oldest, one.oldest),
            found.sexes | one.sexes,
            found.alone or one.alone,
            max(found.older_than, one.older_than),
            min(found.younger_than, one.younger_than),
            found.barred_sexes | one.barred_sexes,
            found.risks | one.risks,
            found.barred_risks | one.barred_risks,
        )
    return found


def _alone(child: Child) -> Beside:
    """One child as the only one there."""
    companions = child.companions
    return Beside(
        1,
        child.age,
        child.age,
        SEX_BITS.get(child.sex, 0),
        companions == LivingCompanions.SOLO,
        child.age if companions == LivingCompanions.ONLY_OLDER else NOBODY,
        child.age if companions == LivingCompanions.ONLY_YOUNGER else NO_YOUNGEST,
        sexes_mask(child.not_with_sexes) if child.not_with_sexes else 0,
        risks_mask(child.risks) if child.risks else 0,
        risks_mask(child.not_with_risks) if child.not_with_risks else 0,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Living:
    """One row per home of what its children come to together (see `Beside`)."""

    many: NDArray[np.uint8]
    youngest: NDArray[np.int8]
    oldest: NDArray[np.int8]
    sexes: NDArray[np.uint8]
    alone: NDArray[np.bool_]
    older_than: NDArray[np.int8]
    younger_than: NDArray[np.int8]
    barred_sexes: NDArray[np.uint8]
    risks: NDArray[np.uint16]
    barred_risks: NDArray[np.uint16]

    def taken(self, rows: NDArray[np.intp] | slice) -> Living:
        """These rows only."""
        return Living(*(getattr(self, name)[rows] for name in NAMES))

    def patched(self, rows: Sequence[int], there: Sequence[Beside]) -> Living:
        """A copy in which some rows are replaced."""
        at, changed = np.asarray(rows, dtype=np.intp), living_of(there)
        made: dict[str, Any] = {name: getattr(self, name).copy() for name in NAMES}
        for name, column in made.items():
            column[at] = getattr(changed, name)
        return replace(self, **made)


NAMES: tuple[str, ...] = tuple(one.name for one in fields(Living))
_TYPES = (np.uint8, np.int8, np.int8, np.uint8, np.bool_, np.int8, np.int8, np.uint8, np.uint16, np.uint16)


def living_of(there: Sequence[Beside]) -> Living:
    """Rows as columns."""
    columns = zip(*there, strict=True) if there else ((),) * len(NAMES)
    return Living(*(np.array(column, dtype=kind) for column, kind in zip(columns, _TYPES, strict=True)))
