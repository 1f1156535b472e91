"""The priced items of a service: their weeks, their whole, and what is wrong with them as typed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.services.items import (
    Item,
    dearest_week,
    item_problems,
    item_words,
    week_of,
    weeks_from,
    whole_as_agreed,
    whole_of,
)

FIRST, FIFTH_WEEK = date(2026, 11, 2), date(2026, 11, 30)
CARE = Item(unit="hour", amount_pence=2_250, quantity=Decimal(10))
OVERNIGHT = Item(unit="month", amount_pence=31_000, words="Overnight once a month", starts_on=FIFTH_WEEK)
MILES = Item(unit="mile", amount_pence=45, quantity=Decimal(40), words="Miles", ends_on=FIFTH_WEEK)
ALL = (CARE, OVERNIGHT, MILES)
TWELVE = weeks_from(FIRST, 12)


def test_three_items_come_to_their_sum_each_for_its_own_days() -> None:
    assert week_of([CARE], FIRST) == 22_500
    assert (week_of(ALL, FIRST), week_of(ALL, FIFTH_WEEK)) == (24_300, 29_634)
    assert dearest_week(ALL, TWELVE) == 29_634
    assert [whole_of([one], TWELVE) for one in ALL] == [270_000, 57_072, 7_200]
    assert whole_of(ALL, TWELVE) == 334_272


def test_what_is_paid_once_is_paid_on_its_day_and_in_no_week() -> None:
    bed = Item(unit="one_off", amount_pence=25_000, quantity=Decimal(2), words="Beds", starts_on=FIFTH_WEEK)
    assert (week_of([bed], FIFTH_WEEK), whole_of([bed], TWELVE)) == (0, 50_000)
    assert (
        whole_of([bed], weeks_from(FIRST, 4))
        == whole_of([bed], weeks_from(FIFTH_WEEK + timedelta(1), 4))
        == 0
    )
    assert whole_of([bed], weeks_from(FIFTH_WEEK, 4)) == 50_000


def test_prices_follow_each_other_each_up_to_the_next() -> None:
    later = (Item(unit="hour", amount_pence=2_000, quantity=Decimal(10)),)
    assert whole_as_agreed([(FIRST, (CARE,)), (FIFTH_WEEK, later)], TWELVE) == 4 * 22_500 + 8 * 20_000
    assert whole_as_agreed([(FIRST, (CARE,)), (TWELVE.closed_end, later)], TWELVE) == 12 * 22_500
    assert whole_as_agreed([(FIFTH_WEEK, ALL)], weeks_from(FIRST, 12)) == whole_of(ALL, TWELVE)


@given(st.integers(0, 11), st.integers(1, 12), st.integers(0, 500_000))
def test_weeks_of_an_item_add_up_whatever_its_days(begins: int, ends: int, pence: int) -> None:
    start, end = FIRST + timedelta(weeks=begins), FIRST + timedelta(weeks=ends)
    one = Item(unit="week", amount_pence=pence, words="Club", starts_on=start, ends_on=end)
    assert whole_of([one], TWELVE) == max(ends - begins, 0) * pence
    each = sum(week_of([one], FIRST + timedelta(weeks=week)) for week in range(12))
    assert whole_of([one], TWELVE) == each


def test_an_item_is_said_in_words() -> None:
    assert item_words(CARE) == "£22.50 an hour, 10 a week"
    assert item_words(OVERNIGHT) == "Overnight once a month: £310.00 a month"
    assert item_words(MILES) == "Miles: £0.45 a mile, 40 a week"


def test_what_is_wrong_with_an_item_stands_at_its_row_and_entry() -> None:
    wrong = Item(
        unit="fortnight", amount_pence=-1, quantity=Decimal(0), words=" ", starts_on=FIFTH_WEEK, ends_on=FIRST
    )
    fields = {one.field for one in item_problems((MILES, wrong), FIRST)}
    assert fields == {f"items.1.{name}" for name in ("words", "unit", "amount_pence", "quantity", "ends_on")}
    assert [one.code for one in item_problems((MILES,) * 21, FIRST)] == ["too_many"]
    assert item_problems((MILES,), FIFTH_WEEK)[0].sentence == "Enter a day after its first."
    assert item_problems(ALL[1:], FIRST) == []
