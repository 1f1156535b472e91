"""Periods and nights: what is in, what is not, and how they divide."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given

from rightplace.core.periods import Period, financial_year, financial_year_period, read_period
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
    assert (problem.code, problem.field) == ("ends_before_start", "ends_on")


def test_a_missing_start_is_a_problem_and_a_missing_end_is_not():
    assert read_period(None, None) == Problem("start_missing", "Enter the date on which it starts.")
    assert read_period(date(2026, 3, 1), None) == Period(date(2026, 3, 1))


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


@given(days)
def test_every_day_is_in_the_period_of_its_financial_year(day: date):
    year = financial_year_period(financial_year(day))
    assert year.contains(day)
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
