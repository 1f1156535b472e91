"""A cost check as a workbook to work through, and the template files to fill in. Text that a sheet would run is made harmless."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol

import xlsxwriter

from rightplace.exchange.cells import neutral_cell
from rightplace.exchange.cost_check.checking import WORDS_BY_KIND, CostFinding
from rightplace.exchange.cost_check.layouts import SORTS, Sort

FINDING_HEADS = (
    "Kind", "Provider", "Contract", "Child", "Invoice", "Line", "Other line", "From", "To (last night)", "Nights",
    "At stake (£)", "Evidence", "Clause",
)  # fmt: skip
MOST_ROWS = 1_000_000


class Summary(Protocol):
    """What the first sheet tells of a check, kept or just made."""

    @property
    def starts_on(self) -> date:
        """The first night."""

    @property
    def ends_on(self) -> date:
        """The day after the last night."""

    @property
    def contracts(self) -> int:
        """How many contracts."""

    @property
    def lines(self) -> int:
        """How many lines of payments."""

    @property
    def rows_bad(self) -> int:
        """Rows that were left out."""

    @property
    def paid_pence(self) -> int:
        """What was paid."""

    @property
    def owed_back_pence(self) -> int:
        """What was paid and not owed."""

    @property
    def still_due_pence(self) -> int:
        """What was owed and not paid."""

    @property
    def notes(self) -> Any:
        """How the lists were read, in sentences."""


Totals = Sequence[tuple[str, int, int]]


def workbook(check: Summary, findings: Iterable[CostFinding], by_kind: Totals, by_provider: Totals) -> bytes:
    """The result as XLSX: a summary, totals by kind and provider, and each finding on a row."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(
        kept,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "constant_memory": False},
    )
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    _sheet(book, "Summary", ("What", "Figure"), _summary(check), bold, money, day)
    kinds = (
        (WORDS_BY_KIND[kind].name, many, pence / 100, WORDS_BY_KIND[kind].meaning)
        for kind, many, pence in by_kind
    )
    _sheet(book, "By kind", ("Kind", "Findings", "At stake (£)", "What it is"), kinds, bold, money, day)
    providers = ((name, many, pence / 100) for name, many, pence in by_provider)
    _sheet(book, "By provider", ("Provider", "Findings", "At stake (£)"), providers, bold, money, day)
    _sheet(book, "Findings", FINDING_HEADS, map(finding_row, findings), bold, money, day)
    book.close()
    return kept.getvalue()


def finding_row(one: CostFinding) -> tuple[Any, ...]:
    """A finding as a row under FINDING_HEADS."""
    last = one.ends_on - timedelta(days=1) if one.ends_on > one.starts_on else one.ends_on
    words = WORDS_BY_KIND[one.kind]
    return (
        words.name, one.provider, one.contract, one.child, one.invoice, one.line, one.other_line, one.starts_on, last,
        one.nights, one.pence / 100, one.words, words.clause,
    )  # fmt: skip


def template_csv(sort: Sort) -> bytes:
    """A spreadsheet to fill in: the headings and a few invented rows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(field.headings[0] for field in sort.layout.fields)
    writer.writerows(sort.example)
    return text.getvalue().encode("utf-8-sig")


def template_workbook() -> bytes:
    """All three spreadsheets to fill in, a sheet each, as one workbook to look at; each is given as a file of its own."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(
        kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True})
    for sort in SORTS.values():
        sheet = book.add_worksheet(sort.code.capitalize())
        sheet.write_row(0, 0, [field.headings[0] for field in sort.layout.fields], bold)
        for number, row in enumerate(sort.example, 1):
            sheet.write_row(number, 0, row)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    book.close()
    return kept.getvalue()


def _summary(check: Summary) -> list[tuple[str, Any]]:
    last = check.ends_on - timedelta(days=1)
    rows: list[tuple[str, Any]] = [
        ("Nights from", check.starts_on), ("Nights to", last), ("Contracts", check.contracts),
        ("Lines of payments", check.lines), ("Rows left out", check.rows_bad), ("Paid (£)", check.paid_pence / 100),
        ("Paid and not owed (£)", check.owed_back_pence / 100), ("Owed and not paid (£)", check.still_due_pence / 100),
    ]  # fmt: skip
    return [*rows, *(("Note", note) for note in check.notes)]


def _sheet(
    book: Any, name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], bold: Any, money: Any, day: Any
) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, heads, bold)
    for number, row in zip(range(1, MOST_ROWS), rows, strict=False):
        for place, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, place, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
            elif isinstance(value, float):
                sheet.write_number(number, place, value, money)
            elif value is not None:
                sheet.write(number, place, neutral_cell(value) if isinstance(value, str) else value)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(heads) - 1, 18)
