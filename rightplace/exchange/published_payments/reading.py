"""Reading published spending by meaning: who paid whom, when and how much, in any council's layout.

The code of practice on transparency (2015) asks councils to publish payments above £500 with date, body, payee and amount;
headings and forms differ from council to council and from year to year.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from rightplace.core.organisation_names import WITHHELD, without_person
from rightplace.core.problems import Problem
from rightplace.exchange.cells import as_date, is_blank, original_cell
from rightplace.exchange.findings import Finding
from rightplace.exchange.tables import Field, Headings, Layout, Table, read_tables
from rightplace.exchange.uploads import LIMITS, Limits

LAYOUT = Layout(
    "published spending",
    (
        Field(
            "payee",
            "payee",
            (
                "Supplier",
                "Supplier name",
                "Supplier Name",
                "Vendor",
                "Vendor name",
                "Beneficiary",
                "Beneficiary name",
                "Payee",
                "Payee name",
                "Creditor",
                "Creditor name",
                "Merchant name",
                "Name of supplier",
                "Trader name",
                "Redacted supplier name",
            ),
            True,
        ),
        Field(
            "paid_on",
            "date",
            (
                "Payment date",
                "Date paid",
                "Paid date",
                "Date",
                "Pay date",
                "Posting date",
                "Invoice date",
                "Transaction date",
                "Date of payment",
                "Effective date",
                "Clearing date",
            ),
            True,
        ),
        Field(
            "amount",
            "amount",
            (
                "Amount GBP",
                "Amount",
                "Net amount",
                "Amount paid",
                "Invoice amount",
                "Value",
                "Amount (£)",
                "Line amount",
                "Amount net",
                "Payment amount",
                "Amount exc vat",
                "Net value",
                "Distribution amount",
                "Spend",
                "Total",
            ),
            True,
        ),
        Field(
            "council",
            "council",
            (
                "Council",
                "Body name",
                "Body",
                "Organisation name",
                "Publisher",
                "Local authority",
                "Authority",
                "LA name",
            ),
        ),
        Field(
            "unit",
            "part of the council",
            (
                "Unit",
                "Directorate",
                "Department",
                "Service area",
                "Service",
                "Division",
                "Organisational unit",
                "Service label",
            ),
        ),
        Field(
            "reference",
            "reference",
            (
                "Reference",
                "Transaction number",
                "Transaction no",
                "Invoice number",
                "Payment reference",
                "Document number",
                "Trans no",
            ),
        ),
        Field(
            "detail",
            "what for",
            (
                "Detail",
                "Description",
                "Purpose",
                "Expense area",
                "Expenses type",
                "Expense type",
                "Narrative",
                "Subjective",
            ),
        ),
        Field("currency", "currency", ("Currency", "Ccy")),
    ),
    ignored=(
        "Source file",
        "Body code",
        "Organisation code",
        "Supplier ID",
        "Vendor number",
        "VAT",
        "Category",
        "Capital or revenue",
        "Postcode",
    ),
)
_AMOUNT = re.compile(
    r"(?P<open>\()?\s*(?P<minus>-)?\s*£?\s*(?P<minus2>-)?(?P<number>[\d,]*\.?\d+)\s*\)?\s*(?P<credit>CR|-)?",
    re.IGNORECASE,
)
_MOST_PENCE = 10**12


@dataclass(frozen=True, slots=True)
class Payment:
    """A published payment as read. `payee` is the name as it may be kept; `occurrence` counts equal lines of a file."""

    council: str
    paid_on: date
    payee: str
    pence: int
    unit: str
    reference: str
    detail: str
    occurrence: int = 0


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file that was read: its payments, how headings were taken, and what could not be read."""

    payments: tuple[Payment, ...]
    headings: tuple[Headings, ...]
    findings: tuple[Finding, ...]
    rows: int
    withheld: int


