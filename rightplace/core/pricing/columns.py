"""Rate segments as columns: each row is one stretch of nights of one price line at one rate.

A struct of arrays, because a year of 80,000 placements is priced from it in a tenth of a second. Rows are built from
agreements (`segmenting.py`) or straight from tables that a file or a database holds (`Segments.priced`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rightplace.core.money import WHOLE_IN_BASIS_POINTS
from rightplace.core.pricing.running import PARTS_OF_A_MONTH, Days, Ints
from rightplace.core.problems import Problem

HUNDREDTHS = 100
"""Quantities in columns (hours a week, sessions, miles) are in hundredths, as the tables hold them."""


class Per(IntEnum):
    """What an amount is for. Hours are hours a week; sessions, miles and one-off costs are charged on their day."""

    NIGHT = 0
    WEEK = 1
    FOUR_WEEKS = 2
    MONTH = 3
    HOUR = 4
    SESSION = 5
    MILE = 6
    ONE_OFF = 7


_POSITIONS = np.array([1, 7, 28, PARTS_OF_A_MONTH, 7, 1, 1, 1], dtype=np.int64)
_LARGEST_RATE = float(2**62)
ON_A_DAY = (Per.SESSION, Per.MILE, Per.ONE_OFF)
"""What is charged whole on one day, not by the night."""


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Rate segments, one row each, in order of placement.

    `placement` and `line` are the caller's numbers, `of` the line whose amount it is (another for a percentage); `code` is
    the place of a budget code in the caller's list. `start` up to
    but not including `end` are days since 1970 (`NO_END`: open); `anchor` is the day from which the running total counts.
    `clock` is 0 for nights and 1 for months; `rate / per` is exact pence for one position of that clock, below zero for
    discounts. `vat` is in basis points of the charge.
    """

    placement: Ints
    line: Ints
    of: Ints
    code: Ints
    start: Days
    end: Days
    anchor: Days
    clock: NDArray[np.int8]
    rate: Ints
    per: Ints
    vat: Ints

    def __len__(self) -> int:
        return len(self.placement)

    @classmethod
    def empty(cls) -> Self:
        """No rows."""
        return cls.priced(placement=[], line=[], start=[], end=[], amount_pence=[], per=[])

    @classmethod
    def priced(
        cls,
        *,
        placement: ArrayLike,
        line: ArrayLike,
        start: ArrayLike,
        end: ArrayLike,
        amount_pence: ArrayLike,
        per: ArrayLike,
        of: ArrayLike | None = None,
        code: ArrayLike = 0,
        quantity: ArrayLike = HUNDREDTHS,
        share: ArrayLike = WHOLE_IN_BASIS_POINTS,
        whole: int = WHOLE_IN_BASIS_POINTS,
        vat: ArrayLike = 0,
        anchor: ArrayLike | None = None,
    ) -> Self:
        """Segments from columns of amounts: `amount_pence` for one `per` (a Per), times `quantity` hundredths.

        `share` of `whole` is the part that is paid (a retainer while the child is away, a percentage of another line).
        Columns are as long as `placement`, or one value for all. Rows are put in order of placement. ValueError when
        a rate does not fit in 64 bits: nothing that a contract may say comes near.
        """
        placements = np.asarray(placement, dtype=np.int64)
        units = _column(per, placements, np.int64)
        rate, pers = _exact_rate(
            _column(amount_pence, placements, np.int64),
            (_column(quantity, placements, np.int64), HUNDREDTHS),
            (_column(share, placements, np.int64), whole),
            _POSITIONS[units],
        )
        starts = _column(start, placements, np.int32)
        made = cls(
            placement=placements,
            line=_column(line, placements, np.int64),
            of=_column(line if of is None else of, placements, np.int64),
            code=_column(code, placements, np.int64),
            start=starts,
            end=_column(end, placements, np.int32),
            anchor=starts if anchor is None else _column(anchor, placements, np.int32),
            clock=(units == Per.MONTH).astype(np.int8),
            rate=rate,
            per=pers,
            vat=_column(vat, placements, np.int64),
        )
        return made if _is_sorted(placements) else made.taken(np.argsort(placements, kind="stable"))

    @classmethod
    def joined(cls, many: Iterable[Self]) -> Self:
        """The rows of all, in order of placement."""
        parts = list(many)
        if not parts:
            return cls.empty()
        columns = {
            each.name: np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(cls)
        }
        made = cls(**columns)
        return made if _is_sorted(made.placement) else made.taken(np.argsort(made.placement, kind="stable"))

    def taken(self, rows: NDArray[Any] | slice) -> Self:
        """Some of the rows, by place or by mask."""
        return type(self)(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})

    def rows_of(self, placement: int) -> slice:
        """Where the rows of one placement stand."""
        first, after = np.searchsorted(self.placement, [placement, placement + 1])
        return slice(int(first), int(after))

    def replaced(self, placement: int, segments: Self) -> Self:
        """All rows with those of one placement replaced by others."""
        rows = self.rows_of(placement)
        return type(self).joined(
            [self.taken(slice(0, rows.start)), segments, self.taken(slice(rows.stop, None))]
        )


