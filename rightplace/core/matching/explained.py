"""A match in points and words: what each soft criterion gave, in tenths of a point that add up to the score exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from rightplace.core.matching.market import Rows
from rightplace.core.matching.profile import Option
from rightplace.core.matching.valued import Valued

WHOLE = 1_000
"""Tenths of a point in full marks."""
Tenths = NDArray[np.int64]


class Contribution(NamedTuple):
    """What one criterion gave, out of how much, in tenths of a point, and why. `unknown` is what to ask the home."""

    code: str
    tenths: int
    of_tenths: int
    words: str
    unknown: str = ""

    @property
    def points(self) -> float:
        """What it gave, in points."""
        return self.tenths / 10

    @property
    def of(self) -> float:
        """What it could give, in points."""
        return self.of_tenths / 10


@dataclass(frozen=True, slots=True)
class Match:
    """How well an option fits: its score in tenths, the contributions that add up to it, and its row in the market."""

    option: Option
    tenths: int
    contributions: tuple[Contribution, ...]
    row: int = field(default=0, compare=False)

    @property
    def score(self) -> float:
        """The score in points, 0 to 100."""
        return self.tenths / 10

    @property
    def unknown(self) -> tuple[str, ...]:
        """What is not known about the home and would change the score."""
        return tuple(one.unknown for one in self.contributions if one.unknown)


def full_marks(weights: Sequence[int]) -> Tenths:
    """What each criterion could give, in tenths that add up to 1,000; the largest remainders are rounded up."""
    parts = np.array([weights], dtype=np.int64) * WHOLE
    most = np.full(len(weights), WHOLE, dtype=np.int64)
    full: Tenths = _apportioned(parts, sum(weights), np.array([WHOLE]), most)[0]
    return full


def points_of(valued: Valued, places: Rows, full: Tenths) -> Tenths:
    """What each criterion gave these places in `valued.rows` (down) in tenths (across); none above its `full` marks.

    Each line adds up to the score: exact parts are rounded down and the largest remainders up; the order of the criteria
    breaks ties, so that equal homes are always rounded alike.
    """
    shares = np.array([share[places] for share in valued.shares], dtype=np.int64).T
    parts = shares * np.array(valued.weights, dtype=np.int64)
    return _apportioned(parts, valued.of, valued.tenths(places), full)


def _apportioned(parts: Tenths, of: int, totals: Tenths, most: Tenths) -> Tenths:
    """Parts divided by `of` and rounded to whole numbers, at most `most`, that add up to the total of their line."""
    whole = parts // of
    # Twice at most: what a criterion at its full marks cannot take, another takes beside its own remainder.
    for _ in range(2):
        left = totals - whole.sum(axis=1)
        if not left.any():
            break
        last = np.where(whole < most, whole * of - parts, np.int64(of))
        turn = np.argsort(np.argsort(last, axis=1, kind="stable"), axis=1, kind="stable")
        whole += (turn < left[:, None]) & (whole < most)
    return whole


def explained(valued: Valued, places: Rows) -> tuple[Match, ...]:
    """These places in `valued.rows`, each with every contribution in points and words."""
    rows = valued.rows[places]
    at = rows.tolist()
    options = [valued.asked.market.options[row] for row in at]
    if not valued.of:
        return tuple(Match(option, 0, (), row) for option, row in zip(options, at, strict=True))
    full = full_marks(valued.weights)
    points = points_of(valued, places, full)
    columns = [
        _told(should.code, of, given, should.words(valued.asked, rows, options))
        for should, of, given in zip(valued.used, full.tolist(), points.T.tolist(), strict=True)
    ]
    totals = points.sum(axis=1).tolist()
    return tuple(map(Match, options, totals, zip(*columns, strict=True), at))


def _told(code: str, of: int, points: list[int], said: list[tuple[str, str]]) -> list[Contribution]:
    words, unknown = zip(*said, strict=True) if said else ((), ())
    # Hundreds are made for each ranking: made as plain tuples they take a quarter of the time.
    made = map(
        tuple.__new__,
        repeat(Contribution),
        zip(repeat(code), points, repeat(of), words, unknown, strict=False),
    )
    return cast("list[Contribution]", list(made))