def read_published(content: bytes, *, council: str = "", limits: Limits = LIMITS) -> PublishedFile | Problem:
    """The payments of a file. `council` is who published it, where no column says so. A row without payee, day or amount is
    a finding and kept out; private persons' names are withheld as they are read."""
    tables = read_tables(content, LAYOUT, limits=limits)
    if isinstance(tables, Problem):
        return tables
    whole = [table for table in tables if not table.headings.missing]
    if not whole:
        words = ", ".join(tables[0].headings.missing)
        return Problem("headings_missing", f"No column for {words} was found.", "file")
    if not council.strip() and not any("council" in table.positions for table in whole):
        return Problem("council_missing", "Which council published this? No column says so.", "council")
    payments: list[Payment] = []
    findings: list[Finding] = []
    seen: Counter[Payment] = Counter()
    for table in whole:
        for line, row in table.records():
            read = _payment(row, council.strip(), line, table)
            if isinstance(read, Finding):
                findings.append(read)
                continue
            payments.append(_numbered(read, seen))
    withheld = sum(one.payee == WITHHELD for one in payments)
    rows = sum(len(table.rows) for table in whole)
    return PublishedFile(tuple(payments), tuple(t.headings for t in whole), tuple(findings), rows, withheld)


def _numbered(payment: Payment, seen: Counter[Payment]) -> Payment:
    seen[payment] += 1
    return Payment(
        payment.council, payment.paid_on, payment.payee, payment.pence, payment.unit, payment.reference, payment.detail,
        seen[payment] - 1,
    )  # fmt: skip


def _payment(row: dict[str, str], council: str, line: int, table: Table) -> Payment | Finding:
    cells = {name: original_cell(text).strip() for name, text in row.items()}
    if not cells["payee"]:
        return Finding(line, "payee", "", "This may not be blank.", sheet=table.sheet)
    paid_on, pence = day_of(cells["paid_on"]), pence_of(cells["amount"])
    if paid_on is None:
        return Finding(
            line, "date", cells["paid_on"][:80], "Not a date: use day, month and year.", sheet=table.sheet
        )
    if pence is None or cells.get("currency", "GBP").upper() not in {"", "GBP", "£"}:
        return Finding(
            line, "amount", cells["amount"][:80], _why_no_amount(cells["amount"]), sheet=table.sheet
        )
    body = cells.get("council", "") or council
    if not body:
        return Finding(line, "council", "", "No council is named.", sheet=table.sheet)
    unit, reference, detail = (cells.get(name, "") for name in ("unit", "reference", "detail"))
    return Payment(
        body[:80], paid_on, _kept_name(cells["payee"]), pence, "" if is_blank(unit) else unit[:120], reference[:80], detail[:200]
    )  # fmt: skip


@lru_cache(maxsize=20_000)
def _kept_name(name: str) -> str:
    return without_person(name)[:200]


@lru_cache(maxsize=20_000)
def day_of(text: str) -> date | None:
    """The day of a cell, also with a year of two figures; None when it is none, or not from 2000 to 2099."""
    found = as_date(text) or _short(text)
    return found if found and 2000 <= found.year < 2100 else None


def _short(text: str) -> date | None:
    found = re.fullmatch(r"(\d{1,2}[/.\- ](?:\d{1,2}|[A-Za-z]{3})[/.\- ])(\d{2})", text.strip())
    return as_date(f"{found[1]}20{found[2]}") if found else None


def pence_of(text: str) -> int | None:
    """An amount in pence, also in brackets or with CR for a credit; parts of a penny, are rounded."""
    found = _AMOUNT.fullmatch(text.strip())
    if not found:
        return _from_exponent(text)
    pence = round(Decimal(found["number"].replace(",", "")) * 100)
    is_credit = bool(found["open"] or found["minus"] or found["minus2"] or found["credit"])
    return None if pence > _MOST_PENCE else -pence if is_credit else pence


def _from_exponent(text: str) -> int | None:
    try:
        number = Decimal(text.strip().replace(",", "")) * 100
    except InvalidOperation:
        return None
    return round(number) if number.is_finite() and abs(number) <= _MOST_PENCE else None


def _why_no_amount(text: str) -> str:
    if text.startswith("="):
        return "A formula, not what it comes to."
    if re.search(r"[€$¥]|EUR|USD", text.upper()):
        return "Another currency than pounds."
    return "Not an amount of pounds and pence."
