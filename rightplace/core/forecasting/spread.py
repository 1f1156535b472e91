"""How uncertain the mean forecast is, in closed form: chance of the process, and what is not known of numbers who
come and of rates.

Children live independently, so the variance of a count is the sum of P(1 - P) over those here now, plus the mean of
those who come
(their number is Poisson). What is not known is added by the change of the mean for one standard error of each (the delta method).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rightplace.core.forecasting.cohorts import follow, hazards
from rightplace.core.forecasting.coming import arriving, arriving_runs
from rightplace.core.forecasting.forecast import Fitted
from rightplace.core.forecasting.kinds import Floats, G
from rightplace.core.forecasting.rates import Rates

SAMPLED = 200
_SEED = 1903


@dataclass(frozen=True, slots=True)
class Mean:
    """Mean and standard deviation by elapsed month: (months + 1, 8), the seven kinds and then the total."""

    mean: Floats
    deviation: Floats


def with_total(kinds: Floats) -> Floats:
    """The same with the total as a last column."""
    return np.concatenate([kinds, kinds.sum(axis=-1, keepdims=True)], axis=-1)


def mean_and_spread(fitted: Fitted, months: int) -> Mean:
    """The mean recursion with its standard deviation, process and parameters together."""
    here, each = _lives(fitted, fitted.rates, months)
    kernels = [with_total(x) for x in each]
    who_come = arriving(fitted.coming, fitted.origin, months)
    coming = sum(_spread_out(who_come[None, :, g], kernels[g])[0] for g in range(G))
    chances = with_total(here)
    number = fitted.present.number
    mean = np.einsum("c,csk->sk", number, chances) + coming
    variance = np.einsum("c,csk->sk", number, chances * (1 - chances)) + coming
    runs = arriving_runs(fitted.coming, fitted.origin, months, SAMPLED, _SEED)
    sampled = sum(_spread_out(runs[:, :, g], kernels[g]) for g in range(G))
    variance = variance + np.var(sampled, axis=0)
    for rates, error in shifted(fitted.rates):
        here, each = _lives(fitted, rates, months)
        other = with_total(np.einsum("c,csk->sk", number, here))
        other = other + sum(_spread_out(who_come[None, :, g], with_total(each[g]))[0] for g in range(G))
        variance = variance + ((other - mean) / 0.1 * error) ** 2
    return Mean(mean, np.sqrt(np.maximum(variance, 1e-9)))


def kernels(fitted: Fitted, rates: Rates, months: int) -> tuple[Floats, list[Floats]]:
    """The mean of those here now by month and kind, and for each group where one who comes is, by months since."""
    here, each = _lives(fitted, rates, months)
    return np.einsum("c,csk->sk", fitted.present.number, here), each


def _lives(fitted: Fitted, rates: Rates, months: int) -> tuple[Floats, list[Floats]]:
    here = follow(fitted.present, hazards(fitted.present, rates, months), months)
    types = fitted.coming.types
    later = follow(types, hazards(types, rates, months), months)
    each = [np.einsum("c,csk->sk", types.number[types.group == g], later[types.group == g]) for g in range(G)]
    return here, each


def _spread_out(who_come: Floats, kernel: Floats) -> Floats:
    """Those who came so far and are still there: numbers who come (run, month) through the kernel (elapsed, kind)."""
    runs, months = who_come.shape
    found = np.zeros((runs, months + 1, kernel.shape[1]))
    for month in range(1, months + 1):
        found[:, month:] += who_come[:, month - 1, None, None] * kernel[: months + 1 - month]
    return found


def shifted(rates: Rates) -> list[tuple[Rates, float]]:
    """Rates a tenth up, one set at a time, with the standard error of its log."""
    found = []
    for group in range(G):
        for name in ("leave", "move"):
            factor = np.ones((G, 1, 1, 1))
            factor[group] = 1.1
            events = getattr(rates, f"{name}_events")[group].sum()
            found.append((replace(rates, **{name: getattr(rates, name) * factor}), 1 / np.sqrt(events)))
    return found
