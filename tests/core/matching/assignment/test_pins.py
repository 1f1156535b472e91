"""What people settle: kept, refused with a sentence where a must forbids it, and with its cost to the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from rightplace.core.matching.assignment import (
    Assignment,
    AssignmentProblem,
    Candidates,
    PinCost,
    PinEstimates,
    Prices,
    Sex,
    Vacancies,
    Waiting,
    assign,
    cost_of_pin,
    pairs_of,
    pin_estimates,
)
from rightplace.core.matching.assignment.relaxation import relax_market
from rightplace.core.matching.assignment.solve import open_market
from tests.core.matching.assignment import exhaustive
from tests.core.matching.assignment.drawn import problems

TABLE = np.array([[90.0, 80.0, 20.0], [85.0, 30.0, np.nan], [70.0, 60.0, 50.0]])
THREE = AssignmentProblem(Waiting.groups([1, 1, 1]), Vacancies.homes([1, 1, 1]), Candidates.table(TABLE))


def pinned(problem: AssignmentProblem, *pairs: tuple[int, int]) -> AssignmentProblem:
    return replace(problem, pinned=pairs_of(pairs))


def codes(problem: AssignmentProblem) -> list[str]:
    found = assign(problem)
    assert isinstance(found, list), found
    assert all(each.sentence.endswith(".") for each in found)
    return [each.code for each in found]


def test_a_pin_is_kept_and_the_others_move_around_it():
    free, held = assign(THREE), assign(pinned(THREE, (0, 0)))
    assert isinstance(free, Assignment) and isinstance(held, Assignment)
    assert free.home.tolist() == [1, 0, 2] and free.points == 215
    assert held.home.tolist() == [0, 1, 2] and held.points == 170 and held.is_proven


def test_what_a_pin_costs_is_the_difference_and_who_has_to_move():
    cost = cost_of_pin(THREE, 0, 0)
    assert isinstance(cost, PinCost)
    assert (cost.points, cost.others_points, cost.left_out, cost.is_exact) == (45, 55, 0, True)
    assert cost.moved.tolist() == [1]
    free = cost_of_pin(THREE, 0, 1)
    assert isinstance(free, PinCost) and free.points == 0 and not len(free.moved)


def test_a_pin_that_takes_the_only_home_of_another_leaves_that_one_out():
    table = np.array([[90.0, 80.0], [85.0, np.nan]])
    problem = AssignmentProblem(Waiting.groups([1, 1]), Vacancies.homes([1, 1]), Candidates.table(table))
    cost = cost_of_pin(problem, 0, 0)
    assert isinstance(cost, PinCost) and cost.left_out == 1 and cost.moved.tolist() == [1]


@settings(max_examples=20)
@given(problems)
def test_pins_and_the_rest_are_together_the_best_that_trying_everything_finds(problem: AssignmentProblem):
    free = assign(problem)
    assert isinstance(free, Assignment)
    rows = problem.candidates
    for group, home in zip(rows.group[:6].tolist(), rows.home[:6].tolist(), strict=True):
        held = replace(problem, pinned=pairs_of([(group, home)]))
        found = assign(held)
        if isinstance(found, list):
            assert exhaustive.best(held)[0] == -1  # nothing that could be tried keeps the pin
            continue
        assert (found.placed if problem.prices.everyone_first else 0, found.points) == pytest.approx(
            exhaustive.best(held)
        )
        assert found.home[group] == home


@settings(max_examples=15)
@given(problems)
def test_the_quick_estimate_never_exceeds_the_true_cost_by_more_than_the_relaxation_is_short(
    problem: AssignmentProblem,
):
    problem = replace(problem, prices=replace(problem.prices, everyone_first=False))
    estimates, free = pin_estimates(problem), assign(problem)
    assert isinstance(estimates, PinEstimates) and isinstance(free, Assignment)
    bounded = relax_market(open_market(problem)[1], 0.0) if len(estimates.group) else None
    for group, home in list(zip(estimates.group.tolist(), estimates.home.tolist(), strict=True))[:3]:
        cost = cost_of_pin(problem, group, home, without=free)
        estimate = estimates.of(group, home)
        assert isinstance(cost, PinCost) and estimate is not None and bounded is not None
        assert 0 <= estimate <= cost.points + (bounded.bound - free.points) + 1e-6
    assert estimates.of(-1, -1) is None


def test_impossible_pins_are_refused_all_at_once_each_with_a_sentence():
    barred = replace(THREE, barred=pairs_of([(0, 1)]))
    assert codes(pinned(barred, (1, 2), (0, 1))) == ["no_candidate", "pinned_and_barred"]
    assert codes(pinned(THREE, (0, 0), (0, 1))) == ["pinned_twice"]
    assert codes(pinned(THREE, (0, 0), (1, 0))) == ["pins_too_many"]
    roomy = replace(THREE, vacancies=Vacancies.homes([3, 1, 1], kept_back=[2, 0, 0]))
    assert codes(pinned(roomy, (0, 0), (1, 0))) == ["pins_kept_back"]
    mixed = replace(
        THREE,
        waiting=Waiting.groups([1, 1, 1], sex=[Sex.MALE, Sex.FEMALE, Sex.MALE]),
        vacancies=Vacancies.homes([3, 1, 1], takes_one_sex=True),
    )
    assert codes(pinned(mixed, (0, 0), (1, 0))) == ["pins_mixed"]
    apart = replace(THREE, vacancies=Vacancies.homes([3, 1, 1]), apart=pairs_of([(0, 1)]))
    assert codes(pinned(apart, (0, 0), (1, 0))) == ["pins_apart"]


def test_columns_that_cannot_be_read_are_refused_all_at_once():
    wrong = AssignmentProblem(
        Waiting.groups([1, 1], waited_days=[-3, 0], may_split=True),
        Vacancies.homes([-1, 2], scarcity=[0, np.nan]),
        Candidates.rows([0, 1, 5], [0, 9, 0], [50, np.inf, 3]),
        Prices(split_penalty=0.0),
    )
    assert codes(wrong) == [
        "not_a_number", "not_a_number", "below_zero", "below_zero", "unpriced_split", "unknown_row", "unknown_row",
    ]  # fmt: skip
    short = replace(THREE, waiting=replace(THREE.waiting, sex=np.zeros(2, dtype=np.int8)))
    assert codes(short) == ["wrong_length"]
    twice = replace(THREE, candidates=Candidates.rows([0, 0], [1, 1], [5, 6]))
    assert codes(twice) == ["twice"]
    other = replace(THREE, candidates=Candidates.rows([0], [1], [5], [2]), apart=pairs_of([(1, 1)]))
    assert codes(other) == ["wrong_group", "apart_from_itself"]
