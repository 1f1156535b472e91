"""The suggested search strategy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.matching.profile import Child, Need, UnsafePlace
from rightplace.core.matching.vocabulary import NeedKind, Urgency
from rightplace.core.strategy import (
    DEFAULT_POLICY,
    ComplexityLevel,
    StrategyCode,
    StrategyPolicy,
    complexity_of,
    suggest_strategy,
    urgency_of,
)
from tests.core.matching.homes import SUTTON, referral

HIGH = (Need("self_harm", 3), Need("fire_setting", 3), Need("going_missing", 3))


def test_the_worked_example_of_the_page_on_the_search_strategy():
    planned = suggest_strategy(referral(), working_days=10)
    assert (planned.code, planned.own_first_hours, planned.closing_days) == (StrategyCode.OWN_FIRST, 48, 5)
    assert planned.reasons == ("10 working days are enough, and the needs are not complex.",)
    urgent = suggest_strategy(referral(needs=HIGH), working_days=3)
    assert (urgent.code, urgent.own_first_hours, urgent.closing_days) == (StrategyCode.ALL_AT_ONCE, 0, 1)
    assert urgent.reasons == (
        "The place is needed in 3 working days.",
        "The needs are complex, so few homes will fit.",
    )


@pytest.mark.parametrize("days", [0, -1])
def test_a_place_needed_today_is_asked_of_everyone_at_once(days: int):
    strategy = suggest_strategy(referral(), days)
    assert (strategy.code, strategy.closing_days) == (StrategyCode.ALL_AT_ONCE, 0)
    assert strategy.reasons == ("The place is needed today.",)


def test_complex_needs_are_asked_of_everyone_at_once_even_with_time():
    assert suggest_strategy(referral(needs=HIGH), 30).code == StrategyCode.ALL_AT_ONCE


def test_own_carers_are_not_asked_first_when_a_foster_home_is_unsuitable():
    strategy = suggest_strategy(referral(needs=(), suitability={"foster": "unsuitable"}), 30)
    assert strategy.code == StrategyCode.ALL_AT_ONCE
    assert strategy.reasons == ("A foster home is unsuitable, so own carers cannot help.",)


def test_own_carers_get_a_shorter_window_when_needs_are_enhanced():
    strategy = suggest_strategy(referral(needs=HIGH[:1], unsafe_places=(UnsafePlace(SUTTON, 1),)), 30)
    assert strategy.complexity.level == ComplexityLevel.ENHANCED
    assert strategy.own_first_hours == 24


def test_complexity_adds_points_for_severity_siblings_and_solo_care():
    siblings = (Child(4), Child(6), Child(8))
    found = complexity_of(referral(children=siblings, living_companions="solo", needs=HIGH[:1]))
    assert (found.points, found.level) == (9, ComplexityLevel.COMPLEX)
    assert found.reasons == (
        "High need: Self-harm.",
        "Three or more siblings to stay together.",
        "Needs to be the only child in the home.",
    )


def test_an_authority_may_set_its_own_window():
    policy = StrategyPolicy(own_first_hours=72, closing_days_over_5=4)
    strategy = suggest_strategy(referral(), 20, policy)
    assert (strategy.own_first_hours, strategy.closing_days) == (72, 4)


@pytest.mark.parametrize(
    ("days", "urgency"),
    [
        (-3, "today"),
        (0, "today"),
        (1, "under_5_days"),
        (4, "under_5_days"),
        (5, "over_5_days"),
        (90, "over_5_days"),
    ],
)
def test_urgency_follows_working_days(days: int, urgency: str):
    assert urgency_of(days) == Urgency(urgency)


needs = st.lists(
    st.builds(Need, st.sampled_from([kind.value for kind in NeedKind]), st.integers(1, 3)), max_size=6
)


@given(st.integers(-5, 60), needs)
def test_providers_never_close_after_the_place_is_needed_and_a_reason_is_always_given(
    days: int, some: list[Need]
):
    strategy = suggest_strategy(referral(needs=tuple(some)), days)
    assert strategy.reasons
    assert strategy.own_first_hours / 24 + strategy.closing_days <= max(days, 0)
    assert (strategy.own_first_hours > 0) is (strategy.code == StrategyCode.OWN_FIRST)
    assert strategy.closing_days <= DEFAULT_POLICY.closing_days_over_5
