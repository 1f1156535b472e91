"""Budgets and savings plans from files: what is inconsistent is told all at once, and what is right is read."""

from __future__ import annotations

import io
import zipfile
from datetime import date

from rightplace.exchange.budget_tables import BudgetRead, read_budget, read_plan
from rightplace.oversight.budgets.given import given_problems

HEAD = "Cost centre,Subjective,Cohort,Financial year,Budget\n"
PLAN = "Reference,Project,Owner,Start date,Financial year,Saving £000,Milestone,Due date\n"


def codes(found: object) -> list[str]:
    assert isinstance(found, list)
    return [one.code for one in found]


def test_a_budget_is_read_with_the_total_that_it_prints() -> None:
    text = HEAD + 'C100,4100,Care leavers,2026/27,"1,200.00"\nC200,4100,,2026-27,800\nTotal,,,,2000\n'
    found = read_budget(text.encode(), "2026-27")
    assert isinstance(found, BudgetRead) and found.printed_total == 200_000
    assert [(one.cost_centre, one.cohort, one.pence) for one in found.lines] == [
        ("C100", "leaving_care", 120_000),
        ("C200", "local", 80_000),
    ]


def test_every_wrong_line_of_a_budget_is_told_at_once() -> None:
    text = HEAD + "C100,4100,local,2025-26,10\nC200,4100,local,2026-27,ten\n"
    assert codes(read_budget(text.encode(), "2026-27")) == ["another_year", "amount_unreadable"]
    assert codes(read_budget(HEAD.encode(), "2026-27"))
    text += "C300,4100,local,2026-27,-5\n,,local,2026-27,5\n"
    both = ["another_year", "amount_unreadable", "amount_negative", "code_missing"]
    assert codes(read_budget(text.encode(), "2026-27")) == both, (
        "what cannot be read and what cannot be, together"
    )


def test_a_plan_is_read_by_project() -> None:
    text = (
        PLAN
        + "S1,Fewer moves,Cora,1 April 2026,2026-27,150,Agree,1 June 2026\nS1,,,,2027-28,300,,\nTotal,,,,2026-27,150,,\n"
    )
    found = read_plan(text.encode())
    assert isinstance(found, tuple) and len(found) == 1
    assert (found[0].profile, found[0].starts_on, len(found[0].milestones)) == (
        {"2026-27": 150, "2027-28": 300},
        date(2026, 4, 1),
        1,
    )


def test_inconsistencies_of_a_plan_are_found() -> None:
    text = (
        PLAN + "S1,Fewer moves,Cora,1 April 2026,2026-27,150000,Agree,1 March 2026\nTotal,,,,2026-27,149,,\n"
    )
    assert set(codes(read_plan(text.encode()))) == {"pounds_in_thousands", "does_not_add", "before_start"}


def document(*tables: list[list[str]]) -> bytes:
    """A Word document with these tables."""
    drawn = "".join(
        "<w:tbl>" + "".join("<w:tr>" + "".join(map(cell, row)) + "</w:tr>" for row in table) + "</w:tbl>"
        for table in tables
    )
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{name}"><w:body>{drawn}</w:body></w:document>'
        )
    return made.getvalue()


def cell(words: str) -> str:
    return f"<w:tc><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>"


def test_a_plan_is_read_from_the_tables_of_a_document_and_held_against_its_summary() -> None:
    head = ["Reference", "Project", "Start date", "Financial year", "Saving £000"]
    summary = [
        head,
        ["S1", "Fewer moves", "1 April 2026", "2026-27", "150"],
        ["Total", "", "", "2026-27", "150"],
    ]
    sheet = [head, ["S1", "Fewer moves", "1 April 2026", "2026-27", "140"]]
    found = read_plan(document(summary))
    assert isinstance(found, tuple) and found[0].profile == {"2026-27": 150}
    assert codes(read_plan(document(summary, sheet))) == ["sheets_differ"]
    assert codes(read_plan(document([["Nothing", "of this"]]))) == ["no_header"]
    assert codes(read_plan(document(summary).replace(b"<w:body>", b"<w:brdy>"))) != []


def test_rows_left_empty_by_merged_cells_are_told() -> None:
    text = HEAD + "C100,4100,local,2026-27,10\n,,local,2026-27,20\n"
    read = read_budget(text.encode(), "2026-27")
    assert isinstance(read, BudgetRead)
    assert [one.code for one in given_problems(read.lines)] == ["code_missing"]


def test_a_file_without_a_column_that_it_needs_says_which() -> None:
    assert codes(read_budget(b"Cost centre,Subjective,Remark\nC1,41,10\n", "2026-27")) == ["headings_missing"]
    assert codes(read_plan(b"Reference,Financial year\nS1,2026-27\n")) == ["headings_missing"]
    assert codes(read_budget(b"", "2026-27")) == ["empty"] == codes(read_plan(b""))
    assert codes(read_budget(b"%PDF-1.7 a report", "2026-27")) == ["wrong_type"]


def test_a_total_is_of_all_lines_above_or_of_those_since_the_last_total() -> None:
    parts = HEAD + "C100,41,,,10\nC100,42,,,10\nSubtotal,,,,20\nC200,41,,,5\nTotal C200,,,,{}\n"
    within = read_budget(parts.format(5).encode(), "2026-27")
    assert isinstance(within, BudgetRead) and within.printed_total is None, "no total of all is printed"
    whole = read_budget((parts.format(5) + "Grand total,,,,25\n").encode(), "2026-27")
    assert isinstance(whole, BudgetRead) and whole.printed_total == 2_500
    wrong = read_budget((parts.format(6) + "Grand total,,,,26\n").encode(), "2026-27")
    assert codes(wrong) == ["does_not_add", "does_not_add"]
    assert isinstance(wrong, list) and "Line 6: the total is £6.00" in wrong[0].sentence
    assert codes(read_budget((HEAD + "C1,41,,,5\nTotal,,,,five\n").encode(), "2026-27")) == [
        "amount_unreadable"
    ]


def test_rows_of_a_plan_that_cannot_be_read_are_told_by_line() -> None:
    text = (
        PLAN
        + "S1,Fewer moves,Cora,1 April 2026,2026-27,150,Agree,whenever\n,,,,2027-28,300,,\nS1,,,,next year,10,,\n"
    )
    assert codes(read_plan(text.encode())) == ["due_unreadable", "reference_missing", "no_year"]
