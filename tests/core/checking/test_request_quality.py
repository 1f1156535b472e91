"""The quality check of a request: complete, and meaning something."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.checking.request_quality import (
    RULES,
    TEXT_FIELDS,
    Severity,
    check_quality,
    is_placeholder,
)
from rightplace.core.matching.vocabulary import Urgency

TODAY = date(2026, 3, 2)


def a_full_request(**changes: Any) -> dict[str, Any]:
    """A synthetic request that meets every rule."""
    made: dict[str, Any] = {
        "children": [{"date_of_birth": date(2013, 5, 3), "sex": "F"}],
        "legal_status": "C2",
        "needed_by_on": date(2026, 3, 20),
        "reason": "Her foster carers retire at the end of the month.",
        "suitability": {"foster": "preferred", "residential": "suitable"},
        "needs": [
            {
                "code": "self_harm",
                "severity": 3,
                "evidence": "Cut her arm twice in January after family time; talking at once and a walk help.",
            },
            {"code": "autism", "severity": 1, "evidence": "Diagnosed at seven."},
        ],
        "outcomes": [
            {"words": "She goes to school every day.", "measure": "95% attendance", "by_on": date(2026, 9, 1)}
        ],
        "essential": ["driver"],
        "preferred_places": [{"purpose": "school", "postcode": "CR0 4YL", "max_miles": 10}],
        "unsafe_places": [{"words": "Near the stepfather", "radius_miles": 3}],
        "living_companions": "no_preference",
        "pets": "can",
        "language": "English",
        "ethnicity": "White British",
        "about": "Funny, likes drawing and cats.",
        "wishes": "Wants to stay at her school.",
        "school_plan": "Stays at her school.",
        "family_time": "Her grandmother on Saturdays.",
        "health": "No medicines or allergies.",
        "likely_weeks": 52,
    }
    return made | changes


def faults(urgency: str = "over_5_days", **changes: Any) -> list[str]:
    return [finding.field for finding in check_quality(a_full_request(**changes), urgency, TODAY).findings]


def test_the_worked_example_of_the_page_on_the_quality_check():
    request = a_full_request(
        needs=[{"code": "self_harm", "severity": 3, "evidence": "Self-harms."}],
        outcomes=[{"words": "To feel more settled.", "measure": "TBC"}],
        unsafe_places=[{"words": "Near the stepfather"}],
    )
    quality = check_quality(request, Urgency.OVER_5_DAYS, TODAY)
    assert [(one.field, one.severity) for one in quality.findings] == [
        ("needs.0.evidence", Severity.MUST),
        ("unsafe_places.0.radius_miles", Severity.MUST),
        ("outcomes.0.measure", Severity.SHOULD),
    ]
    assert quality.findings[0].words == (
        "Self-harm (high): say what happened, how often and what helps, in at least 12 words."
        " A provider cannot judge a risk from its name."
    )
    assert (quality.score, quality.is_ready) == (84, False)  # 107 of the 127 points that apply


def test_a_full_request_scores_100_and_may_leave():
    quality = check_quality(a_full_request(), "over_5_days", TODAY)
    assert (quality.score, quality.findings, quality.is_ready) == (100, (), True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"children": []}, "children"),
        ({"children": [{"sex": "F"}]}, "children.0.date_of_birth"),
        ({"children": [{"date_of_birth": date(2030, 1, 1), "sex": "F"}]}, "children.0.date_of_birth"),
        ({"children": [{"age": 12}]}, "children.0.sex"),
        ({"legal_status": " "}, "legal_status"),
        ({"needed_by_on": None}, "needed_by_on"),
        ({"needed_by_on": date(2026, 3, 1)}, "needed_by_on"),
        ({"reason": "Breakdown"}, "reason"),
        ({"suitability": {"foster": "unsuitable"}}, "suitability"),
        ({"suitability": {"supported": "preferred"}}, "suitability"),
        ({"suitability": {"secure": "preferred"}, "secure": "Yes."}, "secure"),
        ({"needs": []}, "needs"),
        ({"outcomes": []}, "outcomes"),
        ({"outcomes": [{"words": "Be happy", "measure": "every week"}]}, "outcomes.0.words"),
        ({"outcomes": [{"words": "She should feel more settled."}]}, "outcomes.0.measure"),
        ({"essential": [f"c{number}" for number in range(9)]}, "essential"),
        ({"unsafe_places": [{"words": "x", "radius_miles": 0}]}, "unsafe_places.0.radius_miles"),
        ({"unsafe_places": [{"words": "x", "radius_miles": 60}]}, "unsafe_places.0.radius_miles"),
        ({"preferred_places": []}, "preferred_places"),
        ({"about": ""}, "about"),
        ({"health": None}, "health"),
        ({"wishes": "TBC"}, "wishes"),
        ({"living_companions": "whoever"}, "living_companions"),
        ({"pets": None}, "pets"),
        ({"language": ""}, "language"),
        ({"likely_weeks": 0}, "likely_weeks"),
        ({"ceiling_pence_week": 90_000}, "ceiling_reason"),
    ],
)
def test_each_fault_is_found_at_its_field_and_nothing_else_is(changes: dict[str, Any], field: str):
    assert faults(**changes) == [field]


def test_every_finding_says_what_is_missing_in_a_sentence():
    findings = check_quality({}, "over_5_days", TODAY).findings
    assert len(findings) > 15
    assert all(finding.words[-1] in ".?" for finding in findings)


def test_the_same_evidence_for_two_needs_says_nothing_about_either():
    evidence = "See what happened last month at the home, in full detail, to her and to others."
    needs = [{"code": code, "severity": 3, "evidence": evidence} for code in ("self_harm", "going_missing")]
    assert faults(needs=needs) == ["needs"]


def test_siblings_need_a_plan():
    pair = [{"age": 12, "sex": "F"}, {"age": 9, "sex": "M"}]
    assert faults(children=pair) == ["siblings_plan"]
    assert faults(children=pair, siblings_plan="Together: they have never lived apart.") == []


def test_a_request_for_today_needs_only_a_short_set():
    short = {
        name: a_full_request()[name]
        for name in ("children", "legal_status", "needed_by_on", "reason", "suitability", "needs")
    }
    assert check_quality(short, "today", TODAY).is_ready
    assert not check_quality(short, "under_5_days", TODAY).is_ready


def test_a_child_who_only_now_comes_into_care_can_be_asked_for_before_a_legal_status_is_recorded():
    without = {**a_full_request(), "legal_status": ""}
    assert check_quality(without, "today", TODAY).is_ready
    assert faults("today", legal_status="") == ["legal_status"]


def test_even_today_a_high_need_must_say_what_happened():
    assert faults("today", needs=[{"code": "fire_setting", "severity": 3}]) == ["needs.0.evidence"]


def test_a_finding_that_only_advises_does_not_stop_a_request():
    quality = check_quality(a_full_request(about=""), "over_5_days", TODAY)
    assert quality.is_ready
    assert quality.score < 100


@pytest.mark.parametrize(
    "text", ["TBC", "tbc.", "T.B.A", "n/a", "N/A", "as above", "See assessment", "unknown", "xx"]
)
def test_placeholders_are_not_answers(text: str):
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text", ["No medicines or allergies.", "None known", "She is tested monthly", "natural"]
)
def test_short_answers_are_not_placeholders(text: str):
    assert not is_placeholder(text)


def test_each_urgency_has_rules_and_the_weights_are_positive():
    assert all(rule.weight > 0 and rule.urgencies <= set(Urgency) for rule in RULES)
    assert all(any(urgency in rule.urgencies for rule in RULES) for urgency in Urgency)


odd: Any = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=5), st.dates(), st.floats(), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    st.dictionaries(st.sampled_from([*a_full_request(), *TEXT_FIELDS]), odd), st.sampled_from(list(Urgency))
)
def test_no_odd_value_breaks_the_check(request: dict[str, Any], urgency: str):
    assert 0 <= check_quality(request, urgency, TODAY).score <= 100


@given(st.sets(st.sampled_from(sorted(a_full_request()))), st.sampled_from(list(Urgency)))
def test_taking_answers_away_never_raises_the_score(taken: set[str], urgency: str):
    fuller = a_full_request(unsafe_places=[])
    emptier = {name: value for name, value in fuller.items() if name not in taken}
    full = check_quality(fuller, urgency, TODAY).score
    assert check_quality(emptier, urgency, TODAY).score <= full
