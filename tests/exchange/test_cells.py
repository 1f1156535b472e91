"""Cells: dates, numbers and money are read or refused, and exported text is never run as a formula."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightplace.exchange.cells import (
    as_date,
    as_pence,
    as_whole_number,
    as_yes_no,
    is_blank,
    neutral_cell,
    original_cell,
)


@pytest.mark.parametrize(
    "written",
    [
        "31/03/2025",
        "2025-03-31",
        "2025-03-31 00:00:00",
        "2025-03-31T00:00:00",
        "31.3.2025",
        "31-03-2025",
        "31 March 2025",
        "31-Mar-2025",
    ],
)
def test_a_date_is_read_in_the_usual_ways(written):
    assert as_date(written) == date(2025, 3, 31)


def test_the_day_comes_before_the_month():
    assert as_date("03/04/2025") == date(2025, 4, 3)


@pytest.mark.parametrize(
    "written", ["31/02/2025", "03/31/2025", "31/03/25", "45747", "0001", "soon", "", "31/03/2025 12:30"]
)
def test_what_is_no_date_is_not_guessed(written):
    assert as_date(written) is None


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)))
def test_any_day_is_read_back_from_both_ways_of_writing_it(day):
    assert as_date(day.strftime("%d/%m/%Y")) == day
    assert as_date(day.isoformat()) == day


@pytest.mark.parametrize(
    ("written", "number"),
    [("3", 3), ("3.0", 3), ("1,204", 1204), ("-2", -2), ("2.5", None), ("three", None), ("", None)],
)
def test_whole_numbers_are_read(written, number):
    assert as_whole_number(written) == number


@pytest.mark.parametrize(
    ("written", "pence"),
    [
        ("£1,234.50", 123450),
        ("765", 76500),
        ("0.1", 10),
        ("-3", -300),
        ("1.005", None),
        ("NaN", None),
        ("1e99", None),
        ("free", None),
    ],
)
def test_pounds_become_pence_or_are_refused(written, pence):
    assert as_pence(written) == pence


def test_yes_no_and_nothing_are_told_apart():
    assert [as_yes_no(text) for text in ("Yes", "n", "perhaps")] == [True, False, None]
    assert is_blank(" - ")
    assert not is_blank("0")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd",
        "-cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\rx",
        "＝1+1",
        "＋1",
        "－x",
        "＠x",
        " =1",
        "\ufeff=1",
        "'=1",
        "\n=1",
    ],
)
def test_what_a_spreadsheet_would_run_is_made_harmless(text):
    assert neutral_cell(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["-5", "-1,234.50", "+3", "12%", "O'Neill", "'quoted'", "a=b", "", "Croydon"]
)
def test_numbers_and_plain_words_stay_as_they_are(text):
    assert neutral_cell(text) == text


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n ＝＋－＠\u200b\ufeffa1.,%")))
def test_what_was_exported_is_read_back_exactly(text):
    assert original_cell(neutral_cell(text)) == text
