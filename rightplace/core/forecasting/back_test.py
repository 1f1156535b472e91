"""How forecasts would have done: made again and again from what was known then, and held against what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rightplace.core.forecasting.candidates import CANDIDATES, Ahead, ahead
from rightplace.core.forecasting.combining import HORIZONS, Combined, Settings, combine_in_turn
from rightplace.core.forecasting.episodes import Panel
from rightplace.core.forecasting.kinds import KINDS, Floats, K
from rightplace.core.forecasting.rates import Rates
from rightplace.core.forecasting.spread import with_total

LEAST = 18
"""Months of record before the first forecast that is judged."""
STEP = 3
SHOWN = ("combined", *CANDIDATES)


@dataclass(frozen=True, slots=True)
class Judged:
    """Every forecast of a record against what came: `said` (method, origin, horizon, kind or total), `came`, `half`
    of the interval.

    Not a number where the record ends before the horizon.
    """

    origins: tuple[int, ...]
    said: Floats
    came: Floats
    half: Floats


@dataclass(frozen=True, slots=True)
class Scored:
    """One horizon: origins judged, mean absolute error of each method for total and kinds, share within the 90% interval."""

    horizon: int
    origins: int
    total: dict[str, float]
    kinds: dict[str, dict[str, float]]
    held: float
    held_kinds: float


def origins_of(panel: Panel) -> list[int]:
    """The months from which a record lets forecasts be made and judged: every third, from a year and a half on."""
    return list(
        range(panel.until - (panel.until - panel.since - LEAST) // STEP * STEP, panel.until + 1, STEP)
    )


def forecasts(panel: Panel, months: int = 24, reference: Rates | None = None) -> list[Ahead]:
    """Every candidate's forecast at every origin."""
    return [ahead(panel, origin, months, reference) for origin in origins_of(panel)]


def judge(panel: Panel, made: Sequence[Ahead], using: Settings | None = None) -> Judged:
    """The combined forecast at each origin beside its candidates, each from what was known then alone."""
    stock = with_total(panel.stock().sum(axis=1))
    said = np.full((len(SHOWN), len(made), len(HORIZONS), K + 1), np.nan)
    came, half = said[0].copy(), said[0].copy()
    combined = combine_in_turn(made, stock, panel.since, using)
    for place, (one, found) in enumerate(zip(made, combined, strict=True)):
        for at, horizon in enumerate(HORIZONS):
            if one.origin + horizon <= panel.until:
                _fill(said[:, place, at], one, found, horizon)
                came[place, at], half[place, at] = (
                    stock[one.origin + horizon - panel.since],
                    found.half[horizon],
                )
    return Judged(tuple(one.origin for one in made), said, came, half)


def _fill(row: Floats, one: Ahead, found: Combined, horizon: int) -> None:
    row[0], row[1:] = found.mean[horizon], one.means[:, horizon]


def score(judged: Sequence[Judged]) -> list[Scored]:
    """Errors and coverage at each horizon over the records together."""
    found = []
    for at, horizon in enumerate(HORIZONS):
        said = np.concatenate([one.said[:, :, at] for one in judged], axis=1)
        came, half = (
            np.concatenate([x[:, at] for x in of])
            for of in zip(*[(j.came, j.half) for j in judged], strict=True)
        )
        rows = ~np.isnan(came[:, K])
        if rows.any():
            found.append(_scored(horizon, said[:, rows], came[rows], half[rows]))
    return found


def _scored(horizon: int, said: Floats, came: Floats, half: Floats) -> Scored:
    error = np.abs(said - came).mean(axis=1)
    # A count is whole: an outcome within half a child of the interval is in it.
    held = np.abs(said[0] - came) <= half + 0.5
    total = {name: float(error[i, K]) for i, name in enumerate(SHOWN)}
    kinds = {kind: {name: float(error[i, k]) for i, name in enumerate(SHOWN)} for k, kind in enumerate(KINDS)}
    return Scored(horizon, came.shape[0], total, kinds, float(held[:, K].mean()), float(held[:, :K].mean()))
