"""Those who have not come yet: how many will be there by month and kind of home, as the forecast that is shown has it.

The forecast of all children is those who are here and those who come. Here are only the latter, with their own leaving and
moving, so that a child who goes home is not replaced by one whom nobody has asked for. What the shown forecast sees otherwise
than the population model alone (it weighs simpler forecasts too) is theirs, for those who are here are known by name.
Of the month that runs, only the days that are left bring anybody: who came before is known by name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rightplace.core.forecasting.cohorts import expected
from rightplace.core.forecasting.coming import arriving, arriving_runs
from rightplace.core.forecasting.kinds import Floats, K
from rightplace.core.forecasting.shown import Baseline

RUNS = 400


@dataclass(frozen=True, slots=True)
class StillToCome:
    """`there`: the mean number of those to come in each month ahead (the next first) by kind, (months, kinds).

    `spread`: how far what is not known of level, slope and drift spreads the number who come, as a share of it, by month.
    """

    there: Floats
    spread: Floats


def still_to_come(base: Baseline, months: int, share_left: float) -> StillToCome:
    """Those to come in the months after the one that runs; `share_left` is the share of that one that is left.

    No more months than the forecast has: `months` is below the last month of `base`.
    """
    ahead, fitted = months + 1, base.fitted
    if ahead >= len(base.combined.mean):
        raise ValueError(f"the forecast ends before month {ahead} ahead")
    mean = arriving(fitted.coming, fitted.origin, ahead)
    here, later = expected(fitted.present, fitted.coming.types, mean, fitted.rates, ahead)
    otherwise = base.combined.mean[: ahead + 1, :K] - here - later
    mean[0] *= share_left
    _, later = expected(fitted.present, fitted.coming.types, mean, fitted.rates, ahead)
    there = np.maximum(later + otherwise, 0.0)
    # In the middle of a month stand the mean of its first day and the next month's.
    return StillToCome((there[1:-1] + there[2:]) / 2, _spread(base, mean, share_left))


def _spread(base: Baseline, mean: Floats, share_left: float) -> Floats:
    drawn = arriving_runs(base.fitted.coming, base.fitted.origin, len(mean), RUNS, base.seed)
    drawn[:, 0] *= share_left
    so_far = np.cumsum(drawn.sum(axis=2), axis=1)[:, 1:]
    whole = np.maximum(np.cumsum(mean.sum(axis=1))[1:], 1e-9)
    found: Floats = so_far.std(axis=0) / whole
    return found
