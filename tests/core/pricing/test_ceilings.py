"""A framework's ceiling, held over each line and over a placement's lines together, to the penny."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from rightplace.core.periods import Period
from rightplace.core.pricing import (
    AgreedLine,
    Agreement,
    Ceiling,
    Per,
    Step,
    Uplift,
    agreement_problems,
    dated_charges,
)

START = date(2026, 5, 4)
STAY = Period(START, START + timedelta(days=91))
FEE = AgreedLine(1, "core_fee", Per.WEEK, 420_000)
SUPPORT = AgreedLine(2, "support", Per.HOUR, 2_250, quantity=4_000)
MOST = Ceiling(date(2020, 1, 1), Per.WEEK, 450_000, is_together=True)
NIGHTS = {Per.NIGHT: 1, Per.WEEK: 7, Per.FOUR_WEEKS: 28, Per.HOUR: 7}


def totals(agreement: Agreement) -> dict[int, int]:
    """What each line comes to."""
    found: dict[int, int] = {}
    for row in dated_charges(agreement):
        found[row.line] = found.get(row.line, 0) + row.pence
    return found


def priced(*lines: AgreedLine, ceiling: Ceiling = MOST, **more: object) -> Agreement:
    return Agreement(1, STAY, lines, ceilings=(ceiling,), **more)


def test_lines_share_a_ceiling_in_their_order_and_come_to_it_to_the_penny() -> None:
    """13 weeks at £4,500: £4,200 of fee, and of £900 of support the £300 that are left (40 hours at £7.50)."""
    assert totals(priced(FEE, SUPPORT)) == {1: 13 * 420_000, 2: 13 * 30_000}


def test_each_line_by_itself_is_held_as_before_where_the_ceiling_is_not_for_all_together() -> None:
    alone = replace(MOST, is_together=False)
    assert totals(priced(FEE, SUPPORT, ceiling=replace(alone, applies_to=("core_fee",)))) == {
        1: 13 * 420_000, 2: 13 * 90_000,
    }  # fmt: skip
    assert totals(priced(replace(FEE, amount_pence=500_000), ceiling=alone)) == {1: 13 * 450_000}


def test_a_fee_above_the_ceiling_leaves_nothing_for_the_lines_after_it() -> None:
    assert totals(priced(replace(FEE, amount_pence=500_000), SUPPORT)) == {1: 13 * 450_000}


def test_what_is_left_moves_on_the_day_on_which_a_line_before_it_does() -> None:
    """From the 8th week the fee rises by £200 a week: £100 are left of the ceiling instead of £300."""
    rise = Uplift(START + timedelta(days=49), 476, applies_to=("core_fee",))
    found = totals(priced(FEE, SUPPORT, uplifts=(rise,)))
    assert found[1] == 7 * 420_000 + 6 * 439_992
    assert found[2] == 7 * 30_000 + 6 * (10_008 // 40 * 40)


def test_a_line_that_has_ended_leaves_its_part_to_the_others() -> None:
    brief = replace(FEE, ends_on=START + timedelta(days=28))
    assert totals(priced(brief, SUPPORT)) == {1: 4 * 420_000, 2: 4 * 30_000 + 9 * 90_000}


def test_steps_count_within_the_ceiling_and_discounts_make_no_room() -> None:
    stepped = replace(FEE, step_group="age", steps=(("11 to 15", 20_000),))
    off = AgreedLine(3, "discount", Per.WEEK, 5_000)
    found = totals(priced(stepped, SUPPORT, off, steps=(Step("age", "11 to 15", START),)))
    assert found == {1: 13 * 440_000, 2: 13 * 10_000, 3: -13 * 5_000}


def test_a_price_by_the_month_counts_as_twelve_in_365_nights() -> None:
    """£300 a week are left for it: £300 / 7 × 365 / 12 = £1,303.57 a month."""
    monthly = AgreedLine(4, "education", Per.MONTH, 200_000)
    june = dated_charges(priced(FEE, monthly))
    assert [row.pence for row in june if row.line == 4 and row.part == date(2026, 6, 1)] == [130_357]


def test_nights_weeks_four_weeks_and_hours_are_compared_and_months_only_together() -> None:
    monthly = AgreedLine(4, "education", Per.MONTH, 10_000)
    alone = priced(FEE, monthly, ceiling=replace(MOST, is_together=False))
    assert [one.code for one in agreement_problems(alone)] == ["ceiling_of_other_unit"]
    assert agreement_problems(priced(FEE, SUPPORT, monthly)) == []
    nightly = Ceiling(date(2020, 1, 1), Per.NIGHT, 60_000, is_together=True)
    assert totals(priced(FEE, SUPPORT, ceiling=nightly)) == {1: 13 * 420_000}
    session = AgreedLine(5, "therapy", Per.SESSION, 8_000)
    assert agreement_problems(priced(FEE, session)) == []


LINES = st.tuples(
    st.sampled_from(list(NIGHTS)), st.integers(0, 300_000), st.integers(1, 4_000), st.integers(0, 80), st.integers(1, 90)
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(LINES, min_size=1, max_size=5),
    st.sampled_from([Per.NIGHT, Per.WEEK, Per.FOUR_WEEKS]),
    st.integers(0, 9 * 10**5),
)
def test_whatever_the_lines_the_price_of_no_night_is_above_the_ceiling_and_no_penny_is_lost_below_it(
    given_lines: list[tuple[Per, int, int, int, int]], per: Per, most: int
) -> None:
    """Against a plain count by night: each line in turn may cost, in exact fractions, what those before it have left."""
    lines = tuple(
        AgreedLine(
            at, "support", unit, amount, quantity, START + timedelta(days=first), START + timedelta(days=first + long)
        )
        for at, (unit, amount, quantity, first, long) in enumerate(given_lines, 1)
    )  # fmt: skip
    ceiling = Ceiling(date(2020, 1, 1), per, most, is_together=True)
    agreement = Agreement(1, STAY, lines, ceilings=(ceiling,))
    a_night = Fraction(most, NIGHTS[per])
    exact = {line.number: Fraction(0) for line in lines}
    for day in (START + timedelta(days=at) for at in range(STAY.nights)):
        left = a_night
        for line in lines:
            if line.starts_on <= day < line.ends_on:
                times = Fraction(line.quantity, 100)
                alone = most * NIGHTS[line.per] // NIGHTS[per] if line.per != Per.HOUR else line.amount_pence
                unit = min(line.amount_pence, alone, int(left * NIGHTS[line.per] // times))
                exact[line.number] += unit * times / NIGHTS[line.per]
                left -= unit * times / NIGHTS[line.per]
        assert left >= 0
    found = totals(agreement)
    # Each running total of an amount is rounded once: at most half a penny for every change of an amount.
    changes = 2 * len(lines) + 1
    assert all(abs(found.get(number, 0) - pence) <= changes for number, pence in exact.items())
