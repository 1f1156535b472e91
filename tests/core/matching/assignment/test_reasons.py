"""Reasons: the worked example of the page on assigning, and a case for each code."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rightplace.core.matching.assignment import (
    NOWHERE,
    WORDS,
    Assignment,
    AssignmentProblem,
    Candidates,
    PinCost,
    Prices,
    Sex,
    Vacancies,
    Waiting,
    Why,
    assign,
    cost_of_pin,
    pairs_of,
    words_of,
)

NO = np.nan
ASH, BEECH, CEDAR, DALE = range(4)


def assigned(problem: AssignmentProblem) -> Assignment:
    found = assign(problem)
    assert isinstance(found, Assignment), found
    return found


def example() -> AssignmentProblem:
    """Five groups and four homes, as on the page: Ash (own, 1 bed), Beech (2), Cedar (scarce, 1), Dale (2, one kept back)."""
    values = np.array([
        [82, 84, 80, NO],
        [NO, 76, NO, 40],
        [74, 70, 79, NO],
        [NO, NO, 71, NO],
        [60, NO, NO, 66],
    ])  # fmt: skip
    return AssignmentProblem(
        Waiting.groups([1, 2, 1, 1, 1], waited_days=[3, 10, 6, 2, 20]),
        Vacancies.homes([1, 2, 1, 2], kept_back=[0, 0, 0, 1], is_own=[True, False, False, False], scarcity=[0, 0, 12, 0]),
        Candidates.table(values),
        Prices(own_bonus=5, wait_bonus=0.1),
    )  # fmt: skip


def test_the_worked_example_of_the_page_on_assigning():
    found = assigned(example())
    assert found.home.tolist() == [ASH, BEECH, CEDAR, NOWHERE, DALE]
    assert (found.placed, found.placed_bound, found.is_proven) == (5, 5, True)
    assert found.points_of.round(1).tolist() == [87.3, 154.0, 67.6, 0.0, 68.0]
    assert found.points == pytest.approx(376.9) and found.value == pytest.approx(379)
    assert [Why(int(each)) for each in found.why] == [
        Why.ONLY_ONE_LEFT | Why.GAVE_WAY, Why.BEST | Why.ONLY_ONE_LEFT | Why.TOGETHER, Why.BEST | Why.ONLY_ONE_LEFT,
        Why.FULL, Why.BEST | Why.ONLY_ONE_LEFT,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("group", "home", "points", "others", "left_out", "moved"),
    [
        (0, 2, 7.0, -12.0, 0, [2]),
        (3, 2, 8.4, 67.6, 0, [2]),
        (4, 0, 87.6, 86.6, 1, [0, 2]),
        (0, 0, 0, 0, 0, []),
    ],
)
def test_what_the_pins_of_the_page_cost(
    group: int, home: int, points: float, others: float, left_out: int, moved: list[int]
):
    cost = cost_of_pin(example(), group, home)
    assert isinstance(cost, PinCost) and cost.is_exact
    assert (cost.points, cost.others_points) == pytest.approx((points, others))
    assert (cost.left_out, cost.moved.tolist()) == (left_out, moved)


def why(problem: AssignmentProblem, group: int = 0) -> Why:
    return Why(int(assigned(problem).why[group]))


def market(
    values: list[list[float]], beds: list[int], sizes: list[int] | None = None, **homes: object
) -> AssignmentProblem:
    table = np.array(values, dtype=float)
    waiting = Waiting.groups(sizes or [1] * len(table))
    return AssignmentProblem(waiting, Vacancies.homes(beds, **homes), Candidates.table(table))


def test_why_a_home_is_proposed():
    assert why(market([[50]], [1])) == Why.ONLY_CANDIDATE | Why.BEST
    assert why(market([[50, 60]], [1, 1])) == Why.BEST
    taken = market([[50, 60], [NO, 60]], [1, 1])
    assert why(taken) == Why.GAVE_WAY | Why.ONLY_ONE_LEFT
    own = replace(market([[58, 60]], [1, 1], is_own=[True, False]), prices=Prices(own_bonus=5))
    assert why(own) == Why.OWN_FIRST
    assert why(market([[58, 60]], [1, 1], scarcity=[0, 5])) == Why.SCARCE_SPARED
    assert why(market([[50]], [2], [2])) == Why.ONLY_CANDIDATE | Why.BEST | Why.TOGETHER
    assert Why.PINNED in why(replace(market([[50, 60]], [1, 1]), pinned=pairs_of([(0, 0)])))
    urgent = Waiting.groups([1], is_emergency=True)
    assert Why.KEPT_BACK_USED in why(replace(market([[50]], [1], kept_back=[1]), waiting=urgent))


def test_why_no_home_is_proposed():
    assert why(market([[NO]], [1])) == Why.NO_CANDIDATE
    assert why(replace(market([[50]], [1]), barred=pairs_of([(0, 0)]))) == Why.ALL_BARRED
    assert why(market([[50]], [1], [2])) == Why.TOO_SMALL
    assert why(market([[50]], [1], kept_back=[1])) == Why.ONLY_KEPT_BACK
    assert why(market([[50], [60]], [1])) == Why.FULL
    apart = replace(market([[50], [60]], [2]), apart=pairs_of([(0, 1)]))
    assert why(apart) == Why.NOT_ALONGSIDE
    sexes = replace(
        market([[50], [60]], [2], takes_one_sex=True),
        waiting=Waiting.groups([1, 1], sex=[Sex.MALE, Sex.FEMALE]),
    )
    assert why(sexes) == Why.NOT_ALONGSIDE
    dear = replace(market([[50]], [1], scarcity=[60]), prices=Prices(everyone_first=False))
    assert why(dear) == Why.NOT_WORTH_IT


def test_why_brothers_and_sisters_live_apart():
    problem = AssignmentProblem(
        Waiting.groups([2], may_split=True), Vacancies.homes([1, 1]),
        Candidates.rows([0, 0], [0, 1], [50, 60], [0, 1]), Prices(split_penalty=30),
    )  # fmt: skip
    found = assigned(problem)
    assert Why(int(found.why[0])) == Why.SPLIT and found.points == 80


def test_every_reason_has_its_sentence():
    assert set(WORDS) == set(Why) and all(words.endswith(".") for words in WORDS.values())
    assert words_of(int(Why.PINNED | Why.TOGETHER)) == (
        "Settled by a person.",
        "Brothers and sisters stay together.",
    )


def test_a_bed_more_is_worth_its_shadow_price():
    problem = market([[90, 10], [80, 30]], [1, 1])
    found = assigned(problem)
    more = assigned(replace(problem, vacancies=Vacancies.homes([2, 1])))
    assert found.shadow_prices[0] == pytest.approx(more.points - found.points)
