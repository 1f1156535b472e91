"""Prices: charges, schedules and whole costs that agree to the penny."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightplace.core.periods import Period, financial_year_period
from rightplace.core.pricing import (
    PriceKind,
    PriceLine,
    PriceUnit,
    charges,
    cost_within,
    price_problems,
    schedule,
    weekly_rate,
    whole_cost,
)
from tests.core.pricing.naive import naive_total
from tests.core.strategies import agreements, days, splits

STAY = Period(date(2026, 1, 15), date(2026, 6, 10))
FEE = PriceLine(PriceKind.CORE_FEE, PriceUnit.WEEK, 950_00)
SUPPORT = PriceLine(PriceKind.SUPPORT, PriceUnit.HOUR, 21_50, quantity=10)
TRANSPORT = PriceLine(PriceKind.TRANSPORT, PriceUnit.MONTH, 200_00)
CLOTHING = PriceLine(PriceKind.ONE_OFF, PriceUnit.ONE_OFF, 300_00)
DISCOUNT = PriceLine(
    PriceKind.DISCOUNT, PriceUnit.PERCENT, basis_points=500, applies_to=(PriceKind.CORE_FEE,)
)
OFFER = [FEE, SUPPORT, TRANSPORT, CLOTHING, DISCOUNT]


def _totals_by_part(due):
    totals: dict[date, int] = {}
    for charge in due:
        month = charge.period.start.replace(day=1)
        totals[month] = totals.get(month, 0) + charge.pence
    return list(totals.values())


def test_the_worked_example_of_the_page_on_pricing():
    cost = whole_cost(OFFER, STAY)
    assert cost.total_pence == 24_577_55
    assert cost.nights == 146
    assert cost.by_financial_year == {"2025-26": 12_942_55, "2026-27": 11_635_00}
    assert cost.by_kind == {
        "core_fee": 19_814_29,
        "support": 4_484_29,
        "transport": 969_68,
        "one_off": 300_00,
        "discount": -990_71,
    }
    assert cost.weekly_equivalent_pence == 1_178_38
    assert weekly_rate(OFFER, on=date(2026, 2, 1)) == 1_163_53
    months = _totals_by_part(schedule(OFFER, STAY, "month"))
    assert months == [3_123_60, 4_670_00, 5_148_95, 4_989_26, 5_148_95, 1_496_79]
    assert sum(months) == cost.total_pence


def test_seven_nights_are_one_weekly_fee_and_the_leaving_day_is_not_paid():
    week = Period(date(2026, 3, 1), date(2026, 3, 8))
    assert [charge.pence for charge in charges([FEE], week)] == [950_00]


def test_a_monthly_fee_is_paid_in_full_for_each_full_month():
    stay = Period(date(2026, 1, 15), date(2026, 4, 15))
    assert [charge.pence for charge in schedule([TRANSPORT], stay)] == [109_68, 200_00, 200_00, 93_33]


def test_hours_are_charged_by_the_week():
    week = Period(date(2026, 3, 1), date(2026, 3, 8))
    half_hours = PriceLine(PriceKind.SUPPORT, PriceUnit.HOUR, 20_00, quantity=Decimal("2.5"))
    assert whole_cost([half_hours], week).total_pence == 50_00


def test_a_one_off_cost_falls_on_its_date_and_by_default_on_the_first_day():
    later = PriceLine(PriceKind.ONE_OFF, PriceUnit.ONE_OFF, 100_00, starts_on=date(2026, 4, 1))
    due = schedule([CLOTHING, later], STAY, "financial_year")
    assert [(charge.period, charge.pence) for charge in due] == [
        (Period(date(2026, 1, 15), date(2026, 1, 16)), 300_00),
        (Period(date(2026, 4, 1), date(2026, 4, 2)), 100_00),
    ]


def test_a_one_off_cost_outside_the_agreement_is_not_charged():
    outside = PriceLine(PriceKind.ONE_OFF, PriceUnit.ONE_OFF, 100_00, starts_on=STAY.closed_end)
    assert charges([outside], STAY) == ()


def test_a_new_rate_follows_the_old_one_without_a_gap_or_a_double_night():
    old = PriceLine(PriceKind.CORE_FEE, PriceUnit.NIGHT, 100_00, ends_on=date(2026, 4, 1))
    new = PriceLine(PriceKind.CORE_FEE, PriceUnit.NIGHT, 110_00, starts_on=date(2026, 4, 1))
    assert whole_cost([old, new], STAY).total_pence == 76 * 100_00 + 70 * 110_00


def test_a_discount_takes_off_only_while_it_and_the_fee_run():
    first_weeks = PriceLine(
        PriceKind.DISCOUNT, PriceUnit.PERCENT, basis_points=1000, ends_on=STAY.start + timedelta(days=14)
    )
    assert whole_cost([FEE, first_weeks], STAY).by_kind["discount"] == -190_00


def test_a_fixed_discount_is_taken_off_each_week():
    off = PriceLine(PriceKind.DISCOUNT, PriceUnit.WEEK, 50_00)
    assert whole_cost([FEE, off], Period(date(2026, 3, 1), date(2026, 3, 15))).total_pence == 1_800_00


def test_a_percentage_does_not_touch_one_off_costs_unless_it_says_so():
    night = Period(date(2026, 3, 1), date(2026, 3, 2))
    off = PriceLine(PriceKind.DISCOUNT, PriceUnit.PERCENT, basis_points=5000)
    assert whole_cost([CLOTHING, off], night).total_pence == 300_00
    off_it = PriceLine(
        PriceKind.DISCOUNT, PriceUnit.PERCENT, basis_points=5000, applies_to=(PriceKind.ONE_OFF,)
    )
    assert whole_cost([CLOTHING, off_it], night).total_pence == 150_00


def test_a_stay_without_a_night_costs_nothing():
    cost = whole_cost(OFFER, Period(STAY.start, STAY.start))
    assert (cost.total_pence, cost.weekly_equivalent_pence) == (0, None)


def test_an_open_stay_has_no_whole_cost_until_an_end_is_assumed():
    with pytest.raises(ValueError, match="open"):
        whole_cost(OFFER, Period(STAY.start))


def test_the_cost_within_a_financial_year_is_the_schedule_s():
    year = financial_year_period("2026-27")
    assert cost_within(OFFER, STAY, year) == 11_635_00


@given(agreements())
@settings(deadline=None)
def test_the_whole_cost_is_what_walking_through_the_days_gives(agreement):
    lines, period = agreement
    assert whole_cost(lines, period).total_pence == naive_total(lines, period)


@given(agreements(), splits | st.lists(days, max_size=8), days)
def test_changing_the_cuts_never_changes_the_total(agreement, split, anchor: date):
    lines, period = agreement
    cost = whole_cost(lines, period)
    assert sum(charge.pence for charge in schedule(lines, period, split, anchor)) == cost.total_pence
    assert sum(cost.by_financial_year.values()) == sum(cost.by_kind.values()) == cost.total_pence


@given(agreements(), splits)
def test_charges_lie_inside_the_stay_and_in_order_of_date(agreement, split):
    lines, period = agreement
    due = schedule(lines, period, split)
    assert [charge.period.start for charge in due] == sorted(charge.period.start for charge in due)
    assert all(period.covers(charge.period) and charge.period.nights for charge in due)


@given(agreements(), st.integers(0, 900))
def test_a_later_end_never_changes_an_earlier_charge(agreement, more: int):
    lines, period = agreement
    longer = Period(period.start, period.closed_end + timedelta(days=more))
    if not period.is_empty:
        assert cost_within(lines, longer, period) == whole_cost(lines, period).total_pence


def test_a_sound_price_has_no_problems():
    assert price_problems(OFFER, STAY) == []


def test_a_price_has_at_least_one_line():
    assert [problem.code for problem in price_problems([], STAY)] == ["no_price"]


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        (PriceLine(PriceKind.CORE_FEE, PriceUnit.WEEK, -1), "amount_negative", "0.amount_pence"),
        (PriceLine(PriceKind.CORE_FEE, PriceUnit.WEEK, 10**12 + 1), "amount_too_large", "0.amount_pence"),
        (PriceLine(PriceKind.DISCOUNT, PriceUnit.WEEK, 0), "discount_empty", "0.amount_pence"),
        (PriceLine(PriceKind.CORE_FEE, PriceUnit.WEEK, 1, quantity=0), "quantity_not_positive", "0.quantity"),
        (PriceLine(PriceKind.SUPPORT, PriceUnit.HOUR, 1, quantity=169), "hours_too_many", "0.quantity"),
        (
            PriceLine(PriceKind.SUPPORT, PriceUnit.NIGHT, 1, quantity=10_001),
            "quantity_too_large",
            "0.quantity",
        ),
        (
            PriceLine(PriceKind.SUPPORT, PriceUnit.PERCENT, basis_points=1),
            "percentage_not_discount",
            "0.unit",
        ),
        (PriceLine(PriceKind.DISCOUNT, PriceUnit.PERCENT), "percentage_out_of_range", "0.basis_points"),
        (
            PriceLine(PriceKind.DISCOUNT, PriceUnit.PERCENT, basis_points=10_001),
            "percentage_out_of_range",
            "0.basis_points",
        ),
        (
            PriceLine(PriceKind.ONE_OFF, PriceUnit.ONE_OFF, 1, ends_on=date(2026, 2, 1)),
            "one_off_has_end",
            "0.ends_on",
        ),
        (
            PriceLine(PriceKind.CORE_FEE, PriceUnit.WEEK, 1, 1, date(2026, 3, 1), date(2026, 3, 1)),
            "ends_before_start",
            "0.ends_on",
        ),
        (
            PriceLine(PriceKind.CORE_FEE, PriceUnit.WEEK, 1, starts_on=date(2027, 1, 1)),
            "outside_agreement",
            "0.starts_on",
        ),
    ],
)
def test_what_is_wrong_with_a_line_is_said_where_it_is(line: PriceLine, code: str, field: str):
    assert [(problem.code, problem.field) for problem in price_problems([line], STAY)] == [(code, field)]


def test_all_that_is_wrong_is_said_at_once():
    wrong = PriceLine(PriceKind.CORE_FEE, PriceUnit.HOUR, -1, quantity=200, starts_on=date(2027, 1, 1))
    assert len(price_problems([wrong, wrong], STAY)) == 6


def test_discounts_must_not_come_to_more_than_the_price():
    off = PriceLine(PriceKind.DISCOUNT, PriceUnit.WEEK, 951_00)
    assert [problem.code for problem in price_problems([FEE, off], STAY)] == ["discounts_exceed_price"]


def test_a_whole_cost_beyond_the_limit_is_refused():
    dear = PriceLine(PriceKind.CORE_FEE, PriceUnit.NIGHT, 10**12)
    assert [problem.code for problem in price_problems([dear], STAY)] == ["total_too_large"]


@given(agreements(), days)
def test_the_weekly_rate_is_the_cost_of_a_week_when_nothing_is_monthly(agreement, on: date):
    lines, _ = agreement
    weekly = [line for line in lines if line.unit not in (PriceUnit.MONTH, PriceUnit.ONE_OFF)]
    running = [
        line
        for line in weekly
        if (line.starts_on or on) <= on and (line.ends_on is None or line.ends_on >= on + timedelta(days=7))
    ]
    cost = whole_cost(running, Period(on, on + timedelta(days=7))).total_pence
    assert abs(weekly_rate(running, on) - cost) <= len(running)


def test_a_quantity_has_two_decimals_at_most():
    quarter = PriceLine(PriceKind.THERAPY, PriceUnit.WEEK, 100_00, quantity=Fraction(1, 4))
    stay = Period(date(2026, 3, 1), date(2026, 3, 29))
    assert whole_cost([quarter], stay).total_pence == 100_00
    third = replace(quarter, quantity=Fraction(1, 3))
    assert [problem.code for problem in price_problems([third], stay)] == ["quantity_too_fine"]


def test_sessions_and_miles_count_with_the_most_in_a_week_towards_the_whole_cost():
    stay = Period(date(2026, 3, 1), date(2026, 3, 29))
    sessions = PriceLine(PriceKind.THERAPY, PriceUnit.SESSION, 60_00, quantity=2)
    assert whole_cost([sessions], stay).total_pence == 8 * 60_00
    assert sum(charge.pence for charge in charges([sessions], stay)) == 8 * 60_00


def test_the_weekly_rate_is_of_what_runs_on_the_day():
    day = date(2026, 2, 1)
    for starts_on, ends_on, runs in (
        (day, None, True),
        (day + timedelta(days=1), None, False),
        (None, day, False),
        (None, day + timedelta(days=1), True),
        (day, day + timedelta(days=1), True),
        (date(2026, 1, 1), date(2026, 1, 20), False),
    ):
        line = replace(FEE, starts_on=starts_on, ends_on=ends_on)
        assert weekly_rate([line], on=day) == (950_00 if runs else 0)
    session = PriceLine(PriceKind.THERAPY, PriceUnit.SESSION, 60_00, quantity=2)
    assert weekly_rate([session], on=day) == 120_00
    assert weekly_rate([FEE, replace(DISCOUNT, applies_to=(PriceKind.SUPPORT,))], on=day) == 950_00
