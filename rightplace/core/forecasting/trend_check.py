"""Trend check: does the latest part of the record still fit what was expected of it?

Three tests of residuals, each with its chance if nothing had changed: those who came in the last half year against the level
before (a Poisson count of known mean, overdispersion allowed for), those who left in it against the rates before, and
whether the last forecasts erred to one side (a sign test of those three months ahead). With three tests at five in a
hundred, one in seven records gives an alarm by chance alone; a page says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, erfc, sqrt

import numpy as np

from rightplace.core.forecasting.back_test import Judged
from rightplace.core.forecasting.episodes import GREW_UP, LEFT, UNKNOWN, Panel
from rightplace.core.forecasting.kinds import AGE_FROM, STAY_FROM, Floats, K, band_of
from rightplace.core.forecasting.rates import fit_rates
from rightplace.core.forecasting.reference import reference_rates

RECENT = 6
LEAST_BEFORE = 12
ALARM = 0.05
LAST_FORECASTS = 8


@dataclass(frozen=True, slots=True)
class Check:
    """One test: what was seen, what was expected, and the chance of so much or more if nothing had changed."""

    code: str
    seen: float
    expected: float
    chance: float

    @property
    def is_alarm(self) -> bool:
        """Whether the recent record no longer fits."""
        return self.chance < ALARM


def trend_checks(panel: Panel, judged: Judged | None) -> tuple[Check, ...]:
    """The tests that this record allows; none of a record too short to have a past to differ from."""
    if panel.until - panel.since < LEAST_BEFORE + RECENT:
        return ()
    found = [_coming(panel), _leaving(panel)]
    if judged is not None and (side := _one_sided(judged)):
        found.append(side)
    return tuple(found)


def _coming(panel: Panel) -> Check:
    counts = panel.entries().sum(axis=1)
    before, recent = counts[-RECENT - 36 : -RECENT], counts[-RECENT:]
    year = before[-12 * (len(before) // 12) :] if len(before) >= 12 else before
    expected = float(year.mean()) * RECENT
    # Half-years vary more than chance: the variance of earlier ones against their mean, at least that of chance.
    halves = before[len(before) % RECENT :].reshape(-1, RECENT).sum(axis=1)
    spread = float(halves.var(ddof=1)) if len(halves) > 2 else 0.0
    variance = max(spread, expected, 0.5) * (1 + RECENT / len(year))
    return Check("coming", float(recent.sum()), expected, two_sided(recent.sum() - expected, variance))


def _leaving(panel: Panel) -> Check:
    """Those who left in the last half year against the rates of the record before it, child by child."""
    earlier = panel.upto(panel.until - RECENT)
    rates = fit_rates(earlier, reference_rates())
    rows = (panel.month >= panel.until - RECENT) & (panel.after != UNKNOWN) & (panel.after != GREW_UP)
    cell = (
        panel.group[rows],
        band_of(panel.age[rows], AGE_FROM),
        band_of(panel.stay[rows], STAY_FROM),
        panel.kind[rows],
    )
    expected = float(-np.expm1(-rates.leave[cell]).sum())
    seen = float((panel.after[rows] == LEFT).sum())
    known = float(rates.leave_events.sum())
    variance = max(expected, 0.5) * 1.3 + expected**2 / max(known, 1.0)
    return Check("leaving", seen, expected, two_sided(seen - expected, variance))


def _one_sided(judged: Judged) -> Check | None:
    errors: Floats = judged.came[:, 0, K] - judged.said[0, :, 0, K]
    errors = errors[~np.isnan(errors)][-LAST_FORECASTS:]
    above, number = int((errors > 0).sum()), len(errors)
    if number < LAST_FORECASTS // 2:
        return None
    most = max(above, number - above)
    tail = sum(comb(number, k) for k in range(most, number + 1)) / 2**number
    return Check("one_side", float(above), number / 2, min(1.0, 2 * tail))


def two_sided(apart: float, variance: float) -> float:
    """The chance of a normal deviation at least so large, either way."""
    return erfc(abs(float(apart)) / sqrt(max(variance, 1e-9)) / sqrt(2))
