"""Gap tables count homes that a child may truly live in, by the musts of matching, not beds."""

from dataclasses import replace

import pytest

from rightplace.core.matching.market import market_of
from rightplace.core.matching.profile import Need, Terms
from rightplace.core.sufficiency.cohorts import cohorts_of
from rightplace.core.sufficiency.gaps import gap_grid, gap_table, lock_words, usable_for, wilson
from tests.core.matching.homes import option, some_referral


def test_an_empty_bed_that_a_child_may_not_have_fills_no_gap():
    child = replace(some_referral(3), needs=(), essential=frozenset(), unsafe_places=(), preferred_places=())
    age = max(one.age for one in child.children)
    closed = option(key="a", places_free=3, terms=Terms(youngest=0, oldest=max(age - 1, 0)))
    (found,) = usable_for([child], market_of([closed]))
    assert (found.usable, found.free) == (0, 0)
    (row,) = [one for one in gap_table([found]) if one.code == "everyone"]
    assert row.without_usable == row.without_free == row.children == len(child.children)


def test_needs_make_the_cohorts():
    child = some_referral(1)
    severe = replace(child, needs=(Need("autism", 3), Need("asylum", 2)))
    assert {"autism_semh", "uasc", "everyone"} <= set(cohorts_of(severe))
    assert cohorts_of(replace(child, needs=(), children=child.children[:1])) == ("everyone",)


def test_what_would_open_an_empty_home_is_named():
    referrals = [some_referral(seed) for seed in range(12)]
    usable = usable_for(referrals, market_of([option(key=str(i), places_free=1) for i in range(4)]))
    for one in usable:
        assert one.free <= one.usable
        assert one.near <= one.free
    assert sum(gap.children for key, gap in gap_grid(usable).items() if key[0] == "everyone") == sum(
        one.children for one in usable
    )
    assert all(lock_words(code) != code for one in usable for code in one.locks)


def test_intervals_of_small_groups_are_wide():
    assert wilson(0, 0) == (0, 1)
    low, high = wilson(1, 2)
    assert low < 0.2 and high > 0.8
    assert wilson(50, 100)[1] - wilson(50, 100)[0] == pytest.approx(0.163, abs=0.01)
