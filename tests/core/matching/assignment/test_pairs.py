"""One child, one bed: the optimum, proven by prices over the whole table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightplace.core.matching.assignment import NOWHERE, PairAssignment, assign_pairs


def paired(values: np.ndarray) -> PairAssignment:
    found = assign_pairs(values)
    assert isinstance(found, PairAssignment), found
    return found


def is_certificate(values: np.ndarray, found: PairAssignment) -> bool:
    """Whether the prices prove the pairing: nobody would rather move, and a free bed is worth nothing."""
    at = np.isfinite(values)
    over = (values - found.child_worth[:, None] - found.bed_worth)[at]
    free = np.setdiff1d(np.arange(values.shape[1]), found.bed)
    children = np.flatnonzero(found.bed != NOWHERE)
    own = (
        values[children, found.bed[children]]
        - found.child_worth[children]
        - found.bed_worth[found.bed[children]]
    )
    return bool(
        over.max(initial=0.0) < 1e-6 and np.abs(own).max(initial=0.0) < 1e-6
        and (found.bed_worth >= 0).all() and not found.bed_worth[free].any()
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["chance", "alike", "quality", "whole_numbers"])
@pytest.mark.parametrize(("children", "beds"), [(40, 900), (300, 2_000), (200, 200), (60, 20)])
def test_the_value_is_that_of_the_dense_solver_and_the_prices_prove_it(kind: str, children: int, beds: int):
    from scipy.optimize import linear_sum_assignment

    values = drawn(kind, children, beds)
    found = paired(values)
    row, column = linear_sum_assignment(values, maximize=True)
    assert found.value == pytest.approx(values[row, column].sum())
    assert found.placed == min(children, beds)
    assert is_certificate(values, found) and found.excess < 1e-6


def drawn(kind: str, children: int, beds: int) -> np.ndarray:
    rng = np.random.default_rng(children + beds)
    chance, quality = rng.random((children, beds)), rng.random(beds)
    return {
        "chance": 100 * chance,
        "alike": np.full((children, beds), 50.0),
        "quality": 90 * quality + 10 * chance,
        "whole_numbers": np.floor(10 * chance) + np.floor(20 * quality),
    }[kind]


@settings(max_examples=100)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 6))
def test_the_most_children_are_placed_and_then_the_value_counts(seed: int, children: int, beds: int):
    rng = np.random.default_rng(seed)
    values = rng.integers(-20, 50, (children, beds)).astype(float)
    values[rng.random(values.shape) < 0.4] = -np.inf
    found = paired(values)
    assert (found.placed, found.value) == pytest.approx(tried(values))
    assert is_certificate(values, found)


def tried(values: np.ndarray, child: int = 0, used: frozenset[int] = frozenset()) -> tuple[int, float]:
    """By trying everything."""
    if child == len(values):
        return 0, 0.0
    best = tried(values, child + 1, used)
    for bed in np.flatnonzero(np.isfinite(values[child])).tolist():
        if bed not in used:
            placed, value = tried(values, child + 1, used | {bed})
            best = max(best, (placed + 1, value + float(values[child, bed])))
    return best


def test_what_is_not_a_number_is_no_candidate():
    found = paired(np.array([[np.nan, 3.0], [np.nan, 5.0]]))
    assert found.bed.tolist() == [NOWHERE, 1]
    assert paired(np.zeros((0, 4))).placed == 0
    assert paired(np.zeros((3, 0))).bed.tolist() == [NOWHERE] * 3


def test_a_value_without_bounds_is_refused():
    found = assign_pairs(np.array([[np.inf, 3.0]]))
    assert isinstance(found, list) and found[0].code == "not_a_number"
    with pytest.raises(ValueError, match="table"):
        assign_pairs(np.zeros(3))
