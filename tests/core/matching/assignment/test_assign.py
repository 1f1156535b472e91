"""Many children at once: against trying everything, and what must never be broken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.assignment import must_hold
from benchmarks.assignment_markets import made_market
from rightplace.core.matching.assignment import (
    NOWHERE,
    WHOLE,
    Assignment,
    AssignmentProblem,
    Candidates,
    Prices,
    Vacancies,
    Waiting,
    assign,
    pairs_of,
)
from rightplace.core.matching.assignment.large import points_of, solve_large
from rightplace.core.matching.assignment.solve import SMALL, open_market
from tests.core.matching.assignment import exhaustive
from tests.core.matching.assignment.drawn import problems


def assigned(problem: AssignmentProblem) -> Assignment:
    found = assign(problem)
    assert isinstance(found, Assignment), found
    return found


def choice_of(problem: AssignmentProblem, found: Assignment) -> tuple[exhaustive.Placing, ...]:
    """What was found, in the words of the exhaustive solver."""
    made: list[exhaustive.Placing] = []
    for group in range(len(problem.waiting)):
        children = np.flatnonzero(problem.waiting.group_of == group).tolist()
        at = tuple(
            (child, int(found.home_of_child[child]))
            for child in children
            if found.home_of_child[child] != NOWHERE
        )
        made.append((*at, (-1, -1)) if found.is_split[group] else at)
    return tuple(made)


@settings(max_examples=80)
@given(problems)
def test_nothing_that_could_be_tried_is_better(problem: AssignmentProblem):
    found = assigned(problem)
    children, points = exhaustive.best(problem)
    assert found.is_proven and found.finished
    assert found.points == pytest.approx(points)
    assert found.placed == children or not problem.prices.everyone_first


@settings(max_examples=40)
@given(problems)
def test_the_way_of_large_markets_keeps_every_must_and_its_bounds_hold(problem: AssignmentProblem):
    _, market = open_market(problem)
    if not len(market.columns):
        return
    is_first = problem.prices.everyone_first
    found = solve_large(market, everyone_first=is_first, seconds=1.0, seed=0, left=lambda: 1.0)
    taken = market.columns.taken(found.taken)
    children, points = exhaustive.best(problem)
    reached = points_of(market, found.taken)
    assert taken.size.sum() <= found.placed_bound
    if is_first:
        assert children <= found.placed_bound
        assert taken.size.sum() == children  # on problems this small the search misses nobody
    assert reached <= points + 1e-6
    assert found.bound >= points - 1e-6
    assert reached == pytest.approx(points) or not found.is_proven


@settings(max_examples=40)
@given(problems)
def test_no_must_is_broken_and_the_points_are_those_of_the_homes_named(problem: AssignmentProblem):
    found = assigned(problem)
    choice = choice_of(problem, found)
    ways = exhaustive.ways(problem)
    assert all(placing in open_ways for placing, open_ways in zip(choice, ways, strict=True))
    assert exhaustive.is_allowed(problem, choice)
    assert exhaustive.score(problem, choice)[1] == pytest.approx(found.points)
    assert found.points_of.sum() == pytest.approx(found.points)


@settings(max_examples=20)
@given(problems, st.randoms(use_true_random=False))
def test_the_order_of_groups_homes_and_candidates_changes_nothing(problem: AssignmentProblem, chance):
    rows = problem.candidates
    order = list(range(len(rows)))
    chance.shuffle(order)
    homes = list(range(len(problem.vacancies)))
    chance.shuffle(homes)
    new = np.argsort(homes)
    vacancies = Vacancies(*(getattr(problem.vacancies, name)[homes] for name in Vacancies.__slots__))
    shuffled = replace(
        problem,
        vacancies=vacancies,
        candidates=Candidates(rows.group[order], new[rows.home[order]], rows.value[order], rows.child[order]),
        barred=np.stack([problem.barred[:, 0], new[problem.barred[:, 1]]], axis=1),
    )
    one, other = assigned(problem), assigned(shuffled)
    assert (one.placed, one.points) == pytest.approx((other.placed, other.points))


@settings(max_examples=20)
@given(problems, st.integers(0, 3))
def test_one_more_bed_never_makes_it_worse(problem: AssignmentProblem, home: int):
    beds = problem.vacancies.beds.copy()
    beds[home % len(beds)] += 1
    more = assigned(replace(problem, vacancies=replace(problem.vacancies, beds=beds)))
    before = assigned(problem)
    is_first = problem.prices.everyone_first
    assert more.placed >= before.placed or not is_first
    assert more.points >= before.points - 1e-6 or (is_first and more.placed > before.placed)


def test_everyone_who_can_be_placed_is_placed_though_it_costs_points():
    problem = market([[90, 80], [85, -np.inf]], beds=[1, 1])
    assert assigned(problem).home.tolist() == [1, 0]
    dear = market([[90, 10], [30, -np.inf]], beds=[1, 1])
    assert assigned(dear).home.tolist() == [1, 0]
    by_points = replace(dear, prices=Prices(everyone_first=False))
    assert assigned(by_points).home.tolist() == [0, NOWHERE]


def test_brothers_and_sisters_stay_together_unless_a_split_is_allowed_and_worth_its_price():
    whole = AssignmentProblem(
        Waiting.groups([2], may_split=True),
        Vacancies.homes([1, 1, 2]),
        Candidates.rows([0, 0, 0], [2, 0, 1], [50, 90, 90], [WHOLE, 0, 1]),
        Prices(split_penalty=100),
    )
    found = assigned(whole)
    assert found.home.tolist() == [2] and not found.is_split.any()
    cheap = assigned(replace(whole, prices=Prices(split_penalty=60)))
    assert cheap.home_of_child.tolist() == [0, 1] and cheap.is_split.all() and cheap.points == 120
    together = assigned(replace(whole, waiting=Waiting.groups([2])))
    assert together.home.tolist() == [2]


def test_a_bed_that_is_kept_back_serves_emergencies_only():
    problem = market([[90]], beds=[1], kept_back=[1])
    assert assigned(problem).home.tolist() == [NOWHERE]
    urgent = replace(problem, waiting=Waiting.groups([1], is_emergency=True))
    assert assigned(urgent).home.tolist() == [0]


def test_own_carers_come_first_by_the_bonus_that_is_stated():
    problem = market([[60, 64]], beds=[1, 1], is_own=[True, False])
    assert assigned(problem).home.tolist() == [1]
    assert assigned(replace(problem, prices=Prices(own_bonus=5))).home.tolist() == [0]


def test_a_scarce_place_is_spared_for_who_needs_it():
    problem = market([[70, 66]], beds=[1, 1], scarcity=[8, 0])
    assert assigned(problem).home.tolist() == [1]


def test_who_waited_longer_has_the_last_bed():
    problem = market([[70], [69]], beds=[1])
    assert assigned(problem).home.tolist() == [0, NOWHERE]
    waited = replace(
        problem, waiting=Waiting.groups([1, 1], waited_days=[0, 40]), prices=Prices(wait_bonus=0.05)
    )
    assert assigned(waited).home.tolist() == [NOWHERE, 0]


def test_nobody_waits_and_nothing_is_free():
    nobody = AssignmentProblem(Waiting.groups([]), Vacancies.homes([1]), Candidates.rows([], [], []))
    assert assigned(nobody).placed == 0
    nothing = AssignmentProblem(Waiting.groups([2]), Vacancies.homes([]), Candidates.rows([], [], []))
    assert assigned(nothing).home.tolist() == [NOWHERE]


def test_a_large_market_is_solved_well_without_breaking_a_must_and_twice_the_same():
    problem = made_market(150, 500)
    found = assign(problem, seconds=2.0)
    assert isinstance(found, Assignment)
    assert len(open_market(problem)[1].columns) > SMALL
    must_hold(problem, found)
    assert found.finished and found.gap < 0.005 and found.placed == found.placed_bound
    again = assign(problem, seconds=2.0)
    assert isinstance(again, Assignment) and again.home_of_child.tolist() == found.home_of_child.tolist()


def test_when_the_clock_runs_out_the_best_found_is_given_and_says_so():
    problem = made_market(150, 200)
    ticks = iter(range(0, 10_000, 1_000))
    found = assign(problem, seconds=1_500.0, clock=lambda: float(next(ticks)))
    assert isinstance(found, Assignment)
    assert not found.finished and not found.is_proven
    must_hold(problem, found)
    assert 0 < found.placed <= found.placed_bound


def market(values: list[list[float]], *, beds: list[int], **homes: object) -> AssignmentProblem:
    """Single children and homes by a table of values."""
    table = np.array(values, dtype=float)
    return AssignmentProblem(
        Waiting.groups([1] * len(table)), Vacancies.homes(beds, **homes), Candidates.table(table)
    )


def test_groups_kept_apart_do_not_share_a_home():
    problem = market([[90, 50], [90, 50]], beds=[2, 2])
    assert assigned(problem).home.tolist() == [0, 0]
    apart = assigned(replace(problem, apart=pairs_of([(0, 1)])))
    assert sorted(apart.home.tolist()) == [0, 1]
