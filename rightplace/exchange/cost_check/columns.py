"""Reading a spreadsheet of a cost check into columns: small files by the row, large ones (a million lines) by the column.

What cannot be read is listed by line and column with its reason, and its whole row is kept out; nothing is half-read.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rightplace.core.problems import Problem
from rightplace.exchange.cells import is_blank, original_cell
from rightplace.exchange.cost_check.layouts import Cell, Sort
from rightplace.exchange.findings import Finding
from rightplace.exchange.tables import DELIMITERS, LINES_SEARCHED, Headings, Layout, Table, tables_in
from rightplace.exchange.uploads import LIMITS, MEGABYTE, Limits, Opened, first_rows, open_table

NOT_GIVEN = -(2**40)
"""What stands in a column of numbers where a cell is blank."""
LARGE = 8 * MEGABYTE
LISTED = 2_000
"""The most cells of a file that are listed one by one; all are counted."""
FILE_LIMITS = replace(
    LIMITS, bytes_given=400 * MEGABYTE, bytes_unpacked=600 * MEGABYTE, rows=1_500_000, memory=3_000 * MEGABYTE
)
"""For the command: a million lines as CSV."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """A spreadsheet that was read: its rows that are good, by column, and what could not be read.

    `texts` and `numbers` have a value for each good row ("" or NOT_GIVEN where the cell is blank); `line` is the line of each in
    the file. `bad` lists cells (at most LISTED), `rows_bad` counts the rows that are kept out.
    """

    sort: Sort
    headings: Headings
    mapping: Mapping[str, str]
    line: NDArray[np.int64]
    texts: Mapping[str, list[str]]
    numbers: Mapping[str, NDArray[np.int64]]
    bad: tuple[Finding, ...]
    rows_bad: int

    def __len__(self) -> int:
        return len(self.line)

    def text(self, name: str) -> list[str]:
        """A column of text; blank throughout where the file does not have it."""
        return self.texts.get(name) or [""] * len(self)

    def number(self, name: str) -> NDArray[np.int64]:
        """A column of numbers; NOT_GIVEN throughout where the file does not have it."""
        found = self.numbers.get(name)
        return found if found is not None else np.full(len(self), NOT_GIVEN, dtype=np.int64)

    def without(self, rows: Mapping[int, tuple[str, str]]) -> Columns:
        """The same without some rows (by place), each with the column at fault and the reason."""
        if not rows:
            return self
        keep = np.ones(len(self), dtype=bool)
        keep[list(rows)] = False
        more = [
            Finding(int(self.line[place]), column, self._written(place, column), reason)
            for place, (column, reason) in sorted(rows.items())[:LISTED]
        ]
        kept = np.flatnonzero(keep).tolist()
        return replace(
            self, line=self.line[keep], bad=(*self.bad, *more)[: 2 * LISTED], rows_bad=self.rows_bad + len(rows),
            texts={name: [column[place] for place in kept] for name, column in self.texts.items()},
            numbers={name: column[keep] for name, column in self.numbers.items()},
        )  # fmt: skip

    def _written(self, place: int, column: str) -> str:
        return self.texts[column][place] if column in self.texts else ""


def read_columns(
    content: bytes, sort: Sort, *, mapping: Mapping[str, str] | None = None, limits: Limits = LIMITS
) -> Columns | Problem:
    """The columns of a spreadsheet, or why it cannot be read. `mapping` (heading to field, "" to leave it out) wins."""
    known = {f.name for f in sort.layout.fields} | {""}
    decided = {heading: name for heading, name in (mapping or {}).items() if name in known}
    opened = open_table(content, limits=limits)
    if isinstance(opened, Problem):
        return opened
    read = _large(opened, sort.layout, decided) if len(opened.delimited) > LARGE else None
    if read is None:
        read = _small(opened, sort.layout, decided, limits)
    if isinstance(read, Problem):
        return read
    table, frame, lines = read
    if table.headings.missing:
        words = ", ".join(table.headings.missing)
        return Problem(
            "headings_missing",
            f"No column for {words} was found in {sort.words}. Say which heading it has.",
            "mapping",
        )
    return _columns(sort, table, frame, lines, decided)


Read = tuple[Table, dict[str, pl.Series], NDArray[np.int64]]


def _small(opened: Opened, layout: Layout, decided: Mapping[str, str], limits: Limits) -> Read | Problem:
    tables = tables_in(opened, layout, mapping=decided, limits=limits)
    if isinstance(tables, Problem):
        return tables
    if not tables:
        return _no_header(layout)
    table = min(tables, key=lambda one: (len(one.headings.missing), -len(one.headings.understood)))
    frame = {name: pl.Series(name, column, dtype=pl.String) for name, column in table.columns.items()}
    return table, frame, np.array(table.lines, dtype=np.int64)


def _large(opened: Opened, layout: Layout, decided: Mapping[str, str]) -> Read | Problem | None:
    """By the column; None where it is laid out so that only reading row by row is sure (a cell over several lines)."""
    text = opened.delimited
    head = "\n".join(text[: 200 * 5_000].splitlines()[: LINES_SEARCHED + 50])
    tables = tables_in(replace(opened, delimited=head), layout, mapping=decided)
    if isinstance(tables, Problem):
        return None
    if not tables:
        return _no_header(layout)
    table = tables[0]
    delimiter = _delimiter(head, table)
    start = 0
    for _ in range(table.headings.line):
        start = text.index("\n", start) + 1
    try:
        frame = pl.read_csv(
            io.StringIO(text[start:]), separator=delimiter, has_header=False, infer_schema=False, truncate_ragged_lines=True,
            schema={f"c{at}": pl.String for at in range(1 + max(table.positions.values()))},
        )  # fmt: skip
    except pl.exceptions.PolarsError:
        return None
    if frame.height != text.count("\n", start) + (not text.endswith("\n")):
        return None
    lines = np.arange(frame.height, dtype=np.int64) + table.headings.line + 1
    named = {name: frame[f"c{at}"].fill_null("").str.strip_chars() for name, at in table.positions.items()}
    mask = np.zeros(frame.height, dtype=bool)
    for column in named.values():
        mask |= (column != "").to_numpy()
    if not mask.all():  # rows of which every cell is blank
        named = {name: column.filter(pl.Series(mask)) for name, column in named.items()}
        lines = lines[mask]
    return table, named, lines


def _no_header(layout: Layout) -> Problem:
    wanted = ", ".join(f"“{f.headings[0]}”" for f in layout.fields if f.is_required)
    return Problem(
        "no_header", f"No row of headings for {layout.name} was found. It needs at least {wanted}."
    )


def _delimiter(head: str, table: Table) -> str:
    """The delimiter with which the headings were understood."""
    wanted = set(table.headings.understood.values())
    for delimiter in DELIMITERS:
        rows = first_rows(head, delimiter, LINES_SEARCHED)
        if any(wanted <= {cell.strip() for cell in row} for row in rows):
            return delimiter
    return ","


def _columns(
    sort: Sort,
    table: Table,
    frame: Mapping[str, pl.Series],
    lines: NDArray[np.int64],
    decided: Mapping[str, str],
) -> Columns:
    needed = {f.name for f in sort.layout.fields if f.is_required}
    is_bad = np.zeros(len(lines), dtype=bool)
    bad: list[Finding] = []
    texts: dict[str, pl.Series] = {}
    numbers: dict[str, NDArray[np.int64]] = {}
    for name, column in frame.items():
        cell = sort.cells[name]
        values, faults = _decoded(column, cell, is_needed=name in needed)
        for place in np.flatnonzero(faults)[: LISTED - len(bad)].tolist():
            written = column[place]
            bad.append(Finding(int(lines[place]), name, written[:LISTED], reason_of(written, cell)))
        is_bad |= faults
        if isinstance(values, pl.Series):
            texts[name] = values
        else:
            numbers[name] = values
    good = ~is_bad
    kept = pl.Series(good)
    mapping = {**decided, **{heading: name for name, heading in table.headings.understood.items()}}
    return Columns(
        sort, table.headings, mapping, lines[good],
        {name: column.filter(kept).to_list() for name, column in texts.items()},
        {name: column[good] for name, column in numbers.items()}, tuple(bad), int(is_bad.sum()),
    )  # fmt: skip


def _decoded(
    column: pl.Series, cell: Cell, *, is_needed: bool
) -> tuple[pl.Series | NDArray[np.int64], NDArray[np.bool_]]:
    """The values of a column, each different text read once, and which cells are at fault."""
    unique = column.unique().to_list()
    found: list[str | int | None] = []
    for text in unique:
        plain = original_cell(text).strip()
        blank: str | int | None = None if is_needed else (NOT_GIVEN if cell.is_number else "")
        found.append(blank if is_blank(plain) else _read(plain, cell))
    kind = pl.Int64 if cell.is_number else pl.String
    values = column.replace_strict(unique, pl.Series(found, dtype=kind), return_dtype=kind)
    faults: NDArray[np.bool_] = values.is_null().to_numpy()
    if cell.is_number:
        return values.fill_null(NOT_GIVEN).to_numpy().astype(np.int64), faults
    return values.fill_null(""), faults


def _read(text: str, cell: Cell) -> str | int | None:
    return None if text.startswith("=") else cell.read(text)


def reason_of(written: str, cell: Cell) -> str:
    """Why a cell cannot be read, in a sentence."""
    text = written.strip()
    if is_blank(text):
        return "This may not be blank."
    if text.startswith("="):
        return "A formula, not what it comes to: save the sheet with its values."
    if cell.is_number and any(sign in text.upper() for sign in ("€", "$", "EUR", "USD", "¥")):
        return "Another currency than pounds: put the amount in pounds."
    if cell.is_number and text.startswith("-") and "from zero up" in cell.reason:
        return "Below zero: a credit has its amount below zero, not its nights."
    return cell.reason


def mapping_of(columns: Sequence[Columns]) -> dict[str, dict[str, str]]:
    """What the headings of each file were taken for, to be kept with a result."""
    return {one.sort.code: dict(one.headings.understood) for one in columns}
