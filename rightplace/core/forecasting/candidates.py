"""Simple forecasts that any model must beat, and the mean of the model itself: what a combined forecast is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rightplace.core.forecasting.episodes import UNKNOWN, Panel
from rightplace.core.forecasting.forecast import fit
from rightplace.core.forecasting.kinds import Floats, K
from rightplace.core.forecasting.rates import Rates
from rightplace.core.forecasting.spread import mean_and_spread, with_total
from rightplace.core.forecasting.surges import has_surged

SAME, TREND, DAMPED, MODEL, CONSTANT = range(5)
CANDIDATES = ("same as today", "last year’s trend", "damped trend", "population model", "constant rates")
APART = (SAME, MODEL, CONSTANT)
"""Candidates whose distance from each other shows how little a record is understood: a trend of chance is not among them."""
HALVES = 0.5 ** (1 / 12)


@dataclass(frozen=True, slots=True)
class Ahead:
    """Forecasts made at one origin: `means` (candidate, elapsed month, kind or total), the model's deviation, and whether
    the numbers who come had leapt by then."""

    origin: int
    means: Floats
    deviation: Floats
    surged: bool = False


def ahead(panel: Panel, origin: int, months: int, reference: Rates | None = None) -> Ahead:
    """Every candidate's forecast from what was known at a month."""
    known = panel.upto(origin)
    stock = with_total(known.stock().sum(axis=1))
    model = mean_and_spread(fit(known, reference), months)
    simple = [same_as_today(stock, months), last_years_trend(stock, months), damped_trend(stock, months)]
    constant = with_total(constant_rates(known, months))
    counts = known.entries()
    surged = has_surged(counts, known.since + 1 + np.arange(len(counts)))
    return Ahead(origin, np.stack([*simple, model.mean, constant]), model.deviation, surged)


def same_as_today(stock: Floats, months: int) -> Floats:
    """As many as today, for ever."""
    return np.repeat(stock[-1:], months + 1, axis=0)


def last_years_trend(stock: Floats, months: int) -> Floats:
    """The change since a year ago goes on (or since the record began, if that is less), never below 0."""
    back = min(12, len(stock) - 1)
    slope = (stock[-1] - stock[-1 - back]) / back if back else 0 * stock[-1]
    ahead: Floats = np.maximum(stock[-1] + np.arange(months + 1)[:, None] * slope, 0.0)
    return ahead


def damped_trend(stock: Floats, months: int) -> Floats:
    """The slope of the last two years as far as it stands out of chance, halving each year ahead."""
    recent = stock[-25:]
    time = np.arange(len(recent)) - (len(recent) - 1) / 2
    wide = max(float((time**2).sum()), 1.0)
    slope = (time[:, None] * recent).sum(axis=0) / wide
    # A count wanders: over n months its slope has about this variance by chance alone.
    noise = np.maximum(recent.mean(axis=0), 1.0) * 0.06 / max(len(recent), 1)
    keep = slope**2 / (slope**2 + noise)
    steps = np.concatenate([[0.0], np.cumsum(HALVES ** np.arange(months))])
    ahead: Floats = np.maximum(stock[-1] + steps[:, None] * slope * keep, 0.0)
    return ahead


def constant_rates(panel: Panel, months: int) -> Floats:
    """Constant rates of the last year by kind alone, as the field's open model has them: who comes, who moves, who leaves."""
    last = panel.month > panel.until - 13
    rows = last & (panel.after != UNKNOWN)
    after = np.where(panel.after[rows] >= 0, panel.after[rows], K)
    moves = np.bincount(panel.kind[rows] * (K + 1) + after, minlength=K * (K + 1)).reshape(K, K + 1)
    there = np.maximum(moves.sum(axis=1, keepdims=True), 1)
    step = (moves / there)[:, :K]
    new = (panel.stay == 0) & (panel.month > max(panel.until - 12, panel.since))
    come = np.bincount(panel.kind[new], minlength=K) / min(12, max(panel.until - panel.since, 1))
    found = [np.bincount(panel.kind[panel.month == panel.until], minlength=K).astype(float)]
    for _ in range(months):
        found.append(found[-1] @ step + come)
    return np.array(found)
