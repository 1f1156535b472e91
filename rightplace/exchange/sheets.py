"""A table to be given away: its columns, its rows, what is to be said of it; and the files made of several."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rightplace.exchange.cells import neutral_cell

Cell = str | int | None
HIDDEN = "c"
"""What stands where a small number is hidden, as in the Department's statistics."""
QUARTERS = (1, 2, 3, 4)
FIRST_MONTH = 4


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table by name: what it is called, its columns, its rows in order, and a sentence on how to read it."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class HandedFile:
    """A file to hand out."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a table is about: a financial year (named by the year in which it ends), or a quarter of one."""

    year: int
    quarter: int = 0

    @property
    def first(self) -> date:
        """Its first day."""
        return _month(self.year, 3 * max(self.quarter - 1, 0))

    @property
    def end(self) -> date:
        """The first day after it."""
        return _month(self.year, 3 * self.quarter if self.quarter else 12)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - timedelta(days=1)

    @property
    def words(self) -> str:
        """As it is said: 2025-26, or 2025-26 quarter 2."""
        years = f"{self.year - 1}-{self.year % 100:02d}"
        return f"{years} quarter {self.quarter}" if self.quarter else years

    @property
    def slug(self) -> str:
        """As it stands in a file's name."""
        return self.words.replace(" quarter ", "-q")

    def day_told(self, today: date) -> date:
        """The day that a count of who is placed is for: its last, or today while it goes on."""
        return min(self.last, today)


def sheet_csv(sheet: Sheet) -> bytes:
    """The table as CSV in UTF-8: every text that a spreadsheet would run is made harmless."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(sheet.columns)
    writer.writerows([_cell(value) for value in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8")


def pounds(pence: int) -> str:
    """Pence as a file states pounds: 1234.05."""
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def shown(counts: Sequence[int | None]) -> list[Cell]:
    """Counts as a table shows them; what is hidden as the letter for it."""
    return [HIDDEN if count is None else count for count in counts]


def _cell(value: Cell) -> Cell:
    return "" if value is None else neutral_cell(value) if isinstance(value, str) else value


def _month(year: int, later: int) -> date:
    months = FIRST_MONTH - 1 + later
    return date(year - 1 + months // 12, months % 12 + 1, 1)
