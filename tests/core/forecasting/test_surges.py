"""A leap of those who come is seen within months, and the forecast leans on today; slow or seasonal change is no leap."""

from dataclasses import replace

import numpy as np

from benchmarks.forecasting import record
from rightplace.core.forecasting.back_test import forecasts, judge, score
from rightplace.core.forecasting.candidates import CANDIDATES, SAME
from rightplace.core.forecasting.combining import combine
from rightplace.core.forecasting.kinds import Floats
from rightplace.core.forecasting.shown import SURGED, leapt
from rightplace.core.forecasting.spread import with_total
from rightplace.core.forecasting.surges import has_surged


def coming(*numbers: float) -> Floats:
    return np.array([[one, 0.0] for one in numbers])


def surged(counts: Floats) -> bool:
    return has_surged(counts, np.arange(len(counts)))


def test_three_times_as_many_for_three_months_is_a_surge_and_four_times_as_many_in_one_month_is_not():
    assert surged(coming(*[4] * 20, 12, 12, 12))
    assert not surged(coming(*[4] * 22, 16))


def test_twice_as_many_or_half_as_many_is_no_surge():
    assert not surged(coming(*[10] * 20, *[20] * 6))
    assert not surged(coming(*[10] * 20, *[3] * 6))


def test_it_stays_said_for_half_a_year_after_its_end_and_no_longer():
    assert surged(coming(*[4] * 20, *[12] * 6, *[4] * 6))
    assert not surged(coming(*[4] * 20, *[12] * 6, *[4] * 18))


def test_less_than_a_year_before_it_says_nothing():
    assert not surged(coming(*[4] * 10, 12, 12, 12))
    assert not surged(coming())


def test_nobody_for_a_year_and_one_child_is_no_surge():
    assert not surged(coming(*[0] * 20, 1, 0))


def test_after_a_surge_half_to_seven_tenths_of_the_weight_goes_to_today():
    cells = record(60, "steady", 48)
    made = forecasts(cells)[-1]
    stock = with_total(cells.stock().sum(axis=1))
    plain, leaning = (
        combine(replace(made, surged=is_so), [], stock, cells.since).weights for is_so in (False, True)
    )
    today = np.eye(len(CANDIDATES))[SAME]
    for month, part in ((3, 0.5), (6, 0.6), (12, 0.7), (24, 0.7)):
        assert np.allclose(leaning[month], (1 - part) * plain[month] + part * today)


def test_where_numbers_surge_it_is_at_most_a_twentieth_above_the_better_simple_forecast():
    records = [record(size, "surging", 84, seed) for size in (60, 200, 700) for seed in (301, 302, 303, 304)]
    for one in score([judge(cells, forecasts(cells)) for cells in records]):
        better = min(one.total["same as today"], one.total["last year’s trend"])
        assert one.total["combined"] <= 1.05 * better, one.horizon


def test_the_page_says_that_numbers_have_leapt():
    now = forecasts(record(60, "steady", 48))[-1]
    assert leapt(replace(now, surged=True)) == (SURGED,)
    assert leapt(now) == ()
