"""Money: read, said, rounded once and shared without losing a penny."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.core.money import (
    LARGEST_PENCE,
    parse_percentage,
    parse_pounds,
    percentage,
    pounds,
    round_half_up,
    split_pence,
)
from rightplace.core.problems import Problem

amounts = st.integers(-LARGEST_PENCE, LARGEST_PENCE)


def test_the_worked_example_of_the_page_on_money():
    assert parse_pounds("£1,234.5") == 123_450
    assert pounds(123_450) == "£1,234.50"
    assert split_pence(100_00, [1, 1, 1]) == (33_33, 33_34, 33_33)
    assert split_pence(-100_00, [1, 1, 1]) == (-33_33, -33_34, -33_33)


@pytest.mark.parametrize(
    ("exact", "whole"), [("1/2", 1), ("3/2", 2), ("-1/2", 0), ("-3/2", -1), ("49/100", 0), ("7", 7)]
)
def test_a_half_penny_is_rounded_up(exact: str, whole: int):
    assert round_half_up(Fraction(exact)) == whole


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("0", 0),
        ("12", 1200),
        ("12.3", 1230),
        (" £ 1,234,567.89 ", 123_456_789),
        ("1234.05", 123_405),
        ("£10,000,000,000", LARGEST_PENCE),
        ("007", 700),
        ("-0", 0),
    ],
)
def test_amounts_as_people_type_them_are_understood(text: str, pence: int):
    assert parse_pounds(text) == pence


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "amount_missing"),
        ("£", "amount_missing"),
        ("1.234", "amount_too_precise"),
        ("1.000", "amount_too_precise"),
        ("-5", "amount_negative"),
        ("£-5", "amount_negative"),
        ("\u22125", "amount_negative"),
        ("10,000,000,000.01", "amount_too_large"),
        ("9" * 50, "amount_too_large"),
        ("9" * 100_000, "amount_unreadable"),
        ("NaN", "amount_unreadable"),
        ("inf", "amount_unreadable"),
        ("1e5", "amount_unreadable"),
        ("=1+1", "amount_unreadable"),
        ("+5", "amount_unreadable"),
        ("@SUM(A1)", "amount_unreadable"),
        ("1,23", "amount_unreadable"),
        ("1.234,50", "amount_unreadable"),
        ("££5", "amount_unreadable"),
        ("--5", "amount_unreadable"),
        ("5.", "amount_unreadable"),
        (".5", "amount_unreadable"),
        ("\u0661\u0662", "amount_unreadable"),
        ("$5", "amount_unreadable"),
        ("twelve", "amount_unreadable"),
        ("1 234", "amount_unreadable"),
    ],
)
def test_anything_else_is_refused_with_its_reason(text: str, code: str):
    problem = parse_pounds(text, field="fee")
    assert isinstance(problem, Problem)
    assert (problem.code, problem.field) == (code, "fee")


def test_an_amount_below_zero_is_read_where_it_is_allowed():
    assert parse_pounds("-£5.25", allow_negative=True) == -525
    assert parse_pounds("£-5.25", allow_negative=True) == -525


def test_a_lower_limit_is_named_in_the_refusal():
    problem = parse_pounds("100.01", largest_pence=10_000)
    assert isinstance(problem, Problem)
    assert problem.sentence == "The amount must be £100.00 or less."


def test_the_largest_amount_fits_a_bigint_nine_million_times():
    assert LARGEST_PENCE * 9_000_000 < 2**63


@given(amounts)
def test_every_amount_reads_back_as_it_was_said(pence: int):
    assert parse_pounds(pounds(pence), allow_negative=True) == pence


@given(st.text(max_size=80))
def test_no_text_whatever_breaks_the_reading_of_an_amount(text: str):
    assert isinstance(parse_pounds(text), int | Problem)


@pytest.mark.parametrize(
    ("text", "points"), [("12.5%", 1250), ("12.5", 1250), ("100 %", 10_000), ("0.01", 1), ("0", 0)]
)
def test_percentages_as_people_type_them_are_understood(text: str, points: int):
    assert parse_percentage(text) == points


@pytest.mark.parametrize("text", ["", "%", "100.01", "-1", "1.234", "£5", "NaN", "five"])
def test_other_percentages_are_refused(text: str):
    assert isinstance(parse_percentage(text), Problem)


@given(st.integers(0, 10_000))
def test_every_percentage_reads_back_as_it_was_said(points: int):
    assert parse_percentage(percentage(points)) == points


@given(amounts, st.lists(st.integers(0, 10_000), min_size=1, max_size=8).filter(any))
def test_shares_add_up_and_are_within_a_penny_of_exact(total: int, shares: list[int]):
    parts = split_pence(total, shares)
    assert sum(parts) == total
    whole = sum(shares)
    assert all(
        abs(part - Fraction(total * share, whole)) < 1 for part, share in zip(parts, shares, strict=True)
    )
    assert split_pence(-total, shares) == tuple(-part for part in parts)


@pytest.mark.parametrize("shares", [[], [0], [0, 0], [1, -1], [2, -1]])
def test_shares_must_not_be_negative_or_all_zero(shares: list[int]):
    with pytest.raises(ValueError, match="shares"):
        split_pence(100, shares)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter an amount in pounds."),
        ("x", "Enter an amount in pounds and pence, such as 1,234.50."),
        ("1.234", "Enter an amount with no more than two decimal places."),
        ("10000000000.01", "The amount must be £10,000,000,000.00 or less."),
        ("-1", "The amount must not be below zero."),
    ],
)
def test_a_refusal_says_word_for_word_what_to_do_and_belongs_to_the_whole_where_no_field_is_named(
    text: str, sentence: str
):
    problem = parse_pounds(text)
    assert isinstance(problem, Problem)
    assert (problem.sentence, problem.field) == (sentence, "")


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("1.1", 110),
        ("0.05", 5),
        ("0" * 17 + "5", 500),
        ("5" + " " * 59, 500),
        ("- £ 5", -500),
        ("£ -5", -500),
        ("\u2212£5", -500),
    ],
)
def test_the_last_amounts_that_are_still_read(text: str, pence: int):
    assert parse_pounds(text, allow_negative=True) == pence


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0" * 18 + "5", "amount_too_large"),
        ("5" + " " * 60, "amount_unreadable"),
        ("-£-5", "amount_unreadable"),
        ("£5£", "amount_unreadable"),
        ("-", "amount_missing"),
        ("£-", "amount_missing"),
    ],
)
def test_the_first_amounts_that_are_no_longer_read(text: str, code: str):
    problem = parse_pounds(text, allow_negative=True)
    assert isinstance(problem, Problem)
    assert problem.code == code


def test_an_amount_that_is_exactly_the_limit_is_read_and_one_penny_more_is_not():
    assert parse_pounds("100.00", largest_pence=10_000) == 10_000
    assert isinstance(parse_pounds("100.01", largest_pence=10_000), Problem)
    assert parse_pounds("-0.00") == 0


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        ("five", "percentage_unreadable", "Enter a percentage with up to two decimals, such as 12.5."),
        ("£5", "percentage_unreadable", "Enter a percentage with up to two decimals, such as 12.5."),
        ("100.01", "percentage_too_large", "The percentage must be 100 or less."),
    ],
)
def test_a_percentage_is_refused_word_for_word_at_its_field(text: str, code: str, sentence: str):
    assert parse_percentage(text, field="share") == Problem(code, sentence, "share")
    assert parse_percentage(text) == Problem(code, sentence, "")


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (0, "0%"),
        (5, "0.05%"),
        (50, "0.5%"),
        (1000, "10%"),
        (1250, "12.5%"),
        (-1250, "-12.5%"),
        (10_000, "100%"),
    ],
)
def test_a_percentage_is_written_without_empty_decimals(points: int, words: str):
    assert percentage(points) == words


@pytest.mark.parametrize(
    ("pence", "words"), [(0, "£0.00"), (5, "£0.05"), (-5, "−£0.05"), (-123_456, "−£1,234.56"), (99, "£0.99")]
)
def test_an_amount_is_written_as_people_write_it(pence: int, words: str):
    assert pounds(pence) == words


def test_what_was_wrong_with_shares_is_said_in_full():
    with pytest.raises(ValueError, match="^shares must not be negative and at least one must be above zero$"):
        split_pence(100, [3, -1])
    assert split_pence(0, [1, 2]) == (0, 0)
    assert split_pence(-1, [1]) == (-1,)
    assert split_pence(1, [0, 1]) == (0, 1)
