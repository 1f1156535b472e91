"""The three spreadsheets of a cost check: what each column means, by which headings it is known, and how a cell is read."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from rightplace.core.pricing import day_number
from rightplace.core.pricing.running import FIRST_DAY, LAST_DAY
from rightplace.exchange.cells import as_date, as_pence
from rightplace.exchange.cost_check.rates import share_of, unit_of, vat_of
from rightplace.exchange.tables import Field, Layout

CONTRACTS, PLACEMENTS, PAYMENTS = "contracts", "placements", "payments"
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """How a cell is read: to text or a whole number (None: it cannot be), what is said then, and whether it is a number."""

    read: Callable[[str], str | int | None]
    reason: str
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Sort:
    """One of the three spreadsheets. `example` are rows for its template file, of invented facts."""

    code: str
    words: str
    layout: Layout
    cells: Mapping[str, Cell]
    example: tuple[tuple[str, ...], ...]


def _pence(text: str) -> int | None:
    """An amount of pounds; in brackets, or with a minus or CR behind it, it is below zero."""
    plain = text.strip()
    found = re.fullmatch(r"\((.*)\)|(.*?)\s*(?:-|CR)", plain, re.IGNORECASE)
    inner = (found[1] or found[2]) if found else plain
    pence = as_pence(inner or "")
    return None if pence is None else -abs(pence) if found else pence


def _pence_above_zero(text: str) -> int | None:
    pence = _pence(text)
    return pence if pence is not None and pence >= 0 else None


@lru_cache(maxsize=20_000)
def _day(text: str) -> int | None:
    found = as_date(text) or _with_short_year(text)
    number = day_number(found) if found else None
    return number if number is not None and FIRST_DAY < number < LAST_DAY else None


def _with_short_year(text: str) -> date | None:
    found = re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2})", text.strip())
    return as_date(f"{found[1]}/{found[2]}/20{found[3]}") if found else None


def _hundredths(text: str) -> int | None:
    try:
        number = Decimal(text.replace(",", "").strip()) * 100
    except InvalidOperation:
        return None
    is_whole = number.is_finite() and number == number.to_integral_value() and 0 <= number < 10**9
    return int(number) if is_whole else None


def _text(text: str) -> str | None:
    return text if len(text) <= LONGEST * 3 else None


def _month(text: str) -> int | None:
    """The first day of a month written as "05/2025", "May 2025", "2025-05" or any day of it."""
    plain = text.strip()
    for form in (f"01/{plain}", f"{plain}-01", f"1 {plain}", plain):
        found = as_date(form)
        if found:
            return day_number(found.replace(day=1))
    return None


def month_end(first: date) -> date:
    """The last day of a month."""
    return first.replace(day=monthrange(first.year, first.month)[1])


_DATE = Cell(_day, "Not a date: use day, month and year, as 31/03/2026.")
_AMOUNT = Cell(_pence, "Not an amount of pounds and pence.")
_PRICE = Cell(_pence_above_zero, "Not a price in pounds and pence.")
_COUNT = Cell(_hundredths, "Not a number from zero up, with at most two decimals.")
_WORDS = Cell(_text, f"Longer than {LONGEST * 3} letters.", is_number=False)
_UNIT = Cell(unit_of, "Not a unit: night, week, four weeks, month, hour or once.")
_VAT = Cell(vat_of, "Not a rate of VAT, such as 20% or exempt.")
_SHARE = Cell(share_of, "Not a share of the price, such as 50% or 0%.")
_CURRENCY = Cell(
    lambda text: text if text.strip().upper() in {"GBP", "£", "STERLING", "POUNDS"} else None,
    "Another currency than pounds: put the amount in pounds.",
    is_number=False,
)

_PROVIDER = ("Provider", "Provider name", "Supplier", "Supplier name", "Vendor", "Payee", "Agency", "Company")
_CHILD = (
    "Child reference",
    "Child ID",
    "Child",
    "Child ref",
    "Person ID",
    "Client ID",
    "Case number",
    "Local number",
)
_REFERENCE = (
    "Contract reference", "Contract", "Contract number", "IPC", "IPC reference", "Agreement", "Agreement reference",
    "Purchase order", "PO number", "Order number", "Service agreement",
)  # fmt: skip
_IGNORED = (
    "Notes",
    "Comments",
    "Child name",
    "Name",
    "First name",
    "Surname",
    "Date of birth",
    "DOB",
    "Social worker",
    "Team",
)

SORTS: dict[str, Sort] = {
    CONTRACTS: Sort(
        CONTRACTS,
        "contracts and prices",
        Layout(
            "a list of contracts and prices",
            (
                Field("reference", "contract reference", _REFERENCE),
                Field("provider", "provider", _PROVIDER, True),
                Field("child", "child reference", _CHILD, True),
                Field(
                    "start", "first night", ("Start date", "Start", "From", "Contract start", "Begins"), True
                ),
                Field("end", "day of leaving", ("End date", "End", "To", "Contract end", "Ends")),
                Field(
                    "amount",
                    "price",
                    (
                        "Price",
                        "Rate",
                        "Amount",
                        "Cost",
                        "Weekly cost",
                        "Weekly price",
                        "Weekly fee",
                        "Fee",
                        "Unit price",
                    ),
                    True,
                ),
                Field("unit", "unit of the price", ("Unit", "Per", "Price per", "Frequency", "Period")),
                Field("quantity", "quantity", ("Quantity", "Hours", "Hours a week", "Units", "Number")),
                Field(
                    "line",
                    "what the price is for",
                    ("Price line", "Description", "Element", "Service", "Line", "Type"),
                ),
                Field(
                    "rate_from",
                    "price valid from",
                    ("Price from", "Rate from", "Valid from", "Effective from", "Rate start"),
                ),
                Field(
                    "rate_to",
                    "price valid until",
                    ("Price until", "Rate to", "Valid to", "Effective to", "Rate end"),
                ),
                Field("vat", "VAT rate", ("VAT", "VAT rate", "VAT %", "Tax rate")),
                Field("currency", "currency", ("Currency", "Ccy")),
            ),
            ignored=_IGNORED,
        ),
        {
            "reference": _WORDS,
            "provider": _WORDS,
            "child": _WORDS,
            "start": _DATE,
            "end": _DATE,
            "amount": _PRICE,
            "unit": _UNIT,
            "quantity": _COUNT,
            "line": _WORDS,
            "rate_from": _DATE,
            "rate_to": _DATE,
            "vat": _VAT,
            "currency": _CURRENCY,
        },
        (
            (
                "IPC-000101",
                "Oakhouse Care Ltd",
                "C-1001",
                "14/04/2025",
                "",
                "4200.00",
                "week",
                "1",
                "Fee",
                "",
                "",
                "exempt",
                "",
            ),
            (
                "IPC-000101",
                "Oakhouse Care Ltd",
                "C-1001",
                "14/04/2025",
                "",
                "4330.20",
                "week",
                "1",
                "Fee",
                "01/10/2025",
                "",
                "exempt",
                "",
            ),
            (
                "IPC-000102",
                "Harbour Fostering",
                "C-1002",
                "01/02/2025",
                "",
                "135.00",
                "night",
                "1",
                "Fee",
                "",
                "",
                "exempt",
                "",
            ),
        ),
    ),
    PLACEMENTS: Sort(
        PLACEMENTS,
        "placements",
        Layout(
            "a list of placements",
            (
                Field("reference", "contract reference", _REFERENCE),
                Field("child", "child reference", _CHILD, True),
                Field("provider", "provider", _PROVIDER, True),
                Field(
                    "start",
                    "first night",
                    ("Start date", "Start", "Placement start", "Placement start date", "From", "Date placed"),
                    True,
                ),
                Field(
                    "end",
                    "day of leaving",
                    ("End date", "End", "Placement end", "Placement end date", "To", "Date ended"),
                ),
                Field(
                    "paid_until",
                    "last night paid under notice",
                    ("Paid until", "Notice until", "Notice paid until", "Notice end", "Notice end date"),
                ),
                Field(
                    "away_from",
                    "first night away",
                    ("Away from", "Absent from", "Absence start", "Absence start date"),
                ),
                Field(
                    "back_on",
                    "first night back",
                    ("Back on", "Returned on", "Absence end", "Absence end date", "Return date"),
                ),
                Field(
                    "away_full",
                    "nights away paid in full",
                    ("Paid in full for", "Full nights away", "Nights in full"),
                ),
                Field(
                    "away_share",
                    "share paid while away",
                    ("Paid while away", "Share while away", "Retainer", "Retainer %"),
                ),
            ),
            ignored=_IGNORED,
        ),
        {
            "reference": _WORDS,
            "child": _WORDS,
            "provider": _WORDS,
            "start": _DATE,
            "end": _DATE,
            "paid_until": _DATE,
            "away_from": _DATE,
            "back_on": _DATE,
            "away_full": _COUNT,
            "away_share": _SHARE,
        },
        (
            (
                "IPC-000101",
                "C-1001",
                "Oakhouse Care Ltd",
                "14/04/2025",
                "20/11/2025",
                "",
                "03/07/2025",
                "28/07/2025",
                "14",
                "50%",
            ),
            ("IPC-000102", "C-1002", "Harbour Fostering", "01/02/2025", "", "", "", "", "", ""),
        ),
    ),
    PAYMENTS: Sort(
        PAYMENTS,
        "payments",
        Layout(
            "a list of payments",
            (
                Field(
                    "invoice",
                    "invoice number",
                    (
                        "Invoice",
                        "Invoice number",
                        "Invoice no",
                        "Invoice reference",
                        "Document number",
                        "Transaction number",
                    ),
                ),
                Field("provider", "provider", _PROVIDER, True),
                Field("reference", "contract reference", _REFERENCE),
                Field("child", "child reference", _CHILD),
                Field(
                    "start",
                    "from",
                    (
                        "From",
                        "Period from",
                        "Start",
                        "Start date",
                        "Service from",
                        "Nights from",
                        "Date from",
                    ),
                ),
                Field(
                    "end",
                    "to",
                    ("To", "Period to", "End", "End date", "Service to", "Nights to", "Date to", "Until"),
                ),
                Field("month", "month", ("Month", "Service month", "Billing month", "Period")),
                Field(
                    "quantity",
                    "nights or quantity",
                    ("Nights", "Quantity", "Days", "Units", "Weeks", "Number of nights"),
                ),
                Field("unit", "unit", ("Unit", "Per", "Rate per", "Price per")),
                Field("rate", "rate", ("Rate", "Unit price", "Price", "Nightly rate", "Weekly rate")),
                Field(
                    "net",
                    "net amount",
                    (
                        "Net",
                        "Net amount",
                        "Amount",
                        "Amount net",
                        "Value",
                        "Amount paid",
                        "Net value",
                        "Paid",
                    ),
                    True,
                ),
                Field("vat", "VAT", ("VAT", "VAT amount", "Tax")),
                Field("total", "total", ("Total", "Gross", "Gross amount", "Amount gross", "Invoice total")),
                Field("currency", "currency", ("Currency", "Ccy")),
            ),
            ignored=(*_IGNORED, "Payment date", "Date paid", "Paid on", "Cost centre", "Subjective"),
        ),
        {
            "invoice": _WORDS,
            "provider": _WORDS,
            "reference": _WORDS,
            "child": _WORDS,
            "start": _DATE,
            "end": _DATE,
            "month": Cell(_month, "Not a month, such as May 2025."),
            "quantity": _COUNT,
            "unit": _UNIT,
            "rate": _PRICE,
            "net": _AMOUNT,
            "vat": _AMOUNT,
            "total": _AMOUNT,
            "currency": _CURRENCY,
        },
        (
            (
                "77001",
                "Oakhouse Care Ltd",
                "IPC-000101",
                "C-1001",
                "01/05/2025",
                "31/05/2025",
                "",
                "31",
                "night",
                "600.00",
                "18600.00",
                "0.00",
                "18600.00",
                "",
            ),
            (
                "77002",
                "Oakhouse Care Ltd",
                "IPC-000101",
                "C-1001",
                "01/05/2025",
                "31/05/2025",
                "",
                "31",
                "night",
                "600.00",
                "18600.00",
                "0.00",
                "18600.00",
                "",
            ),
            (
                "H-310",
                "Harbour Fostering",
                "IPC-000102",
                "C-1002",
                "01/05/2025",
                "31/05/2025",
                "",
                "31",
                "night",
                "140.00",
                "4340.00",
                "0.00",
                "4340.00",
                "",
            ),
        ),
    ),
}
"""Contracts, placements and payments."""