def segment_problems(segments: Segments) -> list[Problem]:
    """What makes segments no price at all; the field is the place of the first row at fault.

    Two rates of one line must not run on one night, and so cannot start on one day: engines would then disagree.
    """
    found = [
        _first("ends_before_start", "A rate must end after it starts.", segments.end < segments.start),
        _first(
            "anchor_after_start",
            "A rate is counted from a day after it starts.",
            segments.anchor > segments.start,
        ),
        _first("two_rates_at_once", "Two rates of one line run on the same night.", _overlaps(segments)),
    ]
    return [problem for problem in found if problem is not None]


def months_between(first: int, last: int) -> Days:
    """The first of each month from the one in which day `first` falls up to the first on or after day `last`, as days."""
    months = np.array([first, max(last, first + 1) - 1], dtype="datetime64[D]").astype("datetime64[M]")
    return np.arange(months[0], months[1] + 2).astype("datetime64[D]").astype(np.int32)


def keys_of(columns: Sequence[Ints | Days]) -> tuple[Ints, Ints]:
    """For rows of several whole-number columns: the group of each row (numbered in their order), and a row of each group."""
    order = np.lexsort(tuple(reversed(columns)))
    is_new = np.zeros(len(order), dtype=bool)
    is_new[:1] = True
    for column in columns:
        ordered = column[order]
        is_new[1:] |= ordered[1:] != ordered[:-1]
    group = np.empty(len(order), dtype=np.int64)
    group[order] = np.cumsum(is_new) - 1
    return group, order[is_new]


def _column(values: ArrayLike, like: Ints, dtype: Any) -> NDArray[Any]:
    found = np.asarray(values, dtype=dtype)
    return found if found.shape == like.shape else np.full(like.shape, found, dtype=dtype)


def _exact_rate(
    amount: Ints, quantity: tuple[Ints, int], share: tuple[Ints, int], per: Ints
) -> tuple[Ints, Ints]:
    """Amount × quantity × share for one position, as a fraction in its lowest terms."""
    rate = amount
    for part, whole in (quantity, share):
        common = np.gcd(part, whole)
        part, of = part // common, whole // common
        common = np.gcd(rate, of)
        if (np.abs((rate // common).astype(np.float64) * part) >= _LARGEST_RATE).any():
            raise ValueError("an amount is too large to be priced")
        rate, per = (rate // common) * part, per * (of // common)
    common = np.gcd(rate, per)
    return rate // common, per // common


def _is_sorted(column: Ints) -> bool:
    return bool(np.all(column[1:] >= column[:-1]))


def _first(code: str, sentence: str, wrong: NDArray[np.bool_]) -> Problem | None:
    return Problem(code, sentence, str(int(np.argmax(wrong)))) if wrong.any() else None


def _overlaps(segments: Segments) -> NDArray[np.bool_]:
    keys = (segments.start, segments.of, segments.line, segments.placement)
    order = np.lexsort(keys)
    same = np.logical_and.reduce([np.diff(key[order]) == 0 for key in keys[1:]])
    wrong = np.zeros(len(segments), dtype=bool)
    wrong[order[1:]] = same & (segments.start[order][1:] < segments.end[order][:-1])
    return wrong
