"""What the placements of a financial year come to by section 251 line, sector and income. Adds up to the schedule, to the penny.

Spend is what is due for the year by the schedule (accruals), each line of it under the code with which finance booked it;
income is what partners were charged for the same year. What bears no section 251 line stands in a row of its own, so that
nothing is lost.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Sum

from rightplace.exchange.sheets import Sheet, Span, pounds
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.packaged import read_rows
from rightplace.journey.funding.models import OWN, RechargeLine
from rightplace.journey.payments.coding import codes_of, home_kind_of
from rightplace.journey.payments.models import ScheduleLine

SECTORS = ("own", "private", "public", "voluntary")
SECTOR_WORDS = ("Own provision", "Private", "Other public", "Voluntary")
COLUMNS = ("Line", "What it is", *SECTOR_WORDS, "Total", "Income from partners", "Net")
UNCODED = ""
NOTE = (
    "Pounds, by nights of the year as they are due, without VAT. Income is what partners were charged. The names of lines"
    " marked (check) could not be verified against the published guidance."
)


@dataclass
class LineSpend:
    """One line: pence by sector, and income in pence."""

    line: str
    by_sector: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SECTORS, 0))
    income: int = 0

    @property
    def total(self) -> int:
        """All sectors together."""
        return sum(self.by_sector.values())

    @property
    def net(self) -> int:
        """Less the income."""
        return self.total - self.income


def lines(authority: Authority, span: Span) -> list[LineSpend]:
    """Every line with spend or income in the financial year, in order; what has no line comes last."""
    found: dict[str, LineSpend] = {}
    for line, sector, pence in _spend(authority, span):
        found.setdefault(line, LineSpend(line)).by_sector[sector] += pence
    for line, pence in _income(authority, span):
        found.setdefault(line, LineSpend(line)).income += pence
    return sorted(found.values(), key=lambda one: _order(one.line))


def sheet(authority: Authority, span: Span) -> Sheet:
    """The lines as a table, with their total."""
    found = lines(authority, span)
    whole = LineSpend("Total", _summed(one.by_sector for one in found), sum(one.income for one in found))
    rows = tuple(_row(one, span.first) for one in [*found, whole])
    return Sheet("section-251", "Section 251 lines", COLUMNS, rows, NOTE)


def _row(one: LineSpend, on: date) -> tuple[str, ...]:
    money = [*(one.by_sector[sector] for sector in SECTORS), one.total, one.income, one.net]
    words = "" if one.line == "Total" else _words(one.line, on)
    return (one.line or "None", words, *map(pounds, money))


def _words(line: str, on: date) -> str:
    if line == UNCODED:
        return "Booked under no section 251 line"
    for row in read_rows("finance/section_251.csv"):
        if (
            row["line"] == line
            and row["starts_on"] <= on.isoformat()
            and (not row["ends_on"] or on.isoformat() < row["ends_on"])
        ):
            return row["words"] + ("" if row["verified"] == "yes" else " (check)")
    return "As finance names it"


def _spend(authority: Authority, span: Span) -> Iterable[tuple[str, str, int]]:
    rows = ScheduleLine.objects.filter(authority=authority, state="due", financial_year=span.words).order_by()
    told = rows.values(
        line=F("cost_code__section_251_line"), owner=F("provider_id"), of_home=F("contract__placement__setting__sector"),
        of_provider=F("provider__sector"),
    ).annotate(pence=Sum("pence"))  # fmt: skip
    for row in told:
        sector = "own" if row["owner"] is None else sector_of(row["of_home"] or row["of_provider"] or "")
        yield row["line"] or UNCODED, sector, row["pence"]


def sector_of(words: str) -> str:
    """The column of an outside provider by the register's word for its sector: private where the register says nothing."""
    plain = words.lower()
    if "volunt" in plain or "charit" in plain:
        return "voluntary"
    return "public" if any(word in plain for word in ("authority", "public", "health", "nhs")) else "private"


def _income(authority: Authority, span: Span) -> Iterable[tuple[str, int]]:
    codes = codes_of(authority.pk)
    rows = RechargeLine.objects.filter(authority=authority, financial_year=span.words).exclude(
        partner__kind=OWN
    )
    for row in rows.select_related("contract__placement__setting").order_by("pk"):
        code = codes.code(home_kind_of(row.contract), row.kind, row.period.lower) if row.contract else None
        yield (code.section_251_line if code else UNCODED), row.pence


def _summed(parts: Iterable[dict[str, int]]) -> dict[str, int]:
    whole: dict[str, int] = defaultdict(int)
    for part in parts:
        for sector, pence in part.items():
            whole[sector] += pence
    return {sector: whole[sector] for sector in SECTORS}


def _order(line: str) -> tuple[bool, list[tuple[int, str]]]:
    """Lines in the order of their numbers (3.1.2 before 3.1.11), what has none last."""
    parts = re.findall(r"(\d+)|([^\d.]+)", line)
    return line == UNCODED, [(int(number or 0), letters) for number, letters in parts]
