"""Whether groups fare alike: figures of textbooks, and small numbers that stay hidden."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.matching.fairness import (
    Fared,
    Outcomes,
    codes_of,
    difference_interval,
    fairness_report,
    mean_interval,
    median_wait,
    share_interval,
)


def outcomes(chosen: list[bool], days: list[float] | None = None) -> Outcomes:
    many = len(chosen)
    return Outcomes.of(chosen, [True] * many, days or [3.0] * many, [2.0] * many)


def test_the_interval_of_a_share_is_wilsons():
    found = share_interval(81, 263)  # Newcombe 1998a
    assert (found.low, found.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    none = share_interval(0, 20)
    assert (none.low, none.high) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert share_interval(0, 0).figure is None


def test_the_interval_of_a_difference_is_newcombes():
    found = difference_interval(56, 70, 48, 80)  # Newcombe 1998b, table II, row a
    assert (found.figure, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert found.leaves_out_zero


@given(st.integers(0, 200), st.integers(1, 200))
def test_a_share_lies_within_its_interval_and_the_interval_within_nothing_and_all(count: int, more: int):
    found = share_interval(count, count + more)
    assert found.figure is not None and found.low is not None and found.high is not None
    assert 0 <= found.low <= found.figure + 1e-12 and found.figure <= found.high + 1e-12 <= 1 + 2e-12


def test_the_mean_has_students_interval():
    found = mean_interval([1, 2, 3, 4, 5])
    assert (found.figure, found.low, found.high) == pytest.approx((3.0, 1.0368, 4.9632), abs=5e-5)
    assert mean_interval([4]).low is None and mean_interval([]).figure is None


def test_who_still_waits_counts_as_still_waiting():
    over = [1, 1, 1, 0, 1, 0, 1, 1, 0, 1]
    days = [1, 2, 3, 3, 5, 6, 7, 8, 9, 10]
    found = median_wait(days, over)
    assert found.figure == 7  # 0.9, 0.8, 0.7, 0.583 at 5, 0.437 at 7
    assert found.low is not None and found.low < 7
    assert median_wait([1, 2, 30, 30], [1, 0, 0, 0]).figure is None
    assert median_wait([], []).figure is None


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60))
def test_when_nobody_waits_any_more_it_is_the_plain_median(days: list[int]):
    found = median_wait(days, [True] * len(days))
    ordered = sorted(days)
    assert found.figure == ordered[(len(days) - 1) // 2]
    assert found.low is not None and found.low <= found.figure


def report(codes: list[str], chosen: list[bool]) -> dict[str, Fared]:
    return {row.code: row for row in fairness_report(outcomes(chosen), {"ethnicity": codes_of(codes)})}


def test_a_group_that_is_chosen_less_often_stands_out_with_its_interval():
    found = report(["a"] * 100 + ["b"] * 100, [True] * 90 + [False] * 10 + [True] * 60 + [False] * 40)
    assert found["b"].never_chosen is not None and found["b"].never_chosen.figure == pytest.approx(0.4)
    assert found["b"].difference is not None and found["b"].difference.figure == pytest.approx(0.3)
    assert found["b"].difference.leaves_out_zero and found["b"].hidden == ""
    assert found["b"].offers is not None and found["b"].offers.figure == 2


def test_fewer_than_five_children_are_hidden_and_nobody_can_subtract_them():
    found = report(["a"] * 100 + ["b"] * 20 + ["c"] * 3, [True] * 60 + [False] * 63)
    assert (found["c"].children, found["c"].hidden) == (None, "few")
    assert (found["b"].children, found["b"].hidden) == (None, "beside_few")
    assert found["a"].children == 100
    two = report(["a"] * 100 + ["b"] * 4 + ["c"] * 3, [True] * 107)
    assert [two[code].hidden for code in "abc"] == ["", "few", "few"]


def test_a_few_children_who_were_never_chosen_are_not_told_by_a_share():
    found = report(["a"] * 100 + ["b"] * 100, [True] * 98 + [False] * 2 + [True] * 60 + [False] * 40)
    assert found["a"].children == 100 and found["a"].never_chosen is None
    assert found["b"].never_chosen is not None and found["b"].difference is None
    most = report(["a"] * 100 + ["b"] * 100, [False] * 98 + [True] * 2 + [True] * 60 + [False] * 40)
    assert most["a"].never_chosen is None


def test_groups_that_overlap_are_each_compared_with_all_others():
    chosen = [True] * 40 + [False] * 20
    needs = {"autism": np.arange(60) < 40, "self_harm": np.arange(60) >= 20, "none": np.arange(60) > 57}
    rows = {row.code: row for row in fairness_report(outcomes(chosen), {"need": needs})}
    assert rows["autism"].never_chosen is not None and rows["autism"].never_chosen.figure == 0
    assert rows["none"].hidden == "few" and rows["self_harm"].hidden == ""


def test_columns_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="equal length"):
        Outcomes.of([True], [True, False], [1.0], [1.0])
    with pytest.raises(ValueError, match="from 0 on"):
        Outcomes.of([True], [True], [-1.0], [1.0])


def test_homes_ruled_out_are_counted_unless_they_point_at_a_few_children():
    many = 10
    ruled_out = np.array([2.0] * 6 + [0.0] * 4 + [1.0] * 2 + [0.0] * 8)
    outcomes = Outcomes.of([True] * 20, [True] * 20, [1.0] * 20, [1.0] * 20, ruled_out)
    groups = {"Sex": {"Girls": np.arange(20) < many, "Boys": np.arange(20) >= many}}
    girls, boys = fairness_report(outcomes, groups)
    assert girls.ruled_out.figure == pytest.approx(1.2) and boys.ruled_out is None


def test_groups_stand_in_the_order_given_and_the_rest_after_them():
    given = ["5 to 9", "Not known", "Under 5", "10 to 15"]
    assert list(codes_of(given)) == ["10 to 15", "5 to 9", "Not known", "Under 5"]
    assert list(codes_of(given, ["Under 5", "5 to 9", "10 to 15", "16 and over"])) == [
        "Under 5", "5 to 9", "10 to 15", "Not known",
    ]  # fmt: skip
