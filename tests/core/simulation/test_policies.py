"""What each policy takes, how the worth of a place to later children is reckoned, and what runs come to."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from distributed import LocalCluster

from rightplace.core.simulation.bound import Stays, best_pairs, clairvoyant_bound
from rightplace.core.simulation.look_ahead import FIRST_GAP, PAST_DAYS, LookAhead, Past, worth_of_places
from rightplace.core.simulation.many import (
    Plan,
    WorldResult,
    against,
    one_world,
    plan_problems,
    policy_intervals,
)
from rightplace.core.simulation.measures import difference, interval, worse_groups
from rightplace.core.simulation.policies import FirstOffer, RankedChoice
from rightplace.core.simulation.running import Choice, Search
from rightplace.core.simulation.usual import usual_values
from rightplace.core.simulation.world import another_future, made_world
from rightplace.oversight.simulations.spreading import run_plan

WORLD = made_world(3, 0.05)
PLAN = Plan(("one_by_one", "ranked_choice"), 0.05, 2, "slack", 5)


def choice() -> Choice:
    """Three homes say yes: the best has no room, the second answered late, the third first."""
    return Choice(
        Search(0, 0.0, 100.0, 2.0, 10.0), 2.0, np.array([4, 7, 9], dtype=np.int32),
        np.array([0.9, 0.8, 0.6], dtype=np.float32), np.array([0.1, 1.5, 0.2], dtype=np.float32),
        np.array([False, True, True]), np.array([False, True, True]), 1,
    )  # fmt: skip


def test_ranked_choice_takes_the_best_with_room_and_first_offer_the_quickest() -> None:
    assert RankedChoice().choose(choice()) == 1
    assert FirstOffer().choose(choice()) == 2


def test_what_a_place_is_worth_to_children_still_to_come() -> None:
    """The worked example of docs/how-it-works/simulating.md: one past referral, two willing homes.

    A (0.9) has room half the time, B (0.6) always. A place at A is worth 0.9 − 0.6 = 0.3 when it is free; one at B 0.6 when A
    is full, which is half the time: 0.3. Both for each such referral in the days that were looked at.
    """
    past = Past(
        home=np.array([0, 1]), value=np.array([0.9, 0.6]), size=np.array([1, 1]), days=np.array([10.0, 10.0]),
        first=np.array([0]), row=np.array([0, 0]),
    )  # fmt: skip
    worth, used, taken = worth_of_places(past, np.array([0.5, 1.0]), np.array([1.0, 1.0]), 2)
    assert worth * PAST_DAYS == pytest.approx([0.3, 0.3], abs=2e-3)
    assert used * PAST_DAYS == pytest.approx([5.0, 5.0], abs=0.02)
    assert taken * PAST_DAYS == pytest.approx([1.0, 0.5], abs=1e-9)


@cache
def prepared() -> LookAhead:
    """Ready for the world of these tests; a year of other referrals is learned from."""
    policy = LookAhead()
    policy.prepare(WORLD)
    return policy


def looking(value: float, day: float) -> int:
    """What looking ahead chooses for a planned search (it closes after four days) whose one offer has this value."""
    policy = prepared()
    policy.gap = FIRST_GAP
    of = WORLD.referrals
    row = int(np.flatnonzero((of.urgency == 2) & (of.severity < 2) & ~of.disabled)[0])
    policy.usual = np.full(len(WORLD.referrals), 0.8 - FIRST_GAP)
    offers = replace(
        choice(), search=Search(row, 0.0, 100.0, 0.0, 21.0), now=day, home=np.array([4], dtype=np.int32),
        value=np.array([value], dtype=np.float32), delay=np.zeros(1, dtype=np.float32), room=np.array([True]),
        usable=np.array([True]),
    )  # fmt: skip
    chosen = policy.choose(offers)
    assert chosen >= 0 or day < policy.next_look(offers) <= 8.0
    return chosen


def test_looking_ahead_takes_what_is_usual_at_once_and_waits_a_little_for_less() -> None:
    """Usual is 0.80; looks are at 2, 4, 6 and 8 days, and take 0, 0.03 and 0.06 less, at last whatever there is."""
    assert [looking(0.81, day) for day in (1.0, 2.0)] == [-1, 0]
    assert [looking(0.78, day) for day in (2.0, 4.0)] == [-1, 0]
    assert [looking(0.75, day) for day in (2.0, 4.0, 6.0)] == [-1, -1, 0]
    assert [looking(0.10, day) for day in (2.0, 4.0, 6.0, 8.0)] == [-1, -1, -1, 0]


def test_what_is_usual_follows_the_facts_of_a_child() -> None:
    """One who needs little finds a better home than one who needs much: the line through the past says so too."""
    past = another_future(WORLD, 1, 200.0)
    usual, severity = usual_values(past, WORLD.referrals), WORLD.referrals.severity
    assert usual[severity == 0].mean() > usual[severity == 2].mean()
    assert ((usual > 0.4) & (usual < 1.1)).all()


def test_worlds_come_to_the_same_on_one_process_and_on_several() -> None:
    alone = {one.number: one for one in run_plan(PLAN)}
    spread = {one.number: one for one in run_plan(PLAN, processes=2)}
    assert alone == spread and set(alone) == {0, 1}


def test_a_plan_that_was_stopped_goes_on_with_the_worlds_that_are_left() -> None:
    left = list(run_plan(PLAN, done=[0]))
    assert [one.number for one in left] == [1]
    assert left[0] == one_world(PLAN, 1)


def test_a_world_comes_back_whole_from_what_is_kept() -> None:
    result = one_world(PLAN, 0)
    assert WorldResult(**result.as_json()) == result


def test_a_plan_that_cannot_be_run_is_refused_with_every_reason() -> None:
    wrong = Plan(("guess", "guess"), 0, 0, "loose", -1)
    assert [one.code for one in plan_problems(wrong)] == [
        "policy_unknown", "policy_unknown", "policy_missing", "policy_twice", "years_out_of_range", "runs_out_of_range",
        "market_unknown", "seed_out_of_range",
    ]  # fmt: skip
    assert plan_problems(PLAN) == []
    assert [one.code for one in plan_problems(replace(PLAN, policies=("clairvoyant",)))] == ["policy_missing"]


def test_a_difference_is_taken_world_by_world() -> None:
    """Worlds differ widely, the policies by one everywhere: the interval of the difference has no width."""
    apart = difference([11.0, 21.0, 31.0], [10.0, 20.0, 30.0])
    assert apart.apart_in_words("number") == "+1.0" and apart.sides(is_more_better=False) == "worse"
    near = difference([1.0, 3.0, 2.0], [1.5, 2.5, 2.0])
    assert near.sides(is_more_better=True) == "" and near.apart_in_words("days").startswith("+0.00 (−1.24 to")
    found = interval([1.0, 2.0, 3.0])
    assert (round(found.mean, 6), round(found.low, 3), round(found.high, 3)) == (2.0, -0.484, 4.484)


def test_policies_are_compared_by_measure_and_by_group() -> None:
    worlds = list(run_plan(PLAN))
    means = policy_intervals(PLAN, worlds)
    assert means["ranked_choice"]["value"].mean > means["one_by_one"]["value"].mean
    assert means["one_by_one"]["offers"].mean <= 1 < means["ranked_choice"]["offers"].mean
    apart = against(PLAN, worlds, "ranked_choice", "one_by_one")["value"]
    assert apart.mean == pytest.approx(
        means["ranked_choice"]["value"].mean - means["one_by_one"]["value"].mean
    )
    groups = [world.groups["ranked_choice"] for world in worlds]
    assert worse_groups(groups, groups) == {}


def test_the_bound_of_one_place_and_two_children_is_the_better_of_them() -> None:
    """The worked example of docs/how-it-works/simulating.md: 1.5 without prices, 0.9 at 0.6 for the fortnight."""
    stays = Stays(
        np.array([0, 1, 2]), np.array([0, 0]), np.array([0.9, 0.6]), np.zeros(2), np.ones(2), np.ones(2), 1,
        np.array([[14.0]]),
    )  # fmt: skip
    assert best_pairs(stays, np.zeros((1, 1)))[0] == pytest.approx(1.5)
    assert 0.6 + best_pairs(stays, np.array([[0.6 / 14]]))[0] == pytest.approx(0.9)
    assert clairvoyant_bound(stays).value == pytest.approx(0.9, abs=1e-3)


def test_worlds_come_to_the_same_on_a_cluster() -> None:
    """A Dask scheduler with one worker in this process: the figures are those of one process."""
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, protocol="tcp"
    ) as cluster:
        spread = {one.number: one for one in run_plan(PLAN, scheduler=cluster.scheduler_address)}
    assert spread == {one.number: one for one in run_plan(PLAN)}
