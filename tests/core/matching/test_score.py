"""The plain score: points for each criterion, with reasons."""

import random
import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.geography import Located, Point, Precision
from rightplace.core.matching.eligibility import exclusions
from rightplace.core.matching.profile import Child, Need, Option
from rightplace.core.matching.score import WEIGHTS, Contribution, rank, score_option
from rightplace.core.matching.vocabulary import Grade, HomeKind, NeedKind
from tests.core.matching.homes import CROYDON, option, referral


def part(code: str, wanted: dict[str, Any], home: dict[str, Any]) -> Contribution:
    found = score_option(referral(**wanted), option(**home)).contributions
    return next(one for one in found if one.code == code)


def test_the_worked_example_of_the_page_on_matching():
    match = score_option(referral(), option())
    points = {one.code: (round(one.points, 2), one.of) for one in match.contributions}
    assert points == {"needs": (22.5, 30), "distance": (12.55, 20), "kind": (10, 10), "grade": (8.5, 10)}
    assert match.score == 76.5  # (22.5 + 12.55 + 10 + 8.5) of 70, scaled to 100
    assert [one.words for one in match.contributions] == [
        "Meets 1 of 2 needs: Self-harm (high).",
        "3.7 miles from school (straight line, to the sector).",
        "Foster home: preferred.",
        "Good, inspected less than a year before.",
    ]
    assert match.unknown == ("How would these needs be met: Autism (some)?",)


def test_the_weights_add_up_to_100():
    assert sum(WEIGHTS.values()) == 100


def test_a_high_need_counts_three_times_a_slight_one():
    wanted = {"needs": (Need("self_harm", 3), Need("autism", 1))}
    found = part("needs", wanted, {"skills": frozenset({"autism"})})
    assert found.points == pytest.approx(30 / 4)


def test_a_home_at_the_place_gets_full_marks_and_one_too_far_none():
    at, far = Located(CROYDON, Precision.SECTOR), Located(Point(52.5, -1.9), Precision.SECTOR)
    assert [part("distance", {}, {"located": place}).points for place in (at, far)] == [20, 0]


def test_a_home_that_is_not_on_the_map_earns_nothing_and_is_asked():
    found = part("distance", {}, {"located": None})
    assert (found.points, found.unknown) == (0, "Where is the home?")


@pytest.mark.parametrize(
    ("graded_on", "points"),
    [
        (date(2026, 1, 1), 10.0),
        (date(2024, 6, 1), 10.0),
        (date(2024, 1, 1), 9.0),
        (date(2023, 1, 1), 8.0),
        (date(2010, 1, 1), 7.0),
    ],
)
def test_a_grade_fades_from_its_second_year_by_a_tenth_a_year_at_most_three(graded_on: date, points: float):
    found = part("grade", {}, {"grade": Grade.OUTSTANDING, "graded_on": graded_on})
    assert found.points == pytest.approx(points)


def test_a_new_home_is_not_a_poor_home():
    new = part("grade", {}, {"grade": Grade.NOT_INSPECTED, "graded_on": None})
    poor = part("grade", {}, {"grade": Grade.INADEQUATE})
    assert new.points > poor.points == 0


def test_language_faith_and_culture_count_alike():
    wanted = {"languages": frozenset({"Somali"}), "faith": "Islam", "culture": "Somali"}
    found = part("belonging", wanted, {"languages": frozenset({"Somali"})})
    assert found.points == pytest.approx(10 / 3)
    assert found.words == "Shares the child's language."
    assert found.unknown == "How would the child's faith and culture be supported?"


def test_brothers_and_sisters_kept_together_count():
    pair = {"children": (Child(12, "F"), Child(9, "M"))}
    together, apart = part("siblings", pair, {"places_free": 2}), part("siblings", pair, {"places_free": 1})
    assert (together.points, apart.points) == (5, 0)
    brother = (Child(9, "M", "brother"),)
    joined = part("siblings", {"sibling_references": frozenset({"brother"})}, {"children_there": brother})
    assert joined.words == "A brother or sister lives there already."


def test_a_criterion_not_known_is_asked_and_one_lacking_is_not():
    found = part("desirable", {"desirable": frozenset({"driver", "rural"})}, {"lacks": frozenset({"rural"})})
    assert found.unknown == "Not known whether it meets: a carer who drives."


def test_a_request_that_asks_for_nothing_is_scored_on_the_grade_alone():
    wanted = referral(needs=(), preferred_places=(), suitability={})
    assert [one.code for one in score_option(wanted, option()).contributions] == ["grade"]


@given(st.integers(0, 10**9))
def test_cost_never_changes_the_score(pence: int):
    assert score_option(referral(), option(price_pence_week=pence)).score == 76.5


def test_equal_scores_put_own_carers_first_and_then_go_by_key():
    homes = [option(key="z"), option(key="a"), option(key="own", is_own=True)]
    assert [match.option.key for match in rank(referral(), homes)] == ["own", "a", "z"]


def some_homes(count: int, seed: int = 1) -> list[Option]:
    chance = random.Random(seed)
    needs = [kind.value for kind in NeedKind]
    return [
        option(
            key=f"home-{index:05d}",
            kind=chance.choice(list(HomeKind)),
            skills=frozenset(chance.sample(needs, 6)),
            located=Located(Point(51.3 + chance.random() / 2, chance.random() - 0.5), Precision.SECTOR),
            grade=chance.choice(list(Grade)),
            is_own=chance.random() < 0.3,
        )
        for index in range(count)
    ]


@given(st.randoms(use_true_random=False))
def test_the_ranking_does_not_depend_on_the_order_in_which_homes_come(chance: random.Random):
    homes = some_homes(30)
    shuffled = homes.copy()
    chance.shuffle(shuffled)
    assert rank(referral(), homes) == rank(referral(), shuffled)


@given(st.integers(0, 10_000))
def test_scores_lie_between_0_and_100_and_are_the_sum_of_their_reasons(seed: int):
    for match in rank(referral(), some_homes(5, seed)):
        total = sum(one.points for one in match.contributions) / sum(one.of for one in match.contributions)
        assert 0 <= match.score <= 100
        assert match.score == pytest.approx(100 * total, abs=0.0501)
        assert all(0 <= one.points <= one.of and one.words for one in match.contributions)


@given(st.sampled_from([need.value for need in NeedKind]))
def test_one_more_skill_never_lowers_the_score(skill: str):
    fewer, more = option(), option(skills=frozenset({"self_harm", skill}))
    assert score_option(referral(), more).score >= score_option(referral(), fewer).score


def test_two_thousand_homes_are_checked_and_ranked_in_half_a_second():
    homes = some_homes(2000)
    started = time.process_time()
    ranked = rank(referral(), [home for home in homes if not exclusions(referral(), home)])
    assert ranked
    assert time.process_time() - started < 0.5
