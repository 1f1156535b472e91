"""Invoices out of a file, or every reason why not: the same for a spreadsheet and an electronic invoice.

Nothing is written here. A row that cannot be read keeps its whole invoice out, so that nothing is taken in by halves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from rightplace.core.problems import Problem
from rightplace.exchange.cells import as_date, as_pence
from rightplace.exchange.findings import Finding
from rightplace.exchange.invoices.layout import LAYOUT, UNIT_HEADINGS, UNITS
from rightplace.exchange.tables import Headings, Table, plain_heading, read_tables
from rightplace.exchange.uploads import MEGABYTE, Limits
from rightplace.journey.invoices.given import MOST_LINES, InvoiceGiven, LineGiven, line_problems

LIMITS = Limits(
    bytes_given=10 * MEGABYTE,
    bytes_unpacked=60 * MEGABYTE,
    rows=MOST_LINES * 5,
    columns=100,
    seconds=10,
    memory=600 * MEGABYTE,
)
MOST_INVOICES = 200


@dataclass(frozen=True, slots=True)
class InvoiceFile:
    """The invoices of a file, what could not be read of it, how its headings were taken, and its rows as they stand."""

    invoices: tuple[InvoiceGiven, ...]
    findings: tuple[Finding, ...] = ()
    headings: Headings | None = None
    rows: tuple[tuple[int, Mapping[str, str]], ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether all of it can be taken in."""
        return bool(self.invoices) and not any(one.is_bad for one in self.findings)


def read_sheet(
    content: bytes, *, today: date, mapping: Mapping[str, str] | None = None, number: str = ""
) -> InvoiceFile | Problem:
    """The invoices of a CSV file or workbook, one for each number; `number` where the file itself states none."""
    tables = read_tables(content, LAYOUT, mapping=mapping, limits=LIMITS)
    if isinstance(tables, Problem):
        return tables
    table = tables[0]
    if len(tables) > 1:
        return Problem("too_many", "The workbook has several sheets of lines. Send one sheet at a time.")
    if table.headings.missing:
        return InvoiceFile((), (), table.headings, tuple(table.records()))
    if not table.rows:
        return Problem("empty", "The file has headings but no line below them.")
    return _read(table, today, number)


def _read(table: Table, today: date, number: str) -> InvoiceFile:
    findings: list[Finding] = []
    groups: dict[str, list[LineGiven]] = {}
    heads: dict[str, tuple[date, str]] = {}
    records = tuple(table.records())
    unit = UNIT_HEADINGS.get(plain_heading(table.headings.understood.get("quantity", "")), "")
    for line, record in records:
        if _is_total(record):
            findings.append(
                Finding(line, "net", record.get("net", ""), "A row of totals: left out.", is_bad=False)
            )
            continue
        given, found = _line(line, record, today, unit)
        findings += found
        name = record.get("number", "").strip() or number.strip()
        if not name:
            findings.append(
                Finding(line, "number", "", "No invoice number. Enter one above, or add a column.")
            )
        if given is not None and name:
            groups.setdefault(name, []).append(given)
            heads.setdefault(
                name,
                (
                    as_date(record.get("invoiced_on", "")) or today,
                    record.get("currency", "").strip() or "GBP",
                ),
            )
    invoices = tuple(
        InvoiceGiven(name, heads[name][0], tuple(lines), currency=heads[name][1])
        for name, lines in groups.items()
    )
    if len(invoices) > MOST_INVOICES:
        findings.append(Finding(0, "number", "", f"At most {MOST_INVOICES} invoices in one file."))
    return InvoiceFile(invoices, tuple(findings), table.headings, records)


def _is_total(record: Mapping[str, str]) -> bool:
    """A row of sums at the end: an amount, and neither dates nor a child nor a contract."""
    return not any(
        record.get(name, "").strip() for name in ("starts_on", "last_night", "ends_on", "contract", "child")
    )


def _line(
    line: int, record: Mapping[str, str], today: date, unit: str
) -> tuple[LineGiven | None, list[Finding]]:
    """One line as given, and what is wrong with it; None where it cannot be read at all."""
    found: list[Finding] = []

    def bad(column: str, reason: str) -> None:
        found.append(Finding(line, column, record.get(column, "")[:80], reason))

    starts_on, ends_on = as_date(record.get("starts_on", "")), _end(record)
    net, vat = as_pence(record.get("net", "")), as_pence(record.get("vat", "") or "0")
    rate, quantity = as_pence(record.get("rate", "") or "0"), _quantity(record.get("quantity", ""))
    said = UNITS.get(plain_heading(record.get("unit", "")))
    checks = (
        ("starts_on", starts_on, "Not a date, such as 31/12/2026."), ("last_night", ends_on, "Not a date, such as 31/12/2026."),
        ("net", net, "Not an amount in pounds and pence."), ("vat", vat, "Not an amount in pounds and pence."),
        ("rate", rate, "Not an amount in pounds and pence."), ("quantity", quantity, "Not a number with at most two decimals."),
        ("unit", said, "Not a unit: nights, weeks, months, hours, sessions, miles, once."),
    )  # fmt: skip
    for column, value, reason in checks:
        if value is None:
            bad(column, reason)
    if (
        starts_on is None
        or ends_on is None
        or net is None
        or vat is None
        or rate is None
        or quantity is None
        or said is None
    ):
        return None, found
    given = LineGiven(
        starts_on, ends_on, net, vat, record.get("contract", ""), record.get("child", ""), record.get("words", "")[:200],
        quantity, said or (unit if quantity else ""), rate,
    )  # fmt: skip
    for problem in line_problems(given, today):
        bad(problem.field or "net", problem.sentence)
    return given, found


def _end(record: Mapping[str, str]) -> date | None:
    """The day after the last night; a line without an end is for its first night alone."""
    if leaving := record.get("ends_on", "").strip():
        return as_date(leaving)
    last = record.get("last_night", "").strip() or record.get("starts_on", "")
    day = as_date(last)
    return day + timedelta(days=1) if day is not None and day < date(2200, 1, 1) else None


def _quantity(text: str) -> Decimal | None:
    try:
        value = Decimal(text.replace(",", "").strip() or "0")
        return value if value.is_finite() and value == value.quantize(Decimal("0.01")) else None
    except InvalidOperation:
        return None
