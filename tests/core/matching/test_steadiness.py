"""How far weights can move before the first three change: the closed form against ranking again."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rightplace.core.matching.policy import DEFAULT_WEIGHTS, Policy
from rightplace.core.matching.profile import Option, Referral
from tests.core.matching.homes import option, ranked, referral, some_homes, some_referral

STEP = 0.01


def leaders(wanted: Referral, homes: list[Option], weights: dict[str, float]) -> list[int]:
    return ranked(wanted, homes, policy=Policy(weights)).rows[:3].tolist()


def test_the_worked_example_of_the_page_on_matching():
    able = option(key="able", skills=frozenset({"self_harm", "autism"}), price_pence_week=700_000)
    near = option(key="near", price_pence_week=50_000)
    found = ranked(referral(), [able, near], policy=Policy({"needs": 20, "cost": 5})).steadiness
    # Able is ahead by a quarter of 20 points for needs (5), near by half of 5 points for cost (2.5).
    assert [(room.code, room.lowest, room.highest) for room in found.rooms] == [
        ("needs", 10, None),
        ("cost", None, 10),
    ]
    assert found.words == (
        "The first three stay the same until the weight of “Needs met, by severity” falls from 20 to 10.0."
    )


@settings(max_examples=25)
@given(st.integers(0, 2**32))
def test_inside_the_room_the_first_three_stay_and_just_outside_they_do_not(seed: int):
    wanted, homes = some_referral(seed), some_homes(40, seed)
    ranking = ranked(wanted, homes)
    first = ranking.rows[:3].tolist()
    for room in ranking.steadiness.rooms:
        for side, away in ((room.lowest, -STEP), (room.highest, STEP)):
            if side is None or not 0 < side + 2 * away < 1_000:
                continue
            inside, outside = round(side - 2 * away, 2), round(side + 2 * away, 2)
            if (inside - room.weight) * away > 0:
                assert leaders(wanted, homes, {**DEFAULT_WEIGHTS, room.code: inside}) == first
            assert leaders(wanted, homes, {**DEFAULT_WEIGHTS, room.code: outside}) != first


@settings(max_examples=15)
@given(st.integers(0, 2**32))
def test_a_criterion_without_a_limit_may_weigh_anything(seed: int):
    wanted, homes = some_referral(seed), some_homes(40, seed)
    ranking = ranked(wanted, homes)
    first = ranking.rows[:3].tolist()
    for room in ranking.steadiness.rooms:
        if room.highest is None:
            assert leaders(wanted, homes, {**DEFAULT_WEIGHTS, room.code: 1_000}) == first
        if room.lowest is None:
            assert leaders(wanted, homes, {**DEFAULT_WEIGHTS, room.code: 0}) == first


def test_where_all_homes_are_alike_nothing_can_change():
    found = ranked(referral(), [option(key=key) for key in "abcd"]).steadiness
    assert found.tightest is None
    assert found.words == "The first three stay the same whatever one weight is."
