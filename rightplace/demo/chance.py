"""Seeded chance that still adds up: quotas dealt exactly, and people matched to quotas by preference."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.str_]
Days = NDArray[np.datetime64]
Generator = np.random.Generator

MILES_A_DEGREE = 69.0


def quotas(shares: Sequence[float], total: int) -> list[int]:
    """Whole numbers in proportion to `shares` that add up to `total` (largest remainder)."""
    weights = np.asarray(shares, dtype=float)
    exact = weights / weights.sum() * total
    whole = np.floor(exact).astype(int)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return [int(number) for number in whole]


def dealt(rng: Generator, shares: Mapping[str, float], total: int) -> Texts:
    """`total` categories in exact proportion to `shares`, shuffled."""
    names = np.array(list(shares))
    cards = np.repeat(names, quotas(list(shares.values()), total))
    rng.shuffle(cards)
    return cards


def filled(rng: Generator, wanted: Mapping[str, int], likely: Mapping[str, Floats], rest: str) -> Texts:
    """Give each category its number of rows, the likelier rows first; rows left over get `rest`.

    `likely[category]` weighs each row; a weight of 0 forbids it. Categories are filled in the order
    given, each by weighted sampling without replacement among the rows still free (Gumbel top-k).
    """
    count = len(next(iter(likely.values())))
    given = np.full(count, rest, dtype="<U24")
    free = np.ones(count, dtype=bool)
    for category, number in wanted.items():
        weight = np.where(free, likely[category], 0.0)
        keys = np.where(weight > 0, np.log(np.maximum(weight, 1e-12)) + rng.gumbel(size=count), -np.inf)
        chosen = np.argsort(-keys, kind="stable")[: min(number, int((weight > 0).sum()))]
        given[chosen] = category
        free[chosen] = False
    return given


def picked(rng: Generator, weights: Any, size: int) -> Ints:
    """`size` indices drawn with the given weights."""
    share = np.asarray(weights, dtype=float)
    edges = np.cumsum(share / share.sum())
    return np.minimum(np.searchsorted(edges, rng.random(size), side="right"), len(share) - 1)


def miles(latitude: Any, longitude: Any, to_latitude: Any, to_longitude: Any) -> Floats:
    """Straight-line miles on a flat local map; within 1% at the distances of southern England."""
    north = (np.asarray(to_latitude) - latitude) * MILES_A_DEGREE
    east = (np.asarray(to_longitude) - longitude) * MILES_A_DEGREE * np.cos(np.radians(latitude))
    away: Floats = np.hypot(north, east)
    return away
