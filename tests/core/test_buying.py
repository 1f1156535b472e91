"""Buying, pure: the award and how far weights may move, prices beside need, shares of a market, whose turn a bed is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.buying.award import (
    MOST_COST_WEIGHT,
    Tendered,
    Weighted,
    rank,
    rooms,
    steady_words,
    weight_problems,
    whole_cost,
)
from rightplace.core.buying.need_prices import Priced, compare
from rightplace.core.buying.shares import Wanting, concentration, in_turn, why_first

CARE, SCHOOL, COST = (
    Weighted(1, "Care", 40, least=2),
    Weighted(2, "School", 30),
    Weighted(3, "Whole cost", 30, is_cost=True),
)
CRITERIA = (CARE, SCHOOL, COST)
ELM = Tendered(1, {1: Fraction(4), 2: Fraction(4)}, 400_000_00)
OAK = Tendered(2, {1: Fraction(5), 2: Fraction(4)}, 500_000_00)


def test_the_worked_example_of_the_award() -> None:
    """docs/how-it-works/buying.md"""
    first, second = rank(CRITERIA, [ELM, OAK])
    # Elm: 40 × 4/5 + 30 × 4/5 + 30 = 86. Oak: 40 + 24 + 30 × 400/500 = 88.
    assert (first.key, first.total, second.key, second.total) == (2, 88, 1, 86)
    found = rooms(CRITERIA, [first, second])
    assert (
        steady_words(found)
        == "The same provider wins until the weight of “Whole cost” rises above 36.4 (it is 30)."
    )


def test_who_falls_short_of_the_least_points_does_not_win() -> None:
    weak = Tendered(3, {1: Fraction(1), 2: Fraction(5)}, 1_00)
    ranked = rank(CRITERIA, [weak, ELM])
    assert [one.key for one in ranked] == [1, 3]
    assert ranked[1].short_of == ("Care",)


def test_cost_never_outweighs_quality() -> None:
    auction = [
        Weighted(1, "Care", 100 - MOST_COST_WEIGHT - 1),
        Weighted(2, "Cost", MOST_COST_WEIGHT + 1, is_cost=True),
    ]
    assert [p.code for p in weight_problems(auction)] == ["auction"]
    assert weight_problems(CRITERIA) == []


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 10**9)), min_size=2, max_size=6),
    st.integers(1, 98),
)
def test_within_its_room_a_weight_never_changes_the_winner_and_beyond_it_does(
    rows: list[tuple[int, int, int]], moved: int
) -> None:
    criteria = (replace(CARE, least=0), SCHOOL, COST)
    tendered = [Tendered(key, {1: Fraction(a), 2: Fraction(b)}, c) for key, (a, b, c) in enumerate(rows)]
    ranked = rank(criteria, tendered)
    room = rooms(criteria, ranked)[0]
    others = Fraction(100 - moved, 60)
    # The other weights keep their proportions: totals by hand, as weights need not be whole numbers.
    totals = {
        one.key: moved * one.shares[1] + others * (30 * one.shares[2] + 30 * one.shares[3]) for one in ranked
    }
    best = max(totals.values())
    inside = (room.lowest is None or moved > room.lowest) and (room.highest is None or moved < room.highest)
    outside = (room.lowest is not None and moved < room.lowest) or (
        room.highest is not None and moved > room.highest
    )
    if inside:
        assert totals[ranked[0].key] == best
    if outside:
        assert totals[ranked[0].key] < best


def test_whole_cost_counts_every_place_and_week() -> None:
    assert whole_cost(400_000, 4, 52, 100_000, 2_500) == 402_500 * 4 * 52 + 100_000


# Prices


def _prices(dearer: float = 0.0, seed: int = 3) -> list[Priced]:
    """Forty prices that follow need exactly but for a little noise; one provider is dearer by a share."""
    rng = np.random.default_rng(seed)
    found = []
    for place in range(40):
        provider, points, age = place % 4, int(rng.integers(0, 15)), int(rng.integers(8, 18))
        pence = 300_000 * np.exp(0.05 * points + 0.02 * (age - 12) + rng.normal(0, 0.01))
        found.append(Priced(provider, round(pence * (1 + dearer * (provider == 2))), points, age))
    return found


def test_the_line_finds_what_need_adds() -> None:
    result = compare(_prices())
    assert result is not None
    points = next(one for one in result.effects if one.words == "A point of need")
    assert points.low < 5.13 < points.high, "exp(0.05) is 5.13% a point"
    assert result.explained_share > 0.98
    assert not any(one.is_apart and abs(one.unexplained_percent) > 2 for one in result.providers)


def test_a_provider_that_is_dearer_than_need_explains_stands_apart() -> None:
    result = compare(_prices(dearer=0.3))
    assert result is not None
    first = result.providers[0]
    assert (first.provider, first.is_apart) == (2, True)
    assert first.low is not None
    assert first.low > 10


def test_of_few_prices_nothing_is_said() -> None:
    assert compare(_prices()[:11]) is None
    assert compare(np.empty((0, 5))) is None


def test_of_many_providers_both_ends_are_told_and_how_many_there_are() -> None:
    whole, ends = compare(_prices(dearer=0.3)), compare(_prices(dearer=0.3), at_each_end=1)
    assert whole is not None and ends is not None
    assert ends.providers == (whole.providers[0], whole.providers[-1])
    assert (len(whole.providers), whole.compared, ends.compared) == (4, 4, 4)
    rare = [*_prices(), Priced(9, 300_000, 1, 12)]
    enough = compare(rare, fewest=5)
    assert enough is not None
    assert {one.provider for one in enough.providers} == {0, 1, 2, 3}


# The market


def test_a_market_of_one_seller_is_wholly_concentrated() -> None:
    assert concentration({"a": 5}).index == 10_000
    equal = concentration(dict.fromkeys(range(10), 7))
    assert (equal.index, round(equal.largest_five, 2), equal.words) == (1_000, 0.5, "not concentrated")
    assert concentration({"a": -3}).index == 0


def wanting(key: int, name: str, **facts: object) -> Wanting:
    known = {
        "is_emergency": False,
        "needed_on": date(2026, 12, 1),
        "has_offer": False,
        "asked_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
    return Wanting(key, name, **{**known, **facts})  # type: ignore[arg-type]  # of the right kinds


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"has_offer": True}, "Sutton holds an offer for the place."),
        ({"is_emergency": True}, "Sutton asks in an emergency."),
        ({"needed_on": date(2026, 11, 20)}, "Sutton needs it earlier."),
        ({"asked_at": datetime(2026, 10, 1, tzinfo=UTC)}, "Sutton asked earlier."),
    ],
)
def test_who_goes_first_for_a_bed_and_why(facts: dict[str, object], why: str) -> None:
    first, second = in_turn([wanting(1, "Croydon"), wanting(2, "Sutton", **facts)])
    assert (first.authority, why_first(first, second)) == ("Sutton", why)
