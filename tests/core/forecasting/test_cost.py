"""Volume, mix and price add up; ways of buying against sums done by hand; every ready-made what-if can be run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightplace.core.forecasting.explained import Bill, explain
from rightplace.core.forecasting.kinds import RESIDENTIAL, K
from rightplace.core.forecasting.options import Terms, compare_ways, cost_of, sensitivity, terms_problems
from rightplace.core.forecasting.scenarios import (
    TODAY,
    WEEKS_A_MONTH,
    Prices,
    Scenario,
    apply,
    scenario_problems,
)
from rightplace.core.forecasting.what_ifs import WHAT_IFS, what_if

PRICES = Prices((100,) * K, (0,) * K, growth=0.0)


def test_the_worked_example_of_a_bill_that_rose():
    found = explain(Bill([10, 5], [100, 200]), Bill([12, 8], [110, 200]))
    # 15 children at 133.33 became 20; of them two fifths instead of a third are dear; the first kind rose by 10.
    assert (found.before, found.after) == (2000, 2920)
    assert found.volume == pytest.approx(5 * 2000 / 15)
    assert sum(found.mix) == pytest.approx(20 * (1 / 15) * 100)
    assert found.price == pytest.approx((120, 0))


@settings(max_examples=80)
@given(*[st.lists(st.floats(0, 500), min_size=4, max_size=4) for _ in range(4)])
def test_volume_mix_and_price_are_the_whole_difference(old, prices, new, later):
    found = explain(Bill(old, prices), Bill(new, later))
    assert sum(pence for _, pence in found.steps) == pytest.approx(found.after - found.before, abs=1e-6)


def test_the_cost_of_each_way_worked_out_by_hand():
    terms = Terms(2, 100, 90, 80, 1000, 50, opens=1, growth=0.0, discount=0.0)
    need = np.array([[1.0, 3.0]])
    month = WEEKS_A_MONTH
    assert cost_of("spot", terms, need).sum() == pytest.approx(400 * month)
    assert cost_of("framework", terms, need).sum() == pytest.approx(360 * month)
    assert cost_of("block", terms, need)[0] == pytest.approx([160 * month, 260 * month])
    assert cost_of("build", terms, need)[0] == pytest.approx([100 * month + 1000, 200 * month])
    assert compare_ways(terms, need)[0].code == "framework"


def test_what_a_saving_hangs_on_most_stands_first():
    terms = Terms(3, 700_000, 690_000, 600_000, 10_000_000, 400_000)
    need = np.full((20, 36), 3.0)
    bars = sensitivity("block", terms, need)
    assert [bar.swing for bar in bars] == sorted((bar.swing for bar in bars), reverse=True)
    assert "late" not in {bar.name for bar in bars}
    assert "late" in {bar.name for bar in sensitivity("build", terms, need)}
    assert {one.field for one in terms_problems(Terms(0, 0, 1, 1, 0, 1, opens=-1))} == {
        "beds",
        "spot_pence",
        "opens",
    }


@pytest.mark.parametrize("code", [one.code for one in WHAT_IFS])
def test_every_ready_made_what_if_can_be_run(code: str):
    known = what_if(code)
    assert known is not None
    assert scenario_problems(known.change) == []


def stock(children: float = 10.0, months: int = 12) -> np.ndarray:
    found = np.zeros((2, months + 1, K))
    found[:, :, RESIDENTIAL] = children
    return found


def test_specialist_carers_take_children_from_homes_and_a_part_of_a_block_is_paid_for_a_part():
    carers = apply(
        Scenario("x", own_carers=4, carer_filled=1.0, carer_months=1, carers_instead="residential"),
        stock(),
        PRICES,
        1,
    )
    assert carers.stock[0, 11, RESIDENTIAL] == 6
    part = apply(Scenario("y", block_beds=5, block_part=0.4, block_weekly_pence=50), stock(), PRICES, 1)
    assert part.cost[0, 0] == pytest.approx((8 * 100 + 2 * 50) * WEEKS_A_MONTH)


def test_an_assessment_in_the_community_saves_twelve_weeks_less_its_own_price():
    today = apply(TODAY, stock(), PRICES, 1).cost.sum(axis=1)
    other = apply(
        Scenario("z", assessments=3, assessment_weekly_pence=400, assessment_pence=1800), stock(), PRICES, 1
    ).cost.sum(axis=1)
    assert (today - other) == pytest.approx(3 * (12 * 400 - 1800))


def test_uplifts_change_the_price_from_their_month_on():
    dated = Prices((100,) * K, (0,) * K, path=(1.0, 1.0, 1.1))
    cost = apply(TODAY, stock(), dated, 1).cost[0]
    assert cost[:4] / cost[0] == pytest.approx([1.0, 1.0, 1.1, 1.1])


def test_where_few_contracts_say_the_mean_price_is_less_certain():
    sure, unsure = (
        apply(TODAY, np.repeat(stock(400.0), 400, axis=0), Prices((100,) * K, (40,) * K, known=(n,) * K), 1)
        .cost[:, 0]
        .std()
        for n in (400, 12)
    )
    assert sure < 0.4 * unsure
