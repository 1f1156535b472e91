"""Part-periods: whatever the division, the parts add up to the whole."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.money import round_half_up, split_pence
from rightplace.core.periods import Period
from rightplace.core.proration import months_in, parts_of, prorate, split_parts, weeks_in
from tests.core.strategies import periods, splits

rates = st.fractions(0, 100_000, max_denominator=1000)


def test_the_worked_example_of_the_page_on_proration():
    stay = Period(date(2026, 1, 15), date(2026, 4, 20))
    months = stay.by_month()

    def running(day: date) -> Fraction:
        return 95_000 * weeks_in(stay.until(day))

    assert [part.nights for part in months] == [17, 28, 31, 19]
    assert prorate(running, months) == (230_714, 380_000, 420_715, 257_857)
    assert sum(prorate(running, months)) == round_half_up(95_000 * weeks_in(stay)) == 1_289_286
    each_alone = [round_half_up(95_000 * weeks_in(month)) for month in months]
    assert each_alone == [230_714, 380_000, 420_714, 257_857]
    assert sum(each_alone) == 1_289_285


def test_a_part_of_a_month_is_its_share_of_that_month():
    assert months_in(Period(date(2026, 1, 15), date(2026, 2, 15))) == Fraction(17, 31) + Fraction(14, 28)
    assert months_in(Period(date(2024, 2, 1), date(2024, 2, 29))) == Fraction(28, 29)


def test_twelve_months_from_any_day_of_january_are_twelve():
    assert all(months_in(Period(date(2026, 1, day), date(2027, 1, day))) == 12 for day in range(1, 32))


def test_a_part_is_the_difference_of_rounded_running_totals():
    assert parts_of([Fraction(0), Fraction(1, 2), Fraction(1), Fraction(3, 2)]) == (1, 0, 1)


def test_a_joint_placement_adds_up_by_month_and_by_funder():
    months = (230_714, 380_000, 420_715)
    table = split_parts(months, [50, 30, 20])
    assert tuple(sum(row) for row in table) == months
    assert tuple(map(sum, zip(*table, strict=True))) == split_pence(sum(months), [50, 30, 20])


@given(periods(), splits, rates)
def test_any_split_of_a_weekly_charge_adds_up_exactly(period: Period, by, rate: Fraction):
    parts = prorate(lambda day: rate * weeks_in(period.until(day)), period.split(by))
    assert sum(parts) == round_half_up(rate * weeks_in(period))


@given(periods(), st.integers(0, 1500))
def test_months_add_up_however_the_period_is_cut(period: Period, nights: int):
    cut = min(period.start + timedelta(days=nights), period.closed_end)
    before, after = Period(period.start, cut), Period(cut, period.end)
    assert months_in(before) + months_in(after) == months_in(period)


@given(
    st.lists(st.integers(0, 10**9), max_size=12),
    st.lists(st.integers(0, 100), min_size=1, max_size=5).filter(any),
)
def test_parts_shared_between_funders_add_up_both_ways(parts: list[int], shares: list[int]):
    table = split_parts(parts, shares)
    assert [sum(row) for row in table] == parts
    if parts:
        assert tuple(map(sum, zip(*table, strict=True))) == split_pence(sum(parts), shares)
    for row, part in zip(table, parts, strict=True):
        exact = [Fraction(part * share, sum(shares)) for share in shares]
        assert all(abs(cell - value) <= 2 for cell, value in zip(row, exact, strict=True))
