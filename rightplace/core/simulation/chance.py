"""Chance that depends only on a seed and on names: the same pair draws the same number under every policy.

Common random numbers make two policies' results differ only by what the policies do. The hash is SplitMix64 (Steele,
Lea and Flood, 2014), which passes the usual batteries of tests.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
Ints = NDArray[np.int64]
Ints32 = NDArray[np.int32]
Bools = NDArray[np.bool_]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def pair_uniforms(seed: int, stream: int, one: Ints32 | Ints, other: Ints32 | Ints) -> Floats:
    """A number in [0, 1) for each pair of names, shapes alike; `stream` keeps uses apart."""
    with np.errstate(over="ignore"):
        start = np.uint64(seed) * _STEP + np.uint64(stream) * _SECOND
        first = _mixed(one.astype(np.uint64) * _FIRST + start)
        mixed = _mixed(first + other.astype(np.uint64) * _STEP)
    found: Floats = (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return found


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = (values ^ (values >> np.uint64(30))) * _FIRST
    values = (values ^ (values >> np.uint64(27))) * _SECOND
    return values ^ (values >> np.uint64(31))


def picked(rng: np.random.Generator, shares: Floats | list[float], many: int) -> Ints:
    """So many positions drawn in proportion to `shares`."""
    weights = np.asarray(shares, dtype=float)
    return np.searchsorted(np.cumsum(weights / weights.sum())[:-1], rng.random(many), side="right")
