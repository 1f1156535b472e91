"""The forecast that is shown: candidates weighed by how they did before, with intervals as wide as past errors ask for.

Weights of a horizon begin at those chosen on pooled made records (`figures/weights.toml`) and move to what did best on the
authority's own past: each is multiplied by its own mean squared error there to the power of minus `power`, the more the
more past there is. Intervals are those of the model, widened by a factor chosen on the same records, and narrowed or widened
again by how large the authority's own past errors were beside them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from rightplace.core.forecasting.candidates import CANDIDATES, MODEL, Ahead
from rightplace.core.forecasting.kinds import Floats, K

HORIZONS = (3, 6, 12, 24)
NINE_TENTHS = 1.645
ARRAYS = ("total", "kinds", "widen_total", "widen_kinds")
OWN_WEIGHT = 8.0
"""Past origins at which an authority's own past counts as much as the pooled records."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What was chosen on pooled records: weights by horizon and candidate, for the total and for kinds, widening by horizon."""

    total: Floats
    kinds: Floats
    widen_total: Floats
    widen_kinds: Floats
    power: float


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The weights as read."""
    path = Path(__file__).parent / "figures" / "weights.toml"
    return settings_from(tomllib.loads(path.read_text(encoding="utf-8")))


def settings_from(read: Mapping[str, Any]) -> Settings:
    """Settings from what a file or a fit gives."""
    total, kinds, widen_total, widen_kinds = (np.asarray(read[name], float) for name in ARRAYS)
    return Settings(total, kinds, widen_total, widen_kinds, float(read["power"]))


@dataclass(frozen=True, slots=True)
class Combined:
    """The forecast: mean and half-width of the 90% interval by elapsed month and kind or total; weights used by month."""

    origin: int
    mean: Floats
    half: Floats
    weights: Floats


def combine(
    now: Ahead, past: Sequence[Ahead], stock: Floats, since: int, using: Settings | None = None
) -> Combined:
    """The forecast at an origin. `past` are forecasts made earlier; `stock` (month, kinds and total) is what then
    came, from `since`."""
    using = using or settings()
    months = now.means.shape[1] - 1
    known = [one for one in past if one.origin < now.origin]
    scores = [_past_scores(known, stock, since, now.origin, horizon) for horizon in HORIZONS]
    total = np.array(
        [_weights(using.total[h], scores[h].total, scores[h].number, using.power) for h in range(4)]
    )
    kinds = np.array(
        [_weights(using.kinds[h], scores[h].kinds, scores[h].number, using.power) for h in range(4)]
    )
    weights_total, weights_kinds = _by_month(total, months), _by_month(kinds, months)
    mean = np.empty((months + 1, K + 1))
    mean[:, K] = np.einsum("si,is->s", weights_total, now.means[:, :, K])
    mean[:, :K] = np.einsum("si,isk->sk", weights_kinds, now.means[:, :, :K])
    mean[:, :K] *= (mean[:, K] / np.maximum(mean[:, :K].sum(axis=1), 1e-9))[:, None]
    widen = np.array([_widening(using, h, scores[h]) for h in range(4)])
    half = NINE_TENTHS * now.deviation * _by_month(widen, months)[:, [0] * K + [1]]
    return Combined(now.origin, mean, half, weights_total)


@dataclass(frozen=True, slots=True)
class _Scores:
    """Mean squared errors of each candidate, and how wide errors of the model were against its deviation, on the own past."""

    number: int
    total: Floats
    kinds: Floats
    ratio_total: float
    ratio_kinds: float


def _past_scores(past: Sequence[Ahead], stock: Floats, since: int, origin: int, horizon: int) -> _Scores:
    done = [one for one in past if one.origin + horizon <= origin and horizon < one.means.shape[1]]
    if not done:
        return _Scores(0, np.ones(len(CANDIDATES)), np.ones(len(CANDIDATES)), 1.0, 1.0)
    came = np.array([stock[one.origin + horizon - since] for one in done])
    said = np.array([one.means[:, horizon] for one in done])
    recent = 0.5 ** ((origin - horizon - np.array([one.origin for one in done])) / 24)
    recent = recent / recent.sum()
    squared = np.einsum("o,oik->ik", recent, (said - came[:, None]) ** 2)
    ratios = np.abs(said[:, MODEL] - came) / np.array([one.deviation[horizon] for one in done])
    wide = np.sqrt(np.einsum("o,ok->k", recent, ratios**2))
    return _Scores(
        len(done), squared[:, K], squared[:, :K].sum(axis=1), float(wide[K]), float(np.median(wide[:K]))
    )


def _weights(prior: Floats, squared: Floats, number: int, power: float) -> Floats:
    trust = number / (number + OWN_WEIGHT)
    floor = squared.min() * 0.05 + 1e-6
    own = prior * ((squared + floor) / (squared.min() + floor)) ** (-power * trust)
    found: Floats = own / own.sum()
    return found


def _widening(using: Settings, at: int, score: _Scores) -> tuple[float, float]:
    trust = score.number / (score.number + OWN_WEIGHT)
    wider = [float(np.clip(ratio, 0.85, 2.2)) ** trust for ratio in (score.ratio_kinds, score.ratio_total)]
    return using.widen_kinds[at] * wider[0], using.widen_total[at] * wider[1]


def _by_month(at_horizons: Floats, months: int) -> Floats:
    """Values at 3, 6, 12 and 24 months carried to every month between, and kept beyond."""
    ahead = np.arange(months + 1)
    columns = [np.interp(ahead, HORIZONS, at_horizons[:, i]) for i in range(at_horizons.shape[1])]
    return np.stack(columns, axis=1)
