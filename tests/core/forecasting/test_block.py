"""Shared blocks against the closed form, shares that add up, break-even, and the business case."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightplace.core.forecasting.block import (
    RULES,
    Buyer,
    best_beds,
    break_even_filling,
    break_even_price,
    good_and_bad,
    shapley,
    shares,
    sizes,
)
from rightplace.core.forecasting.business_case import business_case, present_value, tornado


def test_the_worked_example_of_a_block():
    assert best_beds([0, 1, 2, 3, 4], 50, 100) == 2
    assert best_beds([0, 1, 2, 3, 4], 100, 100) == 0
    assert break_even_filling(50, 100) == 0.5
    # Two beds are filled 0 + 1 + 2 + 2 + 2 nights of 5: 1.4 of 2, so worth up to 0.7 of a place each.
    assert break_even_price([0, 1, 2, 3, 4], 2, 100) == pytest.approx(70)


def test_beds_for_a_poisson_need_are_the_point_of_its_law_that_the_prices_ask():
    from scipy.stats import poisson

    need = np.random.default_rng(1).poisson(6.3, 200_000)
    for price in (30, 55, 80):
        assert best_beds(need, price, 100) == poisson.ppf(1 - price / 100, 6.3)


@settings(max_examples=60)
@given(st.lists(st.integers(0, 12), min_size=3, max_size=40), st.integers(1, 140))
def test_no_other_number_of_beds_costs_less(need: list[int], price: int):
    table = sizes(need, price, 100, 14)
    best = best_beds(need, price, 100)
    assert table[best].cost_pence <= min(one.cost_pence for one in table) + 1e-9


@settings(max_examples=30)
@given(st.integers(2, 6), st.integers(0, 1000), st.integers(1, 12), st.sampled_from(sorted(RULES)))
def test_shares_add_up_to_the_whole(number: int, seed: int, beds: int, rule: str):
    chance = np.random.default_rng(seed)
    buyers = [
        Buyer(f"A{i}", int(chance.integers(1, 90)) * 1000, chance.poisson(i + 1, 50).astype(float))
        for i in range(number)
    ]
    parts = shares(buyers, beds, 600, 900, rule)
    together = 600 * beds + 900 * np.maximum(sum(one.need for one in buyers) - beds, 0).mean()
    assert sum(parts) == pytest.approx(together)
    years = good_and_bad(buyers, parts, beds, (600, 900))
    assert all(year.good_pence <= year.bad_pence for year in years)


def test_shapley_values_of_a_known_game():
    # The glove game: one left glove, two right ones; a pair is worth 1. Values 2/3, 1/6, 1/6.
    def worth(members: frozenset[int]) -> float:
        return float(0 in members and len(members) > 1)

    assert shapley(3, worth) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_present_value_and_the_chance_of_saving():
    assert present_value(np.array([[0.0] * 11 + [103.5]]))[0] == pytest.approx(100)
    today, other = np.array([[100.0] * 12, [100.0] * 12]), np.array([[90.0] * 12, [110.0] * 12])
    case = business_case(today, other)
    assert case.chance == 0.5
    assert case.saving_pence == pytest.approx(0)
    bars = tornado(
        lambda name, x: x * {"price": 3, "filling": 10}[name], {"price": (1, 2), "filling": (1, 2)}
    )
    assert [bar.name for bar in bars] == ["filling", "price"]
