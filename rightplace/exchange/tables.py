"""Reading a table by meaning: the header wherever it stands, headings by any of their names.

A `Layout` lists the fields that a kind of file can have, each with the headings it is known by. What is not
known is reported, never guessed: a close match is only suggested. Values stay text here; `cells` reads them.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from rightplace.core.problems import Problem
from rightplace.exchange.uploads import LIMITS, Limits, Opened, Sheet, first_rows, open_table, split_text

LINES_SEARCHED = 30
DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a file may state: its name here, what people call it, and the headings it is known by.

    Earlier headings win over later ones when a file has several. An asterisk stands for any words.
    """

    name: str
    words: str
    headings: tuple[str, ...]
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields of one kind of file. `ignored` are headings that are known and deliberately not taken in."""

    name: str
    fields: tuple[Field, ...]
    ignored: tuple[str, ...] = ()

    def words(self, name: str) -> str:
        """What people call a field."""
        return next(f.words for f in self.fields if f.name == name)


@dataclass(frozen=True, slots=True)
class Headings:
    """How the headings of a file were taken: each by field, and what was left over or is missing.

    `understood` maps a field to its heading as written; `suggestions` an unknown heading to a likely field.
    """

    line: int
    understood: Mapping[str, str]
    not_understood: tuple[str, ...] = ()
    not_used: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    suggestions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """The rows of a sheet below its header, by field. `titles` are the rows of words above the header."""

    layout: Layout
    sheet: str
    kind: str
    headings: Headings
    positions: Mapping[str, int]
    rows: list[list[str]]
    lines: list[int]
    titles: tuple[str, ...] = ()

    @cached_property
    def columns(self) -> dict[str, list[str]]:
        """Each field's values, trimmed, in the order of the rows; short rows give empty values."""
        found = {}
        for name, at in self.positions.items():
            found[name] = [row[at].strip() if at < len(row) else "" for row in self.rows]
        return found

    def column(self, name: str) -> list[str]:
        """The values of a field; all empty when the file does not have it."""
        return self.columns.get(name) or [""] * len(self.rows)

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row's line and its values by field."""
        names = list(self.columns)
        for line, values in zip(self.lines, zip(*self.columns.values(), strict=True), strict=True):
            yield line, dict(zip(names, values, strict=True))


def read_tables(
    content: bytes, layout: Layout, *, mapping: Mapping[str, str] | None = None, limits: Limits = LIMITS
) -> list[Table] | Problem:
    """Every sheet of a file that is laid out like `layout`, or why there is none.

    `mapping` is what people decided about headings before (to a field, or to "" to leave it out); it wins.
    """
    opened = open_table(content, limits=limits)
    if isinstance(opened, Problem):
        return opened
    found = tables_in(opened, layout, mapping=mapping, limits=limits)
    if found:
        return found
    wanted = ", ".join(f"“{f.headings[0]}”" for f in layout.fields if f.is_required)
    return Problem(
        "no_header", f"No row of headings for {layout.name} was found. It needs at least {wanted}."
    )


def tables_in(
    opened: Opened, layout: Layout, *, mapping: Mapping[str, str] | None = None, limits: Limits = LIMITS
) -> list[Table] | Problem:
    """Every sheet of an opened file that is laid out like `layout`; none when it is about something else."""
    decided = mapping or {}
    sheets = _sheets(opened, layout, decided, limits)
    if isinstance(sheets, Problem):
        return sheets
    return [table for sheet in sheets if (table := _table(sheet, opened, layout, decided))]


@lru_cache(maxsize=4096)
def plain_heading(heading: str) -> str:
    """A heading without case, punctuation, years and double spaces, so that ways of writing it meet."""
    words = re.sub(
        r"[^a-z0-9@]+", " ", heading.lower().replace("&", " and ").replace("'", "").replace("’", "")
    )
    return " ".join(re.sub(r"\b(19|20)\d\d\b", " ", words).split())


def _sheets(
    opened: Opened, layout: Layout, mapping: Mapping[str, str], limits: Limits
) -> Sequence[Sheet] | Problem:
    """The sheets of a workbook, or delimited text split in the way in which it makes most sense."""
    if not opened.delimited:
        return opened.sheets
    heads = {d: Sheet("", first_rows(opened.delimited, d, LINES_SEARCHED)) for d in DELIMITERS}
    scores = {d: _best_header(heads[d], layout, mapping)[1] for d in DELIMITERS}
    delimiter = max(scores, key=scores.__getitem__)
    if not scores[delimiter]:
        return []  # no headings: millions of rows need not be split to say so
    sheet = split_text(opened.delimited, delimiter, limits=limits)
    return sheet if isinstance(sheet, Problem) else [sheet]


