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

NO_YOUNGEST = 255
NOBODY = -1


class Beside(NamedTuple):
    """What the children of one home come to together."""

    count: int = 0
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
    there = list(children)
    if not there:
        return EMPTY
    ages = [child.age for child in there]
    return Beside(
        len(there),
        min(ages),
        max(ages),
        _together(SEX_BITS.get(child.sex, 0) for child in there),
        any(child.companions == LivingCompanions.SOLO for child in there),
        max((c.age for c in there if c.companions == LivingCompanions.ONLY_OLDER), default=NOBODY),
        min((c.age for c in there if c.companions == LivingCompanions.ONLY_YOUNGER), default=NO_YOUNGEST),
        _together(sexes_mask(child.not_with_sexes) for child in there),
        _together(risks_mask(child.risks) for child in there),
        _together(risks_mask(child.not_with_risks) for child in there),
    )


def _together(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Living:
    """One row per home of what its children come to together (see `Beside`)."""

    count: NDArray[np.uint8]
    youngest: NDArray[np.uint8]
    oldest: NDArray[np.int16]
    sexes: NDArray[np.uint8]
    alone: NDArray[np.bool_]
    older_than: NDArray[np.int16]
    younger_than: NDArray[np.uint8]
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
_TYPES = (
    np.uint8, np.uint8, np.int16, np.uint8, np.bool_, np.int16, np.uint8, np.uint8, np.uint16, np.uint16,
)  # fmt: skip


def living_of(there: Sequence[Beside]) -> Living:
    """Rows as columns."""
    columns = zip(*there, strict=True) if there else ((),) * len(NAMES)
    return Living(*(np.array(column, dtype=kind) for column, kind in zip(columns, _TYPES, strict=True)))
