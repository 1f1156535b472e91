"""Flows by age, care leavers, groups and legal bases against numbers worked out by hand, and the trend check."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rightplace.core.forecasting.coming import memory_of
from rightplace.core.forecasting.episodes import Panel, panel, tidy
from rightplace.core.forecasting.groups import by_group, by_legal_basis, of_group
from rightplace.core.forecasting.kinds import (
    ADULT,
    AGENCY,
    LOCAL,
    OWN,
    SUPPORTED,
    UASC,
    K,
)
from rightplace.core.forecasting.leavers import born_of_leavers, leavers_ahead
from rightplace.core.forecasting.made import Made, make
from rightplace.core.forecasting.moving import GROW_UP, LEAVE, flows
from rightplace.core.forecasting.shown import Baseline, baseline
from rightplace.core.forecasting.trend_check import trend_checks, two_sided
from tests.core.forecasting.test_forecast import cohorts, rates


def record(shape: str, children: int = 250, months: int = 48) -> Panel:
    return panel(tidy(make(Made(children, shape, months, 8)))[0])


@pytest.fixture(scope="module")
def base() -> Baseline:
    return baseline(make(Made(90, "steady", 40, 3)), 24, 125)


def test_flows_of_one_month_worked_out_by_hand(base: Baseline):
    # Ten with own carers, of whom a tenth leave in a month; of the nine who stay a third move, half of them to agency carers.
    towards = np.zeros_like(base.fitted.rates.towards)
    towards[..., AGENCY], towards[..., SUPPORTED] = 0.5, 0.5
    law = replace(rates(leave=-np.log(0.9), move=-np.log(2 / 3)), towards=towards)
    fitted = replace(base.fitted, present=cohorts((OWN, 120, 30, 10)), rates=law)
    found = flows(fitted, months=1)
    assert found[OWN, [AGENCY, SUPPORTED, LEAVE, GROW_UP]] == pytest.approx([1.5, 1.5, 1.0, 0.0])
    assert found.sum() == pytest.approx(4.0)


def test_who_turns_18_is_not_counted_as_leaving_or_moving(base: Baseline):
    fitted = replace(
        base.fitted, present=cohorts((SUPPORTED, ADULT - 3, 30, 2), (OWN, 120, 30, 5)), rates=rates()
    )
    found = flows(fitted)
    assert found[SUPPORTED, GROW_UP] == 2
    assert found.sum() == 2
    assert flows(fitted, 3).sum() == 0, "the ten-year-olds of that band stay"


def test_flows_of_the_bands_of_age_add_up_to_those_of_all(base: Baseline):
    assert sum(flows(base.fitted, band) for band in range(6)) == pytest.approx(flows(base.fitted))


def test_care_leavers_are_those_who_left_from_sixteen_on_until_they_are_25(base: Baseline):
    # One row for each month; two end a long stay at 17 and one month before 18, one a short stay.
    until, age = 2026 * 12, np.array([17 * 12, ADULT - 1, 17 * 12])
    month = np.array([until - 60, until - 70, until - 10])
    of = Panel(
        month, np.zeros(3, int), np.array([LOCAL, UASC, LOCAL]), age, np.array([10, 20, 1]), np.array([-1, -2, -1]),
        until - 100, until,
    )  # fmt: skip
    assert sorted(born_of_leavers(of)[1].tolist()) == [LOCAL, UASC]
    nobody = replace(base.fitted, present=cohorts((OWN, 10, 5, 0)), rates=rates())
    coming = replace(nobody.coming, level=np.zeros(2))
    found = leavers_ahead(of, replace(nobody, coming=coming), 24)
    # Aged 22 and 23 years and 9 months now: the second turns 25 in 15 months.
    assert found.mean[0].tolist() == [[0.0, 1.0], [0.0, 1.0]]
    assert found.total()[0][[0, 12, 14, 15, 24]].tolist() == [2, 2, 1, 1, 1] or found.total()[0][0] == 2
    assert (found.half >= 0).all()


def test_those_of_seventeen_become_care_leavers_in_the_month_they_turn_18(base: Baseline):
    empty = replace(
        base.panel,
        **{n: getattr(base.panel, n)[:0] for n in ("month", "kind", "group", "age", "stay", "after")},
    )
    coming = replace(base.fitted.coming, level=np.zeros(2))
    fitted = replace(
        base.fitted, present=cohorts((SUPPORTED, ADULT - 6, 30, 3)), rates=rates(), coming=coming
    )
    total = leavers_ahead(empty, fitted, 12).total()[0]
    assert total[5] == 0
    assert total[6] == pytest.approx(3)


def test_local_and_unaccompanied_children_add_up_to_all(base: Baseline):
    local, uasc = by_group(base.panel, base.combined)
    assert local.now + uasc.now == pytest.approx(base.combined.mean[0, K])
    assert local.mean + uasc.mean == pytest.approx(base.combined.mean[:, K])
    assert (of_group(base.panel, UASC).group == UASC).all()


def test_legal_bases_add_up_and_carry_half_of_last_years_change_on(base: Baseline):
    now, before = {"full": 60, "voluntary": 40}, {"full": 70, "voluntary": 30}
    lines = {one.code: one for one in by_legal_basis(now, before, base.combined)}
    total = base.combined.mean[:, K]
    assert sum(one.mean for one in lines.values()) == pytest.approx(total)
    assert (lines["voluntary"].mean / total)[[0, 12]] == pytest.approx([0.40, 0.45])


def test_a_break_is_followed_by_the_short_memory_and_a_steady_record_by_the_long_one():
    chance = np.random.default_rng(4)
    steady, broken = chance.poisson(8.0, 60).astype(float), np.repeat([12.0, 1.0], [50, 10])
    assert memory_of(steady)[2] > 0.5
    assert memory_of(broken)[0] > 0.8


def test_the_trend_check_raises_an_alarm_where_children_stop_coming_and_none_on_a_steady_record():
    stopped = record("stopping", months=36)
    codes = {one.code for one in trend_checks(stopped, None) if one.is_alarm}
    assert codes == {"coming"}
    assert not [one for one in trend_checks(record("steady"), None) if one.is_alarm]
    assert trend_checks(record("steady", months=12), None) == ()
    assert two_sided(1.96, 1.0) == pytest.approx(0.05, abs=0.001)
