"""Files that people give us: opened by their content, refused early and in a sentence when not tables."""

import gzip
import io
import time
import zipfile

import openpyxl
import pytest

from rightplace.core.problems import Problem
from rightplace.exchange.uploads import Limits, Opened, open_table, split_text
from rightplace.exchange.workbook_reader import as_text


def workbook(rows, corner=None):
    """The bytes of an Excel workbook with these rows, and a value in one more cell."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    if corner:
        sheet[corner] = "x"
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def archive(entries):
    """The bytes of a zip archive with these entries."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return kept.getvalue()


def opened(content, **limits):
    """The opened file; fails the test when it was refused."""
    found = open_table(content, limits=Limits(**limits))
    assert isinstance(found, Opened), found
    return found


def refused(content, **limits):
    """The problem for which the file was refused."""
    found = open_table(content, limits=Limits(**limits))
    assert isinstance(found, Problem)
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_the_encoding_it_was_written_in(encoding):
    found = opened("Name,Town\nO’Neill – Zoë,Café\n".encode(encoding))

    assert found.delimited == "Name,Town\nO’Neill – Zoë,Café\n"


def test_dates_and_numbers_of_a_workbook_become_plain_text():
    from datetime import date, datetime

    found = opened(
        workbook([["URN", "On", "At", "Yes"], [1234567.0, date(2025, 3, 31), datetime(2025, 3, 31), True]])
    )

    assert found.sheets[0].rows[1] == ["1234567", "2025-03-31", "2025-03-31", "TRUE"]


def test_a_null_character_in_a_workbook_does_not_come_through():
    assert as_text("Oak\x00 House") == "Oak House"


def test_rows_of_a_workbook_keep_their_line_when_rows_above_are_empty():
    found = opened(workbook([[], ["A title"], [], ["URN"], ["1"]]))

    assert found.sheets[0].lines == [2, 4, 5]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7 x", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"<?xml version='1.0'?><a/>", "an XML file"),
        (b"MZ\x90\x00", "a program"),
        (b"\x00\x01\x02\x03\x04", "not text"),
    ],
)
def test_what_is_not_a_table_is_refused_by_its_name(content, words):
    problem = refused(content)

    assert problem.code == "wrong_type"
    assert words in problem.sentence


def test_an_archive_that_is_not_a_workbook_is_refused():
    assert refused(archive({"word/document.xml": "<x/>"})).code == "wrong_type"


def test_an_empty_file_is_refused():
    assert refused(b" \r\n ").code == "empty"


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 and no more", b"\xd0\xcf\x11\xe0" + b"x" * 600, b"\x1f\x8b nothing"]
)
def test_a_damaged_file_is_refused(content):
    assert refused(content).code == "broken"


def test_a_file_over_the_limit_is_refused_before_it_is_read():
    assert refused(b"a,b\n" * 1000, bytes_given=1000).code == "too_large"


def test_a_workbook_that_unfolds_into_a_far_larger_one_is_refused_at_once():
    bomb = archive({"xl/workbook.xml": "<x/>", "xl/worksheets/sheet1.xml": b"0" * 150_000_000})
    began = time.process_time()

    assert refused(bomb).code == "too_large"
    assert time.process_time() - began < 1


def test_a_workbook_of_too_many_parts_is_refused():
    parts = {f"xl/media/{number}": "x" for number in range(50)}

    assert refused(archive({"xl/workbook.xml": "<x/>", **parts}), entries=40).code == "too_large"


def test_a_workbook_with_one_cell_in_the_last_corner_is_refused_without_filling_memory():
    assert refused(workbook([["URN"]], corner="XFD1048576")).code == "too_large"


def test_a_packed_file_that_unfolds_into_a_far_larger_one_is_refused():
    assert refused(gzip.compress(b"0" * 50_000_000)).code == "too_large"


def test_a_packed_file_inside_a_packed_file_is_refused():
    assert refused(gzip.compress(gzip.compress(b"URN,Name\n"))).code == "wrong_type"


def test_a_packed_table_is_opened():
    assert opened(gzip.compress(b"URN,Name\n1,A\n")).delimited == "URN,Name\n1,A\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("URN\n" + "a\n" * 2_100_000, "too many rows"),
        ("URN\n" + "," * 11_000_000, "has no end"),
        ("URN\n" + 'a,"' + "x" * 11_000_000, "has no end"),
        ("URN,Name\n" + "1," * 600 + "\n", "too many rows or columns"),
    ],
    ids=["rows", "a line of commas", "an open quotation", "columns"],
)
def test_text_without_end_is_refused_before_it_is_split(text, why):
    began = time.process_time()
    found = split_text(text, ",")

    assert isinstance(found, Problem)
    assert (found.code, why in found.sentence) == ("too_large", True)
    assert time.process_time() - began < 0.5
