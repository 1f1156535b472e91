"""Rate segments as columns: the same pence as one agreement at a time, and parts that add up however they are cut."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.checking.invoices import Contracts
from rightplace.core.periods import Period
from rightplace.core.pricing import (
    Agreement,
    Per,
    PriceKind,
    PriceLine,
    PriceUnit,
    Segments,
    agreed_line,
    charged,
    charged_by_share,
    date_of,
    day_number,
    months_between,
    night_rows,
    rate_segments,
    running,
    segment_problems,
    totals_by_code,
    vat_charged,
)

FIRST = day_number(date(2026, 1, 15))


def _segments(amount: int, per: Per, nights: int = 90, start: int = FIRST, **columns: int) -> Segments:
    return Segments.priced(
        placement=[1],
        line=[1],
        start=[start],
        end=[start + nights],
        amount_pence=[amount],
        per=[per],
        **columns,
    )


def _cuts(*days: int) -> np.ndarray:
    return np.array(days, dtype=np.int32)


segments = st.builds(
    _segments,
    amount=st.integers(-20_000_00, 20_000_00),
    per=st.sampled_from(list(Per)),
    nights=st.integers(0, 1200),
    start=st.integers(FIRST - 4000, FIRST + 4000),
    quantity=st.sampled_from([100, 250, 1025, 33]),
    share=st.sampled_from([10_000, 5_000, 3_333, 1_250, 1]),
    vat=st.sampled_from([0, 2_000, 1_750]),
)


def test_a_weekly_fee_by_month_is_as_the_page_on_proration_has_it() -> None:
    cuts = _cuts(*(day_number(date(2026, month, 1)) for month in (1, 2, 3, 4, 5)))
    assert charged(_segments(95_000, Per.WEEK, 95), cuts).tolist() == [[230_714, 380_000, 420_715, 257_857]]


@pytest.mark.parametrize(
    ("per", "nights", "pence"),
    [(Per.NIGHT, 10, 1_000_00), (Per.WEEK, 7, 100_00), (Per.FOUR_WEEKS, 28, 100_00), (Per.MONTH, 31, 100_00),
     (Per.HOUR, 14, 200_00), (Per.ONE_OFF, 1, 100_00), (Per.SESSION, 1, 100_00), (Per.MILE, 1, 100_00)],
)  # fmt: skip
def test_each_unit_comes_to_its_amount(per: Per, nights: int, pence: int) -> None:
    january = day_number(date(2026, 1, 1))
    whole = charged(_segments(100_00, per, nights, january), _cuts(january, january + 400))
    assert whole.tolist() == [[pence]]


@given(segments, st.lists(st.integers(-50, 1300), min_size=2, max_size=12).map(sorted))
def test_the_parts_of_any_division_add_up_to_the_whole(rates: Segments, cuts: list[int]) -> None:
    days = _cuts(*(int(rates.start[0]) + cut for cut in cuts))
    for price in (charged, vat_charged):
        assert price(rates, days).sum() == price(rates, days[[0, -1]]).sum()


@given(segments, st.integers(0, 1200), st.integers(0, 1200))
def test_each_night_has_its_own_price_whatever_else_is_paid(rates: Segments, one: int, other: int) -> None:
    first, last = sorted((int(rates.start[0]) + one, int(rates.start[0]) + other))
    rows = night_rows(rates, first, last)
    assert rows.pence.sum() == charged(rates, _cuts(first, last)).sum()
    if len(rows.day):
        night = int(rows.day[len(rows.day) // 2])
        cut_out = replace(rates, start=_cuts(night), end=_cuts(night + 1))
        assert night_rows(cut_out, first, last).pence.tolist() == [rows.pence[len(rows.day) // 2]]


@given(
    segments,
    st.lists(st.integers(-50, 1300), min_size=2, max_size=8).map(sorted),
    st.lists(st.integers(0, 10_000), min_size=1, max_size=4).filter(any),
)
def test_a_shared_charge_adds_up_by_partner_and_by_part(
    rates: Segments, cuts: list[int], shares: list[int]
) -> None:
    days = _cuts(*(int(rates.start[0]) + cut for cut in cuts))
    divided = charged_by_share(rates, days, shares)
    assert (divided.sum(axis=2) == charged(rates, days)).all()
    assert (divided.sum(axis=1) == charged_by_share(rates, days[[0, -1]], shares)[:, 0]).all()


def test_half_of_an_odd_penny_goes_to_the_first_and_comes_back_to_the_second() -> None:
    two_nights = charged_by_share(_segments(1_01, Per.NIGHT, 2), _cuts(FIRST, FIRST + 1, FIRST + 2), [1, 1])
    assert two_nights.tolist() == [[[51, 50], [50, 51]]]


@pytest.mark.parametrize("shares", [[], [0, 0], [2, -1]])
def test_shares_that_divide_nothing_are_refused(shares: list[int]) -> None:
    with pytest.raises(ValueError, match="shares"):
        charged_by_share(_segments(1_00, Per.NIGHT), _cuts(FIRST, FIRST + 1), shares)


def test_a_rate_too_large_for_floating_point_is_counted_exactly() -> None:
    rates = _segments(9_999_999_999, Per.MONTH, 365, share=3_333)
    exact = [9_999_999_999 * 3_333, 10_000]
    cuts = _cuts(FIRST, FIRST + 365)
    assert charged(rates, cuts).tolist() == [[(2 * 12 * exact[0] + exact[1]) // (2 * exact[1])]]
    assert night_rows(rates, *cuts).pence.sum() == charged(rates, cuts).sum()
    assert charged(rates, months_between(FIRST, FIRST + 365)).sum() == charged(rates, cuts).sum()


def test_a_rate_too_large_is_checked_exactly_too() -> None:
    both = Segments.joined(
        [_segments(9_999_999_999, Per.MONTH, 365, share=3_333), _segments(100_00, Per.NIGHT)]
    )
    both.placement[1] = 1
    both.placement[0] = 0
    contracts = Contracts.of(
        both, provider=[7, 7], child=[0, 1], start=[FIRST, FIRST], end=[FIRST + 365, FIRST + 90]
    )
    asked = contracts.expected(np.array([1, 0]), np.array([FIRST, FIRST]), np.array([FIRST + 31, FIRST + 31]))
    assert asked.tolist() == [3_100_00, charged(both, _cuts(FIRST, FIRST + 31))[0, 0]]


def test_an_amount_beyond_all_bounds_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        _segments(10**17, Per.WEEK, share=9_999, quantity=10_001)


def test_a_later_rounding_rule_rules_only_totals_that_begin_under_it(monkeypatch: pytest.MonkeyPatch) -> None:
    later = running.RoundingRule(date(2026, 6, 1), 0, "a rule for this test: down")
    before, after = _segments(1_01, Per.WEEK, 7), _segments(1_01, Per.WEEK, 7, day_number(date(2026, 6, 1)))
    nights = [night_rows(rates, 0, 30_000).pence.tolist() for rates in (before, after)]
    assert nights == [[14, 15, 14, 15, 14, 15, 14]] * 2
    monkeypatch.setattr(running, "ROUNDING_RULES", (*running.ROUNDING_RULES, later))
    nights = [night_rows(rates, 0, 30_000).pence.tolist() for rates in (before, after)]
    assert nights == [[14, 15, 14, 15, 14, 15, 14], [14, 14, 15, 14, 15, 14, 15]]


def test_a_credit_is_the_mirror_of_its_charge() -> None:
    cuts = months_between(FIRST, FIRST + 90)
    assert (charged(_segments(-95_001, Per.WEEK), cuts) == -charged(_segments(95_001, Per.WEEK), cuts)).all()


def test_the_clock_change_and_the_leap_day_are_nights_like_any_other() -> None:
    leap = day_number(date(2028, 2, 28))
    assert night_rows(_segments(100_00, Per.NIGHT, 3, leap), leap, leap + 3).pence.tolist() == [100_00] * 3
    assert [date_of(day) for day in (leap, leap + 1, leap + 2)][1] == date(2028, 2, 29)
    march = day_number(date(2026, 3, 28))
    assert night_rows(_segments(70_00, Per.WEEK, 7, march), march, march + 7).pence.tolist() == [10_00] * 7


def test_totals_by_budget_code_are_the_sums_of_their_segments() -> None:
    rng = np.random.default_rng(4)
    many = 40_000
    start = FIRST + rng.integers(-400, 400, many)
    rates = Segments.priced(
        placement=rng.integers(0, 9_000, many), line=np.arange(many), start=start, end=start + rng.integers(0, 500, many),
        amount_pence=rng.integers(-500, 600_000, many), per=rng.integers(0, 5, many), code=rng.integers(0, 7, many),
    )  # fmt: skip
    cuts = months_between(FIRST, FIRST + 365)
    by_code = totals_by_code(rates, cuts, 7)
    pence = charged(rates, cuts)
    assert by_code.tolist() == [pence[rates.code == code].sum(axis=0).tolist() for code in range(7)]
    assert by_code.sum() == night_rows(rates, int(cuts[0]), int(cuts[-1])).pence.sum()


def test_one_placement_is_replaced_and_the_others_stay() -> None:
    both = Segments.joined([_segments(100_00, Per.NIGHT), _segments(50_00, Per.WEEK)])
    both.placement[1] = 2
    changed = both.replaced(1, _segments(110_00, Per.NIGHT))
    assert changed.placement.tolist() == [1, 2]
    assert changed.rate.tolist() == [110_00, 50_00]
    assert changed.rows_of(2) == slice(1, 2)


def test_two_rates_of_one_line_on_one_night_are_found() -> None:
    same_day = Segments.joined([_segments(100_00, Per.NIGHT), _segments(110_00, Per.NIGHT)])
    assert [problem.code for problem in segment_problems(same_day)] == ["two_rates_at_once"]
    backwards = _segments(100_00, Per.NIGHT, -1)
    assert [problem.code for problem in segment_problems(backwards)] == ["ends_before_start"]
    assert segment_problems(_segments(100_00, Per.NIGHT)) == []


def test_months_begin_on_their_first_day() -> None:
    firsts = months_between(FIRST, day_number(date(2026, 4, 1)))
    assert [date_of(day) for day in firsts] == [date(2026, month, 1) for month in (1, 2, 3, 4)]
    assert all((date_of(two) - date_of(one)).days in (28, 31) for one, two in pairwise(firsts))


def test_a_quantity_finer_than_hundredths_is_refused() -> None:
    half_hours = PriceLine(PriceKind.SUPPORT, PriceUnit.HOUR, 20_00, quantity=Decimal("2.5"))
    assert agreed_line(1, half_hours).quantity == 250
    with pytest.raises(ValueError, match="hundredths"):
        agreed_line(1, PriceLine(PriceKind.SUPPORT, PriceUnit.HOUR, 20_00, quantity=Decimal("2.505")))


def test_no_placements_cost_nothing() -> None:
    assert totals_by_code(Segments.empty(), _cuts(FIRST, FIRST + 1), 3).tolist() == [[0], [0], [0]]
    assert len(night_rows(Segments.empty(), FIRST, FIRST + 10).day) == 0
    assert rate_segments(Agreement(1, Period(date(2026, 1, 1)), ())).rate.tolist() == []


@pytest.mark.parametrize("per", [Per.NIGHT, Per.WEEK, Per.FOUR_WEEKS, Per.MONTH])
@pytest.mark.parametrize("night", [100_00, 2**31 - 4, 2**31 + 4, 2**36])
def test_the_nights_come_to_what_is_charged_however_dear_they_are(per: Per, night: int) -> None:
    for sign in (1, -1):
        dear = _segments(sign * night * {Per.NIGHT: 1, Per.WEEK: 7, Per.FOUR_WEEKS: 28}.get(per, 31), per)
        rows = night_rows(dear, FIRST + 1, FIRST + 40)
        assert rows.day.tolist() == list(range(FIRST + 1, FIRST + 40))
        assert int(rows.pence.sum(dtype=np.int64)) == int(charged(dear, _cuts(FIRST + 1, FIRST + 40)).sum())
        assert rows.segment.tolist() == [0] * 39
        assert (rows.pence.dtype == np.int64) == (night > 100_00 if per == Per.MONTH else night >= 2**31)


def test_placements_are_put_in_order_and_their_lines_stay_in_theirs() -> None:
    many = [_segments(100 * number, Per.NIGHT) for number in range(1, 41)]
    for number, one in enumerate(many):
        one.placement[0] = 2 - number % 2
    joined = Segments.joined(many)
    assert joined.placement.tolist() == [1] * 20 + [2] * 20
    assert joined.rate.tolist() == [*range(200, 4001, 200), *range(100, 4000, 200)]
