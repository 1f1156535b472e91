"""Ranking one referral against a market: order, points, what is left out, and what is promised of every market."""

import random
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightplace.core.matching.asked import Asked
from rightplace.core.matching.eligibility import exclusions
from rightplace.core.matching.explained import explained
from rightplace.core.matching.market import market_of
from rightplace.core.matching.policy import DEFAULT_WEIGHTS, SWITCHED_MUSTS, WEIGHT_NAMES, Policy
from rightplace.core.matching.profile import Option, UnsafePlace
from rightplace.core.matching.ranking import Ranking, exclusions_at, rank_many, rank_market, value_matrix
from rightplace.core.matching.valued import contenders, value_rows
from rightplace.core.matching.vocabulary import HomeKind
from tests.core.matching.homes import (
    BRIGHTON,
    Located,
    Precision,
    fit,
    option,
    ranked,
    referral,
    some_homes,
    some_referral,
)

seeds = st.integers(0, 2**32)
weights = st.fixed_dictionaries({code: st.integers(0, 40) for code in WEIGHT_NAMES})


def keys(ranking: Ranking) -> list[str]:
    return [ranking.asked.market.options[row].key for row in ranking.rows.tolist()]


def test_the_worked_example_of_the_page_on_matching():
    wanted = referral(unsafe_places=(UnsafePlace(BRIGHTON, 5),), ceiling_pence_week=100_000)
    homes = [
        option(),
        option(key="b", located=Located(BRIGHTON, Precision.SECTOR), price_pence_week=120_000),
        option(key="c", kind=HomeKind.SUPPORTED),
        option(key="d", places_free=0, frees_on=date(2026, 4, 1)),
    ]
    ranking = ranked(wanted, homes)
    assert keys(ranking) == ["carer-1"]
    assert {code: many for code, many in ranking.failed.items() if many} == {
        "unsafe_place": 1, "above_ceiling": 1, "under_16_supported": 1, "kind_unsuitable": 1, "no_place": 1,
    }  # fmt: skip
    match = ranking.first[0]
    assert [(one.code, one.points, one.of) for one in match.contributions] == [
        ("needs", 26.0, 34.7), ("distance", 13.1, 20.8), ("kind", 11.1, 11.1), ("grade", 9.5, 11.1),
        ("school", 8.3, 8.3), ("experience", 0, 5.6), ("cost", 2.1, 4.2), ("own", 2.1, 4.2),
    ]  # fmt: skip
    assert match.score == 72.2
    assert match.contributions[1].words == "3.7 miles from school (straight line, to the sector)."
    assert match.unknown[0] == "How would these needs be met: Autism (some)?"
    assert [one.words for one in ranking.near_misses] == ["Possible with one more bed, or from 1 April 2026."]


def test_equal_values_put_own_carers_first_and_then_go_by_key():
    homes = [option(key="z"), option(key="a"), option(key="own", is_own=True)]
    wanted, blind = referral(), Policy(dict(DEFAULT_WEIGHTS) | {"own": 0})
    assert keys(ranked(wanted, homes, policy=blind)) == ["own", "a", "z"]


def test_with_cost_left_out_the_dearer_home_may_come_first():
    better = option(key="better", price_pence_week=700_000, skills=frozenset({"self_harm", "autism"}))
    homes = [option(key="cheap", price_pence_week=50_000), better]
    ranking = ranked(referral(), homes, policy=Policy({"needs": 20, "cost": 30}))
    assert keys(ranking) == ["cheap", "better"]
    assert ranking.without_cost.tolist() == [1, 0]


def test_a_ranking_with_nothing_that_weighs_is_in_the_order_of_keys():
    ranking = ranked(referral(), [option(key="b"), option(key="a")], policy=Policy({"siblings": 5}))
    assert keys(ranking) == ["a", "b"]
    assert ranking.first[0].score == 0


def test_an_empty_market_is_an_empty_ranking():
    ranking = ranked(referral(), [])
    assert (len(ranking.rows), ranking.first, ranking.near_misses, ranking.steadiness.rooms) == (
        0,
        (),
        (),
        (),
    )


@settings(max_examples=30)
@given(seeds)
def test_no_hard_criterion_is_ever_broken_and_every_home_left_out_has_its_reasons(seed: int):
    wanted, homes = some_referral(seed), some_homes(15, seed)
    ranking = ranked(wanted, homes)
    eligible = set(ranking.rows.tolist())
    counted = dict.fromkeys(ranking.failed, 0)
    for row, home in enumerate(homes):
        problems = exclusions(wanted, home)
        assert (not problems) == (row in eligible)
        assert problems == ranking.reasons(row) == exclusions_at(wanted, ranking.asked.market, row)
        for problem in problems:
            counted[problem.code] += 1
    assert counted == ranking.failed


