"""The cost check from spreadsheets to findings: the worked example, ways of writing, bad input, and a planted year."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest

from benchmarks.cost_check import checked_from_files, merged_payments
from benchmarks.cost_check import contracts_csv as planted_contracts
from benchmarks.planted import planted, typed_references
from rightplace.exchange.cost_check.away import contradictions
from rightplace.exchange.cost_check.checking import CostCheckResult, Given, check_costs, read_files
from rightplace.exchange.cost_check.columns import Columns, read_columns
from rightplace.exchange.cost_check.layouts import PAYMENTS, SORTS
from rightplace.exchange.cost_check.report import template_csv, template_workbook, workbook

CONTRACTS = """Contract reference,Provider,Child ID,Start date,End date,Price,Unit,Price from
IPC-101,Oakhouse Care Ltd,C-1,14/04/2025,,4200,week,
IPC-101,Oakhouse Care Ltd,C-1,14/04/2025,,4330.20,week,01/10/2025
IPC-102,Harbour Fostering,C-2,01/02/2025,,135,night,
IPC-103,Harbour Fostering,C-3,01/02/2025,,120,night,
"""
PLACEMENTS = (
    "IPC,Child,Provider name,Date placed,Date ended\nIPC-101,C-1,Oakhouse Care Ltd,14/04/2025,20/11/2025\n"
)
HEAD = "Invoice,Supplier,PO number,Child,From,To,Nights,Unit price,Net amount\n"
MONTHS = "".join(
    f"A{n},OAKHOUSE CARE LIMITED,{ref},C-1,01/{n:02d}/2025,{last}/{n:02d}/2025,{last},600,{last * 600}\n"
    for n, last, ref in ((5, 31, "IPC-101"), (6, 30, "ipc101"), (7, 31, ""), (8, 31, "IPC 101"))
)


def checked(
    payments: str, contracts: str = CONTRACTS, placements: str = PLACEMENTS, **more: Any
) -> CostCheckResult:
    """The result of a check whose files can be read."""
    read = read_files(Given(contracts.encode(), payments.encode(), placements.encode(), **more))
    assert not isinstance(read, list), read
    return check_costs(read)


def told(result: CostCheckResult) -> list[tuple[str, int | None, int]]:
    """Kind, line and pence of each finding but what was missed."""
    return [(one.kind, one.line, one.pence) for one in result.findings if one.kind != "missed_payment"]


def problem_of(payments: str | bytes, contracts: str = CONTRACTS) -> str:
    """The first problem of files that cannot be read: which file, and its code."""
    content = payments if isinstance(payments, bytes) else payments.encode()
    found = read_files(Given(contracts.encode(), content))
    assert isinstance(found, list)
    return f"{found[0].field}: {found[0].code}"


def bad_of(payments: str) -> list[tuple[int, str, str]]:
    """The cells that keep rows of payments out."""
    found = read_columns((HEAD + payments).encode(), SORTS[PAYMENTS])
    assert hasattr(found, "bad"), found
    read = read_files(Given(CONTRACTS.encode(), (HEAD + MONTHS + payments).encode()))
    assert not isinstance(read, list)
    assert read.rows_bad == payments.count("\n")
    return [(one.line, one.column, one.reason) for one in read.claimed.columns.bad]


def test_the_worked_example() -> None:
    """docs/how-it-works/cost-check.md"""
    payments = (
        HEAD
        + MONTHS
        + "A5B,Oakhouse Care Ltd,IPC-101,C-1,01/05/2025,31/05/2025,31,600,18600\n"
        + "A11,Oakhouse Care Ltd,IPC-101,C-1,15/11/2025,30/11/2025,16,618.60,9897.60\n"
        + "H5,Harbour Fostering,IPC-102,C-2,01/05/2025,31/05/2025,31,140,4340\n"
        + "H6,Harbour Fostering,IPC-102/IPC-103,,01/06/2025,30/06/2025,,,7650\n"
    )
    result = checked(payments)
    assert told(result) == [
        ("double_payment", 6, 18_600_00),
        ("after_the_end", 7, 6_804_60),
        ("overcharged", 8, 155_00),
    ]
    assert [one.other_line for one in result.findings if one.kind == "double_payment"] == [2]
    assert (result.starts_on, result.ends_on) == (date(2025, 5, 1), date(2025, 12, 1))
    missed = [
        (one.contract, one.starts_on, one.ends_on) for one in result.findings if one.kind == "missed_payment"
    ]
    assert ("IPC-101", date(2025, 9, 1), date(2025, 11, 15)) in missed
    assert result.owed_back_pence == 18_600_00 + 6_804_60 + 155_00


def test_what_was_paid_as_agreed_is_let_pass_however_it_is_written() -> None:
    assert told(checked(HEAD + MONTHS)) == []
    day_after = (
        "Supplier;Contract;Period from;Period to;Amount\nOakhouse Care;IPC-101;1 May 2025;1 June 2025;£18,600.00\n"
        + ("Oakhouse Care;IPC-101;1 June 2025;1 July 2025;£18,000.00\n")
    )
    assert told(checked(day_after)) == []
    by_month = (
        "Payee,IPC,Month,Net\nOakhouse Care,IPC-101,May 2025,18600\nOakhouse Care,IPC-101,06/2025,18000\n"
    )
    assert told(checked(by_month)) == []


def test_nights_under_notice_are_agreed_where_the_placement_says_until_when() -> None:
    """The child left on 20 November; notice was paid to 3 December, so of 30 November nothing is owed back."""
    billed = "A11,Oakhouse Care Ltd,IPC-101,C-1,15/11/2025,30/11/2025,16,618.60,9897.60\n"
    noticed = "IPC,Child,Provider name,Date placed,Date ended,Notice paid until\n"
    stay = "IPC-101,C-1,Oakhouse Care Ltd,14/04/2025,20/11/2025,{}\n"
    assert [kind for kind, _, _ in told(checked(HEAD + MONTHS + billed))] == ["after_the_end"]
    assert told(checked(HEAD + MONTHS + billed, placements=noticed + stay.format("03/12/2025"))) == []
    part = told(checked(HEAD + MONTHS + billed, placements=noticed + stay.format("25/11/2025")))
    assert part == [("after_the_end", 6, 5 * 618_60)]


AWAY = "IPC,Child,Provider name,Date placed,Date ended,Away from,Back on,Paid in full for,Paid while away\n"
"""June away from the 3rd up to the 28th: 14 nights in full, 11 at half of £600."""
HOSPITAL = "IPC-101,C-1,Oakhouse Care Ltd,14/04/2025,20/11/2025,03/06/2025,28/06/2025,14,{}\n"


def test_nights_away_are_expected_at_the_share_that_the_placement_states() -> None:
    june = "A2,Oakhouse Care Ltd,IPC-101,C-1,01/06/2025,30/06/2025,30,{}\n"
    full, half = june.format("600.00,18000.00"), june.format("490.00,14700.00")
    assert [kind for kind, _, _ in told(checked(HEAD + half))] == ["undercharged"]
    assert told(checked(HEAD + half, placements=AWAY + HOSPITAL.format("50%"))) == []
    for share, pence in (("half", 11 * 300_00), ("0", 11 * 600_00), ("0.5", 11 * 300_00)):
        found = told(checked(HEAD + full, placements=AWAY + HOSPITAL.format(share)))
        assert found == [("nights_away", 2, pence)]
    assert told(checked(HEAD + full, placements=AWAY + HOSPITAL.format("100%"))) == []


def test_several_absences_of_one_stay_stand_in_rows_of_their_own() -> None:
    again = HOSPITAL.replace("03/06/2025,28/06/2025,14", "29/06/2025,,").format("0%")
    billed = "A2,Oakhouse Care Ltd,IPC-101,C-1,01/06/2025,30/06/2025,30,450.00,13500.00\n"
    placements = AWAY + HOSPITAL.format("50%") + again
    assert told(checked(HEAD + billed, placements=placements)) == []


@pytest.mark.parametrize(
    ("absence", "column"),
    [
        ("03/06/2025,28/06/2025,14,", "away_share"),
        ("03/06/2025,03/06/2025,,0%", "back_on"),
        (",28/06/2025,,50%", "away_from"),
    ],
)
def test_an_absence_stated_by_halves_is_named_and_its_row_kept_out(absence: str, column: str) -> None:
    row = f"IPC-101,C-1,Oakhouse Care Ltd,14/04/2025,20/11/2025,{absence}\n"
    read = read_columns((AWAY + row).encode(), SORTS["placements"])
    assert isinstance(read, Columns)
    assert [name for name, _ in contradictions(read).values()] == [column]


def test_nobody_lives_in_a_home_under_notice_so_the_next_home_is_no_double_payment() -> None:
    contracts = CONTRACTS + "IPC-104,Harbour Fostering,C-1,20/11/2025,,140,night,\n"
    placements = (
        "IPC,Child,Provider name,Date placed,Date ended,Notice paid until\n"
        "IPC-101,C-1,Oakhouse Care Ltd,14/04/2025,20/11/2025,03/12/2025\nIPC-104,C-1,Harbour Fostering,20/11/2025,,\n"
    )
    billed = (
        "A11,Oakhouse Care Ltd,IPC-101,C-1,15/11/2025,30/11/2025,16,618.60,9897.60\n"
        "H11,Harbour Fostering,IPC-104,C-1,20/11/2025,30/11/2025,11,140,1540\n"
    )
    assert told(checked(HEAD + MONTHS + billed, contracts, placements)) == []


def test_a_workbook_is_read_as_a_csv_is() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Payments of the year"])
    sheet.append(HEAD.strip().split(","))
    sheet.append(
        ["A5", "Oakhouse Care Ltd", "IPC-101", "C-1", date(2025, 5, 1), date(2025, 5, 31), 31, 600, 18600]
    )
    sheet.append(
        ["A6", "Oakhouse Care Ltd", "IPC-101", "C-1", date(2025, 5, 1), date(2025, 5, 31), 31, 600, 18600]
    )
    kept = io.BytesIO()
    book.save(kept)
    read = read_files(Given(CONTRACTS.encode(), kept.getvalue(), PLACEMENTS.encode()))
    assert not isinstance(read, list)
    assert told(check_costs(read)) == [("double_payment", 4, 18_600_00)]


def test_a_misspelled_provider_is_read_as_the_one_it_must_be_and_said_so() -> None:
    result = checked(HEAD + MONTHS.replace("OAKHOUSE CARE LIMITED", "Oakhuose Care Ltd"))
    assert told(result) == []
    assert "“Oakhuose Care Ltd” was read as Oakhouse Care Ltd." in result.notes


def test_another_provider_and_an_unknown_child_are_not_commissioned() -> None:
    result = checked(HEAD + "X1,Tyre Spot Ltd,,C-9,01/05/2025,31/05/2025,,,100\n" + MONTHS)
    assert told(result) == [("not_commissioned", 2, 100_00)]


def test_a_line_that_names_two_children_is_taken_apart() -> None:
    line = "H6,Harbour Fostering,,C-2 & C-3,01/06/2025,30/06/2025,,,7650\n"
    result = checked(HEAD + line + MONTHS)
    assert told(result) == []
    assert "1 payments are for several contracts and were taken apart." in result.notes


START, MONTH = "A,Oakhouse,IPC-101,C-1,", "01/05/2025,31/05/2025"
BAD = (
    (f"{START}{MONTH},31,600,€18600\n",
     "net", "Another currency than pounds: put the amount in pounds."),
    (f"{START}{MONTH},-31,600,18600\n",
     "quantity", "Below zero: a credit has its amount below zero, not its nights."),
    (f"{START}{MONTH},31,600,=31*600\n",
     "net", "A formula, not what it comes to: save the sheet with its values."),
    ("A,Oakhouse,IPC-101,C-1,May,31/05/2025,31,600,18600\n", "start", "Not a date: use day, month and year, as 31/03/2026."),
    ("A,,IPC-101,C-1,01/05/2025,31/05/2025,31,600,18600\n", "provider", "This may not be blank."),
    ("A,Oakhouse,IPC-101,C-1,,,31,600,18600\n", "start", "No nights: give from and to, or a month."),
)  # fmt: skip


@pytest.mark.parametrize(("row", "column", "reason"), BAD)
def test_what_cannot_be_read_is_listed_and_its_whole_row_kept_out(row: str, column: str, reason: str) -> None:
    assert bad_of(row) == [(6, column, reason)]


def test_a_total_that_is_not_net_and_vat_is_refused_by_its_line() -> None:
    payments = (
        "Provider,Contract,From,To,Net,VAT,Total\nOakhouse Care,IPC-101,01/05/2025,31/05/2025,18600,0,18600\n"
    )
    payments += "Oakhouse Care,IPC-101,01/06/2025,30/06/2025,18000,10,18000\n"
    read = read_files(Given(CONTRACTS.encode(), payments.encode()))
    assert not isinstance(read, list)
    assert [(one.line, one.reason) for one in read.claimed.columns.bad] == [
        (3, "Net and VAT do not come to the total.")
    ]


def test_contracts_that_contradict_themselves_are_listed() -> None:
    contracts = (
        CONTRACTS
        + "IPC-102,Harbour Fostering,C-2,01/02/2025,,140,night,\nIPC-103,Other Ltd,C-3,01/02/2025,,1,night,01/05/2025\n"
    )
    contracts += "IPC-104,Other Ltd,C-4,01/02/2025,01/01/2025,1,night,\n"
    read = read_files(Given(contracts.encode(), (HEAD + MONTHS).encode()))
    assert not isinstance(read, list)
    assert [(one.line, one.column) for one in read.contracts.bad] == [
        (6, "rate_from"),
        (7, "reference"),
        (8, "end"),
    ]


def bomb() -> bytes:
    """A workbook that unfolds into a very large one."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("payments", "code"),
    [
        ("", "empty"), ("a,b\n1,2\n", "no_header"), ("Supplier,From,To\nx,y,z\n", "headings_missing"),
        (b"%PDF-1.4 x", "wrong_type"),
        (b"PK\x03\x04 broken", "broken"), (HEAD + 'A,"Oak', "broken"), (HEAD, "no_lines"), (HEAD + "A,Oak,,,,,,,x\n", "no_lines"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(payments: str | bytes, code: str) -> None:
    assert problem_of(payments) == f"payments: {code}"


def test_a_zip_bomb_is_refused() -> None:
    assert problem_of(bomb()) == "payments: too_large"


def test_large_files_are_read_by_the_column_and_come_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    payments = (HEAD + MONTHS + "\n" + MONTHS.replace("A", "B") + BAD[0][0]).encode()
    small = read_columns(payments, SORTS[PAYMENTS])
    monkeypatch.setattr("rightplace.exchange.cost_check.columns.LARGE", 10)
    large = read_columns(payments, SORTS[PAYMENTS])
    assert large.line.tolist() == small.line.tolist()  # type: ignore[union-attr]  # both can be read
    assert large.bad == small.bad  # type: ignore[union-attr]  # both can be read
    assert {name: list(column) for name, column in large.texts.items()} == dict(small.texts)  # type: ignore[union-attr]  # both can be read
    assert all((large.number(name) == small.number(name)).all() for name in small.numbers)  # type: ignore[union-attr]  # both can be read


def test_the_template_files_can_be_read_and_checked() -> None:
    files = {code: template_csv(sort) for code, sort in SORTS.items()}
    read = read_files(Given(files["contracts"], files["payments"], files["placements"]))
    assert not isinstance(read, list)
    assert [one.kind for one in check_costs(read).findings] == ["double_payment", "overcharged"]
    assert openpyxl.load_workbook(io.BytesIO(template_workbook())).sheetnames == [
        "Contracts",
        "Placements",
        "Payments",
    ]


def test_the_workbook_of_a_result_runs_nothing() -> None:
    line = "H6,Harbour Fostering,=cmd|calc,C-2,01/06/2025,30/06/2025,,,9999\n"
    result = checked(
        HEAD.replace("Net amount", "Net amount") + MONTHS + line.replace("=cmd|calc", "'=cmd|calc")
    )
    book = openpyxl.load_workbook(
        io.BytesIO(workbook(result, result.findings, result.by_kind(), result.by_provider()))
    )
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert book.sheetnames == ["Summary", "By kind", "By provider", "Findings"]
    assert book["Findings"].max_row == len(result.findings) + 1


@pytest.mark.parametrize("rate", [0.005, 0.05])
def test_planted_errors_are_found_the_whole_way_from_spreadsheets(rate: float) -> None:
    made = planted(150, rate, seed=31)
    kinds = checked_from_files(made)
    missed, false = sum(kind.missed for kind in kinds), sum(kind.false_alarms for kind in kinds)
    found = sum(kind.found for kind in kinds)
    assert found / max(found + missed, 1) >= 0.99
    assert found / max(found + false, 1) >= 0.95


def test_mistyped_references_are_put_right_where_the_child_is_named() -> None:
    made = planted(150, 0.03, seed=32)
    typed, _ = typed_references(made, 0.1)
    kinds = checked_from_files(made, typed)
    assert sum(kind.missed for kind in kinds) == 0
    assert sum(kind.false_alarms for kind in kinds) <= 1


def test_lines_for_two_children_are_let_pass_named_or_not() -> None:
    made = planted(400, 0.0, seed=33)
    for names_both in (True, False):
        content, pairs = merged_payments(made, names_both=names_both)
        read = read_files(
            Given(planted_contracts(made), content, starts_on=date(2025, 4, 1), ends_on=date(2026, 4, 1))
        )
        assert not isinstance(read, list)
        assert pairs > 3
        assert [one.kind for one in check_costs(read).findings if one.kind != "double_placement"] == []
