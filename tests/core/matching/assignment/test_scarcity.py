"""Scarcity prices: what a bed is worth to children still to come, learned from those who came before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.matching.assignment.scarcity import CHARGED, SURE, Arrivals, scarcity_of


def came(*wanted: dict[int, float], days: float = 100.0, sizes: tuple[int, ...] = ()) -> Arrivals:
    """Referrals, each with the homes that would do and their value."""
    rows = [(place, home, value) for place, homes in enumerate(wanted) for home, value in homes.items()]
    many = sizes or (1,) * len(wanted)
    return Arrivals(
        np.array([row[0] for row in rows], dtype=np.int64), np.array([row[1] for row in rows], dtype=np.int64),
        np.array([row[2] for row in rows], dtype=float), np.array([many[row[0]] for row in rows], dtype=np.int64), days,
    )  # fmt: skip


def test_the_only_home_for_a_kind_of_child_is_dear_and_one_of_many_is_not():
    """The worked example of docs/how-it-works/assigning.md."""
    arrivals = came({0: 80}, {0: 70}, {1: 75, 2: 74, 3: 73})
    found = scarcity_of(arrivals, homes=4, days_free=28)
    assert found.price.tolist() == pytest.approx([16.8, 0, 0, 0])
    assert found.needed_by.tolist() == [2, 1, 0, 0]
    rest = 74 * SURE + 73 * (1 - SURE) * SURE
    assert scarcity_of(arrivals, 4, 100).price[1] == pytest.approx(CHARGED * (75 - rest))


def test_brothers_and_sisters_count_for_each_child():
    one, three = (scarcity_of(came({0: 80}, sizes=(many,)), 1, 50).price[0] for many in (1, 3))
    assert three == pytest.approx(3 * one)


def test_nobody_came_and_nothing_is_scarce():
    assert scarcity_of(came(), 3, 28).price.tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="must have days"):
        scarcity_of(came({0: 50}, days=0), 1, 28)


homes_wanted = st.dictionaries(st.integers(0, 7), st.integers(0, 100).map(float), min_size=1, max_size=8)


@given(st.lists(homes_wanted, min_size=1, max_size=12), st.randoms())
def test_prices_are_never_below_nothing_and_the_order_of_rows_changes_none(wanted, chance):
    arrivals = came(*wanted)
    found = scarcity_of(arrivals, 8, 28)
    order = list(range(len(arrivals.home)))
    chance.shuffle(order)
    mixed = Arrivals(
        *(column[order] for column in (arrivals.referral, arrivals.home, arrivals.value, arrivals.size)),
        100.0,
    )
    assert (found.price >= 0).all()
    assert np.allclose(scarcity_of(mixed, 8, 28).price, found.price)


@given(st.lists(homes_wanted, min_size=1, max_size=8))
def test_one_more_home_that_would_do_never_makes_another_dearer(wanted):
    before = scarcity_of(came(*wanted), 9, 28).price[:8]
    after = scarcity_of(came(*({**homes, 8: 100.0} for homes in wanted)), 9, 28).price[:8]
    assert (after <= before + 1e-9).all()
