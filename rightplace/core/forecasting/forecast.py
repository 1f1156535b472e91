"""From a record to a fitted model, and from the model to futures: what every page, command and back-test calls."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rightplace.core.forecasting.cohorts import Cohorts, expected
from rightplace.core.forecasting.coming import Coming, arriving, arriving_runs, fit_coming
from rightplace.core.forecasting.drawing import Chance, Change, Futures, Model, draw
from rightplace.core.forecasting.episodes import Panel
from rightplace.core.forecasting.kinds import Floats
from rightplace.core.forecasting.rates import Rates, fit_rates
from rightplace.core.forecasting.reference import reference_rates

RATE_YEARS = 4
"""Rates of leaving and moving rest on the last years: older practice says little of today's."""
RATE_HALF_LIFE = 24.0
STAYS_ALIKE = 120


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model fitted to a record up to a month: who is here, who comes, rates."""

    origin: int
    present: Cohorts
    coming: Coming
    rates: Rates


def fit(panel: Panel, reference: Rates | None = None) -> Fitted:
    """The model of a record; `reference` are rates to borrow from (England's without it)."""
    since = max(panel.since, panel.until - RATE_YEARS * 12)
    recent = panel.upto(panel.until, since)
    weight = 0.5 ** ((panel.until - recent.month) / RATE_HALF_LIFE)
    rates = fit_rates(recent, reference or reference_rates(), weight)
    return Fitted(panel.until, present_at(panel, panel.until), fit_coming(panel), rates)


def present_at(panel: Panel, month: int) -> Cohorts:
    """Who is there in a month, children alike counted together."""
    rows = panel.month == month
    stay = np.minimum(panel.stay[rows], STAYS_ALIKE)
    columns = np.stack([panel.group[rows], panel.kind[rows], panel.age[rows], stay])
    alike, number = np.unique(columns, axis=1, return_counts=True)
    return Cohorts(alike[0], alike[1], alike[2], alike[3], number.astype(float))


def mean_forecast(fitted: Fitted, months: int, coming: Floats | None = None) -> Floats:
    """The deterministic recursion: the mean number of children by elapsed month and kind, (months + 1, 7)."""
    who_come = arriving(fitted.coming, fitted.origin, months) if coming is None else coming
    here, later = expected(fitted.present, fitted.coming.types, who_come, fitted.rates, months)
    found: Floats = here + later
    return found


def futures(
    fitted: Fitted, months: int, runs: int, seed: int, *, parameters: bool = True,
    change: Change | None = None, threads: int = 2,
) -> Futures:  # fmt: skip
    """Drawn futures; without `parameters` only the process is uncertain, and the mean is that of the recursion."""
    model = Model(fitted.present, fitted.coming.types, fitted.rates, months, seed)
    return draw(model, chance_of(fitted, months, runs, seed, parameters), change, threads)


def chance_of(fitted: Fitted, months: int, runs: int, seed: int, parameters: bool = True) -> Chance:
    """What differs between runs: numbers who come, and multipliers of the rates by how many events they rest on."""
    if not parameters:
        mean = arriving(fitted.coming, fitted.origin, months)
        return Chance(np.broadcast_to(mean, (runs, *mean.shape)))
    chance = np.random.default_rng([seed, 6])
    who_come = arriving_runs(fitted.coming, fitted.origin, months, runs, seed)
    multipliers = [
        chance.gamma(events, 1 / events, (runs, *events.shape))
        for events in (fitted.rates.leave_events, fitted.rates.move_events)
    ]
    return Chance(who_come, *multipliers)


def with_rates(fitted: Fitted, leave: float, move: float) -> Fitted:
    """The same with all rates multiplied: 0 leaves only ageing."""
    rates = replace(fitted.rates, leave=fitted.rates.leave * leave, move=fitted.rates.move * move)
    return replace(fitted, rates=rates)
