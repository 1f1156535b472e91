"""Periods and nights: what is in, what is not, and how they divide."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.periods import (
    Period,
    financial_year,
    financial_year_period,
    joined,
    read_period,
)
from rightplace.core.problems import Problem
from tests.core.strategies import days, periods, splits


def test_the_worked_example_of_the_page_on_periods_and_nights():
    stay = Period(date(2026, 3, 20), date(2026, 5, 2))
    assert stay.nights == 43
    assert stay.last_night == date(2026, 5, 1)
    assert [(part.start, part.nights) for part in stay.by_month()] == [
        (date(2026, 3, 20), 12),
        (date(2026, 4, 1), 30),
        (date(2026, 5, 1), 1),
    ]
    assert [(financial_year(part.start), part.nights) for part in stay.by_financial_year()] == [
        ("2025-26", 12),
        ("2026-27", 31),
    ]


def test_the_first_day_is_in_and_the_last_is_not():
    stay = Period(date(2026, 3, 1), date(2026, 3, 3))
    assert stay.contains(date(2026, 3, 1))
    assert stay.contains(date(2026, 3, 2))
    assert not stay.contains(date(2026, 3, 3))
    assert not stay.contains(date(2026, 2, 28))


def test_a_stay_that_ends_on_the_day_it_starts_has_no_night():
    visit = Period(date(2026, 3, 1), date(2026, 3, 1))
    assert visit.nights == 0
    assert visit.last_night is None
    assert visit.by_month() == ()
    assert not visit.overlaps(Period(date(2026, 1, 1)))


def test_a_period_that_ends_before_it_starts_cannot_be_made():
    with pytest.raises(ValueError, match="cannot end"):
        Period(date(2026, 3, 2), date(2026, 3, 1))


def test_entered_dates_in_the_wrong_order_are_a_problem_in_words():
    problem = read_period(date(2026, 3, 2), date(2026, 3, 1), field="ends_on")
    assert isinstance(problem, Problem)
    words = "The end date must be the same as or after the start date."
    assert problem == Problem("ends_before_start", words, "ends_on")


def test_a_missing_start_is_a_problem_and_a_missing_end_is_not():
    assert read_period(None, None) == Problem("start_missing", "Enter the date on which it starts.")
    assert read_period(None, None, field="stay").field == "stay"
    assert read_period(date(2026, 3, 1), None) == Period(date(2026, 3, 1))
    assert read_period(date(2026, 3, 1), date(2026, 3, 1)).is_empty


def test_the_number_of_nights_of_an_open_period_is_not_known():
    with pytest.raises(ValueError, match="open"):
        _ = Period(date(2026, 3, 1)).nights


def test_an_open_period_is_cut_short_or_closed_by_until():
    assert Period(date(2026, 3, 1)).until(date(2026, 4, 1)) == Period(date(2026, 3, 1), date(2026, 4, 1))
    closed = Period(date(2026, 3, 1), date(2026, 3, 5))
    assert closed.until(date(2026, 4, 1)) == closed


def test_stays_that_follow_on_the_same_day_do_not_overlap():
    first = Period(date(2026, 3, 1), date(2026, 3, 5))
    assert not first.overlaps(Period(date(2026, 3, 5)))
    assert first.overlaps(Period(date(2026, 3, 4)))


def test_an_open_period_covers_all_that_starts_later():
    assert Period(date(2026, 3, 1)).covers(Period(date(2026, 4, 1)))
    assert not Period(date(2026, 3, 1), date(2027, 3, 1)).covers(Period(date(2026, 4, 1)))


def test_the_last_part_of_an_open_period_is_open():
    parts = Period(date(2026, 3, 1)).split_at([date(2026, 4, 1)])
    assert parts == (Period(date(2026, 3, 1), date(2026, 4, 1)), Period(date(2026, 4, 1)))


def test_four_weekly_parts_keep_step_with_the_payment_cycle():
    stay = Period(date(2026, 4, 10), date(2026, 6, 1))
    parts = stay.split("four_weeks", anchor=date(2026, 1, 5))
    assert [part.start for part in parts] == [date(2026, 4, 10), date(2026, 4, 27), date(2026, 5, 25)]
    assert [part.nights for part in stay.split("four_weeks")] == [28, 24]


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 3, 31), "2025-26"),
        (date(2026, 4, 1), "2026-27"),
        (date(1999, 4, 1), "1999-00"),
        (date(2000, 2, 29), "1999-00"),
    ],
)
def test_the_financial_year_turns_on_1_april(day: date, year: str):
    assert financial_year(day) == year


@pytest.mark.parametrize("name", ["2026-28", "2026", "2026/27", "year"])
def test_a_name_that_is_not_a_financial_year_is_refused(name: str):
    with pytest.raises(ValueError, match=r"financial year|invalid literal"):
        financial_year_period(name)


def test_months_and_financial_years_are_cut_on_their_first_days():
    winter = Period(date(2025, 11, 20), date(2026, 2, 1))
    assert [part.start for part in winter.by_month()] == [
        date(2025, 11, 20), date(2025, 12, 1), date(2026, 1, 1),
    ]  # fmt: skip
    assert winter.by_financial_year() == (winter,)
    years = Period(date(2026, 4, 1), date(2028, 4, 2)).by_financial_year()
    assert [part.start for part in years] == [date(2026, 4, 1), date(2027, 4, 1), date(2028, 4, 1)]


def test_a_cycle_has_at_least_one_night_and_may_have_one():
    assert len(Period(date(2026, 3, 1), date(2026, 3, 4)).every(1)) == 3
    with pytest.raises(ValueError, match="^a cycle has at least one night$"):
        Period(date(2026, 3, 1), date(2026, 3, 4)).every(0)


def test_what_is_taken_out_leaves_the_rest_in_order():
    march = Period(date(2026, 3, 1), date(2026, 4, 1))
    taken = [Period(date(2026, 3, 20), date(2026, 3, 25)), Period(date(2026, 3, 1), date(2026, 3, 5))]
    assert march.without(taken) == (
        Period(date(2026, 3, 5), date(2026, 3, 20)), Period(date(2026, 3, 25), date(2026, 4, 1)),
    )  # fmt: skip
    assert march.without([]) == (march,)
    assert march.without([march]) == ()


def test_parts_that_follow_on_or_overlap_are_one():
    first, inside, next_on, apart = (
        Period(date(2026, 3, 1), date(2026, 3, 20)), Period(date(2026, 3, 4), date(2026, 3, 9)),
        Period(date(2026, 3, 20), date(2026, 3, 22)), Period(date(2026, 3, 23), date(2026, 3, 25)),
    )  # fmt: skip
    whole = Period(date(2026, 3, 1), date(2026, 3, 22))
    assert joined([apart, next_on, inside, first]) == (whole, apart)
    assert joined([]) == ()


@given(periods(), st.lists(periods(), max_size=4))
def test_what_is_left_has_exactly_the_nights_that_were_not_taken(period: Period, taken: list[Period]):
    left = period.without(taken)
    edges = [edge for each in (period, *taken) for edge in (each.start, each.closed_end)]
    for day in {edge + timedelta(days=shift) for edge in edges for shift in (-1, 0, 1)}:
        is_left = period.contains(day) and not any(each.contains(day) for each in taken)
        assert any(part.contains(day) for part in left) == is_left
    assert all(earlier.closed_end < later.start for earlier, later in pairwise(left))


@given(days)
def test_every_day_is_in_the_period_of_its_financial_year(day: date):
    year = financial_year_period(financial_year(day))
    assert year.contains(day)
    assert [(edge.month, edge.day) for edge in (year.start, year.closed_end)] == [(4, 1), (4, 1)]
    assert year.nights in (365, 366)


@given(periods(), splits, days)
def test_the_parts_of_any_split_follow_on_and_have_all_the_nights(period: Period, by, anchor: date):
    parts = period.split(by, anchor)
    assert sum(part.nights for part in parts) == period.nights
    assert all(part.nights > 0 for part in parts)
    assert all(earlier.end == later.start for earlier, later in pairwise(parts))


@given(periods(), periods())
def test_an_intersection_has_exactly_the_nights_that_both_contain(one: Period, other: Period):
    both = one.intersection(other)
    assert both == other.intersection(one)
    assert (both is not None) == one.overlaps(other)
    edges = [one.start, other.start, one.closed_end, other.closed_end]
    for day in [edge + timedelta(days=shift) for edge in edges for shift in (-1, 0, 1)]:
        assert (one.contains(day) and other.contains(day)) == (both is not None and both.contains(day))


@given(periods())
def test_a_period_can_be_given_by_its_last_night(period: Period):
    if not period.is_empty:
        assert Period.through_last_night(period.start, period.last_night) == period
    assert Period.through_last_night(period.start, None) == Period(period.start)
