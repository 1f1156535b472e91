"""Published spending in any layout: what is read, what is refused and why, and whose names are never kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rightplace.core.organisation_names import WITHHELD
from rightplace.core.problems import Problem
from rightplace.exchange.published_payments.reading import PublishedFile, day_of, pence_of, read_published

SAMPLE = Path(__file__).parents[2] / "data" / "procurement_spend" / "council_placement_payments_sample.csv"


def read(text: str, **more: str) -> PublishedFile:
    """A file that must be read."""
    found = read_published(text.encode(), **more)
    assert isinstance(found, PublishedFile), found
    return found


def test_the_real_sample_is_read_whole() -> None:
    file = read_published(SAMPLE.read_bytes())
    assert isinstance(file, PublishedFile)
    assert file.findings == ()
    assert len(file.payments) == file.rows == len(SAMPLE.read_text().splitlines()) - 1
    assert {one.council for one in file.payments} == {
        "Bradford",
        "Darlington",
        "Leeds",
        "North Tyneside",
        "Salford",
        "Wakefield",
    }
    assert file.withheld == sum("REDACTED" in line for line in SAMPLE.read_text().splitlines())


LAYOUTS = (
    "Body Name,Supplier Name,Payment Date,Net Amount\nLeeds,Elm Care Ltd,05/12/2017,3295.8\n",
    "Transparency report\n\nBeneficiary;Date Paid;Amount (£);Directorate\nElm Care Ltd;5-Dec-17;£3,295.80;Children\n",
    "Creditor name\tPosting date\tValue\tTransaction number\nElm Care Ltd\t2017-12-05\t3295.80\t77\n",
)


@pytest.mark.parametrize("text", LAYOUTS)
def test_councils_lay_it_out_in_their_own_ways(text: str) -> None:
    [one] = read(text, council="Leeds").payments
    assert (one.council, one.payee, one.paid_on, one.pence) == (
        "Leeds",
        "Elm Care Ltd",
        date(2017, 12, 5),
        329_580,
    )


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("1,234.50", 123_450), ("£12", 1_200), ("(12.34)", -1_234), ("-12.34", -1_234), ("£-5.00", -500), ("12.34 CR", -1_234),
        ("3295.7999999999997", 329_580), ("1.2E3", 120_000), ("€12", None), ("=A1", None), ("twelve", None), ("", None),
    ],
)  # fmt: skip
def test_amounts_are_read_in_the_ways_they_are_written(text: str, pence: int | None) -> None:
    assert pence_of(text) == pence


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("05/01/17", date(2017, 1, 5)),
        ("5-Jan-17", date(2017, 1, 5)),
        ("2017-13-01", None),
        ("1/1/1899", None),
    ],
)
def test_days_are_read_in_the_ways_they_are_written(text: str, day: date | None) -> None:
    assert day_of(text) == day


def test_a_private_persons_name_never_leaves_the_reader() -> None:
    people = ("Mrs Jane Sample", "Mary Sample T/A Elm Foster Care", "REDACTED")
    text = "Supplier,Date,Amount\n" + "".join(f"{name},01/04/2020,10\n" for name in people)
    file = read(text, council="Leeds")
    assert [one.payee for one in file.payments] == [WITHHELD, "Elm Foster Care", WITHHELD]
    assert "Sample" not in repr(file)


def test_equal_lines_of_one_file_are_payments_of_their_own() -> None:
    file = read("Supplier,Date,Amount\n" + "Elm Care Ltd,01/04/2020,10\n" * 3, council="Leeds")
    assert [one.occurrence for one in file.payments] == [0, 1, 2]


def test_what_cannot_be_read_is_listed_with_its_line_and_reason() -> None:
    text = "Supplier,Date,Amount\nElm Care,soon,10\nElm Care,01/04/2020,€10\n,01/04/2020,10\nElm Care,01/04/2020,=1+1\n"
    file = read(text, council="Leeds")
    assert file.payments == ()
    assert [(one.line, one.column) for one in file.findings] == [
        (2, "date"),
        (3, "amount"),
        (4, "payee"),
        (5, "amount"),
    ]
    assert file.findings[1].reason == "Another currency than pounds."
    assert file.findings[3].reason == "A formula, not what it comes to."


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"), (b"%PDF-1.4", "wrong_type"), (b"Supplier,Date,Amount\nElm,01/04/2020,1\n", "council_missing"),
        (b"Supplier,Date,When\nElm,01/04/2020,1\n", "headings_missing"),
        (b"a,b\n1,2\n", "no_header"), (b"PK\x03\x04broken", "broken"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_in_a_sentence(content: bytes, code: str) -> None:
    found = read_published(content)
    assert isinstance(found, Problem)
    assert found.code == code
    assert found.sentence.endswith((".", "?"))