@settings(max_examples=30)
@given(seeds, weights)
def test_points_add_up_to_the_score_and_none_is_above_its_full_marks(
    seed: int, given_weights: dict[str, int]
):
    wanted, homes = some_referral(seed), some_homes(8, seed)
    ranking = ranked(wanted, homes, policy=Policy(given_weights))
    for match in ranking.explain_all(range(8)):
        assert sum(one.tenths for one in match.contributions) == match.tenths
        assert sum(one.of_tenths for one in match.contributions) in (0, 1_000)
        assert all(0 <= one.tenths <= one.of_tenths for one in match.contributions)
    assert [match.tenths for match in ranking.first] == (ranking.scores * 10).round().tolist()


@settings(max_examples=30)
@given(seeds, st.randoms(use_true_random=False))
def test_the_order_in_which_homes_come_changes_nothing(seed: int, chance: random.Random):
    wanted, homes = some_referral(seed), some_homes(8, seed)
    # Every home twice, so that values are equal and the keys decide.
    homes += [replace(home, key=f"a-{home.key}", children_there=()) for home in homes]
    homes += [replace(home, key=f"z-{home.key}") for home in homes[8:]]
    shuffled = homes.copy()
    chance.shuffle(shuffled)
    one, other = ranked(wanted, homes), ranked(wanted, shuffled)
    assert keys(one) == keys(other)
    assert one.first == other.first
    assert one.failed == other.failed
    assert [near.option.key for near in one.near_misses] == [near.option.key for near in other.near_misses]
    assert one.steadiness == other.steadiness


@settings(max_examples=30)
@given(seeds)
def test_one_more_vacancy_never_lowers_the_best_value(seed: int):
    wanted, homes = some_referral(seed), some_homes(12, seed)
    before = ranked(wanted, homes).scores
    more = [*homes[:5], replace(homes[5], places_free=homes[5].places_free + 1), *homes[6:]]
    for market in (more, [*homes, option(key="new", places_free=3)]):
        after = ranked(wanted, market).scores
        assert not len(before) or after[0] >= before[0]


@settings(max_examples=25)
@given(seeds, st.sampled_from(("skills", "features", "experience", "languages")))
def test_knowing_more_never_lowers_a_value(seed: int, name: str):
    wanted, home = some_referral(seed), some_homes(1, seed)[0]
    gained = {
        "skills": {need.code for need in wanted.needs}, "experience": {need.code for need in wanted.needs},
        "features": wanted.essential | wanted.desirable, "languages": wanted.languages,
    }  # fmt: skip
    richer = replace(home, **{name: getattr(home, name) | gained[name]})
    assert fit(wanted, richer).tenths >= fit(wanted, home).tenths


@settings(max_examples=30)
@given(seeds)
def test_the_first_are_the_same_however_many_are_explained(seed: int):
    wanted, homes = some_referral(seed), some_homes(40, seed)
    every = ranked(wanted, homes, first=1_000).first
    assert ranked(wanted, homes, first=4).first == every[:4]
    assert [match.row for match in every] == ranked(wanted, homes).rows.tolist()


@settings(max_examples=20)
@given(seeds)
def test_a_list_is_ranked_as_each_of_it_alone(seed: int):
    market = market_of(some_homes(30, seed))
    wanted = [some_referral(seed + at) for at in range(5)]
    singles = [rank_market(one, market, first=6) for one in wanted]
    many = list(rank_many(wanted, market, first=6))
    assert [one.first for one in many] == [one.first for one in singles]
    assert [one.failed for one in many] == [one.failed for one in singles]
    found = value_matrix(wanted, market, best=6)
    assert found.eligible.tolist() == [len(one.rows) for one in singles]
    expected = [(at, match.row, match.tenths) for at, one in enumerate(singles) for match in one.first]
    assert list(zip(found.group.tolist(), found.row.tolist(), found.value.tolist(), strict=True)) == expected


def test_nobody_to_place_gives_no_candidates():
    found = value_matrix([], market_of([option()]))
    assert (len(found.group), len(found.row), len(found.value), len(found.eligible)) == (0, 0, 0, 0)


@pytest.mark.parametrize("code", sorted(SWITCHED_MUSTS))
def test_a_policy_switches_a_hard_criterion_on(code: str):
    homes = some_homes(60)
    wanted = replace(referral(), ceiling_pence_week=200_000)
    off, on = (
        ranked(wanted, homes, policy=Policy(must_codes=chosen)) for chosen in (frozenset(), frozenset({code}))
    )
    assert off.failed[code] == 0 < on.failed[code]


def test_a_waiver_brings_homes_back_and_never_the_laws():
    homes: list[Option] = [option(key="full", places_free=0), option(key="closed", suspended="late notice")]
    waived = frozenset({"no_place", "suspended"})
    assert keys(ranked(referral(), homes, waived=waived)) == ["full"]


@settings(max_examples=20)
@given(seeds, st.integers(1, 3), st.integers(15, 70))
def test_leaving_out_those_that_cannot_come_first_changes_neither_the_first_nor_their_points(
    seed: int, many: int, block: int
):
    asked = Asked(some_referral(seed), market_of(some_homes(60, seed)))
    rows = np.arange(60)
    whole = value_rows(asked, rows)
    few = contenders(asked, rows, many, block)
    assert explained(few, few.best(many)) == explained(whole, whole.best(many))
