"""Need against provision: the worked example, what counts together, and what nobody said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from rightplace.core.services.items import Item
from rightplace.core.services.needs import need_lines, over_and_under

DAY = date(2026, 11, 2)
SESSIONS = Item(unit="session", amount_pence=7_500, quantity=Decimal(2))
MILES = Item(unit="mile", amount_pence=45, quantity=Decimal(40), words="Miles")
NEEDED = {"": Decimal(1), "Miles": Decimal(60)}


def test_one_session_too_many_and_twenty_miles_too_few_are_told_apart() -> None:
    sessions, miles = lines = need_lines([SESSIONS, MILES], DAY, NEEDED, {"": Decimal("0.75")})
    assert (sessions.fit, sessions.difference_pence, sessions.used) == ("over", 7_500, Decimal("0.75"))
    assert (miles.fit, miles.difference_pence, miles.used) == ("under", -900, None)
    assert over_and_under(lines) == (7_500, 900)


def test_a_need_that_nobody_said_has_no_difference_and_what_is_as_needed_none() -> None:
    unsaid, fits = need_lines([SESSIONS, MILES], DAY, {"Miles": Decimal(40)})
    assert (unsaid.fit, unsaid.difference_pence) == ("", 0)
    assert (fits.fit, fits.difference_pence) == ("fits", 0)


def test_what_is_needed_no_more_is_over_by_all_of_it() -> None:
    (miles,) = need_lines([MILES], DAY, {"Miles": Decimal(0)})
    assert miles.difference_pence == miles.weekly_pence == 1_800


def test_items_of_the_same_name_count_together_and_only_what_runs_that_day_and_week_by_week() -> None:
    more = replace(MILES, quantity=Decimal(20))
    later = replace(MILES, starts_on=DAY + timedelta(days=1))
    bed = Item(unit="one_off", amount_pence=9_900, words="Bed")
    (miles,) = need_lines([MILES, more, later, bed], DAY, NEEDED)
    assert (miles.provided, miles.fit, miles.weekly_pence) == (60, "fits", 2_700)
