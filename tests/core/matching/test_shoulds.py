"""The soft criteria: the points of each, with reasons in words, and what is asked."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.geography import Located, Point, Precision
from rightplace.core.matching.explained import Contribution
from rightplace.core.matching.policy import DEFAULT_WEIGHTS, WEIGHT_NAMES, CostBands, Policy
from rightplace.core.matching.profile import Child, Need
from rightplace.core.matching.shoulds import SHOULDS
from rightplace.core.matching.vocabulary import Grade
from tests.core.matching.homes import CROYDON, fit, option, referral


def part(code: str, wanted: dict[str, Any], home: dict[str, Any]) -> Contribution:
    """The contribution of one criterion, as the only one that weighs: 100 points at most."""
    found = fit(referral(**wanted), option(**home), Policy({code: 1}))
    return found.contributions[0]


def test_the_default_weights_add_up_to_100_and_every_criterion_has_a_name_and_a_weight():
    assert sum(DEFAULT_WEIGHTS.values()) == 100
    assert list(WEIGHT_NAMES) == list(DEFAULT_WEIGHTS) == [one.code for one in SHOULDS]


def test_a_high_need_counts_three_times_a_slight_one():
    wanted = {"needs": (Need("self_harm", 3), Need("autism", 1))}
    found = part("needs", wanted, {"skills": frozenset({"autism"})})
    assert found.points == 25
    assert found.words == "Meets 1 of 2 needs: Autism (some)."
    assert found.unknown == "How would these needs be met: Self-harm (high)?"


def test_a_need_that_is_not_in_the_vocabulary_is_never_met_and_never_lost():
    found = part(
        "needs", {"needs": (Need("nonsense", 1), Need("autism", 1))}, {"skills": frozenset({"autism"})}
    )
    assert (found.points, found.unknown) == (50, "How would these needs be met: nonsense (some)?")


def test_experience_counts_like_skills():
    found = part("experience", {}, {"experience": frozenset({"self_harm"})})
    assert (found.points, found.words) == (75, "Has cared for children with: self-harm.")
    assert part("experience", {}, {}).unknown == "Has the home cared for children with like needs?"


def test_a_home_at_the_place_gets_full_marks_and_one_too_far_none():
    at, far = Located(CROYDON, Precision.SECTOR), Located(Point(52.5, -1.9), Precision.SECTOR)
    assert [part("distance", {}, {"located": place}).points for place in (at, far)] == [100, 0]
    assert part("distance", {}, {}).words == "3.7 miles from school (straight line, to the sector)."


def test_a_home_that_is_not_on_the_map_earns_nothing_and_is_asked():
    found = part("distance", {}, {"located": None})
    assert (found.points, found.unknown) == (0, "Where is the home?")


@pytest.mark.parametrize(
    ("home", "points"),
    [
        ({}, 100),
        ({"located": Located(Point(52.5, -1.9), Precision.SECTOR)}, 0),
        (
            {"located": Located(Point(52.5, -1.9), Precision.SECTOR), "features": frozenset({"school_run"})},
            50,
        ),
        ({"located": None}, 0),
    ],
)
def test_the_school_is_kept_near_it_and_half_kept_by_a_school_run(home: dict[str, Any], points: float):
    assert part("school", {}, home).points == points


@pytest.mark.parametrize(
    ("graded_on", "points"),
    [
        (date(2026, 1, 1), 100),
        (date(2024, 6, 1), 100),
        (date(2024, 3, 2), 100),
        (date(2024, 3, 1), 90),
        (date(2024, 1, 1), 90),
        (date(2023, 1, 1), 80),
        (date(2010, 1, 1), 70),
    ],
)
def test_a_grade_fades_from_its_second_year_by_a_tenth_a_year_at_most_three(graded_on: date, points: float):
    assert part("grade", {}, {"grade": Grade.OUTSTANDING, "graded_on": graded_on}).points == points


def test_a_new_home_is_not_a_poor_home():
    new = part("grade", {}, {"grade": Grade.NOT_INSPECTED, "graded_on": None})
    poor = part("grade", {}, {"grade": Grade.INADEQUATE})
    assert new.points > poor.points == 0


def test_language_faith_and_culture_count_alike():
    wanted = {"languages": frozenset({"Somali"}), "faith": "Islam", "culture": "Somali"}
    found = part("belonging", wanted, {"languages": frozenset({"Somali"})})
    assert found.points == 33.3
    assert found.words == "Shares the child's language."
    assert found.unknown == "How would the child's faith and culture be supported?"


def test_brothers_and_sisters_kept_together_count():
    pair = {"children": (Child(12, "F"), Child(9, "M"))}
    together, apart = part("siblings", pair, {"places_free": 2}), part("siblings", pair, {"places_free": 1})
    assert (together.points, apart.points) == (100, 0)
    brother = (Child(9, "M", "brother"),)
    joined = part("siblings", {"sibling_references": frozenset({"brother"})}, {"children_there": brother})
    assert (joined.points, joined.words) == (100, "A brother or sister lives there already.")


def test_other_children_count_only_where_they_are_recommended():
    beside = {"children_there": (Child(9),)}
    assert part("alongside", {"living_companions": "with_others"}, beside).points == 100
    assert not fit(referral(), option(**beside), Policy({"alongside": 1})).contributions


@pytest.mark.parametrize(
    ("pence", "points", "words"),
    [
        (20_000, 100, "Expected cost within the band for the need."),
        (99_999, 100, "Expected cost within the band for the need."),
        (100_000, 50, "Expected cost 1 band above the band for the need."),
        (200_000, 0, "Expected cost 2 bands above the band for the need."),
        (10**9, 0, "Expected cost 4 bands above the band for the need."),
        (None, 50, "The price is not known."),
    ],
)
def test_cost_counts_as_a_band_and_below_the_band_earns_no_more(pence: int | None, points: float, words: str):
    found = part("cost", {"needs": (Need("autism", 1),), "preferred_places": ()}, {"price_pence_week": pence})
    assert (found.points, found.words) == (points, words)


def test_a_high_need_may_cost_more():
    dear = {"price_pence_week": 300_000}
    assert [part("cost", {"needs": (Need("autism", level),)}, dear).points for level in (1, 2, 3)] == [
        0,
        50,
        100,
    ]
    assert CostBands().band_of(0) == 0


def test_own_carers_come_before_a_framework_and_that_before_spot_purchase():
    homes = ({"is_own": True}, {"is_on_framework": True}, {}, {"is_on_framework": False})
    assert [part("own", {}, home).points for home in homes] == [100, 50, 50, 0]


def test_a_criterion_not_known_is_asked_and_one_lacking_is_not():
    found = part("desirable", {"desirable": frozenset({"driver", "rural"})}, {"lacks": frozenset({"rural"})})
    assert found.unknown == "Not known whether it meets: a carer who drives."
    assert found.words == "Meets 0 of 2 desirable criteria."


def test_a_request_that_asks_for_nothing_is_scored_on_what_is_always_known():
    wanted = referral(needs=(), preferred_places=(), suitability={})
    assert [one.code for one in fit(wanted, option()).contributions] == ["grade", "cost", "own"]


@given(st.integers(0, 99_999))
def test_within_the_band_a_price_changes_nothing(pence: int):
    wanted = referral(needs=(Need("autism", 1),), preferred_places=())
    assert fit(wanted, option(price_pence_week=pence)).score == fit(wanted, option(price_pence_week=1)).score
