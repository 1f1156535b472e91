"""One forecast from several: a weight for each candidate at each horizon, and intervals as wide as past errors ask for.

Weights start from those chosen on pooled made records (`figures/weights.toml`) and move to what did best on the
authority's own past: each is divided by its own mean squared error there to a power, the more the more past there is. Errors
at a nearer horizon speak for a farther one until that has a past of its own.

Intervals hold three things: the model's own uncertainty, how far the candidates lie apart (a record of which they tell
different stories is a record that is not understood), and how large the forecast's own past errors were beside the intervals
it gave then (a conformal factor). Everything rests on what was known at the origin, never on what came after it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from rightplace.core.forecasting.candidates import APART, CANDIDATES, SAME, Ahead
from rightplace.core.forecasting.kinds import Floats, K

HORIZONS = (3, 6, 12, 24)
NINE_TENTHS = 1.645
ARRAYS = ("total", "kinds", "widen_total", "widen_kinds", "apart", "after_surge")
NEARNESS = 0.5 ** np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
"""How much an error at one horizon says of another: half as much for each horizon between them."""
OWN_WEIGHT, OWN_WIDTH = 1.0, 4.0
"""Past forecasts at which the own past counts as much as the pooled records: for weights, and for widths."""
WEIGHT_FADES, WIDTH_FADES = 12.0, 18.0
"""Months after which a past error counts half."""
LEAST_ERROR = 0.25
"""A squared error, in children, below which one candidate is no better than another."""
NARROWEST, WIDEST = 0.75, 3.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What was chosen on pooled records: weights by horizon and candidate for the total and for kinds, widening by horizon,
    how much of the candidates' squared distance is added to the variance, and by horizon what part of the weights goes to
    “same as today” after a surge."""

    total: Floats
    kinds: Floats
    widen_total: Floats
    widen_kinds: Floats
    apart: Floats
    after_surge: Floats
    power: float


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The weights as read."""
    path = Path(__file__).parent / "figures" / "weights.toml"
    return settings_from(tomllib.loads(path.read_text(encoding="utf-8")))


def settings_from(read: Mapping[str, Any]) -> Settings:
    """Settings from what a file or a fit gives."""
    total, kinds, widen_total, widen_kinds, apart, after = (np.asarray(read[name], float) for name in ARRAYS)
    return Settings(total, kinds, widen_total, widen_kinds, apart, after, float(read["power"]))


@dataclass(frozen=True, slots=True)
class Combined:
    """The forecast: mean and half-width of the 90% interval by elapsed month and kind or total; weights used by month."""

    origin: int
    mean: Floats
    half: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class Tried:
    """A forecast that was made before: its candidates, and what was made of them then."""

    of: Ahead
    made: Combined


def combine_in_turn(
    made: Sequence[Ahead], stock: Floats, since: int, using: Settings | None = None
) -> list[Combined]:
    """The forecast at each origin in order, each learning from those before it. `stock` (month, kinds and total) is
    what came, from `since`; of it only what lay before an origin is looked at."""
    tried: list[Tried] = []
    for one in made:
        known = stock[: one.origin - since + 1]
        tried.append(Tried(one, combine(one, tried, known, since, using)))
    return [one.made for one in tried]


def combine(
    now: Ahead, past: Sequence[Tried], stock: Floats, since: int, using: Settings | None = None
) -> Combined:
    """The forecast at an origin, from its candidates and those made earlier; `stock` ends at the origin."""
    using = using or settings()
    months = now.means.shape[1] - 1
    scores = [_past_scores([*past], stock, since, now.origin, horizon) for horizon in HORIZONS]
    trusted = NEARNESS @ np.array([one.weight for one in scores])
    total = _weights(using.total, _shared(scores, "total"), trusted, using.power)
    kinds = _weights(using.kinds, _shared(scores, "kinds"), trusted, using.power)
    if now.surged:
        total, kinds = (_leaning_on_today(of, using.after_surge) for of in (total, kinds))
    weights_total, weights_kinds = _by_month(total, months), _by_month(kinds, months)
    mean = np.empty((months + 1, K + 1))
    mean[:, K] = np.einsum("si,is->s", weights_total, now.means[:, :, K])
    mean[:, :K] = np.einsum("si,isk->sk", weights_kinds, now.means[:, :, :K])
    mean[:, :K] *= (mean[:, K] / np.maximum(mean[:, :K].sum(axis=1), 1e-9))[:, None]
    return Combined(now.origin, mean, _half(now, mean, scores, using), weights_total)


def _half(now: Ahead, mean: Floats, scores: Sequence[_Scores], using: Settings) -> Floats:
    """The half-width by month and kind: chance, what the candidates lie apart, and the conformal factor."""
    months = len(mean) - 1
    apart = ((now.means[list(APART)] - mean) ** 2).mean(axis=0)
    share = _by_month(using.apart[:, None], months)
    counts = NEARNESS @ np.array([one.width_weight for one in scores])
    ratios = np.array([one.squared_ratios * one.width_weight for one in scores])
    square = (NEARNESS @ ratios + 1e-9) / (counts[:, None] + 1e-9)
    factor = np.clip(np.sqrt(square), NARROWEST, WIDEST) ** (counts / (counts + OWN_WIDTH))[:, None]
    widen = _by_month(np.stack([using.widen_kinds, using.widen_total], axis=1) * factor, months)
    half: Floats = NINE_TENTHS * np.sqrt(now.deviation**2 + share * apart) * widen[:, [0] * K + [1]]
    return half


@dataclass(frozen=True, slots=True)
class _Scores:
    """The own past at a horizon: log squared errors of each candidate beside the best, and squared errors of the
    forecast beside its interval (kinds, total), each with what they weigh."""

    weight: float
    total: Floats
    kinds: Floats
    width_weight: float
    squared_ratios: Floats


NOTHING = _Scores(0.0, np.zeros(len(CANDIDATES)), np.zeros(len(CANDIDATES)), 0.0, np.zeros(2))


def _past_scores(past: Sequence[Tried], stock: Floats, since: int, origin: int, horizon: int) -> _Scores:
    done = [one for one in past if one.of.origin + horizon <= origin and horizon < one.of.means.shape[1]]
    if not done:
        return NOTHING
    came = np.array([stock[one.of.origin + horizon - since] for one in done])
    said = np.array([one.of.means[:, horizon] for one in done])
    ago = origin - horizon - np.array([one.of.origin for one in done])
    recent, wide = 0.5 ** (ago / WEIGHT_FADES), 0.5 ** (ago / WIDTH_FADES)
    squared = np.einsum("o,oik->ik", recent / recent.sum(), (said - came[:, None]) ** 2)
    ratio = np.array(
        [(one.made.mean[horizon] - came[i]) / one.made.half[horizon] for i, one in enumerate(done)]
    )
    square = np.einsum("o,ok->k", wide / wide.sum(), (ratio * NINE_TENTHS) ** 2)
    # Forecasts three months apart of a year ahead share most of their error: together they count as fewer.
    count = float(wide.sum()) * min(1.0, 6 / horizon)
    return _Scores(
        float(recent.sum()), _beside_best(squared[:, K]), _beside_best(squared[:, :K].sum(axis=1)),
        count, np.array([np.median(square[:K]), square[K]]),
    )  # fmt: skip


def _beside_best(squared: Floats) -> Floats:
    least = float(squared.min())
    floor = least * 0.05 + LEAST_ERROR
    found: Floats = np.log((squared + floor) / (least + floor))
    return found


def _shared(scores: Sequence[_Scores], name: str) -> Floats:
    """Errors by horizon and candidate, each horizon taking the others' by their nearness."""
    weight = NEARNESS * np.array([one.weight for one in scores])
    whole = np.maximum(weight.sum(axis=1, keepdims=True), 1e-9)
    found: Floats = weight @ np.array([getattr(one, name) for one in scores]) / whole
    return found


def _weights(prior: Floats, worse: Floats, trusted: Floats, power: float) -> Floats:
    trust = trusted / (trusted + OWN_WEIGHT)
    own = prior * np.exp(-power * trust[:, None] * worse)
    found: Floats = own / own.sum(axis=1, keepdims=True)
    return found


def _leaning_on_today(weights: Floats, part: Floats) -> Floats:
    """Weights of which a part, by horizon, goes to “same as today”."""
    found = (1 - part[:, None]) * weights
    found[:, SAME] += part
    return found


def _by_month(at_horizons: Floats, months: int) -> Floats:
    """Values at 3, 6, 12 and 24 months carried to every month between, and kept beyond."""
    ahead = np.arange(months + 1)
    columns = [np.interp(ahead, HORIZONS, at_horizons[:, i]) for i in range(at_horizons.shape[1])]
    return np.stack(columns, axis=1)
