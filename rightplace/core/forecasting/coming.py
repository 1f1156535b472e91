"""Who comes into care: level, trend, season and drift of the numbers, and the law of ages and first kinds.

The level is a mean of the past in which recent months count more. How much more is learned: levels with a short, a year's
and a long memory are weighed by how well each foretold the next months of this record, so that a break is followed
within months and a steady record is not chased. Season and trend are shrunk: a month of the year keeps a factor of its own
only where years of numbers bear it out, and a slope only as far as it stands out of chance. A slope dies away ahead (it
halves each half year), because last year's growth seldom goes on for five.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rightplace.core.forecasting.cohorts import Cohorts
from rightplace.core.forecasting.episodes import Panel
from rightplace.core.forecasting.kinds import Floats, G, Ints, K
from rightplace.core.forecasting.reference import AGES, STEP, reference_types

SHORT, YEAR, LONG = 0.5 ** (1 / 3), 12, 0.5 ** (1 / 24)
"""The three memories: half after three months, the last twelve months alike (free of season), half after two years."""
MEMORY_PRIOR = np.array([0.1, 0.3, 0.6])
"""How likely each memory is before the record says."""
SCORED_HALF_LIFE = 18.0
SEASON_SPREAD, SEASON_WEIGHT = 0.004, 6.0
"""Variance of months of the year round 1 before a record says, and how many months that is worth."""
TYPE_PRIOR = 25.0
TYPE_MONTHS = 36
SMALLEST = 1e-4
DAMPING = 0.5 ** (1 / 6)
LEVEL_PRIOR = 0.5
LEAST_FOR_SLOPE = 30
"""Months of record below which a season could pass for a slope."""
DRIFT = 0.02
MOST_DRIFT = 0.16
"""The drift of the log level a month before a record says: between-year changes of starters by authority, 2021 to 2025 (DfE)."""


@dataclass(frozen=True, slots=True)
class Coming:
    """Numbers who come: by group the level a month at the origin, events it rests on, slope a month of its log, the
    slope's standard
    error, drift a month; factors by month of the year (January first), (2, 12); and types with their shares."""

    level: Floats
    events: Floats
    slope: Floats
    slope_error: Floats
    drift: Floats
    season: Floats
    types: Cohorts


def fit_coming(panel: Panel) -> Coming:
    """What the record says of who comes."""
    counts = panel.entries()
    months = panel.since + 1 + np.arange(len(counts))
    fitted = [_fit_group(counts[:, group], months) for group in range(G)]
    level, events, slope, error, drift = (np.array(x) for x in zip(*[f[:5] for f in fitted], strict=True))
    return Coming(level, events, slope, error, drift, np.array([f[5] for f in fitted]), fit_types(panel))


def _fit_group(counts: Floats, months: Ints) -> tuple[float, float, float, float, float, Floats]:
    if not len(counts):
        return 0.0, LEVEL_PRIOR, 0.0, 0.0, DRIFT, np.ones(12)
    season = season_of(counts, months)
    back = np.arange(len(counts))[::-1]
    plain = counts / season[months % 12]
    memory = memory_of(plain)
    weight = (memory * _weights_by_age(back)).sum(axis=1)
    effective = weight.sum() ** 2 / (weight**2).sum()
    mean = float((weight * plain).sum() / weight.sum())
    slope, error = slope_of(plain, back, mean)
    level = mean * float(np.exp(slope * (weight * back).sum() / weight.sum()))
    return level, mean * effective + LEVEL_PRIOR, slope, error, drift_of(plain), season


def _weights_by_age(back: Ints) -> Floats:
    """What each month counts under each memory, by how long ago it was; each column sums to 1."""
    found = np.stack([SHORT**back, (back < YEAR).astype(float), LONG**back], axis=1)
    weights: Floats = found / found.sum(axis=0)
    return weights


def memory_of(plain: Floats) -> Floats:
    """How much each memory is believed: its prior times how likely each month was from the level it had before.

    Months are taken as Poisson with twice its variance, so that one odd month decides nothing, and older months count less.
    """
    before = np.concatenate([[0.0], np.cumsum(plain)])
    prior, score = float(plain.mean()) + 0.1, np.zeros(3)
    short, long, weighed = 0.0, 0.0, np.zeros(2)
    fade = 0.5 ** (1 / SCORED_HALF_LIFE)
    for month, count in enumerate(plain):
        year = min(month, YEAR)
        seen = np.array([short, before[month] - before[month - year], long])
        level = (seen + prior) / (np.array([weighed[0], year, weighed[1]]) + 1)
        score = score * fade + (count * np.log(level) - level) / 2
        short, long = short * SHORT + count, long * LONG + count
        weighed = weighed * (SHORT, LONG) + 1
    likely = MEMORY_PRIOR * np.exp(score - score.max())
    found: Floats = likely / likely.sum()
    return found


def season_of(counts: Floats, months: Ints) -> Floats:
    """Factors by month of the year against a year's moving mean, shrunk to 1 as far as chance alone explains them.

    Their mean is 1; all are 1 with less than two years.
    """
    if len(counts) < 24:
        return np.ones(12)
    kernel = np.ones(13)
    kernel[[0, -1]] = 0.5
    padded = np.pad(counts, 6, mode="reflect")
    smooth = np.maximum(np.convolve(padded, kernel / 12, mode="valid"), 1e-9)
    seen = np.bincount(months % 12, counts, 12)
    expected = np.bincount(months % 12, smooth, 12)
    expected = np.maximum(expected, 1e-9)
    apart, noise = seen / expected - 1, 1 / expected
    own = max(float((apart**2 - noise).mean()), 0.0)
    kept = (own * 12 + SEASON_SPREAD * SEASON_WEIGHT) / (12 + SEASON_WEIGHT)
    factor = np.maximum(1 + apart * kept / (kept + noise), 0.1)
    found: Floats = factor / factor.mean()
    return found


def slope_of(plain: Floats, back: Ints, mean: float) -> tuple[float, float]:
    """The slope a month of the log level over the last three years, as far as it stands out of chance, and its standard error."""
    recent = plain[-36:]
    if len(recent) < LEAST_FOR_SLOPE or mean <= 0:
        return 0.0, 0.01
    time = -back[-36:].astype(float)
    time = time - time.mean()
    wide = float((time**2).sum())
    spread = max(float(recent.var(ddof=1)), float(recent.mean()), 1e-9)
    raw = float((time * recent).sum()) / wide / max(float(recent.mean()), 1e-9)
    error = float(np.sqrt(spread / wide)) / max(float(recent.mean()), 1e-9)
    keep = raw**2 / (raw**2 + 4 * error**2)
    return float(np.clip(raw * keep, -0.06, 0.06)), min(error, 0.05) * float(np.sqrt(keep))


def drift_of(plain: Floats) -> float:
    """How much the log level drifts a month beyond chance, from half-years against each other."""
    halves = plain[len(plain) % 6 :].reshape(-1, 6).sum(axis=1)
    if len(halves) < 4 or halves.mean() <= 0:
        return DRIFT
    steps = np.diff(halves) / halves.mean()
    beyond = float((steps**2).mean()) - 2 / float(halves.mean())
    own = np.sqrt(max(beyond, 0.0) / 6)
    return float(np.clip((own * len(halves) + DRIFT * 4) / (len(halves) + 4), 0.01, MOST_DRIFT))


def fit_types(panel: Panel) -> Cohorts:
    """Types of those who come, half a year of age apart, with their shares by group: the last three years with England's law."""
    recent = (panel.stay == 0) & (panel.month > max(panel.since, panel.until - TYPE_MONTHS))
    flat = np.ravel_multi_index(
        (panel.group[recent], np.minimum(panel.age[recent] // STEP, AGES - 1), panel.kind[recent]),
        (G, AGES, K),
    )
    seen = np.bincount(flat, minlength=G * AGES * K).reshape(G, AGES, K)
    shares = seen + TYPE_PRIOR * reference_types()
    return types_from(shares / shares.sum(axis=(1, 2), keepdims=True))


def types_from(shares: Floats) -> Cohorts:
    """Types from shares by group, half year of age and kind; those below one in ten thousand are left out."""
    group, age, kind = np.nonzero(shares > SMALLEST)
    number = shares[group, age, kind]
    whole = np.bincount(group, number, G)
    return Cohorts(group, kind, age * STEP + STEP // 2, np.zeros(len(group), np.int64), number / whole[group])


def arriving(coming: Coming, origin: int, months: int) -> Floats:
    """The mean number who come before each of the months ahead, without chance: shape (months, 2)."""
    ahead = np.arange(1, months + 1)
    damped = DAMPING * (1 - DAMPING**ahead) / (1 - DAMPING)
    season = coming.season[:, (origin + ahead) % 12].T
    found: Floats = coming.level * season * np.exp(damped[:, None] * coming.slope)
    return found


def arriving_runs(coming: Coming, origin: int, months: int, runs: int, seed: int) -> Floats:
    """The same with what is not known of level, slope and drift, by run: shape (runs, months, 2). The mean stays
    that of `arriving`."""
    chance = np.random.default_rng([seed, 5])
    shape = np.maximum(coming.events, 1.0)
    level = chance.gamma(shape, 1 / shape, (runs, G))
    ahead = np.arange(1, months + 1)
    damped = DAMPING * (1 - DAMPING**ahead) / (1 - DAMPING)
    slope = chance.normal(size=(runs, 1, G)) * coming.slope_error * damped[None, :, None]
    drift = np.cumsum(chance.normal(size=(runs, months, G)), axis=1) * coming.drift
    wander = slope + drift
    spread = (damped[:, None] * coming.slope_error) ** 2 + ahead[:, None] * coming.drift**2
    return arriving(coming, origin, months) * level[:, None, :] * np.exp(wander - spread / 2)
