"""A match in points and words: what each soft criterion gave, in tenths of a point that add up to the score exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rightplace.core.matching.asked import Asked
from rightplace.core.matching.profile import Option
from rightplace.core.matching.shoulds import Should

WHOLE = 1_000
"""Tenths of a point in full marks."""


@dataclass(frozen=True, slots=True)
class Contribution:
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
    """How well an option fits: its row in the market, its score in tenths, and the contributions that add up to it."""

    option: Option
    tenths: int
    contributions: tuple[Contribution, ...]
    row: int = 0

    @property
    def score(self) -> float:
        """The score in points, 0 to 100."""
        return self.tenths / 10

    @property
    def unknown(self) -> tuple[str, ...]:
        """What is not known about the home and would change the score."""
        return tuple(one.unknown for one in self.contributions if one.unknown)


def full_marks(weights: Sequence[int]) -> tuple[int, ...]:
    """What each criterion could give, in tenths that add up to 1,000; the largest remainders are rounded up."""
    of = sum(weights)
    return (
        _apportioned([weight * WHOLE for weight in weights], of, WHOLE, None) if of else (0,) * len(weights)
    )


def tenths_of(value: int, of: int) -> int:
    """A value (weights times thousandths) as tenths of a point, half up; `of` is the sum of the weights."""
    return (2 * value + of) // (2 * of) if of else 0


def points_of(weights: Sequence[int], shares: Sequence[int], full: Sequence[int]) -> tuple[int, ...]:
    """What each criterion gave, in tenths that add up to the score, none above what it could give."""
    of = sum(weights)
    if not of:
        return (0,) * len(weights)
    parts = [weight * share for weight, share in zip(weights, shares, strict=True)]
    return _apportioned(parts, of, tenths_of(sum(parts), of), full)


def _apportioned(parts: Sequence[int], of: int, total: int, most: Sequence[int] | None) -> tuple[int, ...]:
    """Parts divided by `of` and rounded to whole numbers that add up to `total`, by largest remainder."""
    whole = [part // of for part in parts]
    if most is not None:
        whole = [min(one, top) for one, top in zip(whole, most, strict=True)]
    left = total - sum(whole)
    if left:
        # The order of the criteria breaks ties, so that equal remainders are always rounded alike.
        for at in sorted(range(len(parts)), key=lambda one: whole[one] * of - parts[one]):
            if left and (most is None or whole[at] < most[at]):
                whole[at] += 1
                left -= 1
    return tuple(whole)


def explained(
    asked: Asked,
    used: Sequence[Should],
    weights: Sequence[int],
    shares: Sequence[int],
    row: int,
    full: Sequence[int],
) -> Match:
    """One row with every contribution in points and words."""
    option = asked.market.options[row]
    points = points_of(weights, shares, full)
    contributions = tuple(
        Contribution(should.code, given, of, *should.words(asked, option))
        for should, given, of in zip(used, points, full, strict=True)
    )
    return Match(option, sum(points), contributions, row)
