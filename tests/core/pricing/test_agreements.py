"""Agreements with every rule: what is charged for a placement, a block and a carer's household."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from rightplace.core.periods import Period
from rightplace.core.pricing import (
    Absence,
    AgreedLine,
    Agreement,
    AwayRule,
    Ceiling,
    Delivery,
    NightRule,
    Notice,
    Per,
    Step,
    Uplift,
    VatTreatment,
    age_steps,
    agreement_problems,
    charged,
    charges_until,
    date_of,
    day_number,
    every_year,
    rate_segments,
    vat_charged,
)
from rightplace.core.pricing.budget import Budget

NEXT_YEAR = date(2027, 1, 1)
FEE = AgreedLine(1, "core_fee", Per.WEEK, 4_200_00, code=1)
SUPPORT = AgreedLine(2, "support", Per.HOUR, 22_50, quantity=1_000, code=2)
LONG_STAY = AgreedLine(
    3,
    "discount",
    Per.ONE_OFF,
    is_percentage=True,
    basis_points=500,
    applies_to=("core_fee",),
    after_nights=90,
    code=1,
)
WORKED = Agreement(
    1, Period(date(2026, 5, 11), date(2026, 11, 20)), (FEE, SUPPORT, LONG_STAY),
    absences=(Absence("hospital", Period(date(2026, 7, 3), date(2026, 7, 28))),),
    away=(AwayRule("", ((0, 10_000), (14, 5_000))),),
    notice=Notice(28, date(2026, 11, 6)),
    uplifts=(Uplift(date(2026, 10, 1), 310, ("core_fee",)),),
)  # fmt: skip
NIGHTLY = AgreedLine(1, "core_fee", Per.NIGHT, 100_00)
JUNE = Period(date(2026, 6, 1), date(2026, 6, 11))


def _pounds(agreement: Agreement, until: date = NEXT_YEAR) -> float:
    return charges_until(agreement, until).total_pence / 100


def _by_line(agreement: Agreement) -> dict[int, list[int]]:
    found = charges_until(agreement, NEXT_YEAR)
    return {int(line): found.pence[found.line == line].tolist() for line in np.unique(found.line)}


def test_the_worked_example_of_the_page_on_charging() -> None:
    assert _by_line(WORKED) == {
        1: [12_600_00, 18_000_00, 15_300_00, 18_600_00, 18_000_00, 19_176_60, 18_558_00, 1_855_80],
        2: [675_00, 964_29, 819_63, 996_43, 964_29, 996_43, 964_28, 96_43],
        3: [-690_00, -900_00, -958_83, -927_90, -92_79],
    }
    assert _pounds(WORKED) == 124_997.66


@pytest.mark.parametrize(
    ("rule", "pounds"),
    [(NightRule(), 1_000), (NightRule(is_leaving_paid=True), 1_100), (NightRule(is_arrival_paid=False), 900)],
    ids=[
        "the last night is the one before leaving",
        "the day of leaving stated as paid",
        "the first night not paid",
    ],
)
def test_first_and_last_nights_follow_the_contract(rule: NightRule, pounds: float) -> None:
    assert _pounds(Agreement(1, JUNE, (NIGHTLY,), nights=rule)) == pounds


def test_a_missing_child_has_a_rule_apart_from_other_absences() -> None:
    away = (AwayRule("missing", ((0, 10_000), (2, 0))), AwayRule("", ((0, 5_000),)))
    missing = Absence("missing", Period(date(2026, 6, 2), date(2026, 6, 6)))
    visit = Absence("family", Period(date(2026, 6, 7), date(2026, 6, 9)))
    assert _pounds(Agreement(1, JUNE, (NIGHTLY,), absences=(missing, visit), away=away)) == 1_000 - 200 - 100
    kept = replace(NIGHTLY, is_paid_when_away=True)
    assert _pounds(Agreement(1, JUNE, (kept,), absences=(missing, visit), away=away)) == 1_000


def test_notice_is_paid_from_the_day_it_was_given_and_not_beyond_the_agreed_end() -> None:
    given = Notice(28, date(2026, 6, 1), 8_000)
    assert _pounds(Agreement(1, JUNE, (NIGHTLY,), notice=given)) == 1_000 + 18 * 80
    assert _pounds(Agreement(1, JUNE, (NIGHTLY,), notice=given, ends_on=date(2026, 6, 15))) == 1_000 + 4 * 80


def test_notice_after_a_stay_without_a_night_begins_on_the_day_of_leaving() -> None:
    day = date(2026, 6, 1)
    came_and_went = Agreement(
        1, Period(day, day), (NIGHTLY,), nights=NightRule(is_arrival_paid=False), notice=Notice(5, day)
    )
    assert _pounds(came_and_went) == 500


def test_an_enhancement_follows_the_step_of_the_placement() -> None:
    line = AgreedLine(2, "support", Per.NIGHT, step_group="level", steps=(("2", 10_00), ("3", 25_00)))
    steps = (
        Step("level", "2", date(2026, 6, 3)),
        Step("level", "3", date(2026, 6, 8)),
        Step("other", "3", date(2026, 6, 1)),
    )
    assert _pounds(Agreement(1, JUNE, (line,), steps=steps)) == 5 * 10 + 3 * 25


def test_uplifts_add_up_and_a_ceiling_holds_them() -> None:
    uplifts = (Uplift(date(2026, 6, 3), 1_000), Uplift(date(2026, 6, 6), 1_000))
    agreement = Agreement(1, JUNE, (NIGHTLY,), uplifts=uplifts)
    assert _pounds(agreement) == 2 * 100 + 3 * 110 + 5 * 121
    capped = replace(agreement, ceilings=(Ceiling(date(2026, 6, 1), Per.WEEK, 770_00),))
    assert _pounds(capped) == 2 * 100 + 8 * 110


def test_sibling_and_volume_discounts_are_steps_of_a_percentage() -> None:
    discount = AgreedLine(
        2,
        "discount",
        Per.ONE_OFF,
        is_percentage=True,
        applies_to=("core_fee",),
        step_group="siblings",
        steps=(("2", 500),),
    )
    both = Agreement(1, JUNE, (NIGHTLY, discount), steps=(Step("siblings", "2", date(2026, 6, 6)),))
    assert _pounds(both) == 1_000 - 5 * 5


def test_sessions_and_miles_are_charged_as_delivered() -> None:
    lines = (AgreedLine(1, "therapy", Per.SESSION, 80_00), AgreedLine(2, "mileage", Per.MILE, 45))
    deliveries = (
        Delivery(1, date(2026, 6, 2), 100), Delivery(1, date(2026, 6, 2), 100), Delivery(2, date(2026, 6, 5), 1_250),
        Delivery(1, date(2026, 7, 2), 100),
    )  # fmt: skip
    assert _by_line(Agreement(1, JUNE, lines, deliveries=deliveries)) == {1: [160_00], 2: [5_63]}


def test_a_block_is_paid_whether_filled_or_not() -> None:
    beds = AgreedLine(1, "core_fee", Per.WEEK, 3_000_00, quantity=400)
    assert _pounds(Agreement(9, Period(date(2026, 6, 1), date(2026, 6, 29)), (beds,))) == 4 * 4 * 3_000


def test_vat_follows_the_treatment_and_the_rate_of_its_date() -> None:
    line = replace(NIGHTLY, vat=VatTreatment.STANDARD)
    cuts = np.array([day_number(date(2010, 12, 30)), day_number(date(2011, 1, 9))], dtype=np.int32)
    rates = rate_segments(Agreement(1, Period(date(2010, 12, 30), date(2011, 1, 9)), (line,)))
    assert vat_charged(rates, cuts).sum() == 5 * 17_50 + 5 * 20_00
    assert charged(rates, cuts).sum() == 1_000_00
    exempt = rate_segments(Agreement(1, JUNE, (NIGHTLY,)))
    assert vat_charged(exempt, np.array([0, 30_000], dtype=np.int32)).sum() == 0


def test_carers_allowance_fee_and_festivals_are_the_same_engine() -> None:
    period = Period(date(2026, 4, 6), date(2027, 4, 5))
    born_on = date(2015, 9, 7)
    ages = ((0, "0 to 4"), (5, "5 to 10"), (11, "11 to 15"), (16, "16 and over"))
    by_age = (("5 to 10", 210_00), ("11 to 15", 240_00))
    lines = (
        AgreedLine(1, "allowance", Per.WEEK, step_group="age", steps=by_age),
        AgreedLine(2, "fee", Per.WEEK, step_group="skill", steps=(("2", 150_00), ("3", 260_00))),
        AgreedLine(
            3, "birthday", Per.ONE_OFF, step_group="age", steps=by_age, dates=every_year(9, 7, period)
        ),
        AgreedLine(4, "festival", Per.ONE_OFF, step_group="age", steps=by_age, dates=(date(2026, 12, 25),)),
    )
    steps = (
        *age_steps(born_on, ages),
        Step("skill", "2", date(2026, 4, 6)),
        Step("skill", "3", date(2026, 6, 1)),
    )
    found = _by_line(Agreement(5, period, lines, steps=steps))
    assert sum(found[1]) == 22 * 210_00 + 240_00 * 116 // 7
    assert sum(found[2]) == 8 * 150_00 + round(260_00 * 214 / 7)
    assert (found[3], found[4]) == ([240_00], [240_00])


def test_a_child_born_on_29_february_comes_of_age_on_1_march() -> None:
    assert [step.starts_on for step in age_steps(date(2012, 2, 29), ((11, "11"), (12, "12")))] == [
        date(2023, 3, 1),
        date(2024, 2, 29),
    ]
    assert every_year(2, 29, Period(date(2027, 1, 1), date(2029, 1, 1))) == (
        date(2027, 3, 1),
        date(2028, 2, 29),
    )


def test_an_open_stay_is_charged_up_to_the_day_asked_for() -> None:
    assert _pounds(Agreement(1, Period(date(2026, 6, 1)), (NIGHTLY,)), until=date(2026, 6, 5)) == 400
    assert _pounds(Agreement(1, Period(date(2026, 6, 1)), (NIGHTLY,)), until=date(2026, 5, 5)) == 0


def test_what_cannot_be_charged_is_said_all_at_once() -> None:
    wrong = Agreement(
        1, JUNE,
        (replace(NIGHTLY, starts_on=date(2026, 6, 5), ends_on=date(2026, 6, 5)), replace(NIGHTLY, amount_pence=-1)),
        absences=(Absence("a", JUNE), Absence("b", JUNE)), ceilings=(Ceiling(date(2026, 6, 1), Per.MONTH, 1),),
    )  # fmt: skip
    assert {problem.code for problem in agreement_problems(wrong)} == {
        "line_twice", "ends_before_start", "amount_negative", "ceiling_of_other_unit", "absences_overlap",
    }  # fmt: skip
    assert agreement_problems(WORKED) == []


def test_a_changed_placement_moves_the_totals_by_its_difference() -> None:
    cuts = np.array([day_number(date(2026, month, 1)) for month in (5, 6, 7, 8)], dtype=np.int32)
    budget = Budget.of(rate_segments(WORKED), cuts, 3)
    before = budget.pence.copy()
    change = budget.put(
        1, rate_segments(replace(WORKED, lines=(replace(FEE, amount_pence=4_900_00), SUPPORT, LONG_STAY)))
    )
    assert change.tolist() == [[0, 0, 0], [2_100_00, 3_000_00, 2_550_00], [0, 0, 0]]
    assert (budget.pence == before + change).all()
    budget.put(1, rate_segments(WORKED))
    assert (budget.pence == before).all()
    assert date_of(int(cuts[0])) == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("year", "age", "day"),
    [
        (1896, 4, date(1900, 3, 1)),
        (1896, 104, date(2000, 2, 29)),
        (2096, 4, date(2100, 3, 1)),
        (2096, 8, date(2104, 2, 29)),
        (2008, 18, date(2026, 3, 1)),
    ],
)
def test_centuries_have_a_leap_day_every_four_hundred_years_only(year: int, age: int, day: date) -> None:
    (step,) = age_steps(date(year, 2, 29), [(age, "of age")])
    assert step.starts_on == day
