"""The versions of a contract as one agreement: each rules from its day to the next one's, and no line runs outside."""

from __future__ import annotations

from datetime import date

import pytest

from rightplace.core.periods import Period
from rightplace.core.pricing import PriceKind, PriceLine, PriceUnit, agreed_lines
from rightplace.core.pricing.agreements import Version

MAY, JUNE, JULY, AUGUST = (date(2026, month, 1) for month in (5, 6, 7, 8))
STAY = Period(MAY, AUGUST)


def fee(starts_on: date | None = None, ends_on: date | None = None) -> PriceLine:
    """A weekly fee."""
    return PriceLine(PriceKind.CORE_FEE, PriceUnit.WEEK, 100, starts_on=starts_on, ends_on=ends_on)


def once(on: date | None = None) -> PriceLine:
    """A cost that comes once."""
    return PriceLine(PriceKind.ONE_OFF, PriceUnit.ONE_OFF, 100, starts_on=on)


def runs(*versions: tuple[date, PriceLine]) -> list[tuple[int, date | None, date | None, tuple[date, ...]]]:
    """When each line runs: its number (of its version), first day, end and days."""
    made = [Version(starts_on, ((number, line),)) for number, (starts_on, line) in enumerate(versions, 1)]
    return [(line.number, line.starts_on, line.ends_on, line.dates) for line in agreed_lines(made, STAY)]


def test_each_version_rules_up_to_the_next() -> None:
    assert runs((MAY, fee()), (JUNE, fee()), (JULY, fee())) == [
        (1, MAY, JUNE, ()), (2, JUNE, JULY, ()), (3, JULY, None, ()),
    ]  # fmt: skip


def test_the_first_rules_from_the_start_of_the_stay_and_none_before_it() -> None:
    assert runs((JUNE, fee()), (JULY, fee())) == [(1, MAY, JULY, ()), (2, JULY, None, ())]
    assert runs((date(2026, 3, 1), fee()), (date(2026, 4, 1), fee())) == [(2, MAY, None, ())]


def test_of_two_with_the_same_date_the_later_rules() -> None:
    assert runs((MAY, fee()), (JUNE, fee()), (JUNE, fee())) == [(1, MAY, JUNE, ()), (3, JUNE, None, ())]


def test_a_version_put_before_an_earlier_one_ends_that() -> None:
    assert runs((MAY, fee()), (JULY, fee()), (JUNE, fee())) == [(1, MAY, JUNE, ()), (3, JUNE, None, ())]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (fee(JUNE), (JUNE, JULY)),
        (fee(None, JUNE), (MAY, JUNE)),
        (fee(None, AUGUST), (MAY, JULY)),
        (fee(date(2026, 4, 1), JUNE), (MAY, JUNE)),
        (fee(None, MAY), None),
        (fee(JULY), None),
        (fee(date(2026, 6, 30)), (date(2026, 6, 30), JULY)),
    ],
)
def test_a_lines_own_dates_count_within_its_version(line: PriceLine, found: tuple[date, date] | None) -> None:
    rest = [(2, JULY, None, ())]
    assert runs((MAY, line), (JULY, fee())) == ([(1, *found, ()), *rest] if found else rest)


@pytest.mark.parametrize(
    ("on", "day"),
    [(None, MAY), (MAY, MAY), (JUNE, JUNE), (date(2026, 6, 30), date(2026, 6, 30)), (JULY, None), (date(2026, 4, 30), None)],
)  # fmt: skip
def test_a_cost_that_comes_once_comes_in_the_version_of_its_day(on: date | None, day: date | None) -> None:
    found = runs((MAY, once(on)), (JULY, fee()))
    assert found == ([(1, on, None, (day,))] if day else []) + [(2, JULY, None, ())]


def test_in_the_last_version_it_comes_whenever_it_is() -> None:
    assert runs((MAY, fee()), (JULY, once(AUGUST))) == [(1, MAY, JULY, ()), (2, AUGUST, None, (AUGUST,))]
