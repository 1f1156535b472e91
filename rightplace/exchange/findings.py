"""What an import could not read, cell by cell: line, column, value, reason, and the list of them all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from rightplace.exchange.cells import neutral_cell


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong or odd in one cell. A bad one keeps its row out; the others are only pointed out."""

    line: int
    column: str
    value: str
    reason: str
    is_bad: bool = True
    file: str = ""
    sheet: str = ""


def bad_lines(findings: Iterable[Finding]) -> frozenset[tuple[str, str, int]]:
    """The rows that are kept out, each as file, sheet and line."""
    return frozenset((f.file, f.sheet, f.line) for f in findings if f.is_bad)


def findings_csv(findings: Iterable[Finding]) -> str:
    """The list of findings as CSV to work through; safe to open in a spreadsheet."""
    kept = io.StringIO(newline="")
    writer = csv.writer(kept, lineterminator="\r\n")
    writer.writerow(["File", "Sheet", "Line", "Column", "Value", "Reason", "Kept out"])
    for f in findings:
        texts = [neutral_cell(text) for text in (f.file, f.sheet)]
        cells = [neutral_cell(text) for text in (f.column, f.value, f.reason)]
        writer.writerow([*texts, f.line, *cells, "yes" if f.is_bad else "no"])
    return kept.getvalue()
