"""Hard rules: who may be asked, and the named reason why not."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.geography import Located, Precision
from rightplace.core.matching.eligibility import (
    RULES,
    exclusions,
    exemption_used,
    unchecked,
    waiver_problems,
)
from rightplace.core.matching.policy import SWITCHED_MUSTS, Policy
from rightplace.core.matching.profile import Child, Need, Option, PreferredPlace, Referral, Terms, UnsafePlace
from rightplace.core.matching.rules import DatedLimit, MatchingRules, published_rules
from rightplace.core.matching.vocabulary import HomeKind, Registration
from tests.core.matching.homes import BRIGHTON, CROYDON, SUTTON, option, referral


def codes(wanted: Referral, home: Option, **arguments: Any) -> list[str]:
    return [problem.code for problem in exclusions(wanted, home, **arguments)]


def test_the_worked_example_of_the_page_on_matching():
    wanted = referral(unsafe_places=(UnsafePlace(BRIGHTON, 5),), ceiling_pence_week=100_000)
    near = option()
    unsafe = option(key="b", located=Located(BRIGHTON, Precision.SECTOR), price_pence_week=120_000)
    supported = option(key="c", kind=HomeKind.SUPPORTED)
    assert codes(wanted, near) == []
    assert codes(wanted, unsafe) == ["unsafe_place", "above_ceiling"]
    assert codes(wanted, supported) == ["under_16_supported", "kind_unsuitable"]
    assert exclusions(wanted, unsafe)[1].sentence == "About £1,200 a week, above the ceiling of £1,000."


def test_a_home_that_meets_every_rule_is_eligible():
    assert codes(referral(), option()) == []


CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("not_registered", {}, {"registration": Registration.SUSPENDED}),
    ("secure_not_asked", {"children": (Child(13, "F"),)}, {"kind": HomeKind.SECURE}),
    ("under_13_secure", {"suitability": {"secure": "preferred"}}, {"kind": HomeKind.SECURE}),
    ("suspended", {}, {"suspended": "late notice of an incident"}),
    ("concern", {}, {"concern": "staffing at night"}),
    ("unsafe_place", {"unsafe_places": (UnsafePlace(SUTTON, 1),)}, {}),
    ("age_approval", {}, {"terms": Terms(0, 10)}),
    ("age_registration", {}, {"kind": HomeKind.RESIDENTIAL, "terms": Terms(13, 17)}),
    ("sex_approval", {}, {"terms": Terms(sexes=frozenset({"M"}))}),
    ("sex_registration", {}, {"kind": HomeKind.RESIDENTIAL, "terms": Terms(sexes=frozenset({"M"}))}),
    ("fostering_limit", {}, {"children_there": (Child(8), Child(9), Child(10))}),
    ("no_place", {}, {"places_free": 0}),
    ("kind_unsuitable", {"suitability": {"foster": "unsuitable"}}, {}),
    ("others_there", {"living_companions": "solo"}, {"children_there": (Child(15),)}),
    ("younger_there", {"living_companions": "only_older"}, {"children_there": (Child(12),)}),
    ("older_there", {"living_companions": "only_younger"}, {"children_there": (Child(12),)}),
    ("pets_there", {"pets": "no"}, {"has_pets": True}),
    ("no_pets_there", {"pets": "must"}, {"has_pets": False}),
    ("adaptation_missing", {"adaptations": frozenset({"hoist"})}, {"adaptations": frozenset()}),
    ("essential_missing", {"essential": frozenset({"driver"})}, {"lacks": frozenset({"driver"})}),
    ("above_ceiling", {"ceiling_pence_week": 50_000}, {"price_pence_week": 50_001}),
    ("needs_registration", {}, {"terms": Terms(needs_barred=frozenset({"autism"}))}),
    ("needs_registration", {}, {"terms": Terms(needs_only=frozenset({"mobility"}))}),
    ("barred_by_child_there", {}, {"children_there": (Child(9, companions="solo"),)}),
    ("barred_by_child_there", {}, {"children_there": (Child(12, companions="only_older"),)}),
    ("barred_by_child_there", {}, {"children_there": (Child(12, companions="only_younger"),)}),
    ("risk_alongside", {}, {"children_there": (Child(9, not_with_risks=frozenset({"self_harm"})),)}),
    (
        "risk_alongside",
        {"children": (Child(12, "F", not_with_risks=frozenset({"fire_setting"})),)},
        {"children_there": (Child(9, risks=frozenset({"fire_setting"})),)},
    ),
    ("sex_alongside", {}, {"is_one_sex": True, "children_there": (Child(9, "M"),)}),
    ("sex_alongside", {}, {"children_there": (Child(9, "M", not_with_sexes=frozenset({"F"})),)}),
    (
        "sex_alongside",
        {"children": (Child(12, "F", not_with_sexes=frozenset({"M"})),)},
        {"children_there": (Child(9, "M"),)},
    ),
    (
        "kept_apart",
        {"children": (Child(12, "F", apart_from=frozenset({"other"})),)},
        {"children_there": (Child(9, "M", "other"),)},
    ),
    ("kept_apart", {}, {"children_there": (Child(9, "M", "other", apart_from=frozenset({"child-1"})),)}),
    ("not_approved", {}, {"is_on_framework": False}),
    ("short_breaks", {}, {"is_short_break_only": True}),
    ("too_far", {"preferred_places": (PreferredPlace(CROYDON, 1),)}, {}),
    ("need_unmet", {"needs": (Need("autism", 3),)}, {}),
]
STRICT = Policy(must_codes=frozenset(SWITCHED_MUSTS))


@pytest.mark.parametrize(
    ("code", "wanted", "home"), CASES, ids=[f"{case[0]}-{at}" for at, case in enumerate(CASES)]
)
def test_each_rule_leaves_out_the_home_that_breaks_it_and_says_why(
    code: str, wanted: dict[str, Any], home: dict[str, Any]
):
    problems = exclusions(referral(**wanted), option(**home), policy=STRICT)
    assert [problem.code for problem in problems] == [code]
    assert problems[0].sentence.endswith(".")


def test_every_rule_is_shown_to_leave_a_home_out():
    assert {case[0] for case in CASES} | {"under_16_supported"} == {rule.code for rule in RULES}


def test_a_child_under_16_cannot_be_placed_in_supported_accommodation():
    wanted = referral(suitability={}, children=(Child(15, "F"),))
    home = option(kind=HomeKind.SUPPORTED)
    assert codes(wanted, home, waived=frozenset({"under_16_supported"})) == ["under_16_supported"]
    assert codes(replace(wanted, children=(Child(16, "F"),)), home) == []


@pytest.mark.parametrize(
    ("starts_on", "expected"),
    [(date(2021, 9, 8), []), (date(2021, 9, 9), ["under_16_supported"])],
)
def test_the_ban_under_16_starts_on_9_september_2021(starts_on: date, expected: list[str]):
    wanted = referral(suitability={}, starts_on=starts_on)
    assert codes(wanted, option(kind=HomeKind.SUPPORTED)) == expected


@pytest.mark.parametrize(
    ("starts_on", "expected"),
    [(date(2023, 10, 27), []), (date(2023, 10, 28), ["not_registered"])],
)
def test_supported_accommodation_must_be_registered_from_28_october_2023(
    starts_on: date, expected: list[str]
):
    wanted = referral(suitability={}, starts_on=starts_on, children=(Child(17),))
    assert codes(wanted, option(kind=HomeKind.SUPPORTED, registration=Registration.PENDING)) == expected


def test_siblings_may_go_over_the_fostering_limit_together_and_the_exemption_is_named():
    four = tuple(Child(age, "F", f"child-{age}") for age in (4, 6, 8, 10))
    wanted = referral(children=four)
    home = option(places_free=4)
    assert codes(wanted, home) == []
    assert exemption_used(wanted, home) == "Over the usual limit of 3: all 4 children are siblings."


def test_a_fourth_child_may_join_three_brothers_and_sisters_who_are_fostered_there():
    there = tuple(Child(age, "M", f"sibling-{age}") for age in (5, 7, 9))
    wanted = referral(sibling_references=frozenset(child.reference for child in there))
    assert codes(wanted, option(children_there=there)) == []


def test_a_recorded_exemption_lets_a_named_fourth_child_in():
    home = option(
        children_there=(Child(8), Child(9), Child(10)), terms=Terms(exemption_total=4, exemption="EX-7")
    )
    assert codes(referral(), home) == []
    assert exemption_used(referral(), home) == "Over the usual limit of 3 by exemption EX-7."
    assert exemption_used(referral(), option()) == ""


def test_a_brother_already_there_does_not_break_a_solo_placement():
    wanted = referral(living_companions="solo", sibling_references=frozenset({"brother"}))
    assert codes(wanted, option(children_there=(Child(9, "M", "brother"),))) == []


def test_siblings_who_may_be_placed_apart_need_one_place_only():
    pair = (Child(12, "F"), Child(10, "M"))
    assert codes(referral(children=pair), option()) == ["no_place"]
    assert codes(referral(children=pair, siblings_together=False), option()) == []


def test_the_reason_for_an_unsafe_place_does_not_say_where():
    problem = exclusions(referral(unsafe_places=(UnsafePlace(SUTTON, 1),)), option())[0]
    assert "Sutton" not in problem.sentence
    assert "mile" not in problem.sentence


def test_what_a_policy_does_not_switch_on_leaves_nobody_out():
    wanted = referral(
        ceiling_pence_week=1, preferred_places=(PreferredPlace(CROYDON, 1),), needs=(Need("autism", 3),)
    )
    home = option(price_pence_week=2, is_on_framework=False)
    assert codes(wanted, home, policy=Policy(must_codes=frozenset())) == []
    assert codes(wanted, home, policy=STRICT) == ["above_ceiling", "not_approved", "too_far", "need_unmet"]


def test_a_place_that_comes_free_by_the_day_is_a_place():
    full = {"places_free": 0, "frees_on": date(2026, 3, 2)}
    assert codes(referral(), option(**full)) == []
    late = exclusions(referral(starts_on=date(2026, 3, 1)), option(**full))
    assert [problem.sentence for problem in late] == [
        "1 needed and 0 free. A place comes free on 2 March 2026."
    ]


def test_a_child_who_leaves_by_the_day_no_longer_counts_to_the_fostering_limit():
    three = (Child(8), Child(9), Child(10))
    assert codes(referral(), option(children_there=three, frees_on=date(2026, 3, 2))) == []
    assert codes(referral(), option(children_there=three, frees_on=date(2026, 3, 3))) == ["fostering_limit"]


def test_what_brothers_and_sisters_need_of_others_does_not_part_them():
    wanted = referral(sibling_references=frozenset({"brother"}))
    brother = Child(9, "M", "brother", companions="solo", not_with_risks=frozenset({"self_harm"}))
    assert codes(wanted, option(children_there=(brother,), is_one_sex=True)) == []
    both = (brother, replace(brother, reference="stranger"))
    assert codes(wanted, option(children_there=both)) == ["barred_by_child_there", "risk_alongside"]


def test_the_ceiling_is_for_the_whole_group_with_what_is_expected_on_top():
    pair = (Child(12, "F"), Child(10, "F"))
    home = {"places_free": 2, "price_pence_week": 40_000, "extra_pence_week": 10_000}
    assert codes(referral(children=pair, ceiling_pence_week=100_000), option(**home)) == []
    problems = exclusions(referral(children=pair, ceiling_pence_week=99_999), option(**home))
    assert [problem.sentence for problem in problems] == ["About £1,000 a week, above the ceiling of £1,000."]


def test_what_is_not_known_is_asked_and_not_left_out():
    wanted = referral(
        unsafe_places=(UnsafePlace(BRIGHTON, 1),),
        pets="no",
        adaptations=frozenset({"hoist"}),
        essential=frozenset({"driver"}),
    )
    home = option(located=None)
    assert codes(wanted, home) == []
    asked = ["unsafe_place", "pets_there", "adaptation_missing", "essential_missing"]
    assert [problem.code for problem in unchecked(wanted, home)] == asked
    assert [problem.code for problem in unchecked(referral(pets="must"), home)] == ["no_pets_there"]


def test_a_home_placed_by_its_constituency_cannot_be_cleared_of_an_unsafe_place():
    wanted = referral(unsafe_places=(UnsafePlace(BRIGHTON, 1),))
    coarse = option(located=Located(SUTTON, Precision.CONSTITUENCY_CENTRE))
    assert [problem.code for problem in unchecked(wanted, coarse)] == ["unsafe_place"]
    assert unchecked(wanted, option()) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_is_waived_only_if_it_may_be(rule: Any):
    assert (waiver_problems([rule.code]) == []) is rule.may_waive
    assert rule.name
    assert rule.source


def test_the_law_and_safety_are_never_waived():
    never = {rule.code for rule in RULES if not rule.may_waive}
    assert never == {
        "not_registered",
        "under_16_supported",
        "secure_not_asked",
        "suspended",
        "concern",
        "unsafe_place",
        "age_registration",
        "sex_registration",
        "needs_registration",
        "fostering_limit",
        "barred_by_child_there",
        "risk_alongside",
        "kept_apart",
        "short_breaks",
    }


def test_a_waiver_of_an_unknown_rule_is_refused():
    assert [problem.code for problem in waiver_problems(["nonsense"])] == ["unknown_rule"]


@given(st.sets(st.sampled_from([rule.code for rule in RULES])), st.sampled_from(CASES))
def test_waiving_removes_exactly_the_reasons_that_may_be_waived(
    waived: set[str], case: tuple[str, dict[str, Any], dict[str, Any]]
):
    wanted, home = referral(**case[1]), option(**case[2])
    waivable = {rule.code for rule in RULES if rule.may_waive} & waived
    expected = [code for code in codes(wanted, home, policy=STRICT) if code not in waivable]
    assert codes(wanted, home, waived=frozenset(waived), policy=STRICT) == expected


def test_a_limit_that_has_ended_no_longer_applies():
    ended = DatedLimit("fostering_usual_limit", 3, date(1991, 10, 14), "Act", "words", date(2026, 1, 1))
    rules = MatchingRules((ended,))
    crowded = option(children_there=(Child(8), Child(9), Child(10)))
    assert codes(referral(), crowded, rules=rules) == []
    assert codes(referral(starts_on=date(2025, 12, 31)), crowded, rules=rules) == ["fostering_limit"]


def test_each_published_limit_names_its_source():
    assert all(limit.source and limit.words for limit in published_rules().limits)
