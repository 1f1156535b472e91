"""What is given as an invoice, whatever way it came, and everything that is wrong with it before it is checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from rightplace.core.money import pounds
from rightplace.core.problems import Problem

MOST_LINES = 2_000
MOST_PENCE = 10**11
UNITS = {
    "": "not stated",
    "night": "nights",
    "week": "weeks",
    "four_weeks": "four weeks",
    "month": "months",
    "hour": "hours",
    "session": "sessions",
    "mile": "miles",
    "one_off": "once",
}
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
AHEAD = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class LineGiven:
    """One line as it was billed; `ends_on` is the day after the last night. A credit is below zero."""

    starts_on: date
    ends_on: date
    net_pence: int
    vat_pence: int = 0
    contract_reference: str = ""
    child_reference: str = ""
    words: str = ""
    quantity: Decimal = Decimal(0)
    unit: str = ""
    rate_pence: int = 0
    contract_id: int | None = None
    contract_line_id: int | None = None


@dataclass(frozen=True, slots=True)
class InvoiceGiven:
    """An invoice as it came. Totals that are stated must be what the lines come to; None where none is stated."""

    number: str
    invoiced_on: date
    lines: tuple[LineGiven, ...]
    net_pence: int | None = None
    vat_pence: int | None = None
    currency: str = "GBP"

    @property
    def lines_net_pence(self) -> int:
        """What the lines come to."""
        return sum(line.net_pence for line in self.lines)

    @property
    def lines_vat_pence(self) -> int:
        """What their VAT comes to."""
        return sum(line.vat_pence for line in self.lines)


def invoice_problems(given: InvoiceGiven, today: date) -> list[Problem]:
    """Everything that stops an invoice at the door, each in a sentence."""
    found = []
    if not given.number.strip():
        found.append(Problem("empty", "Enter the invoice number.", "number"))
    if len(given.number.strip()) > 40:
        found.append(Problem("too_long", "An invoice number has at most 40 characters.", "number"))
    if not FIRST_DAY <= given.invoiced_on <= today:
        found.append(Problem("dates", "Enter the date of the invoice: not after today.", "invoiced_on"))
    if given.currency.strip().upper() != "GBP":
        words = (
            f"The invoice is in {given.currency.strip()[:10]}. Only pounds sterling (GBP) can be taken in."
        )
        found.append(Problem("currency", words))
    if not given.lines:
        found.append(Problem("empty", "An invoice needs at least one line."))
    if len(given.lines) > MOST_LINES:
        words = (
            f"The invoice has {len(given.lines):,} lines. At most {MOST_LINES:,} can be taken in: split it."
        )
        return [*found, Problem("too_many", words)]
    return found + _total_problems(given) + _line_problems(given.lines, today)


def line_problems(line: LineGiven, today: date) -> list[Problem]:
    """What is wrong with one line, each with the field it is about."""
    found = []
    if not (FIRST_DAY <= line.starts_on <= LAST_DAY and FIRST_DAY <= line.ends_on <= LAST_DAY):
        found.append(Problem("dates", "The dates are outside what can be billed.", "starts_on"))
    elif line.starts_on > today + AHEAD:
        found.append(Problem("dates", "The nights lie more than two months ahead.", "starts_on"))
    if line.quantity < 0:
        words = "The number is below zero. For a credit make the amount negative, not the number."
        found.append(Problem("negative", words, "quantity"))
    if line.quantity >= 10**7 or abs(line.rate_pence) > MOST_PENCE:
        found.append(Problem("too_large", "The number or the rate is too large.", "quantity"))
    if line.unit not in UNITS:
        found.append(Problem("unknown", "The unit is not known: nights, weeks, months, hours.", "unit"))
    return found + _amount_problems(line)


def _amount_problems(line: LineGiven) -> list[Problem]:
    found = []
    if abs(line.net_pence) > MOST_PENCE or abs(line.vat_pence) > MOST_PENCE:
        found.append(Problem("too_large", "The amount is too large.", "net"))
    if line.net_pence == 0 and line.vat_pence == 0:
        found.append(Problem("empty", "The amount is nothing.", "net"))
    if line.net_pence * line.vat_pence < 0:
        found.append(Problem("sign", "The amount and its VAT must have the same sign.", "vat"))
    return found


def _line_problems(lines: Sequence[LineGiven], today: date) -> list[Problem]:
    return [
        Problem(problem.code, f"Line {number}: {problem.sentence}", problem.field)
        for number, line in enumerate(lines, 1)
        for problem in line_problems(line, today)
    ]


def _total_problems(given: InvoiceGiven) -> list[Problem]:
    """Stated totals that are not what the lines come to."""
    pairs = (
        ("total without VAT", given.net_pence, given.lines_net_pence),
        ("VAT", given.vat_pence, given.lines_vat_pence),
    )
    return [
        Problem("total", f"The {what} is stated as {pounds(stated)}, but the lines come to {pounds(real)}.")
        for what, stated, real in pairs
        if stated is not None and stated != real
    ]
