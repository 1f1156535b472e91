"""The back-test sees nothing ahead, the forecast beats simple ones on made records, and short records say so."""

from dataclasses import replace

import numpy as np
import pytest

from rightplace.core.forecasting.back_test import Scored, forecasts, judge, score
from rightplace.core.forecasting.candidates import SAME
from rightplace.core.forecasting.combining import combine
from rightplace.core.forecasting.episodes import OPEN, Episodes, Panel, panel, tidy
from rightplace.core.forecasting.kinds import K
from rightplace.core.forecasting.made import Made, make
from rightplace.core.forecasting.scenarios import Scenario, scenario_problems
from rightplace.core.forecasting.shown import baseline, published_prices, under
from rightplace.core.forecasting.spread import with_total


def record(shape: str, children: int = 150, months: int = 60) -> Panel:
    return panel(tidy(make(Made(children, shape, months, 21)))[0])


@pytest.fixture(scope="module")
def scored() -> list[Scored]:
    records = [record(shape) for shape in ("steady", "growing", "shocked", "falling")]
    return score([judge(one, forecasts(one)) for one in records])


def test_on_made_records_it_is_below_simple_forecasts_and_constant_rates_on_average(scored: list[Scored]):
    def mean(name: str) -> float:
        return float(np.mean([one.total[name] / one.total["same as today"] for one in scored]))

    assert mean("combined") < 1
    assert mean("combined") < mean("last year’s trend")
    assert mean("combined") < mean("constant rates")


def test_where_children_stop_coming_it_is_near_the_better_simple_forecast_and_intervals_still_hold():
    judged = [judge(one, forecasts(one)) for one in (record("stopping"), record("stopping", 300))]
    for one in score(judged)[:3]:
        better = min(one.total["same as today"], one.total["last year’s trend"])
        assert one.total["combined"] <= 1.05 * better, one.horizon
        assert one.held >= 0.5, "a break that nobody could know is in these"


def test_candidates_that_disagree_make_the_interval_wider():
    cells = record("steady", 60, 48)
    made = forecasts(cells)
    stock = with_total(cells.stock().sum(axis=1))
    now = made[-1]
    apart = now.means.copy()
    apart[SAME] = apart[SAME] * 1.5
    plain, torn = (combine(one, [], stock, cells.since) for one in (now, replace(now, means=apart)))
    assert (torn.half[6:, K] > 1.2 * plain.half[6:, K]).all()


def test_nine_times_in_ten_intervals_hold_about_nine_times_in_ten(scored: list[Scored]):
    assert all(0.75 <= one.held <= 1 for one in scored)
    assert 0.82 <= np.mean([one.held_kinds for one in scored]) <= 0.98


def test_a_forecast_made_before_does_not_change_when_the_record_goes_on():
    whole = record("growing", 60, 48)
    short = whole.upto(whole.until - 12)
    early, late = forecasts(short), forecasts(whole)
    same = next(one for one in late if one.origin == early[-1].origin)
    assert same.means == pytest.approx(early[-1].means)
    judged = [judge(of, made) for of, made in ((short, early), (whole, late))]
    at = [one.origins.index(same.origin - 6) for one in judged]
    assert judged[0].said[0, at[0], 0] == pytest.approx(judged[1].said[0, at[1], 0])


def test_kinds_add_up_to_all():
    found = baseline(make(Made(60, "steady", 36, 1)), 24, 125).combined.mean
    assert found[:, :K].sum(axis=1) == pytest.approx(found[:, K])


def test_one_year_of_record_and_nine_children_are_said():
    base = baseline(make(Made(9, "steady", 12, 2)), 24, 125)
    words = " ".join(base.cautions)
    assert "The record covers 12 months" in words
    assert "With so few" in words
    assert not base.scored
    assert np.isfinite(base.combined.mean).all()


def test_kinds_that_nobody_was_in_are_said():
    day = int(np.datetime64("2021-01-01", "D").astype(int))
    rows = [(child, 2012 * 12, day, OPEN, 0, 0) for child in range(30)]
    base = baseline(Episodes(*np.array(rows).T, since=2021 * 12, until=2025 * 12), 12, 125)
    assert "No child was ever in: agency foster carers" in " ".join(base.cautions)


def test_a_scenario_that_changes_nothing_costs_the_same_and_places_change_cost():
    base = baseline(make(Made(100, "steady", 36, 1)), 12, 125)
    today, same = (under(base, Scenario(name), published_prices()).cost for name in ("a", "b"))
    assert (today == same).all()
    carers = under(base, Scenario("c", own_carers=10), published_prices())
    assert carers.cost.sum() < today.sum()
    assert carers.stock.sum() == pytest.approx(base.stock[:, 1:].sum())
    block = under(base, Scenario("d", block_beds=500, block_weekly_pence=100_000), published_prices())
    assert (block.empty > 400).all()


def test_every_fault_of_a_scenario_is_named_at_once():
    found = scenario_problems(Scenario(" ", entries=9, block_beds=-1))
    assert {one.field for one in found} == {"entries", "block_beds", "name"}