def widest_row(opened: Opened, layout: Layout) -> Headings | None:
    """The row of the first that has most cells filled, as headings of which little or nothing is known; None without one.

    For a file that nobody has mapped yet: a person says what each heading is.
    """
    heads = [sheet.rows[:LINES_SEARCHED] for sheet in opened.sheets]
    heads += (
        [first_rows(opened.delimited, one, LINES_SEARCHED) for one in DELIMITERS] if opened.delimited else []
    )
    filled = [
        (sum(bool(cell.strip()) for cell in row), at, row) for rows in heads for at, row in enumerate(rows)
    ]
    width, at, row = max(filled, key=lambda one: one[0], default=(0, 0, []))
    return _read_headings(row, at + 1, layout, {})[1] if width > 1 else None


def _table(sheet: Sheet, opened: Opened, layout: Layout, mapping: Mapping[str, str]) -> Table | None:
    at, score = _best_header(sheet, layout, mapping)
    if not score:
        return None
    positions, headings = _read_headings(sheet.rows[at], sheet.lines[at], layout, mapping)
    if headings.missing and len(headings.understood) < 2:
        return None
    titles = tuple(" ".join(filter(None, row)).strip() for row in sheet.rows[:at])
    body = range(at + 1, len(sheet.rows))
    kept = [i for i in body if any(cell.strip() for cell in sheet.rows[i])]
    rows, lines = [sheet.rows[i] for i in kept], [sheet.lines[i] for i in kept]
    return Table(layout, sheet.name, opened.kind, headings, positions, rows, lines, titles)


def _best_header(sheet: Sheet, layout: Layout, mapping: Mapping[str, str]) -> tuple[int, int]:
    """The row that has most known headings among the first, and how many; the earliest of equals."""
    find = _finder(layout, mapping)
    scores = [len({find(cell) for cell in row} - {None, ""}) for row in sheet.rows[:LINES_SEARCHED]]
    best = max(scores, default=0)
    return (scores.index(best), best) if best else (0, 0)


def _read_headings(
    row: Sequence[str], line: int, layout: Layout, mapping: Mapping[str, str]
) -> tuple[dict[str, int], Headings]:
    """Which column states which field. Of two for one field: the better known heading, then the first."""
    find = _finder(layout, mapping)
    order = {plain_heading(h): rank for f in layout.fields for rank, h in enumerate(f.headings)}
    positions: dict[str, int] = {}
    spare: list[str] = []
    unknown: list[str] = []
    for at, heading in sorted(enumerate(row), key=lambda pair: order.get(plain_heading(pair[1]), 99)):
        name = find(heading)
        if name and name not in positions:
            positions[name] = at
        elif name is not None:
            spare.append(heading.strip())
        elif heading.strip():
            unknown.append(heading.strip())
    understood = {name: row[at].strip() for name, at in sorted(positions.items(), key=lambda pair: pair[1])}
    missing = tuple(f.words for f in layout.fields if f.is_required and f.name not in positions)
    suggestions = {h: near for h in unknown if (near := _nearest(h, layout, positions))}
    return positions, Headings(line, understood, tuple(unknown), tuple(spare), missing, suggestions)


def _finder(layout: Layout, mapping: Mapping[str, str]) -> Callable[[str], str | None]:
    """A function from a heading to its field: "" for one to be left out, None for one not known."""
    exact = {plain_heading(heading): "" for heading in layout.ignored}
    exact |= {plain_heading(h): f.name for f in reversed(layout.fields) for h in f.headings if "*" not in h}
    exact |= {plain_heading(heading): name for heading, name in mapping.items()}
    patterns = [(_pattern(h), f.name) for f in layout.fields for h in f.headings if "*" in h]

    def find(heading: str) -> str | None:
        plain = plain_heading(heading)
        if plain in exact or not plain:
            return exact.get(plain, "" if not plain else None)
        return next((name for pattern, name in patterns if pattern.fullmatch(plain)), None)

    return find


def _pattern(heading: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(plain_heading(part)) for part in heading.split("*")))


def _nearest(heading: str, layout: Layout, taken: Mapping[str, int]) -> str:
    """The field that comes closest to a heading not known, for a person to confirm; empty if none does."""
    known = {plain_heading(h): f.name for f in layout.fields for h in f.headings if f.name not in taken}
    near = difflib.get_close_matches(plain_heading(heading), list(known), n=1, cutoff=0.75)
    return known[near[0]] if near else ""
