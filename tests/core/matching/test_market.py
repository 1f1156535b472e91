"""The market in columns: rows and options, and changes without building it again."""

import random
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightplace.core.geography import miles_between
from rightplace.core.matching.living import NAMES, beside
from rightplace.core.matching.market import COLUMNS, Market, market_of, miles_to, option_at, with_changes
from rightplace.core.matching.profile import Child, Option, Referral
from tests.core.matching.homes import CROYDON, option, ranked, some_homes, some_referral


def facts(market: Market) -> dict[str, list[object]]:
    """The columns without what numbers the sets differently: two markets with the same facts give the same."""
    named = {at: one for one, at in market.sets.items()}
    made: dict[str, list[object]] = {name: getattr(market, name).tolist() for name in (*COLUMNS, "key_rank")}
    for name in ("languages", "faiths", "cultures"):
        made[name] = [named[at] for at in getattr(market, name).tolist()]
    return made | {f"there_{name}": getattr(market.living, name).tolist() for name in NAMES}


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_a_changed_market_is_the_market_built_from_the_changed_homes(seed: int, chance: random.Random):
    homes = [replace(home, located=home.located or option().located) for home in some_homes(12, seed)]
    changed = [
        replace(home, key=homes[at].key)
        for at, home in enumerate(some_homes(12, seed + 1))
        if chance.random() < 0.3
    ]
    changed = [replace(home, located=option().located) for home in changed] + [option(key="aaa-new")]
    gone = {home.key for home in homes if chance.random() < 0.2}
    by_key = {home.key: home for home in changed}
    kept = [by_key.get(home.key, home) for home in homes if home.key not in gone] + [option(key="aaa-new")]
    found = with_changes(market_of(homes), changed, gone)
    expected = market_of(found.options)
    assert {one.key: one for one in found.options} == {one.key: one for one in kept}
    # Where a row is gone the last one stands; all others stay where they were.
    places = zip(homes[: len(found)], found.options, strict=False)
    assert all(home.key in gone or home.key == one.key for home, one in places)
    assert facts(found) == facts(expected)
    assert found.row_of_key == expected.row_of_key
    assert found.row_of_child == expected.row_of_child
    wanted = some_referral(seed)
    assert keys_in_order(wanted, kept) == keys_in_order(wanted, list(found.options))


def keys_in_order(wanted: Referral, homes: list[Option]) -> list[str]:
    return [homes[row].key for row in ranked(wanted, homes).rows.tolist()]


def test_a_change_leaves_the_old_market_as_it_was():
    market = market_of([option(key="a"), option(key="b")])
    before = facts(market)
    changed = with_changes(market, [option(key="a", places_free=5)])
    assert facts(market) == before
    assert changed.places_free.tolist() == [5, 1]
    assert option_at(changed, 0).places_free == 5


def test_two_homes_of_one_key_are_a_mistake():
    with pytest.raises(ValueError, match="same key"):
        market_of([option(), option()])


def test_rows_can_be_taken_out_in_any_order():
    market = market_of(some_homes(5))
    few = market.taken([3, 1])
    assert [one.key for one in few.options] == ["home-00003", "home-00001"]
    assert few.key_rank.tolist() == [1, 0]


def test_miles_by_columns_are_those_of_the_great_circle_to_a_yard():
    homes = [home for home in some_homes(200) if home.located]
    miles = miles_to(market_of(homes), CROYDON)
    exact = [miles_between(CROYDON, home.located.point) for home in homes if home.located]
    assert np.abs(miles - exact).max() < 1 / 1_760


def test_figures_beyond_any_home_are_counted_to_fifty():
    market = market_of([option(places_free=10_000, children_there=(Child(9),) * 300)])
    assert (market.places_free.tolist(), market.there_count.tolist()) == ([50], [50])


def test_a_market_holds_a_column_for_each_fact():
    names = {one.name for one in fields(Market)}
    assert set(COLUMNS) < names


def test_what_children_need_of_others_comes_to_the_strictest():
    there = beside(
        [
            Child(9, companions="only_older"),
            Child(14, companions="only_older"),
            Child(11, "M", companions="only_younger"),
        ]
    )
    assert (there.older_than, there.younger_than, there.youngest, there.oldest) == (14, 11, 9, 14)
