"""Reading a tracker: headings by meaning and by what people decided before, and every cell with its problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rightplace.core.problems import Problem
from rightplace.exchange.cells import is_blank, original_cell
from rightplace.exchange.findings import Finding
from rightplace.exchange.spreadsheets.kinds import Kind
from rightplace.exchange.tables import Headings, Table, read_tables


@dataclass
class TrackerRow:
    """A row of a tracker: its cells as written, the values that could be read, and what is wrong with it.

    `deed` says what an import will do with it: add, change, same (as held) or bad (kept out).
    """

    line: int
    sheet: str
    written: dict[str, str]
    values: dict[str, Any]
    findings: list[Finding]
    deed: str = ""

    @property
    def is_bad(self) -> bool:
        """Whether it is kept out."""
        return any(f.is_bad for f in self.findings)

    def note(self, column: str, reason: str, *, is_bad: bool = True) -> None:
        """Something wrong with one of its cells."""
        self.findings.append(
            Finding(self.line, column, self.written.get(column, ""), reason, is_bad, sheet=self.sheet)
        )


@dataclass(frozen=True, slots=True)
class Tracker:
    """A tracker that was read: its rows, its headings, and the mapping that led to them."""

    kind: Kind
    rows: tuple[TrackerRow, ...]
    headings: Headings
    mapping: Mapping[str, str]


def read_tracker(
    content: bytes, kind: Kind, *, mapping: Mapping[str, str] | None = None
) -> Tracker | Problem:
    """Read the first sheet that is laid out like this kind of tracker; a problem when none is, or too little is there."""
    known = {f.name for f in kind.layout.fields} | {""}
    mapping = {heading: name for heading, name in (mapping or {}).items() if name in known}
    tables = read_tables(content, kind.layout, mapping=mapping)
    if isinstance(tables, Problem):
        return tables
    table = min(tables, key=lambda t: len(t.headings.missing))
    if table.headings.missing:
        words = ", ".join(table.headings.missing)
        return Problem(
            "headings_missing", f"No column for {words} was found. Say which heading it has.", "mapping"
        )
    rows = tuple(_row(table, kind, line, record) for line, record in table.records())
    _note_repeats(rows, kind)
    return Tracker(kind, rows, table.headings, {**mapping, **_as_mapping(table)})


def _row(table: Table, kind: Kind, line: int, record: Mapping[str, str]) -> TrackerRow:
    """Read each cell. One that is needed and cannot be read keeps the row out; any other is left as it was."""
    needed = {f.name for f in kind.layout.fields if f.is_required}
    row = TrackerRow(line, table.sheet, dict(record), {}, [])
    for name, written in record.items():
        text = original_cell(written).strip()
        if is_blank(text):
            if name in needed:
                row.note(name, "This may not be blank.")
            continue
        value = kind.cells[name].read(text)
        if value is None:
            row.note(name, kind.cells[name].reason, is_bad=name in needed)
        else:
            row.values[name] = value
    return row


def _note_repeats(rows: tuple[TrackerRow, ...], kind: Kind) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        if row.is_bad:
            continue
        key = tuple(row.values[name] for name in kind.key)
        if key in seen:
            row.note(kind.key[-1], f"Line {seen[key]} is about the same.")
        seen.setdefault(key, row.line)


def _as_mapping(table: Table) -> dict[str, str]:
    return {heading: name for name, heading in table.headings.understood.items()}
