"""Indicators as sums that can be kept and added: what a group of children gives, put together, is what all of them give.

Every indicator counts rows, and each row belongs to one child (or to none). So the children of an authority are parted into
groups by their number; the figure of the whole is made of the sums of the groups, and when something about a child changes
only that child's group is counted again. Worked example: docs/how-it-works/dashboards.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rightplace.core.indicators.measuring import Measured, Shape, counted_interval
from rightplace.core.indicators.record import Keys
from rightplace.core.matching.fairness import Interval

GROUPS = 32
"""Into how many groups children are parted."""
OF_NOBODY = GROUPS
"""The group of what is about no single child: visits, payments, surveys, blocks."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What can be added: rows that count, rows in all, the sum of their values and of the values' squares."""

    numerator: int = 0
    denominator: int = 0
    total: float = 0.0
    squares: float = 0.0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.numerator + other.numerator, self.denominator + other.denominator,
            self.total + other.total, self.squares + other.squares,
        )  # fmt: skip

    def interval(self, shape: Shape, per: int = 0) -> Interval:
        """The figure with its 95% interval, as `Measured.interval` gives it; `per` is the population of a rate."""
        if shape is Shape.MEAN:
            return self._mean()
        if shape is Shape.SUM:
            return Interval(self.total, None, None)
        return counted_interval(shape, self.numerator, self.denominator, per)

    def _mean(self) -> Interval:
        if not self.denominator:
            return Interval(None, None, None)
        mean = self.total / self.denominator
        if self.denominator == 1:
            return Interval(mean, None, None)
        from scipy.special import stdtrit

        spread = max(self.squares - self.denominator * mean * mean, 0.0) / (self.denominator - 1)
        half = float(stdtrit(self.denominator - 1, 0.975)) * math.sqrt(spread / self.denominator)
        return Interval(mean, mean - half, mean + half)


def group_of(child: Keys) -> Keys:
    """The group of each child by its number; `OF_NOBODY` for 0."""
    return np.where(child == 0, OF_NOBODY, child % GROUPS)


def sums_by_group(found: Measured) -> dict[int, Sums]:
    """What each group gives; groups without a row are left out."""
    group, values = group_of(found.child), found.counts.astype(float)
    size = GROUPS + 1
    rows = np.bincount(group, minlength=size)
    total = np.bincount(group, values, size)
    squares = np.bincount(group, values * values, size)
    is_counted = found.counts.dtype == bool
    return {
        int(one): Sums(
            round(total[one]) if is_counted else int(rows[one]), int(rows[one]), float(total[one]), float(squares[one])
        )
        for one in np.flatnonzero(rows)
    }  # fmt: skip


def sums_of(found: Measured) -> Sums:
    """What all rows give together."""
    return sum(sums_by_group(found).values(), Sums())


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure made of its sums: what pages show of an indicator. `per` is the population of a rate."""

    shape: Shape
    sums: Sums
    per: int = 0

    @property
    def numerator(self) -> int:
        """How many count."""
        return self.sums.numerator

    @property
    def denominator(self) -> int:
        """Of how many: rows, or for a rate the population."""
        return self.per if self.shape is Shape.RATE else self.sums.denominator

    @property
    def interval(self) -> Interval:
        """The figure with its 95% interval."""
        return self.sums.interval(self.shape, self.per)

    @property
    def figure(self) -> float | None:
        """The figure; None where there is nothing to count."""
        return self.interval.figure
