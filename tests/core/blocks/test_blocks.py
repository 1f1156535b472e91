"""Shared beds: a month is divided to the penny, whoever used it; the next bed goes by the stated rule."""

from __future__ import annotations

import doctest
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.blocks import (
    Handed,
    Member,
    Standing,
    member_problems,
    settle,
    settling,
    turn_order,
    turns,
)

HALVES = [Member(1, Fraction(1, 2)), Member(2, Fraction(1, 2))]
QUARTERS = [Member(1, Fraction(1, 2)), Member(2, Fraction(1, 4)), Member(3, Fraction(1, 4))]


@pytest.mark.parametrize("module", [settling, turns])
def test_the_examples_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]  # a module


def test_the_worked_month_of_the_guide() -> None:
    """June: five beds, 150 nights at £200 each; 100 nights used, 20 handed over for £150 a night, 30 empty."""
    found = settle(3_000_000, 150, QUARTERS, {1: 60, 2: 40}, [Handed(9, 20, 300_000)])
    assert found.risk_pence == 700_000
    assert [(part.key, part.used_pence, part.handed_pence, part.risk_pence) for part in found.parts] == [
        (1, 1_200_000, 0, 350_000), (2, 800_000, 0, 175_000), (3, 0, 0, 175_000), (9, 0, 300_000, 0),
    ]  # fmt: skip


def test_who_left_beds_unused_bears_the_empty_nights_where_the_rule_says_so() -> None:
    found = settle(3_000_000, 150, QUARTERS, {1: 75, 2: 25}, risk_rule="by_unused")
    assert [part.risk_pence for part in found.parts] == [0, 250_000, 750_000]


def test_beds_handed_over_for_more_than_they_cost_are_a_reward_for_all() -> None:
    found = settle(3_000_000, 150, QUARTERS, {1: 75, 2: 37, 3: 33}, [Handed(9, 5, 200_000)], "by_unused")
    assert found.risk_pence == -100_000
    assert [part.risk_pence for part in found.parts] == [-50_000, -25_000, -25_000, 0]


def test_a_member_that_takes_a_bed_over_pays_the_agreed_price_and_no_other() -> None:
    found = settle(62_000, 62, HALVES, {1: 31}, [Handed(2, 31, 15_500)])
    assert [(one.nights, one.handed_nights, one.pence) for one in found.parts] == [
        (31, 0, 38_750),
        (0, 31, 23_250),
    ]


parts = st.lists(st.integers(1, 40), min_size=1, max_size=6)


@given(st.integers(0, 10**9), parts, st.data(), st.sampled_from(sorted(settling.RISK_RULES)))
def test_the_parts_always_add_up_to_the_cost(
    cost: int, weights: list[int], data: st.DataObject, rule: str
) -> None:
    members = [Member(key, Fraction(one, sum(weights))) for key, one in enumerate(weights)]
    nights = [data.draw(st.integers(0, 40)) for _ in weights]
    taken = data.draw(
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 10**8)), max_size=3)
    )
    handed = [Handed(*one) for one in taken]
    beds = sum(nights) + sum(one.nights for one in handed) + data.draw(st.integers(0, 60))
    found = settle(cost, beds, members, dict(enumerate(nights)), handed, rule)
    assert found.pence == cost
    assert sum(part.risk_pence for part in found.parts) == found.risk_pence
    for part in found.parts:
        assert found.risk_pence * part.risk_pence >= 0, "nobody is rewarded while others bear a risk"
        exact = Fraction(cost * part.nights, beds) if beds else 0
        assert abs(part.used_pence - exact) <= 1, "a filled night costs the same whoever filled it"
    if rule == "by_unused" and found.risk_pence > 0:
        full = [key for key, one in enumerate(members) if nights[key] >= one.share * beds]
        spared = full if len(full) < len(members) else []
        assert all(found.parts[key].risk_pence == 0 for key in spared)


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ([], "no_members"), ([Member(1, Fraction(1, 2))] * 2, "twice"), ([Member(1, Fraction(1, 2))], "not_whole"),
        ([Member(1, Fraction(2)), Member(2, Fraction(-1))], "no_share"),
    ],
)  # fmt: skip
def test_members_that_are_none_are_named(members: list[Member], code: str) -> None:
    assert [problem.code for problem in member_problems(members)] == [code]
    with pytest.raises(ValueError, match="not the members"):
        settle(100, 1, members, {})


@pytest.mark.parametrize(("used", "handed"), [({1: 5}, ()), ({1: 3}, (Handed(2, 1, 0),)), ({1: -1}, ())])
def test_more_nights_than_there_were_are_refused(used: dict[int, int], handed: tuple[Handed, ...]) -> None:
    with pytest.raises(ValueError, match="more nights"):
        settle(100, 3, HALVES, used, handed)


def test_who_is_no_member_uses_no_night() -> None:
    with pytest.raises(ValueError, match="not the members"):
        settle(100, 3, HALVES, {7: 1})


def test_a_bed_goes_to_who_waited_longest_or_is_furthest_below_its_share_or_whose_own_it_is() -> None:
    half, fifth = Fraction(1, 2), Fraction(3, 10)
    three = [Standing(1, half, 50, 2, 5), Standing(2, fifth, 10, 2, 9), Standing(3, Fraction(1, 5), 40, 0, 2)]
    assert turn_order("in_turn", three, 5) == [3, 1, 2]
    assert turn_order("below_share", three, 5) == [2, 1, 3]
    assert turn_order("own_beds", three, 5) == [3, 1, 2]
    with pytest.raises(ValueError, match="no rule"):
        turn_order("by_price", three, 5)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 99), st.integers(0, 9)), min_size=1, max_size=6))
def test_everyone_is_asked_once_and_nobody_further_above_its_share_first(
    rows: list[tuple[int, int, int]],
) -> None:
    whole = sum(share for share, _, _ in rows)
    members = [
        Standing(key, Fraction(share, whole), nights, 0, last)
        for key, (share, nights, last) in enumerate(rows)
    ]
    order = turn_order("below_share", members, 9)
    used = sum(one.nights for one in members)
    above = [members[key].nights - members[key].share * used for key in order]
    assert sorted(order) == list(range(len(rows)))
    assert above == sorted(above)
