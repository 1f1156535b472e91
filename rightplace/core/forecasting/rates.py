"""Monthly rates of leaving and moving by group, age, time in care and kind, shrunk so that few children borrow from many.

A rate is the reference's rate times one factor for each group, group and time in care, group and age, and group and
kind (a log-linear Poisson model). Each factor is (events + PRIOR) / (expected events without it + PRIOR), in turns until
they settle: with no events of its own a cell keeps the reference's rate, with many it keeps its own (empirical Bayes with
a gamma prior of PRIOR events round 1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rightplace.core.forecasting.episodes import GREW_UP, LEFT, UNKNOWN, Panel
from rightplace.core.forecasting.kinds import (
    AGE_FROM,
    SIXTEEN,
    STAY_FROM,
    A,
    Bools,
    D,
    Floats,
    G,
    Ints,
    K,
    band_of,
)

PRIOR = 10.0
TURNS = 12
CELLS = (G, A, D, K)
DESTINATION_PRIOR = 12.0
SHARED = ((1, 2, 3), (1, 3), (2, 3), (1, 2))
"""What each factor is summed over: one for each group, group and time in care, group and age, group and kind."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Hazards a month: `leave` and `move` of shape (group, age, stay, kind); `towards` (group, 16 or over, from, to) sums to 1.

    `leave_events` and `move_events` (group, kind) are what the rates rest on, prior included: their uncertainty is gamma.
    """

    leave: Floats
    move: Floats
    towards: Floats
    leave_events: Floats
    move_events: Floats


def fit_rates(panel: Panel, reference: Rates, weight: Floats | None = None) -> Rates:
    """The rates of a record, shrunk towards the reference's; `weight` makes some rows count less."""
    known = (panel.after != UNKNOWN) & (panel.after != GREW_UP)
    weight = np.ones(len(panel.month)) if weight is None else weight
    cell = np.ravel_multi_index(
        (panel.group, band_of(panel.age, AGE_FROM), band_of(panel.stay, STAY_FROM), panel.kind), CELLS
    )
    left = known & (panel.after == LEFT)
    moved = known & (panel.after >= 0) & (panel.after != panel.kind)
    leave, leave_events = _fit(cell, known, left, weight, reference.leave)
    move, move_events = _fit(cell, known & ~left, moved, weight, reference.move)
    towards = _destinations(panel, moved, weight, reference.towards)
    return Rates(leave, move, towards, leave_events, move_events)


def _fit(
    cell: Ints, exposed: Bools, event: Bools, weight: Floats, reference: Floats
) -> tuple[Floats, Floats]:
    size = int(np.prod(CELLS))
    events = np.bincount(cell[event], weight[event], size).reshape(CELLS)
    # Half a month of exposure is lost by a child who left within it: a hazard, not a share.
    exposure = np.bincount(cell[exposed], weight[exposed], size).reshape(CELLS) - events / 2
    rate = reference.copy()
    factors: list[Floats | float] = [1.0] * len(SHARED)
    for _ in range(TURNS):
        for place, axes in enumerate(SHARED):
            without = rate / factors[place]
            expected = (exposure * without).sum(axis=axes, keepdims=True)
            factors[place] = (events.sum(axis=axes, keepdims=True) + PRIOR) / (expected + PRIOR)
            rate = without * factors[place]
    return np.clip(rate, 1e-9, 2.0), events.sum(axis=(1, 2)) + PRIOR


def _destinations(panel: Panel, moved: Bools, weight: Floats, reference: Floats) -> Floats:
    older = (panel.age[moved] >= SIXTEEN).astype(np.int64)
    flat = np.ravel_multi_index(
        (panel.group[moved], older, panel.kind[moved], panel.after[moved]), (G, 2, K, K)
    )
    seen = np.bincount(flat, weight[moved], G * 2 * K * K).reshape(G, 2, K, K)
    found: Floats = seen + DESTINATION_PRIOR * reference
    shares: Floats = found / found.sum(axis=3, keepdims=True)
    return shares
