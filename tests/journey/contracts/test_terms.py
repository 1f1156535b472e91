"""What versions of a contract come to: the parts always add up, and a change alters nothing dated before it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.periods import Period, financial_year
from rightplace.core.pricing import (
    DatedCharge,
    PriceKind,
    PriceLine,
    PriceUnit,
    dated_charges,
    whole_cost,
)
from rightplace.journey.contracts.terms import Terms, agreement_from, ruling, stay_cost

START = date(2026, 11, 23)
DAYS = st.integers(0, 800).map(lambda days: START + timedelta(days=days))


def dues(terms: tuple[Terms, ...], stay: Period) -> tuple[DatedCharge, ...]:
    """What is due by line and month."""
    return dated_charges(agreement_from(terms, stay))


@st.composite
def price_lines(draw: st.DrawFn) -> tuple[PriceLine, ...]:
    """A core fee and perhaps more, as contracts have them."""
    units = st.sampled_from([PriceUnit.NIGHT, PriceUnit.WEEK, PriceUnit.MONTH, PriceUnit.HOUR])
    pence = st.integers(0, 900_000)
    lines = [PriceLine(PriceKind.CORE_FEE, draw(units), draw(pence))]
    if draw(st.booleans()):
        lines.append(
            PriceLine(
                PriceKind.SUPPORT,
                draw(units),
                draw(pence),
                quantity=draw(st.integers(1, 40)),
                starts_on=draw(DAYS),
            )
        )
    if draw(st.booleans()):
        lines.append(PriceLine(PriceKind.ONE_OFF, PriceUnit.ONE_OFF, draw(pence)))
    if draw(st.booleans()):
        lines.append(
            PriceLine(PriceKind.DISCOUNT, PriceUnit.PERCENT, basis_points=draw(st.integers(1, 10_000)))
        )
    return tuple(lines)


@st.composite
def agreed(draw: st.DrawFn) -> tuple[Terms, ...]:
    """One to four versions, in order of date."""
    dates = sorted(draw(st.lists(DAYS, max_size=3)))
    return tuple(Terms(day, draw(price_lines())) for day in [START, *dates])


STAYS = st.integers(0, 900).map(lambda nights: Period(START, START + timedelta(days=nights)))


@given(agreed(), STAYS)
def test_the_lines_add_up_to_the_whole_cost_to_the_penny(terms: tuple[Terms, ...], stay: Period) -> None:
    cost = stay_cost(terms, stay)
    assert sum(due.pence for due in dues(terms, stay)) == cost.total_pence
    assert sum(cost.by_financial_year.values()) == sum(cost.by_kind.values()) == cost.total_pence


@given(price_lines(), STAYS)
def test_one_version_comes_to_what_core_pricing_says(lines: tuple[PriceLine, ...], stay: Period) -> None:
    expected = whole_cost(lines, stay)
    cost = stay_cost((Terms(START, lines),), stay)
    assert (cost.total_pence, cost.by_financial_year) == (expected.total_pence, expected.by_financial_year)
    assert cost.weekly_equivalent_pence == expected.weekly_equivalent_pence


@given(agreed(), STAYS)
def test_each_line_lies_in_one_month_and_one_financial_year(terms: tuple[Terms, ...], stay: Period) -> None:
    for due in dues(terms, stay):
        last = due.period.last_night
        assert last is not None
        assert (due.period.start.year, due.period.start.month) == (last.year, last.month)
        assert financial_year(due.period.start) == financial_year(last)


@given(agreed(), price_lines(), DAYS, STAYS)
def test_a_variation_alters_nothing_dated_before_it(
    terms: tuple[Terms, ...], lines: tuple[PriceLine, ...], day: date, stay: Period
) -> None:
    day = max(day, terms[-1].starts_on)
    before = {due for due in dues(terms, stay) if due.period.closed_end <= day}
    after = set(dues((*terms, Terms(day, lines)), stay))
    assert before <= after


@given(agreed(), STAYS, DAYS)
def test_an_earlier_end_alters_nothing_dated_before_it(
    terms: tuple[Terms, ...], stay: Period, day: date
) -> None:
    kept = {due for due in dues(terms, stay) if due.period.closed_end <= day}
    assert kept <= set(dues(terms, stay.until(day)))


@given(agreed(), STAYS)
def test_every_night_of_the_stay_is_ruled_by_one_version(terms: tuple[Terms, ...], stay: Period) -> None:
    parts = ruling(terms, stay)
    assert sum(part.nights for _, part in parts) == stay.nights
    assert all(earlier.end == later.start for (_, earlier), (_, later) in pairwise(parts))


def test_a_fee_that_rises_in_mid_month_is_cut_at_the_day() -> None:
    old = PriceLine(PriceKind.CORE_FEE, PriceUnit.WEEK, 70_000)
    new = PriceLine(PriceKind.CORE_FEE, PriceUnit.WEEK, 77_000)
    terms = (Terms(START, (old,)), Terms(date(2026, 12, 11), (new,)))
    due = dues(terms, Period(START, date(2027, 1, 1)))
    assert [(each.period.start.day, each.period.nights, each.pence) for each in due] == [
        (23, 8, 80_000),
        (1, 10, 100_000),
        (11, 21, 231_000),
    ]


@pytest.mark.parametrize("nights", [0, 1])
def test_a_stay_of_no_night_costs_nothing(nights: int) -> None:
    line = PriceLine(PriceKind.CORE_FEE, PriceUnit.NIGHT, 100)
    stay = Period(START, START + timedelta(days=nights))
    assert stay_cost((Terms(START, (line,)),), stay).total_pence == 100 * nights
