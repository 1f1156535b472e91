"""Days that are not like others: clock changes, 29 February, the year's end. Nights and pence do not change with the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.periods import Period
from tests.figures import figure

LONDON = ZoneInfo("Europe/London")
ODD_DAYS = (
    date(2027, 3, 28), date(2027, 10, 31), date(2028, 2, 29), date(2028, 3, 26), date(2027, 3, 31), date(2027, 4, 1),
    date(2027, 12, 31), date(2028, 12, 31),
)  # fmt: skip


@pytest.mark.parametrize("day", ODD_DAYS)
def test_an_odd_day_is_one_night(day: date) -> None:
    """A night is a day of the calendar, not 24 hours: 23 or 25 hours of a changed clock are one night too."""
    following = date.fromordinal(day.toordinal() + 1)
    assert Period(day, following).nights == 1
    hours = datetime(following.year, following.month, following.day, tzinfo=LONDON).astimezone(
        UTC
    ) - datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)
    assert hours.total_seconds() / 3600 in {23, 24, 25}


@given(st.dates(date(2020, 1, 1), date(2126, 1, 1)), st.integers(0, 800), st.integers(0, 800))
def test_a_stay_cut_anywhere_has_the_same_nights(start: date, first: int, second: int) -> None:
    middle, end = (
        date.fromordinal(start.toordinal() + first),
        date.fromordinal(start.toordinal() + first + second),
    )
    assert Period(start, middle).nights + Period(middle, end).nights == Period(start, end).nights


def test_the_figures_of_the_calendar() -> None:
    figure(
        29, "odd days (clock changes, 29 February, year's ends) that count one night", len(ODD_DAYS), "all"
    )
