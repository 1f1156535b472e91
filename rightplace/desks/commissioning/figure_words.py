"""Figures of indicators in words: how a share, a mean, a count or a sum is written, its range, and what it is made of."""

from __future__ import annotations

from collections.abc import Callable

from rightplace.core.indicators import Indicator, Shape, figure_words
from rightplace.core.indicators.sums import Counted
from rightplace.core.matching.fairness import Interval
from rightplace.desks.components.words import count

ROWS = {
    "child": ("child", "children"),
    "placement": ("placement", "placements"),
    "request": ("request", "requests"),
    "review": ("review", "reviews"),
    "outcome": ("outcome", "outcomes"),
    "visit": ("visit", "visits"),
    "payment": ("payment", "payments"),
    "offer": ("offer", "offers"),
    "decision": ("choice", "choices"),
    "answer": ("answer", "answers"),
    "month of a block": ("month of a block", "months of blocks"),
}
BETTER = {
    True: "More is better.",
    False: "Less is better.",
    None: "Neither more nor less is better in itself.",
}


def writer_of(shape: Shape) -> Callable[[float], str]:
    """How figures of a shape are written on an axis."""
    return lambda figure: figure_words(shape, figure)


def printed_words(shape: Shape, figure: float | None) -> str:
    """A printed figure: whole per cent, whole rates."""
    if figure is None:
        return ""
    return f"{figure:,.0f}%" if shape is Shape.SHARE else f"{figure:,.0f}"


def range_words(shape: Shape, interval: Interval) -> str:
    """The range in which a figure truly lies, 19 times of 20."""
    low, high = interval.low, interval.high
    if low is None or high is None:
        return ""
    return f"{figure_words(shape, max(low, 0.0))} to {figure_words(shape, high)}"


def made_of(indicator: Indicator, counted: Counted) -> str:
    """What a figure is made of: “12 of 340 children”."""
    one, many = ROWS[indicator.of]
    if counted.shape is Shape.SHARE:
        return f"{counted.numerator:,} of {count(counted.denominator, one, many)}"
    return count(counted.numerator, one, many)
