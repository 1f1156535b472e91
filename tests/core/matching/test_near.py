"""Near misses: what would make a home possible, in words and as codes that can be counted."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightplace.core.matching.eligibility import RULES_BY_CODE
from rightplace.core.matching.near import REMEDIES
from rightplace.core.matching.policy import SWITCHED_MUSTS, Policy
from rightplace.core.matching.profile import Child, Need, PreferredPlace, Terms
from tests.core.matching.homes import CROYDON, option, ranked, referral, some_homes, some_referral

STRICT = Policy(must_codes=frozenset(SWITCHED_MUSTS))
HOIST = frozenset({"hoist"})

CASES: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    ({}, {"places_free": 0}, "bed:foster", "one more bed"),
    ({"children": (Child(12, "F"),) * 3}, {}, "bed:foster", "2 more beds"),
    (
        {}, {"places_free": 0, "frees_on": date(2026, 4, 1)}, "bed:foster", "one more bed, or from 1 April 2026",
    ),
    (
        {}, {"children_there": (Child(8), Child(9), Child(10))}, "exemption", "a recorded exemption for 4 children",
    ),
    ({}, {"terms": Terms(0, 10)}, "terms:age", "terms of approval for this age"),
    ({}, {"kind": "residential", "terms": Terms(13)}, "condition:age", "a condition of registration for this age"),
    (
        {}, {"terms": Terms(needs_barred=frozenset({"autism"}))}, "condition:autism", "registration for autism",
    ),
    ({"adaptations": HOIST}, {"adaptations": frozenset()}, "adaptation:hoist", "hoist"),
    (
        {"essential": frozenset({"driver"})}, {"lacks": frozenset({"driver"})}, "criterion:driver", "a carer who drives",
    ),
    ({"needs": (Need("autism", 3),)}, {}, "skill:autism", "a skill with autism"),
    ({"preferred_places": (PreferredPlace(CROYDON, 1),)}, {}, "miles", "3 more miles"),
    (
        {"ceiling_pence_week": 90_000}, {"price_pence_week": 95_050}, "price", "£51 a week less, or a higher ceiling",
    ),
    (
        {}, {"is_on_framework": False}, "framework", "the provider on a framework, or a reason for a spot purchase",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "home", "code", "words"), CASES, ids=[case[2] + case[3] for case in CASES]
)
def test_a_near_miss_says_what_would_make_it_possible(
    wanted: dict[str, Any], home: dict[str, Any], code: str, words: str
):
    from rightplace.core.matching.vocabulary import HomeKind

    made = option(**(home | ({"kind": HomeKind(home["kind"])} if "kind" in home else {})))
    near = ranked(referral(**wanted), [made], policy=STRICT).near_misses
    assert [(one.code, one.words) for miss in near for one in miss.remedies] == [(code, words)]
    assert near[0].words == f"Possible with {words}."


def test_homes_that_fail_one_thing_come_before_those_that_fail_two():
    homes = [
        option(key="two", places_free=0, terms=Terms(0, 10), skills=frozenset({"self_harm", "autism"})),
        option(key="one", places_free=0),
        option(key="three", places_free=0, terms=Terms(0, 10, frozenset({"M"}))),
        option(key="barred", suspended="late notice"),
    ]
    near = ranked(referral(), homes).near_misses
    assert [miss.option.key for miss in near] == ["one", "two"]
    assert near[1].words.startswith("Possible with terms of approval for this age; one more bed.")


def test_where_nothing_can_be_done_the_nearest_are_still_shown_with_their_reasons():
    homes = [option(key="held", suspended="late notice"), option(key="both", suspended="x", concern="y")]
    near = ranked(referral(), homes).near_misses
    assert [(miss.option.key, miss.words, miss.is_possible) for miss in near] == [("held", "", False)]
    assert near[0].problems[0].sentence == "Placements are suspended: late notice."


def test_what_the_market_lacks_is_counted_by_homes_that_fail_one_thing_alone():
    homes = [option(key=key, places_free=0) for key in "abc"] + [
        option(key="d", terms=Terms(0, 10), places_free=0)
    ]
    assert ranked(referral(), homes).gaps == {"no_place": 3}


def test_nothing_that_the_law_or_a_childs_safety_bars_has_a_remedy():
    barred = {"not_registered", "under_16_supported", "secure_not_asked", "suspended", "concern", "unsafe_place"}
    assert not barred & set(REMEDIES)
    assert set(REMEDIES) <= set(RULES_BY_CODE)


@settings(max_examples=50)
@given(st.integers(0, 2**32))
def test_a_referral_with_no_possible_home_is_never_without_near_misses(seed: int):
    wanted, homes = some_referral(seed), some_homes(6, seed)
    ranking = ranked(wanted, homes)
    out = len(homes) - len(ranking.rows)
    assert bool(ranking.near_misses) or not out or len(ranking.rows)
    for miss in ranking.near_misses:
        assert list(miss.problems) == ranking.reasons(miss.row)
        assert miss.tenths == ranking.explain(miss.row).tenths
