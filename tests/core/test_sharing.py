"""Sharing between partners: every part adds up, in every cut of the time, to the penny."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.periods import Period
from rightplace.core.problems import Problem
from rightplace.core.sharing import (
    Charged,
    Share,
    cut_charge,
    read_share,
    running_shares,
    share_problems,
    share_words,
    split_charges,
)

START = date(2026, 4, 1)
CARE, EDUCATION, HEALTH = 1, 2, 3


def month(line: int, start: date, end: date, pence: int) -> Charged:
    return Charged(line, Period(start, end), pence)


def test_the_worked_example_of_the_page() -> None:
    """Joint funding in docs/how-it-works: April and May, the home shared in thirds, health £500 a week beside it."""
    thirds = (Share(CARE, Fraction(1, 3)), Share(EDUCATION, Fraction(1, 3)), Share(HEALTH, Fraction(1, 3)))
    charges = [
        month(7, START, date(2026, 5, 1), 1_000_000),
        month(7, date(2026, 5, 1), date(2026, 6, 1), 1_000_000),
    ]
    assert split_charges(charges, thirds, START) == ((333_333, 333_334, 333_333), (333_334, 333_332, 333_334))
    fixed = (Share(CARE), Share(HEALTH, weekly_pence=50_000))
    assert split_charges(charges, fixed, START) == ((785_714, 214_286), (778_572, 221_428))


shares = st.one_of(
    st.lists(st.integers(0, 60), min_size=1, max_size=4)
    .filter(any)
    .map(lambda given: tuple(Share(key, Fraction(one, sum(given))) for key, one in enumerate(given))),
    st.tuples(st.integers(0, 200_000), st.fractions(0, 1, max_denominator=97)).map(
        lambda pair: (
            (Share(0, weekly_pence=pair[0]), Share(1, part=pair[1]), Share(2))
            if pair[1] < 1
            else (Share(0, part=Fraction(1)),)
        )
    ),
)
monthly = st.lists(
    st.tuples(st.integers(1, 40), st.lists(st.integers(-30_000, 900_000), min_size=1, max_size=3)),
    min_size=1,
    max_size=8,
)


def charges_of(months: list[tuple[int, list[int]]]) -> list[Charged]:
    found, day = [], START
    for nights, lines in months:
        end = day + timedelta(nights)
        found += [Charged(line, Period(day, end), pence) for line, pence in enumerate(lines)]
        day = end
    return found


@given(monthly, shares)
def test_the_parts_of_every_charge_add_up_to_it(
    months: list[tuple[int, list[int]]], of: tuple[Share, ...]
) -> None:
    charges = charges_of(months)
    assert [sum(row) for row in split_charges(charges, of, START)] == [one.pence for one in charges]


@given(monthly, shares)
def test_each_partner_bears_their_share_of_the_total_so_far(
    months: list[tuple[int, list[int]]], of: tuple[Share, ...]
) -> None:
    charges = charges_of(months)
    rows = split_charges(charges, of, START)
    nights = sum(many for many, _ in months)
    whole = running_shares(sum(one.pence for one in charges), nights, of)
    assert tuple(sum(column) for column in zip(*rows, strict=True)) == whole


@given(monthly, shares, st.lists(st.integers(0, 320), max_size=5))
def test_it_makes_no_difference_into_which_stretches_the_time_is_cut(
    months: list[tuple[int, list[int]]], of: tuple[Share, ...], days: list[int]
) -> None:
    charges = charges_of(months)
    cuts = sorted(START + timedelta(day) for day in days)
    pieces = [piece for charge in charges for piece in cut_charge(charge, cuts)]
    assert sum(piece.pence for piece in pieces) == sum(charge.pence for charge in charges)
    cut, whole = (split_charges(some, of, START) for some in (pieces, charges))
    assert [sum(column) for column in zip(*cut, strict=True)] == [
        sum(column) for column in zip(*whole, strict=True)
    ]


@given(st.integers(-(10**9), 10**9), st.integers(0, 4000), shares)
def test_nobody_bears_more_than_the_whole_nor_less_than_nothing(
    total: int, nights: int, of: tuple[Share, ...]
) -> None:
    parts = running_shares(total, nights, of)
    assert sum(parts) == total
    assert all(0 <= part <= total if total >= 0 else total <= part <= 0 for part in parts)


@pytest.mark.parametrize(
    ("given_", "code"),
    [
        ((), "no_shares"),
        ((Share(1, Fraction(1, 2)), Share(1, Fraction(1, 2))), "twice"),
        ((Share(1, Fraction(1, 2)), Share(2, Fraction(49, 100))), "below_whole"),
        ((Share(1, Fraction(2, 3)), Share(2, Fraction(1, 2))), "above_whole"),
        ((Share(1, weekly_pence=100), Share(2, Fraction(1, 2))), "no_rest"),
        ((Share(1), Share(2)), "two_rests"),
        ((Share(1, Fraction(-1, 2)), Share(2)), "negative"),
    ],
)
def test_shares_that_do_not_make_the_whole_are_refused(given_: tuple[Share, ...], code: str) -> None:
    assert [problem.code for problem in share_problems(given_)] == [code]
    with pytest.raises(ValueError, match="divide the whole"):
        running_shares(100, 7, given_)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("60%", "60%"),
        ("33.5 %", "33.5%"),
        ("1/3", "1/3"),
        ("£500 a week", "£500.00 a week"),
        ("The rest", "the rest"),
    ],
)
def test_a_share_is_read_as_people_write_it(text: str, words: str) -> None:
    share = read_share(text, 1)
    assert isinstance(share, Share)
    assert share_words(share) == words


@pytest.mark.parametrize("text", ["half", "120%", "1/0", "£1.234", "=1+1", "0.6"])
def test_what_is_no_share_is_refused_with_what_to_type(text: str) -> None:
    assert isinstance(read_share(text, 1), Problem)


def test_an_empty_entry_is_no_share() -> None:
    assert read_share("  ", 1) is None
    assert read_share("0%", 1) is None
