"""Indicators count whom their definitions say, to the day; begins with the worked example of docs/how-it-works/indicators.md."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.indicators import INDICATORS, Measured, Record, Stated, byar, moved
from rightplace.core.periods import Period
from tests.core.indicators.records import YEAR, record_of

BY_CODE = {one.code: one for one in INDICATORS}
THE_YEAR = Period(*YEAR)


def measured(code: str, record: Record, period: Period = THE_YEAR) -> Measured:
    return BY_CODE[code].measure(record, period, Stated())


def counted(found: Measured) -> list[int]:
    return sorted(found.child[found.counts.astype(bool)].tolist())


def test_the_worked_example_two_of_three_children_moved_twice() -> None:
    record = record_of([
        (1, "2025-01-10", "2025-06-01", 11), (1, "2025-06-01", "2025-09-01", 12), (1, "2025-09-01", "", 13),
        (2, "2025-05-01", "2025-07-01", 21), (2, "2025-07-01", "2025-08-01", 22), (2, "2025-08-01", "", 23),
        (3, "2024-01-01", "", 31),
    ])  # fmt: skip
    found = measured("three_or_more_placements", record)
    assert (found.numerator, found.denominator) == (2, 3)
    assert found.figure == pytest.approx(2 / 3)
    assert counted(found) == [1, 2]


def test_a_placement_that_ended_as_the_year_began_is_of_the_year_before() -> None:
    moves = [(1, "2025-05-01", "2025-09-01", 12), (1, "2025-09-01", "", 13)]
    on_the_edge = record_of(
        [(1, "2025-01-10", "2025-04-01", 11), (1, "2025-04-01", "2025-05-01", 11), *moves]
    )
    assert counted(measured("three_or_more_placements", on_the_edge)) == [1]
    before = record_of([(1, "2025-01-10", "2025-04-01", 11), *moves], care=[(1, "2025-01-10", "", "C2")])
    assert counted(measured("three_or_more_placements", before)) == []
    a_day_later = record_of([(1, "2025-01-10", "2025-04-02", 11), *moves], care=[(1, "2025-01-10", "", "C2")])
    assert counted(measured("three_or_more_placements", a_day_later)) == [1]


def test_a_holiday_is_no_move_and_coming_back_no_new_placement() -> None:
    stays = [(1, "2025-05-01", "2025-07-01", 11), (1, "2025-07-01", "2025-07-10", 12), (1, "2025-07-10", "2025-10-01", 11),
             (1, "2025-10-01", "", 14)]  # fmt: skip
    assert (
        counted(measured("three_or_more_placements", record_of(stays, places=["U6", "T3", "U6", "U6"]))) == []
    )
    assert counted(measured("three_or_more_placements", record_of(stays))) == [1]


def test_series_of_short_breaks_are_left_out_everywhere() -> None:
    record = record_of([(1, "2025-05-01", "", 11)], care=[(1, "2025-05-01", "", "V4")], population=1000)
    for code in (
        "three_or_more_placements",
        "over_20_miles",
        "own_provision",
        "looked_after_rate",
        "entries",
    ):
        assert len(measured(code, record).key) == 0, code


def test_long_term_stability_begins_at_two_and_a_half_years_and_ends_at_sixteen() -> None:
    stay = [(1, "2023-10-01", "", 11)]
    assert measured("long_term_stability", record_of(stay)).denominator == 0
    assert counted(measured("long_term_stability", record_of([(1, "2023-09-30", "", 11)]))) == [1]
    of_age = record_of([(1, "2020-01-01", "", 11)], born={1: "2010-03-31"})
    assert measured("long_term_stability", of_age).denominator == 0
    a_day_younger = record_of([(1, "2020-01-01", "", 11)], born={1: "2010-04-01"})
    assert counted(measured("long_term_stability", a_day_younger)) == [1]


def test_a_placement_for_adoption_counts_with_the_one_before_it() -> None:
    stays = [(1, "2020-01-01", "2025-10-01", 11), (1, "2025-10-01", "", 12)]
    assert counted(measured("long_term_stability", record_of(stays, places=["U6", "A5"]))) == [1]
    assert counted(measured("long_term_stability", record_of(stays, places=["U6", "U6"]))) == []


def test_distance_and_area_count_only_where_they_are_known() -> None:
    stays = [(child, "2025-01-01", "", child) for child in (1, 2, 3)]
    record = record_of(stays, miles=[20.0, 20.1, float("nan")], outside=[1, 0, -1], own=[True, False, False])
    assert (measured("over_20_miles", record).numerator, measured("over_20_miles", record).denominator) == (
        1,
        2,
    )
    assert (measured("outside_area", record).numerator, measured("outside_area", record).denominator) == (
        1,
        2,
    )
    assert (measured("own_provision", record).numerator, measured("own_provision", record).denominator) == (
        1,
        3,
    )


def test_siblings_are_together_only_when_all_are() -> None:
    record = record_of(
        [
            (1, "2025-01-01", "", 5),
            (2, "2025-01-01", "", 5),
            (3, "2025-01-01", "", 6),
            (4, "2025-01-01", "", 7),
        ],
        siblings=[(1, 2), (1, 3), (2, 3), (4, 9)],
    )
    found = measured("siblings_together", record)
    assert (found.numerator, found.denominator) == (0, 3)
    pair = record_of([(1, "2025-01-01", "", 5), (2, "2025-01-01", "", 5)], siblings=[(1, 2)])
    assert counted(measured("siblings_together", pair)) == [1, 2]


def test_a_change_of_legal_status_is_neither_an_entry_nor_an_exit() -> None:
    record = record_of(care=[(1, "2025-05-01", "2025-06-01", "E1"), (1, "2025-06-01", "2025-11-01", "C2"),
                             (1, "2025-12-01", "", "V2")])  # fmt: skip
    assert (measured("entries", record).figure, measured("exits", record).figure) == (2, 1)


def test_the_rate_has_the_population_below_and_unaccompanied_children_apart() -> None:
    record = record_of([(1, "2025-01-01", "", 5), (2, "2025-01-01", "", 6)], uasc=[2], population=20_000)
    assert measured("looked_after_rate", record).figure == pytest.approx(1.0)
    assert measured("looked_after_rate_local", record).figure == pytest.approx(0.5)


def test_only_a_change_by_the_plan_is_planned() -> None:
    stays = [(child, "2025-01-01", "2025-08-01", child) for child in (1, 2, 3, 4)]
    found = measured("unplanned_endings", record_of(stays, changes=["CARPL", "CREQB", "PLACE", ""]))
    assert (counted(found), found.denominator) == ([2], 2)


def test_days_to_place_are_of_those_who_moved_in_and_offers_of_all_requests() -> None:
    record = record_of(
        searches=[
            (1, "2025-05-01", "2025-05-05", 3),
            (2, "2025-06-01", "2025-06-11", 1),
            (3, "2025-07-01", "", 0),
        ]
    )
    assert measured("days_to_place", record).figure == pytest.approx(7.0)
    assert measured("offers_per_request", record).figure == pytest.approx(4 / 3)


def test_nothing_to_count_has_no_figure_and_is_no_error() -> None:
    for one in INDICATORS:
        assert one.measure(record_of(), THE_YEAR, Stated()).figure in (None, 0.0), one.code


def test_who_entered_and_left_explains_why_a_figure_moved() -> None:
    def moves(since: str) -> list[tuple[int, str, str, int]]:
        return [(1, since, "2025-06-01", 11), (1, "2025-06-01", "2025-07-01", 12), (1, "2025-07-01", "", 13)]

    record = record_of([*moves("2025-05-01"), (2, "2026-06-01", "", 21)])
    before, after = (
        measured("three_or_more_placements", record),
        measured("three_or_more_placements", record, Period(date(2026, 4, 1), date(2027, 4, 1))),
    )
    why = moved(before, after)
    assert (why.began.tolist(), why.ended.tolist(), why.came.tolist(), why.went.tolist()) == (
        [],
        [1],
        [2],
        [],
    )


def test_limits_of_a_count_are_those_of_byar() -> None:
    low, high = byar(10)
    assert (round(low, 2), round(high, 2)) == (4.79, 18.39)
    assert byar(0)[0] == 0


@given(st.permutations(range(6)), st.integers(-400, 400))
def test_the_order_of_rows_changes_nothing(order: list[int], shift: int) -> None:
    first = date(2025, 4, 1) + timedelta(days=shift)
    texts = [str(first + timedelta(days=30 * at)) for at in range(7)]
    stays = [(1 + at % 2, texts[at], texts[at + 1] if at < 5 else "", 10 + at) for at in range(6)]
    care = [(1, texts[0], "", "C2"), (2, texts[1], "", "C2")]
    one, other = record_of(stays, care=care), record_of([stays[at] for at in order], care=care[::-1])
    for indicator in INDICATORS:
        a, b = (indicator.measure(each, THE_YEAR, Stated()) for each in (one, other))
        assert (a.numerator, a.denominator) == (b.numerator, b.denominator), indicator.code
        assert np.array_equal(np.sort(a.child), np.sort(b.child))
