"""Working days and the clocks that run on them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.calendar import (
    Clock,
    ClockState,
    add_months,
    add_working_days,
    is_working_day,
    working_days_between,
)
from rightplace.core.periods import Period
from tests.core.strategies import days

EASTER = frozenset({date(2026, 4, 3), date(2026, 4, 6)})
some_holidays = st.frozensets(days, max_size=12)
few = st.integers(-60, 60)


def test_the_worked_example_of_the_page_on_clocks():
    wednesday = date(2026, 4, 1)
    assert add_working_days(wednesday, 5, EASTER) == date(2026, 4, 10)
    clock = Clock.started(wednesday, limit=5)
    assert clock.due_on(EASTER) == date(2026, 4, 10)
    sent_back = clock.stop(date(2026, 4, 7))
    assert sent_back.elapsed(date(2026, 4, 20), EASTER) == 2
    assert sent_back.due_on(EASTER) is None
    again = sent_back.restart(date(2026, 4, 14))
    assert again.due_on(EASTER) == date(2026, 4, 17)
    assert [str(again.state(date(2026, 4, day), EASTER)) for day in (16, 17, 18)] == [
        "on time",
        "due today",
        "late",
    ]


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 4, 2), True),
        (date(2026, 4, 3), False),
        (date(2026, 4, 4), False),
        (date(2026, 4, 5), False),
        (date(2026, 4, 6), False),
        (date(2026, 4, 7), True),
    ],
)
def test_weekends_and_holidays_are_not_working_days(day: date, working: bool):
    assert is_working_day(day, EASTER) is working


def test_the_first_working_day_after_a_weekend_is_day_one():
    assert add_working_days(date(2026, 3, 7), 1, frozenset()) == date(2026, 3, 9)
    assert add_working_days(date(2026, 3, 7), -1, frozenset()) == date(2026, 3, 6)


def test_no_working_days_later_is_the_same_day_even_at_the_weekend():
    assert add_working_days(date(2026, 3, 7), 0, frozenset()) == date(2026, 3, 7)


@given(days, few, some_holidays)
def test_counting_undoes_adding(day: date, number: int, holidays: frozenset[date]):
    there = add_working_days(day, number, holidays)
    if number >= 0 or is_working_day(day, holidays):
        assert working_days_between(day, there, holidays) == number
    assert number == 0 or is_working_day(there, holidays)


@given(days, st.integers(0, 60), some_holidays)
def test_the_count_is_what_walking_through_the_days_gives(day: date, more: int, holidays: frozenset[date]):
    walked = [day + timedelta(days=step) for step in range(1, more + 1)]
    working = [step for step in walked if step.weekday() < 5 and step not in holidays]
    assert working_days_between(day, day + timedelta(days=more), holidays) == len(working)


@given(days, days, some_holidays)
def test_the_count_backwards_is_the_count_forwards_of_the_same_days(
    one: date, other: date, holidays: frozenset[date]
):
    first, last = min(one, other), max(one, other)
    back = working_days_between(last, first, holidays)
    forth = working_days_between(first - timedelta(days=1), last - timedelta(days=1), holidays)
    assert back == -forth


@pytest.mark.parametrize(
    ("day", "number", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 3, date(2027, 3, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 3, 31), 0, date(2026, 3, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, number: int, later: date):
    assert add_months(day, number) == later


def test_finished_work_stays_on_time_or_late_for_ever():
    clock = Clock.started(date(2026, 4, 1), limit=5)
    assert clock.finish(date(2026, 4, 10)).state(date(2027, 1, 1), EASTER) == ClockState.ON_TIME
    assert clock.finish(date(2026, 4, 13)).state(date(2027, 1, 1), EASTER) == ClockState.LATE


def test_a_clock_stopped_after_its_due_date_stays_late():
    clock = Clock.started(date(2026, 4, 1), limit=1).stop(date(2026, 4, 8))
    assert clock.due_on(EASTER) == date(2026, 4, 2)
    assert clock.state(date(2026, 4, 8), EASTER) == ClockState.LATE
    assert clock.remaining(date(2026, 4, 8), EASTER) == -2


def test_a_clock_is_running_stopped_or_finished():
    clock = Clock.started(date(2026, 4, 1), limit=5)
    assert (clock.is_running, clock.is_stopped) == (True, False)
    stopped = clock.stop(date(2026, 4, 2))
    assert (stopped.is_running, stopped.is_stopped) == (False, True)
    done = stopped.finish(date(2026, 4, 2))
    assert (done.is_running, done.is_stopped) == (False, False)


@pytest.mark.parametrize(
    "misuse",
    [
        lambda clock: clock.restart(date(2026, 4, 2)),
        lambda clock: clock.stop(date(2026, 4, 9)).stop(date(2026, 4, 9)),
        lambda clock: clock.stop(date(2026, 4, 9)).restart(date(2026, 4, 8)),
        lambda clock: clock.finish(date(2026, 4, 9)).restart(date(2026, 4, 10)),
        lambda clock: clock.stop(date(2026, 3, 31)),
    ],
)
def test_a_clock_cannot_be_stopped_or_started_out_of_order(misuse):
    with pytest.raises(ValueError, match="clock|period"):
        misuse(Clock.started(date(2026, 4, 1), limit=5))


@given(days, st.integers(0, 40), some_holidays, st.lists(st.integers(0, 20), max_size=6))
def test_the_due_date_is_when_the_days_have_run_out(
    start: date, limit: int, holidays: frozenset[date], steps: list[int]
):
    clock, day = Clock.started(start, limit), start
    for step in steps:
        day += timedelta(days=step)
        clock = clock.stop(day) if clock.is_running else clock.restart(day)
    due = clock.due_on(holidays)
    if due is not None:
        assert clock.elapsed(due, holidays) == limit
        assert clock.state(due, holidays) == ClockState.DUE_TODAY
        assert clock.state(due + timedelta(days=1), holidays) == ClockState.LATE
    else:
        assert clock.is_stopped
        assert clock.remaining(day, holidays) > 0


@given(days, st.integers(0, 40), some_holidays, st.integers(0, 30), st.integers(0, 30))
def test_stopping_and_starting_on_one_day_changes_nothing(
    start: date, limit: int, holidays: frozenset[date], gone: int, more: int
):
    clock, day = Clock.started(start, limit), start + timedelta(days=gone)
    paused = clock.stop(day).restart(day)
    today = day + timedelta(days=more)
    assert paused.elapsed(today, holidays) == clock.elapsed(today, holidays)


def test_a_clock_remembers_each_stretch_in_which_it_ran():
    clock = Clock.started(date(2026, 4, 1), 5).stop(date(2026, 4, 2)).restart(date(2026, 4, 8))
    assert clock.intervals == (Period(date(2026, 4, 1), date(2026, 4, 2)), Period(date(2026, 4, 8)))
