"""Every module of a return, as its files state them: known by their headings, CSV or XML, each row with its line.

Nothing is mended on the way: cells are text as they were written. What could not be read at all is a problem;
what was read in spite of something is a note with its line.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from rightplace.core.problems import Problem
from rightplace.exchange.findings import Finding
from rightplace.exchange.ssda903.given import GivenFile, collection_year
from rightplace.exchange.ssda903.rules.tables import FILES, STATED_BESIDE, columns_of
from rightplace.exchange.ssda903.schema import schema_faults
from rightplace.exchange.ssda903.xml import read_xml
from rightplace.foundation.reference.codes import FIRST_YEAR

SUFFIXES = (".csv", ".txt", ".xml")
HEADING_LINE = 1
HEADER = "Header"
WITHOUT_END = re.compile(r"^[^\n]{10001}", re.MULTILINE)
"""A line of a file that is longer than any that a return may have."""


@dataclass
class Whole:
    """A return: its collection year, its tables of text by name, the file each came from, and what was noted."""

    year: int
    tables: dict[str, pl.DataFrame]
    files: dict[str, str] = field(default_factory=dict)
    notes: list[Finding] = field(default_factory=list)
    heights: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.heights = {table: frame.height for table, frame in self.tables.items()}

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(self.heights.values())

    def line(self, row: int) -> int:
        """The line of a row of a CSV file; the headings are line 1."""
        return row + HEADING_LINE + 1


def files_in(paths: Iterable[Path]) -> list[GivenFile]:
    """The files at these paths; of a folder those that may be part of a return, in order of name."""
    found: list[GivenFile] = []
    for path in paths:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in inside:
            if not path.is_dir() or (file.is_file() and file.suffix.lower() in SUFFIXES):
                found.append(GivenFile(file.name, file.read_bytes(), str(file.parent)))
    return found


def read_whole(files: Sequence[GivenFile], *, year: int | None = None) -> Whole | list[Problem]:
    """The return in these files. `year` is that of the collection; without it that of the latest episode.

    Problems, all at once: a file that is no module of the return, two files of one module, no file at all.
    """
    tables: dict[str, pl.DataFrame] = {}
    names: dict[str, str] = {}
    notes: list[Finding] = []
    problems: list[Problem] = []
    for file in files:
        found = _read(file, notes)
        if isinstance(found, Problem):
            problems.append(found)
            continue
        for table, frame in found.items():
            if table in tables:
                words = f"{file.name} and {names[table]} are both the {FILES[table]} file. Give one of them."
                problems.append(Problem("two_of_a_module", words))
            tables[table], names[table] = frame, file.name
    if not files:
        problems.append(Problem("no_files", "There is no CSV or XML file to read."))
    if problems:
        return problems
    stated = _year_of(tables)
    found_year = year or stated or date.today().year  # noqa: DTZ011 - only where nothing says a year
    whole = Whole(found_year, tables, names, notes)
    _note_repeats(whole)
    if year and stated and stated != year:
        _note_year(whole, stated)
    return whole


def _read(file: GivenFile, notes: list[Finding]) -> dict[str, pl.DataFrame] | Problem:
    text = _text(file, notes)
    if isinstance(text, Problem):
        return text
    if text.lstrip().startswith("<"):
        return _read_xml(file, text.encode("utf-8"), notes)
    frame = _frame(file, text)
    if isinstance(frame, Problem):
        return frame
    table = _table_of(frame.columns)
    return {table: frame} if table else _unknown(file, frame.columns)


def _read_xml(file: GivenFile, content: bytes, notes: list[Finding]) -> dict[str, pl.DataFrame] | Problem:
    """The tables of an XML document; where it departs from the public schema is noted, child by child."""
    found = read_xml(content)
    if isinstance(found, Problem):
        return Problem(found.code, f"{file.name}: {found.sentence}")
    notes += [
        Finding(1, fault.element, fault.child, f"Not by the schema: {fault}", False, file.name)
        for fault in schema_faults(content)
    ]
    return found


def _unknown(file: GivenFile, names: Sequence[str]) -> Problem:
    told = ", ".join(names)
    words = f"{file.name} has the headings of no file of the return{f': {told[:200]}' if told.isprintable() else ''}."
    return Problem("unknown_headings", words)


def _headings(text: str) -> list[str]:
    """The headings in the first line, read before all the rows are."""
    first = text.lstrip("\ufeff").split("\n", 1)[0].rstrip("\r")
    return [name.strip().strip('"').upper() for name in first.split(",")]


def _text(file: GivenFile, notes: list[Finding]) -> str | Problem:
    """The text of a file: UTF-8, or UTF-16 where it says so; anything else is read as Windows text, and noted."""
    content = file.content
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in content:
        return Problem("not_text", f"{file.name} is no text. Save it as CSV in UTF-8, or as XML.")
    else:
        encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            return Problem("not_text", f"{file.name} cannot be read as UTF-16. Save it as CSV in UTF-8.")
        line = content[: error.start].count(b"\n") + 1
        reason = "Not UTF-8: read as Windows text (1252). Save the file as UTF-8."
        notes.append(
            Finding(line, "", content[error.start : error.start + 1].hex(), reason, False, file.name)
        )
        return content.decode("cp1252", errors="replace")
    if encoding == "utf-16":
        notes.append(Finding(1, "", "", "UTF-16: the return wants UTF-8.", False, file.name))
    return text


def _frame(file: GivenFile, text: str) -> pl.DataFrame | Problem:
    """The rows of a delimited file, every cell as text; columns by their headings in capitals."""
    # Before it is split: a heading for each of a million commas would take gigabytes.
    if without_end := WITHOUT_END.search(text):
        line = text.count("\n", 0, without_end.start()) + 1
        return Problem(
            "line_without_end",
            f"{file.name}: line {line} is longer than any row of the return. Give another file.",
        )
    stated = _headings(text)
    if any(stated) and len(set(stated)) == len(stated) and _table_of(stated) is None:
        return _unknown(file, stated)
    try:
        frame = pl.read_csv(io.BytesIO(text.encode("utf-8")), infer_schema=False)
    except pl.exceptions.NoDataError:
        return Problem("empty_file", f"{file.name} is empty.")
    except pl.exceptions.PolarsError:
        return _uneven(file, text)
    names = [name.strip().upper() for name in frame.columns]
    if len(set(names)) < len(names):
        return Problem("headings_twice", f"{file.name} has a heading twice: {', '.join(names)[:200]}.")
    frame.columns = names
    return frame


def _uneven(file: GivenFile, text: str) -> Problem:
    """Which lines have more cells than there are headings."""
    import csv

    rows = csv.reader(io.StringIO(text, newline=""))
    headings = len(next(rows, []))
    wide = [str(at) for at, row in enumerate(rows, start=2) if len(row) > headings]
    words = f"{file.name} has lines with more cells than headings: {', '.join(wide[:20]) or 'unknown'}."
    return Problem("uneven_lines", words)


def _table_of(headings: Sequence[str]) -> str | None:
    """The table whose columns these are; columns that a return may state beside them do not count."""
    for table in FILES:
        beside = set(STATED_BESIDE.get(table, ()))
        if set(headings) - beside == set(columns_of(table)) or set(headings) == set(columns_of(table)):
            return table
    return None


def _year_of(tables: dict[str, pl.DataFrame]) -> int | None:
    """The collection year in which the latest episode began or ended."""
    episodes = tables.get("Episodes")
    if episodes is None or episodes.is_empty():
        return None
    days = [pl.col(name).str.to_date("%d/%m/%Y", strict=False).max() for name in ("DECOM", "DEC")]
    latest = episodes.select(pl.max_horizontal(*days)).item()
    return max(collection_year(latest), FIRST_YEAR) if latest else None


def _note_year(whole: Whole, stated: int) -> None:
    words = (
        f"The latest day of an episode is in the collection year {stated - 1}-{stated % 100:02d}, "
        f"but {whole.year - 1}-{whole.year % 100:02d} was asked for."
    )
    whole.notes.append(Finding(1, "DECOM", str(stated), words, stated > whole.year, whole.files["Episodes"]))


def _note_repeats(whole: Whole) -> None:
    """A child stands in the header once; what comes again is noted, each with its line."""
    header = whole.tables.get(HEADER)
    if header is None or "CHILD" not in header.columns:
        return
    child = pl.col("CHILD")
    named = header.select(child).with_row_index("row").filter(child.fill_null("") != "")
    again = named.with_columns(pl.col("row").min().over("CHILD").alias("first")).filter(
        pl.col("row") > pl.col("first")
    )
    for row, number, first in again.iter_rows():
        reason = f"The child {number} stands here again, after line {whole.line(first)}."
        whole.notes.append(Finding(whole.line(row), "CHILD", number, reason, True, whole.files[HEADER]))
