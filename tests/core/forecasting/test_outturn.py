"""Outturn and its bridge: the worked example of the page, and what must hold of any two books."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.forecasting.bridge import Cause, bridge, foot, spans
from rightplace.core.forecasting.claims import (
    Saved,
    rag,
    rag_of_metrics,
    rag_of_milestones,
    rag_of_risks,
    saved,
    shared,
)
from rightplace.core.forecasting.commitments import commitments, expected, expected_by_code
from rightplace.core.forecasting.outturn import Book, outturn
from rightplace.core.pricing import Per, Segments, day_number, months_between

APRIL, YEAR_END = day_number(date(2026, 4, 1)), day_number(date(2027, 4, 1))
CUTS = months_between(APRIL, YEAR_END)


def book(*rows: tuple[int, int, int, int, int, int, int], flow: tuple[tuple[int, int], ...] = ()) -> Book:
    columns = list(zip(*rows, strict=True)) or [()] * 7
    names = ("contract", "kind", "start", "end", "rate", "recurring", "one_off")
    return Book.of(**dict(zip(names, columns, strict=True)), flow=flow)


def test_the_worked_example_of_the_bridge() -> None:
    """One fee is lowered, one child goes home, one is new, one came a week late."""
    before = book(
        (1, 0, 0, 100, 700, 10_000, 0), (2, 0, 0, 100, 700, 10_000, 500), (4, 0, 50, 100, 700, 5_000, 0),
        flow=((100, 10_000), (100, 30_000)),
    )  # fmt: skip
    after = book(
        (1, 0, 0, 100, 630, 9_500, 0), (2, 0, 0, 60, 700, 6_000, 500), (3, 0, 90, 100, 700, 1_000, 250),
        (4, 0, 57, 100, 700, 4_300, 0), flow=((50, 5_000), (100, 30_000)),
    )  # fmt: skip
    found = bridge(before, after)
    assert {cause.name: found.total(cause) for cause in Cause} == {
        "PRICE": -500, "VOLUME": -10_000, "MIX": 5_000, "TIMING": -700, "ONE_OFF": 0, "NEW": 1_250, "ENDED": -4_000,
    }  # fmt: skip
    assert found.contracts(Cause.ENDED) == [(2, -4_000)]
    assert sum(found.total(cause) for cause in Cause) == after.total - before.total


ROW = st.tuples(
    st.integers(0, 2), st.integers(0, 365), st.integers(0, 365), st.integers(0, 3), st.integers(0, 10**8),
    st.integers(0, 10**6),
)  # fmt: skip
ROWS = st.dictionaries(st.integers(1, 9), ROW, max_size=9)
FLOW = st.lists(st.tuples(st.integers(0, 9_000), st.integers(0, 10**9)), max_size=4)


def made(rows: dict[int, tuple[int, ...]], flow: list[tuple[int, int]]) -> Book:
    return book(*((number, *row) for number, row in rows.items()), flow=tuple(flow))


@given(ROWS, FLOW, ROWS, FLOW)
def test_a_bridge_sums_to_the_penny_and_turned_round_leads_back(
    a: dict[int, tuple[int, ...]],
    flow: list[tuple[int, int]],
    b: dict[int, tuple[int, ...]],
    later: list[tuple[int, int]],
) -> None:
    before, after = made(a, flow), made(b, later)
    there, back = bridge(before, after), bridge(after, before)
    assert sum(there.total(cause) for cause in Cause) == after.total - before.total
    assert sum(back.total(cause) for cause in Cause) == before.total - after.total
    whole = dict.fromkeys(a, 0) | dict.fromkeys(b, 0)
    for number in whole:
        then, now = (rows[number][4] + rows[number][5] if number in rows else 0 for rows in (a, b))
        assert there.pence[there.contract == number].sum() == now - then


@given(ROWS, FLOW)
def test_a_book_beside_itself_moves_nothing(
    rows: dict[int, tuple[int, ...]], flow: list[tuple[int, int]]
) -> None:
    one = made(rows, flow)
    found = bridge(one, one)
    assert not found.pence.any() and not any(found.flow)


def test_bars_of_a_bridge_begin_below_the_least_where_the_steps_would_be_too_small_to_see() -> None:
    steps = [(3_577_886, True), (-30_301, False), (38_172, False), (-182_986, False), (3_402_771, True)]
    assert foot(steps) == 3_200_000
    places = spans(steps)
    assert places[0][0] == places[-1][0] == 0 and max(start + long for start, long in places) == 1
    assert places[3][1] > 0.4, "a step that was a twentieth of the width is seen"
    for flat_or_large in (
        [(100, True), (0, False), (100, True)],
        [(100, True), (-60, False), (40, True)],
        [],
    ):
        assert foot(flat_or_large) == 0
    assert spans([(100, True), (-160, False), (-60, True)])[0] == (60 / 160, 100 / 160), (
        "nought stays in sight"
    )


def test_a_contract_stands_in_a_book_once() -> None:
    with pytest.raises(ValueError, match="once"):
        book((1, 0, 0, 1, 1, 1, 0), (1, 0, 0, 1, 1, 1, 0))


def priced() -> Segments:
    return Segments.priced(
        placement=[7, 7, 9], line=[1, 2, 3], code=[0, 1, 0], start=[APRIL, APRIL + 10, APRIL],
        end=[YEAR_END, APRIL + 11, APRIL + 70], amount_pence=[700_00, 350_00, 140_00],
        per=[Per.WEEK, Per.ONE_OFF, Per.WEEK],
    )  # fmt: skip


def test_commitments_are_the_charges_less_what_was_paid_and_approved() -> None:
    numbers, due = expected(priced(), CUTS)
    assert numbers.tolist() == [7, 9]
    assert due[0, 0] == 30 * 100_00 + 350_00 and due.sum(axis=1).tolist() == [
        365 * 100_00 + 350_00,
        70 * 20_00,
    ]
    assert expected_by_code(priced(), CUTS, 2).sum() == due.sum()
    paid, approved = np.zeros_like(due), np.zeros_like(due)
    paid[0, 0], approved[1, 0] = 400_000, 10_000
    found = commitments(priced(), CUTS, paid=paid, approved=approved)
    assert found.committed[0, 0] == 0, "nothing is committed below zero where more was paid"
    assert found.committed[1, 0] == 30 * 20_00 - 10_000
    assert found.outturn.sum() == due.sum() + 400_000 - due[0, 0]
    assert found.by_month().sum() == found.outturn.sum()


def test_an_outturn_adds_the_flow_of_months_to_come_with_its_interval_and_the_run_rate_beside() -> None:
    known = np.array([[100, 0, 0, 0], [20, 50, 0, 0], [0, 50, 90, 80]])
    found = outturn(known, [9, 9, 10.5, 20], [(0, 20)] * 2 + [(5, 15), (10, 40)], elapsed=2, budget=400)
    assert found.total == 100 + 20 + 100 + 90 + 80 + 11 + 20
    assert (found.low, found.high) == (390 + 15, 390 + 55)
    assert found.run_rate == 440 and found.overspend == 21
    with pytest.raises(ValueError, match="same months"):
        outturn(known, [1], [(0, 0)] * 4, elapsed=4)


def test_what_stands_in_the_place_of_a_contract_is_taken_off_its_saving() -> None:
    assert saved(100_000, 40_000, 7_000, 0, (25_000, 3_500)) == Saved(35_000, 3_500 * 365 // 7)


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10_000), min_size=1, max_size=4))
def test_a_saving_is_counted_at_most_once(pence: int, shares: list[int]) -> None:
    if sum(shares) > 10_000:
        with pytest.raises(ValueError, match="at most once"):
            shared(pence, shares)
        return
    parts = shared(pence, shares)
    assert abs(sum(parts)) <= abs(pence)
    if sum(shares) == 10_000:
        assert sum(parts) == pence


@pytest.mark.parametrize(
    ("delivered", "target", "is_late", "is_now"),
    [(95, 100, False, "green"), (95, 100, True, "amber"), (94, 100, False, "amber"), (75, 100, True, "amber"),
     (74, 100, False, "red"), (0, 0, False, "green"), (0, 0, True, "amber")],
)  # fmt: skip
def test_the_rule_of_red_amber_and_green(delivered: int, target: int, is_late: bool, is_now: str) -> None:
    assert rag(delivered_pence=delivered, target_pence=target, is_late=is_late) == is_now


def test_each_light_has_its_own_rule() -> None:
    assert [rag_of_milestones(late, to_come) for late, to_come in ((0, 0), (1, 1), (1, 0))] == [
        "green",
        "amber",
        "red",
    ]
    assert [rag_of_metrics(met, known) for met, known in ((0, 0), (2, 2), (1, 2), (0, 1))] == [
        "",
        "green",
        "amber",
        "red",
    ]
    assert [rag_of_risks(scores) for scores in ((), (7,), (7, 8), (15, 1))] == [
        "green",
        "green",
        "amber",
        "red",
    ]
