"""A forecast as it is shown: one question, one number."""

import numpy as np
import pytest

from rightplace.core.forecasting.kinds import K
from rightplace.core.forecasting.made import Made, make
from rightplace.core.forecasting.scenarios import TODAY
from rightplace.core.forecasting.shown import baseline, brought, published_prices, under


def test_cutting_at_zero_and_widening_leave_the_mean_where_the_forecast_has_it():
    drawn = np.array([[[0, 4]], [[1, 6]], [[0, 5]], [[3, 9]]], dtype=np.int32)
    mean, shift, wide = np.array([[1.0, 5.5]]), np.array([[-0.5, 1.0]]), np.array([[4.0, 1.5]])
    found = brought(drawn, mean, shift, wide)
    assert found.min() >= 0
    assert found.mean(axis=0) == pytest.approx(np.array([[0.5, 6.5]]))


def test_a_kind_that_no_run_holds_stays_empty():
    none = np.zeros((3, 1, 1), dtype=np.int32)
    zero = np.zeros((1, 1))
    assert brought(none, zero, zero, zero + 1).sum() == 0


def test_today_among_the_scenarios_has_as_many_children_as_the_fan_in_every_month():
    base = baseline(make(Made(60, "rising", 60, 5)), months=24, runs=100)
    shown = under(base, TODAY, published_prices()).stock.mean(axis=0).sum(axis=1)
    assert shown == pytest.approx(base.combined.mean[1:, K], abs=0.01)
