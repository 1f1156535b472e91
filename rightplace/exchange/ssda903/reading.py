"""Finding the files of one or several years' returns in a folder, and reading them as frames of text.

A file is known by its headings, never by its name. The year of a return is that in which its latest episode
began: 2018 is 1 April 2017 to 31 March 2018, whatever the folder is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from rightplace.core.problems import Problem
from rightplace.exchange.ssda903.given import GivenFile, collection_year
from rightplace.exchange.ssda903.layout import LAYOUTS
from rightplace.exchange.ssda903.rules.tables import FILES, NEWEST
from rightplace.exchange.ssda903.whole import Whole, read_whole
from rightplace.exchange.ssda903.writing import write_csv
from rightplace.exchange.ssda903.xml import read_xml
from rightplace.exchange.tables import Table, tables_in
from rightplace.exchange.uploads import Opened, open_table

__all__ = ["GivenFile", "Return", "as_days", "collection_year", "gather", "read_returns"]

SUFFIXES = (".csv", ".txt", ".xml", ".xlsx", ".xls", ".ods", ".gz")
DAY_FORMS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y")


@dataclass
class Return:
    """One year's return: frames of text by file (header, episodes, uasc), each row with its `line` and `file`."""

    year: int
    folder: str
    frames: dict[str, pl.DataFrame]
    names: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    modules: dict[str, pl.DataFrame] = field(default_factory=dict)
    """What else the files state, by module: reviews, health, missing and so on, and the header whole."""

    def frame(self, name: str) -> pl.DataFrame:
        """A file's rows; empty when the return does not have it."""
        columns = ["line", "file", *(f.name for f in LAYOUTS[name].fields)]
        return self.frames.get(name, pl.DataFrame(schema=dict.fromkeys(columns, pl.String)))


def gather(folders: Iterable[Path]) -> list[GivenFile]:
    """The files that may belong to returns, in these folders and the folders directly in them, in order of name."""
    found = []
    for folder in folders:
        paths = sorted([*folder.glob("*"), *folder.glob("*/*")])
        for path in paths:
            if path.is_file() and path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~")):
                found.append(
                    GivenFile(path.name, path.read_bytes(), str(path.parent.relative_to(folder.parent)))
                )
    return found


def read_returns(files: Sequence[GivenFile], *, year: int | None = None) -> list[Return] | list[Problem]:
    """The returns in these files, oldest first: those of one folder are one year. Problems, all at once, if any.

    `year` states the collection year of a single return instead of taking it from the episodes.
    """
    by_folder: dict[str, list[GivenFile]] = {}
    for file in (part for given in files for part in _parts(given)):
        by_folder.setdefault(file.folder, []).append(file)
    found = [_read_folder(folder, given, year) for folder, given in by_folder.items()]
    problems = [p for one in found if isinstance(one, list) for p in one]
    returns = [one for one in found if isinstance(one, Return)]
    if not returns and not problems:
        problems = [Problem("no_episodes", "No header and episodes files were found.")]
    return problems or sorted(returns, key=lambda one: (one.year, one.folder))


def _parts(file: GivenFile) -> list[GivenFile]:
    """A file as it is; of an XML document each of its tables as a file, its rows in the order of the document."""
    found = read_xml(file.content) if _is_xml(file) else {}
    if isinstance(found, Problem) or not found:
        return [file]
    return [
        GivenFile(f"{file.name} {FILES[table]}", write_csv(table, frame, NEWEST), file.folder)
        for table, frame in found.items()
    ]


def _is_xml(file: GivenFile) -> bool:
    return file.content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def as_days(column: str) -> pl.Expr:
    """A column of text as dates, in any of the usual forms; null where it cannot be read."""
    parsed = [pl.col(column).str.to_date(form, strict=False) for form in DAY_FORMS]
    day = pl.coalesce(parsed)
    return pl.when(day.is_between(date(1900, 1, 1), date(2100, 1, 1))).then(day)


def _read_folder(folder: str, files: Sequence[GivenFile], year: int | None) -> Return | list[Problem]:
    frames: dict[str, pl.DataFrame] = {}
    names: dict[str, str] = {}
    passed: list[str] = []
    problems: list[Problem] = []
    modules: dict[str, pl.DataFrame] = {}
    for file in files:
        found = _read_file(file)
        if isinstance(found, Problem):
            problems.append(Problem(found.code, f"{file.name}: {found.sentence}"))
        elif not found or "header" in found:
            other = _other_modules(file)
            modules |= other
            passed += [] if found or other else [file.name]
        for kind, frame in [] if isinstance(found, Problem) else found.items():
            frames[kind] = pl.concat([frames[kind], frame]) if kind in frames else frame
            names[kind] = file.name
    where = f" in {folder}" if folder else ""
    problems += [
        Problem(f"no_{kind}", f"There is no file with the headings of {LAYOUTS[kind].name}{where}.")
        for kind in ("header", "episodes")
        if kind not in frames and not problems
    ]
    if problems:
        return problems
    notes = [f"Not taken in{where}: {', '.join(passed)}."] if passed else []
    return Return(year or _year(frames["episodes"]), folder, frames, names, notes, modules)


def _other_modules(file: GivenFile) -> dict[str, pl.DataFrame]:
    """The modules of a file that is none of the three laid out here; none of a file that cannot be read so."""
    found = read_whole([file])
    return found.tables if isinstance(found, Whole) else {}


def _read_file(file: GivenFile) -> Mapping[str, pl.DataFrame] | Problem:
    """The frames of a file: a CSV file holds one, a workbook may hold all three. XML is here only where it cannot be read."""
    if _is_xml(file):
        found = read_xml(file.content)
        return found if isinstance(found, Problem) else Problem("empty_file", "It holds no child.")
    opened = open_table(file.content)
    if isinstance(opened, Problem):
        return opened
    return _frames(file, opened)


def _frames(file: GivenFile, opened: Opened) -> Mapping[str, pl.DataFrame] | Problem:
    taken: dict[str, pl.DataFrame] = {}
    sheets: set[str] = set()
    for kind, layout in LAYOUTS.items():
        tables = tables_in(opened, layout)
        if isinstance(tables, Problem):
            return tables
        for table in tables:
            if not table.headings.missing and table.sheet not in sheets:
                taken[kind] = _frame(table, file)
                sheets.add(table.sheet)
    return taken


def _frame(table: Table, file: GivenFile) -> pl.DataFrame:
    names = [f.name for f in table.layout.fields]
    where = "/".join(filter(None, (file.folder, file.name, table.sheet)))
    columns = {name: pl.Series(table.column(name), dtype=pl.String) for name in names}
    lines = pl.Series([str(line) for line in table.lines], dtype=pl.String)
    return pl.DataFrame(
        {"line": lines, "file": pl.Series([where] * len(table.rows), dtype=pl.String), **columns}
    )


def _year(episodes: pl.DataFrame) -> int:
    latest = episodes.select(as_days("DECOM").max()).item()
    return collection_year(latest) if latest else 2017
