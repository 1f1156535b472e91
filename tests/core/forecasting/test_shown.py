"""A forecast as it is shown: one question, one number."""

import numpy as np
import pytest

from rightplace.core.forecasting.kinds import K
from rightplace.core.forecasting.made import Made, make
from rightplace.core.forecasting.scenarios import TODAY
from rightplace.core.forecasting.shown import baseline, brought, interval, published_prices, under


def test_cutting_at_zero_and_widening_leave_the_mean_where_the_forecast_has_it():
    drawn = np.array([[[0, 4]], [[1, 6]], [[0, 5]], [[3, 9]]], dtype=np.int32)
    mean, half = np.array([[0.5, 6.5, 7.0]]), np.array([[4.0, 1.5, 4.5]])
    found = brought(drawn, mean, half)
    assert found.min() >= 0
    assert found.mean(axis=0) == pytest.approx(mean[:, :2])


def test_a_kind_that_no_run_holds_stays_empty():
    none, zero = np.zeros((3, 1, 1), dtype=np.int32), np.zeros((1, 2))
    assert brought(none, zero, zero + 1).sum() == 0


@pytest.mark.parametrize("all_together", [8.0, 12.0, 18.0])
def test_kinds_and_all_together_reach_as_far_as_their_intervals_say(all_together: float):
    drawn = np.random.default_rng(3).poisson(40, (400, 1, 4)).astype(np.int32)
    mean, half = np.array([[40.0, 40, 40, 40, 160]]), np.array([[8.0, 6, 5, 7, all_together]])
    found = brought(drawn, mean, half)
    for reached, column in ((found, slice(0, 4)), (found.sum(axis=2, keepdims=True), slice(4, 5))):
        low, high = interval(reached)
        assert low == pytest.approx(mean[:, column] - half[:, column], abs=0.3)
        assert high == pytest.approx(mean[:, column] + half[:, column], abs=0.3)


@pytest.mark.parametrize("seed", [5, 7])
def test_today_among_the_scenarios_reaches_as_far_as_the_fan_for_a_year(seed: int):
    base = baseline(make(Made(200, "steady", 60, seed)), months=12)
    low, high = interval(under(base, TODAY, published_prices()).stock.sum(axis=2))
    mean, half = base.combined.mean[1:, K], base.combined.half[1:, K]
    assert low == pytest.approx(np.maximum(mean - half, 0), abs=0.5)
    assert high == pytest.approx(mean + half, abs=0.5)


def test_today_among_the_scenarios_has_as_many_children_as_the_fan_in_every_month():
    base = baseline(make(Made(60, "rising", 60, 5)), months=24, runs=100)
    shown = under(base, TODAY, published_prices()).stock.mean(axis=0).sum(axis=1)
    assert shown == pytest.approx(base.combined.mean[1:, K], abs=0.01)
