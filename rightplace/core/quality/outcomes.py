"""What the outcomes of a contract come to: achieved counts 1, partly achieved one half, not achieved 0.

Scores are kept in half points (2, 1, 0), so that sums are exact. What follows for the fee is stated by the contract's own
rule: at or above one share it goes up, under another it goes down, by so many basis points, when so many reviews in a row
say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

ACHIEVED, PARTLY, NOT = 2, 1, 0
WORDS = {ACHIEVED: "Achieved", PARTLY: "Partly", NOT: "Not yet"}


@dataclass(frozen=True, slots=True)
class Achieved:
    """Points of how many: both in half points."""

    half_points: int
    possible: int

    @property
    def share(self) -> Fraction | None:
        """The part of all that was achieved; None where nothing was scored."""
        return Fraction(self.half_points, self.possible) if self.possible else None

    @property
    def points(self) -> Fraction:
        """The points as people count them."""
        return Fraction(self.half_points, 2)

    @property
    def out_of(self) -> int:
        """How many outcomes were scored."""
        return self.possible // 2


def achieved(scores: Iterable[int]) -> Achieved:
    """What scores come to. ValueError for a score that is none of 0, 1 and 2."""
    listed = list(scores)
    if any(one not in WORDS for one in listed):
        raise ValueError("a score is 2 (achieved), 1 (partly) or 0 (not)")
    return Achieved(sum(listed), ACHIEVED * len(listed))


@dataclass(frozen=True, slots=True)
class FeeByOutcomes:
    """The rule of a contract: up at or above `up_from`, down below `down_below` (basis points of all outcomes),
    by `change` basis points of the fee, when `in_a_row` reviews say so."""

    up_from: int
    down_below: int
    change: int
    in_a_row: int = 1


def fee_change(reviews: Sequence[Achieved], rule: FeeByOutcomes) -> int:
    """By how many basis points the fee goes up (or, below zero, down) after these reviews, the latest last; 0 for stays."""
    last = [one.share for one in reviews[-rule.in_a_row :]]
    if len(last) < rule.in_a_row or any(share is None for share in last):
        return 0
    points = [share * 10_000 for share in last if share is not None]
    if all(one >= rule.up_from for one in points):
        return rule.change
    return -rule.change if all(one < rule.down_below for one in points) else 0
