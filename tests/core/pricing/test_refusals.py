"""What a price or an agreement is refused for: the words that people read, and where each rule begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from rightplace.core.money import LARGEST_PENCE
from rightplace.core.periods import Period
from rightplace.core.pricing import (
    Absence,
    AgreedLine,
    Agreement,
    Ceiling,
    Per,
    PriceKind,
    PriceLine,
    PriceUnit,
    Segments,
    agreement_problems,
    day_number,
    price_problems,
    segment_problems,
)
from rightplace.core.problems import Problem

STAY = Period(date(2026, 1, 15), date(2026, 6, 10))
JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
FEE = PriceLine(PriceKind.CORE_FEE, PriceUnit.WEEK, 1)
STEPS = replace(FEE, step_group="siblings", steps=(("two", 5), ("three", 9)))
OFF = PriceLine(PriceKind.DISCOUNT, PriceUnit.PERCENT, basis_points=1)
BLOCK = PriceLine(PriceKind.BLOCK, PriceUnit.WEEK, 1, quantity=4)
BELOW_ZERO = "The amount must not be below zero; use a discount."
A_DISCOUNT = "Enter an amount or a percentage for the discount."
TOO_FINE = "Enter the quantity with two decimals at most."
A_PERCENTAGE = "Enter a percentage above 0 and up to 100."
OUTSIDE = "The line's dates fall outside the agreement."
REFUSED = {
    "below zero": (replace(FEE, amount_pence=-1), "amount_negative", BELOW_ZERO, "amount_pence"),
    "too dear": (
        replace(FEE, amount_pence=LARGEST_PENCE + 1), "amount_too_large",
        "The amount must be £10,000,000,000.00 or less.", "amount_pence",
    ),
    "no discount": (
        PriceLine(PriceKind.DISCOUNT, PriceUnit.WEEK, 0), "discount_empty", A_DISCOUNT, "amount_pence",
    ),
    "none": (replace(FEE, quantity=0), "quantity_not_positive", "The quantity must be above zero.", "quantity"),
    "hours": (
        replace(FEE, unit=PriceUnit.HOUR, quantity=Decimal("168.01")), "hours_too_many",
        "A week has only 168 hours.", "quantity",
    ),
    "fine": (replace(FEE, quantity=Decimal("0.005")), "quantity_too_fine", TOO_FINE, "quantity"),
    "many": (
        replace(FEE, quantity=Decimal("10000.01")), "quantity_too_large",
        "The quantity must be 10,000 or less.", "quantity",
    ),
    "block by the session": (
        replace(BLOCK, unit=PriceUnit.SESSION), "block_unit",
        "A block is paid by the night, week, four weeks or month.", "unit",
    ),
    "half a bed": (
        replace(BLOCK, quantity=Decimal("1.5")), "block_beds",
        "Enter how many beds the block has, as a whole number.", "quantity",
    ),
    "percentage of support": (
        replace(OFF, kind=PriceKind.SUPPORT), "percentage_not_discount", "Only a discount can be a percentage.", "unit",
    ),
    "no percentage": (replace(OFF, basis_points=0), "percentage_out_of_range", A_PERCENTAGE, "basis_points"),
    "all and more": (replace(OFF, basis_points=10_001), "percentage_out_of_range", A_PERCENTAGE, "basis_points"),
    "steps of nothing": (
        replace(STEPS, step_group=""), "step_group_missing", "Choose by what the price goes up in steps.", "step_group",
    ),
    "a step twice": (
        replace(STEPS, steps=(("two", 5), ("two", 9))), "step_twice", "A step stands here twice.", "steps",
    ),
    "a step down": (
        replace(STEPS, steps=(("two", -1),)), "step_out_of_range",
        "What a step adds must not be below zero.", "steps",
    ),
    "a step too dear": (
        replace(STEPS, steps=(("two", LARGEST_PENCE + 1),)), "step_out_of_range",
        "What a step adds must not be below zero.", "steps",
    ),
    "nights below zero": (
        replace(FEE, after_nights=-1), "nights_negative",
        "Enter a number of nights that is not below zero.", "after_nights",
    ),
    "ends as it starts": (
        replace(FEE, starts_on=STAY.start, ends_on=STAY.start), "ends_before_start",
        "The line must end after it starts.", "ends_on",
    ),
    "one-off with an end": (
        PriceLine(PriceKind.ONE_OFF, PriceUnit.ONE_OFF, 1, ends_on=date(2026, 2, 1)), "one_off_has_end",
        "A one-off cost has one date and no end.", "ends_on",
    ),
    "one-off on the day of leaving": (
        PriceLine(PriceKind.ONE_OFF, PriceUnit.ONE_OFF, 1, starts_on=STAY.end), "outside_agreement",
        OUTSIDE, "starts_on",
    ),
    "after the end": (replace(FEE, starts_on=STAY.end), "outside_agreement", OUTSIDE, "starts_on"),
    "over before it began": (replace(FEE, ends_on=STAY.start), "outside_agreement", OUTSIDE, "starts_on"),
}  # fmt: skip
JUST_RIGHT = {
    "free": replace(FEE, amount_pence=0),
    "the longest week": replace(FEE, unit=PriceUnit.HOUR, quantity=168),
    "many": replace(FEE, quantity=10_000),
    "a hundredth": replace(FEE, quantity=Decimal("0.01")),
    "steps of nothing and much": replace(STEPS, steps=(("two", 0), ("three", LARGEST_PENCE))),
    "one night of it": replace(FEE, starts_on=date(2026, 6, 9)),
    "its first night": replace(FEE, ends_on=date(2026, 1, 16)),
    "after no nights": replace(FEE, after_nights=0),
    "one-off on the last day": PriceLine(
        PriceKind.ONE_OFF, PriceUnit.ONE_OFF, 1, starts_on=date(2026, 6, 9)
    ),
    **{f"block by the {unit}": replace(BLOCK, unit=unit) for unit in (
        PriceUnit.NIGHT, PriceUnit.WEEK, PriceUnit.FOUR_WEEKS, PriceUnit.MONTH,
    )},
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_line_is_refused_in_words_at_its_entry(case: str) -> None:
    line, code, sentence, field = REFUSED[case]
    assert price_problems([FEE, line], STAY) == [Problem(code, sentence, f"1.{field}")]


@pytest.mark.parametrize("case", JUST_RIGHT)
def test_what_is_just_right_is_taken(case: str) -> None:
    assert price_problems([JUST_RIGHT[case]], STAY) == []


def test_the_price_as_a_whole_is_refused_in_words() -> None:
    assert price_problems([], STAY) == [Problem("no_price", "Add at least one price line.")]
    off = PriceLine(PriceKind.DISCOUNT, PriceUnit.WEEK, 2)
    words = "The discounts come to more than the price."
    assert price_problems([FEE, off], STAY) == [Problem("discounts_exceed_price", words)]
    assert price_problems([FEE, replace(off, amount_pence=1)], STAY) == []
    dear = replace(FEE, unit=PriceUnit.ONE_OFF, kind=PriceKind.ONE_OFF, amount_pence=LARGEST_PENCE)
    words = "The whole cost must be £10,000,000,000.00 or less."
    assert price_problems([dear], STAY) == []
    assert price_problems([dear, FEE], STAY) == [Problem("total_too_large", words)]


def test_an_agreement_is_refused_in_words() -> None:
    line = AgreedLine(7, "core_fee", Per.NIGHT, 1)
    sound = Agreement(
        1, JUNE, (line,), absences=(Absence("a", JUNE),), ceilings=(Ceiling(JUNE.start, Per.NIGHT, 9),)
    )
    assert agreement_problems(sound) == []
    twice = Problem("line_twice", "Each price line needs a number of its own.", "lines")
    assert agreement_problems(replace(sound, lines=(line, line))) == [twice]
    late = replace(line, starts_on=date(2026, 6, 5), ends_on=date(2026, 6, 5))
    assert agreement_problems(replace(sound, lines=(late,))) == [
        Problem("ends_before_start", "The line must end after it starts.", "7.ends_on")
    ]
    assert agreement_problems(replace(sound, lines=(replace(late, ends_on=date(2026, 6, 6)),))) == []
    assert agreement_problems(replace(sound, lines=(replace(late, starts_on=None),))) == []
    for below in ({"amount_pence": -1}, {"quantity": -1}, {"basis_points": -1}):
        found = agreement_problems(replace(sound, lines=(replace(line, **below),)))
        assert found == [Problem("amount_negative", BELOW_ZERO, "7.amount_pence")]
    for nothing in ({"amount_pence": 0}, {"quantity": 0}):
        assert agreement_problems(replace(sound, lines=(replace(line, **nothing),))) == []
    words = (
        "A ceiling by the month holds only prices by the month; by the night, week or four weeks only those."
    )
    monthly = replace(sound, ceilings=(Ceiling(JUNE.start, Per.MONTH, 9),))
    assert agreement_problems(monthly) == [Problem("ceiling_of_other_unit", words, "7.per")]


def test_absences_with_a_night_in_common_are_refused_however_they_are_ordered() -> None:
    line = AgreedLine(7, "core_fee", Per.NIGHT, 1)
    first, second, third = (Period(date(2026, 6, day), date(2026, 6, day + 4)) for day in (1, 5, 8))
    for nights, is_sound in (
        ((second, first), True),
        ((third, first), True),
        ((third, first, second), False),
    ):
        away = tuple(Absence("a", each) for each in nights)
        found = agreement_problems(Agreement(1, JUNE, (line,), absences=away))
        told = [Problem("absences_overlap", "Two absences have a night in common.", "absences")]
        assert found == ([] if is_sound else told)


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"end": [9, 1]}, Problem("ends_before_start", "A rate must end after it starts.", "1")),
        ({"anchor": [0, 3]}, Problem("anchor_after_start", "A rate is counted from a day after it starts.", "1")),
        ({"line": [1, 1]}, Problem("two_rates_at_once", "Two rates of one line run on the same night.", "1")),
        ({"end": [9, 2]}, None),
        ({"line": [1, 1], "end": [2, 9]}, None),
    ],
    ids=["backwards", "counted from later", "twice", "no night", "one after the other"],
)  # fmt: skip
def test_rates_are_refused_in_words_at_their_row(
    columns: dict[str, list[int]], problem: Problem | None
) -> None:
    usual = {
        "placement": [1, 1], "line": [1, 2], "start": [0, 2], "end": [9, 9], "amount_pence": [5, 5], "per": [Per.NIGHT] * 2,
    }  # fmt: skip
    assert segment_problems(Segments.priced(**{**usual, **columns})) == ([problem] if problem else [])
    assert day_number(date(1970, 1, 1)) == 0
