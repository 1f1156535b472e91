"""A forecast in numbers: what the command line, the API and other machines are given, the same as the page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rightplace.core.forecasting.back_test import Scored
from rightplace.core.forecasting.episodes import Episodes
from rightplace.core.forecasting.kinds import KINDS, K, month_words
from rightplace.core.forecasting.shown import MONTHS, RUNS, SEED, Baseline, baseline


@dataclass(frozen=True, slots=True)
class Task:
    """One authority's forecast to be made somewhere: its name, record, and what the figures hang on."""

    name: str
    episodes: Episodes
    months: int = MONTHS
    runs: int = RUNS
    seed: int = SEED


def forecast_task(task: Task) -> dict[str, Any]:
    """The forecast of a task in numbers, with its name: what is spread over processes and machines."""
    if not len(task.episodes.child):
        return {"name": task.name, "months": [], "cautions": ["There is no record of placements yet."]}
    return {"name": task.name, **summary(baseline(task.episodes, task.months, task.runs, task.seed))}


def summary(base: Baseline) -> dict[str, Any]:
    """Every month ahead with its 90% interval, in all and by kind; how it did before; cautions; the seed."""
    return {
        "seed": base.seed,
        "months": [month_row(base, ahead) for ahead in range(len(base.combined.mean))],
        "back_test": [scored_row(one) for one in base.scored],
        "cautions": list(base.cautions),
    }


def month_row(base: Baseline, ahead: int) -> dict[str, Any]:
    """One month: all children, and each kind."""
    return {
        "month": month_words(base.panel.until + ahead),
        **_interval(base, ahead, K),
        "kinds": {kind: _interval(base, ahead, place) for place, kind in enumerate(KINDS)},
    }


def _interval(base: Baseline, ahead: int, kind: int) -> dict[str, float]:
    mean, half = float(base.combined.mean[ahead, kind]), float(base.combined.half[ahead, kind])
    return {
        "mean": round(mean, 2),
        "low": round(float(np.maximum(mean - half, 0.0)), 2),
        "high": round(mean + half, 2),
    }


def scored_row(one: Scored) -> dict[str, Any]:
    """How forecasts did so many months ahead."""
    names = ("horizon", "origins", "total", "kinds", "held", "held_kinds")
    return {name: getattr(one, name) for name in names}
