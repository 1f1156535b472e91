"""Futures of a country: counts per cell instead of children, exact in mean and covariance, drawn as normal.

Children alike are one cell. What n of them contribute to the counts of two months is n times the covariance of one child's path;
those who come are Poisson, so theirs is the mean number present in both. With thousands of children the counts are
normal to within
a child, so a draw is the mean, what is not known of rates and arrivals, and one normal vector through the root of
that covariance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rightplace.core.forecasting.cohorts import Cohorts, Hazards, follow, hazards
from rightplace.core.forecasting.coming import arriving, arriving_runs
from rightplace.core.forecasting.forecast import Fitted, mean_forecast
from rightplace.core.forecasting.kinds import ADULT, SIXTEEN, STAY_FROM, Floats, G, K, band_of
from rightplace.core.forecasting.rates import Rates
from rightplace.core.forecasting.spread import kernels, shifted

CELL_AGE = 6
"""Cells hold children within half a year of age; time in care is told apart by its band and, below two years, half year."""


@dataclass(frozen=True, slots=True)
class Law:
    """Mean by elapsed month 1… and kind, and the covariance of all of them (month and kind as one number)."""

    mean: Floats
    covariance: Floats


def in_cells(present: Cohorts) -> Cohorts:
    """Children counted per cell: by group, kind, half year of age and time in care, at the middle of each."""
    stay = np.where(
        present.stay < 24,
        present.stay // 6 * 6 + 2,
        np.asarray(STAY_FROM)[band_of(present.stay, STAY_FROM)] + 12,
    )
    # From 16 on the month of age stays: who turns 18 when is known, and would come in lumps otherwise.
    age = np.where(present.age < SIXTEEN, present.age // CELL_AGE * CELL_AGE + CELL_AGE // 2, present.age)
    columns = np.stack([present.group, present.kind, age, np.minimum(stay, age)])
    alike, place = np.unique(columns, axis=1, return_inverse=True)
    return Cohorts(
        alike[0], alike[1], alike[2], alike[3], np.bincount(place.ravel(), present.number).astype(float)
    )


def law(fitted: Fitted, months: int) -> Law:
    """The law of the process alone: mean and covariance of children by month and kind."""
    cells, types = in_cells(fitted.present), fitted.coming.types
    who_come = arriving(fitted.coming, fitted.origin, months)
    met = hazards(cells, fitted.rates, months)
    there = follow(cells, met, months)
    flat = there[:, 1:].reshape(len(cells), -1)
    covariance: Floats = _joint(cells, met, there, cells.number) - (flat * cells.number[:, None]).T @ flat
    met_later = hazards(types, fitted.rates, months)
    later = follow(types, met_later, months)
    for group in range(G):
        weight = np.where(types.group == group, types.number, 0.0)
        joint = _whole(types, met_later, later, weight)
        covariance = _add_coming(covariance, who_come[:, group], joint, months)
    return Law(mean_forecast(fitted, months)[1:], covariance)


def _joint(cohorts: Cohorts, met: Hazards, there: Floats, weight: Floats) -> Floats:
    """The weighted chance of being in kind k at month s and kind l at month t, from month 1 on: a square of months
    times kinds."""
    months = there.shape[1] - 1
    steps = [_step(cohorts, met, month) for month in range(months)]
    found = np.zeros((months, K, months, K))
    for first in range(1, months + 1):
        path = np.zeros((len(cohorts), K, K))
        path[:, np.arange(K), np.arange(K)] = there[:, first] * weight[:, None]
        for month in range(first, months + 1):
            sums = path.sum(axis=0)
            found[first - 1, :, month - 1] = sums
            found[month - 1, :, first - 1] = sums.T
            if month < months:
                path = np.matmul(path, steps[month])
    return found.reshape(months * K, months * K)


def _step(cohorts: Cohorts, met: Hazards, month: int) -> Floats:
    """The chances of a month from kind to kind, for each cohort."""
    staying = np.exp(-met.leave[:, :, month])
    moving = staying * -np.expm1(-met.move[:, :, month])
    older = (cohorts.age + month >= SIXTEEN).astype(np.int64)
    found = moving[:, :, None] * met.towards[cohorts.group, older]
    found[:, np.arange(K), np.arange(K)] += staying - moving
    return found * (cohorts.age + month + 1 < ADULT)[:, None, None]


def _whole(types: Cohorts, met: Hazards, later: Floats, weight: Floats) -> Floats:
    """Of one who comes, the joint chances at elapsed 0…, in which month 0 stands before the square of `_joint`."""
    months = later.shape[1] - 1
    joint = np.zeros((months, K, months, K))
    square = _joint(types, met, later, weight).reshape(months, K, months, K)
    joint[1:, :, 1:] = square[:-1, :, :-1]
    here = later[:, 0]
    joint[0, :, 0] = np.diag(weight @ here)
    for month in range(1, months):
        of = np.zeros((K, K))
        np.add.at(of, types.kind, weight[:, None] * later[:, month])
        joint[0, :, month], joint[month, :, 0] = of, of.T
    return joint


def _add_coming(covariance: Floats, who_come: Floats, joint: Floats, months: int) -> Floats:
    square = covariance.reshape(months, K, months, K)
    for month in range(months):
        left = months - month
        square[month:, :, month:] += who_come[month] * joint[:left, :, :left]
    return square.reshape(months * K, months * K)


def draw_large(fitted: Fitted, months: int, runs: int, seed: int, *, parameters: bool = True) -> Floats:
    """Futures by counts per cell: (run, month 1…, kind), never below 0."""
    of = law(fitted, months)
    values, vectors = np.linalg.eigh(of.covariance)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))).astype(np.float32)
    chance = np.random.default_rng([seed, 9])
    normal = chance.standard_normal((runs, months * K), dtype=np.float32)
    found = (normal @ root.T).astype(float).reshape(runs, months, K) + of.mean
    if parameters:
        found += _not_known(fitted, months, runs, seed, chance)
    futures: Floats = np.maximum(found, 0.0)
    return futures


def _not_known(fitted: Fitted, months: int, runs: int, seed: int, chance: np.random.Generator) -> Floats:
    """What is not known of who comes (through what becomes of them) and of rates (by the change of the mean)."""
    each = kernels(fitted, fitted.rates, months)[1]
    plain = arriving(fitted.coming, fitted.origin, months)
    extra = arriving_runs(fitted.coming, fitted.origin, months, runs, seed) - plain
    found = np.zeros((runs, months * K))
    for group in range(G):
        table = np.zeros((months, months, K))
        for month in range(months):
            table[month, month:] = each[group][: months - month]
        found += extra[:, :, group] @ table.reshape(months, months * K)
    fitted = replace(fitted, present=in_cells(fitted.present))
    mean = _mean(fitted, fitted.rates, plain, months)
    for rates, error in shifted(fitted.rates):
        other = _mean(fitted, rates, plain, months)
        found += np.outer(chance.normal(size=runs) * error, (other - mean).ravel() / 0.1)
    return found.reshape(runs, months, K)


def _mean(fitted: Fitted, rates: Rates, plain: Floats, months: int) -> Floats:
    here, each = kernels(fitted, rates, months)
    found = here[1:].copy()
    for month in range(months):
        for group in range(G):
            found[month:] += plain[month, group] * each[group][: months - month]
    return found
