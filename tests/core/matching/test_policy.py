"""A matching policy: what is refused, each with a sentence, all at once."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.matching.policy import (
    DEFAULT_POLICY,
    DEFAULT_WEIGHTS,
    SWITCHED_MUSTS,
    WEIGHT_NAMES,
    policy_problems,
)


@pytest.mark.parametrize(
    ("weights", "code", "sentence"),
    [
        (
            {"cost": -1},
            "negative",
            "“Expected whole cost in the band for the need”: a weight must not be below 0.",
        ),
        ({"needs": "many"}, "not_a_number", "“Needs met, by severity”: enter a number."),
        ({"needs": math.nan}, "not_a_number", "“Needs met, by severity”: enter a number."),
        ({"needs": math.inf}, "not_a_number", "“Needs met, by severity”: enter a number."),
        ({"needs": True}, "not_a_number", "“Needs met, by severity”: enter a number."),
        ({"needs": 1_001}, "too_heavy", "“Needs met, by severity”: a weight must not be above 1,000."),
        ({"luck": 5}, "unknown_criterion", "There is no criterion called luck."),
        (dict.fromkeys(WEIGHT_NAMES, 0), "all_zero", "Give at least one criterion a weight above 0."),
        ({"needs": 0.001}, "all_zero", "Give at least one criterion a weight above 0."),
        ({}, "all_zero", "Give at least one criterion a weight above 0."),
    ],
)
def test_a_policy_that_cannot_be_used_is_refused_with_a_sentence(
    weights: dict[str, object], code: str, sentence: str
):
    assert [(one.code, one.sentence) for one in policy_problems(weights)] == [(code, sentence)]


def test_everything_that_is_wrong_is_said_at_once_each_at_its_field():
    found = policy_problems({"needs": -1, "luck": 1, "cost": None}, must_codes=("suspended",))
    assert [one.field for one in found] == ["needs", "luck", "cost", "must_codes"]


def test_the_default_may_be_used():
    assert policy_problems(DEFAULT_WEIGHTS, SWITCHED_MUSTS) == []
    assert DEFAULT_POLICY.must_codes <= set(SWITCHED_MUSTS)


@given(st.dictionaries(st.sampled_from(sorted(WEIGHT_NAMES)), st.floats(0, 1_000), min_size=1))
def test_what_may_be_used_weighs_something(weights: dict[str, float]):
    assert bool(policy_problems(weights)) == (max(weights.values()) <= 0.005)
