"""What an indicator gives: which children or placements count, so that every figure opens down to them, and its interval."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from rightplace.core.indicators.record import Bools, Floats, Keys, Record, Stated
from rightplace.core.matching.fairness import Z95, Interval, mean_interval, share_interval
from rightplace.core.periods import Period


class Shape(StrEnum):
    """How the rows of an indicator become its figure."""

    SHARE = "share"
    MEAN = "mean"
    COUNT = "count"
    RATE = "rate"
    SUM = "sum"


def figure_words(shape: Shape, figure: float | None) -> str:
    """A figure as it is written: a share in per cent, a mean and a rate with one decimal, a count and a sum whole."""
    if figure is None:
        return "nothing to count"
    if shape is Shape.SHARE:
        return f"{figure:.1%}"
    return f"{figure:,.0f}" if shape in (Shape.COUNT, Shape.SUM) else f"{figure:,.1f}"


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator as counted: one row for each child or event of the denominator.

    `counts` says of each row whether it is in the numerator (share), is its value (mean, sum), or is true (count and rate).
    `per` is the population of a rate.
    """

    shape: Shape
    key: Keys
    child: Keys
    counts: Bools | Floats
    per: int = 0

    @property
    def numerator(self) -> int:
        """How many count."""
        return int(self.counts.sum()) if self.counts.dtype == bool else len(self.key)

    @property
    def denominator(self) -> int:
        """Of how many: rows, or for a rate the population."""
        return self.per if self.shape is Shape.RATE else len(self.key)

    @property
    def figure(self) -> float | None:
        """A share, a mean, a count, a sum, or a rate per 10,000; None where there is nothing to count."""
        return self.interval.figure

    @property
    def interval(self) -> Interval:
        """The figure with its 95% interval: Wilson's of a share, Student's of a mean, Byar's of a count and a rate."""
        if self.shape is Shape.MEAN:
            return mean_interval(self.counts)
        if self.shape is Shape.SUM:
            return Interval(float(self.counts.sum()), None, None)
        return counted_interval(self.shape, self.numerator, self.denominator, self.per)


def counted_interval(shape: Shape, numerator: int, denominator: int, per: int) -> Interval:
    """The figure of a share, a count or a rate from its numbers, with its 95% interval."""
    if shape is Shape.SHARE:
        return share_interval(numerator, denominator)
    scale = 1.0 if shape is Shape.COUNT else (10_000 / per if per else math.nan)
    low, high = byar(numerator)
    if math.isnan(scale):
        return Interval(None, None, None)
    return Interval(numerator * scale, low * scale, high * scale)


def byar(count: int) -> tuple[float, float]:
    """The 95% limits of a count of events: Byar's approximation to the exact Poisson limits, as in public health statistics."""
    low = count * (1 - 1 / (9 * count) - Z95 / (3 * math.sqrt(count))) ** 3 if count else 0.0
    more = count + 1
    return low, more * (1 - 1 / (9 * more) + Z95 / (3 * math.sqrt(more))) ** 3


@dataclass(frozen=True, slots=True)
class Definition:
    """What an indicator means from a date on, and where that is laid down."""

    since: date
    words: str
    source: str


Measure = Callable[[Record, Period, Stated], Measured]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: its code, names, definitions by date (the newest last), and how it is counted over a period.

    `higher` says whether more is better (None: neither). `of` says what a row of it is: child, placement or request.
    """

    code: str
    name: str
    shape: Shape
    of: str
    higher: bool | None
    definitions: tuple[Definition, ...]
    measure: Measure

    def definition(self, on: date) -> Definition:
        """The definition that rules on a day; the first before it was laid down."""
        return max(
            (one for one in self.definitions if one.since <= on),
            key=lambda one: one.since,
            default=self.definitions[0],
        )


@dataclass(frozen=True, slots=True)
class Moved:
    """Why a figure moved: the keys that came into and went out of what counts, and of what is counted among."""

    began: Keys
    ended: Keys
    came: Keys
    went: Keys


def moved(before: Measured, after: Measured) -> Moved:
    """Who entered and who left an indicator between two counts of it. Numerators first, then denominators."""
    counted = [
        one.key[one.counts.astype(bool)] if one.counts.dtype == bool else one.key for one in (before, after)
    ]
    return Moved(
        np.setdiff1d(counted[1], counted[0]), np.setdiff1d(counted[0], counted[1]),
        np.setdiff1d(after.key, before.key), np.setdiff1d(before.key, after.key),
    )  # fmt: skip


def share(key: Keys, child: Keys, counts: Bools) -> Measured:
    """A share of rows."""
    return Measured(Shape.SHARE, key, child, counts)


def every(shape: Shape, key: Keys, child: Keys, per: int = 0) -> Measured:
    """A count, or a rate over a population, of rows that all count."""
    return Measured(shape, key, child, np.ones(len(key), dtype=bool), per)
