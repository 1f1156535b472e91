"""Reading an extract: each file known by its headings, each row read or listed with its line and why not.

Pure but for the packaged codes. Nothing is guessed: a code or a day that cannot be read keeps its row out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from rightplace.core.problems import Problem
from rightplace.exchange.case_recording.layout import LAYOUTS
from rightplace.exchange.case_recording.stated import SPELLS, Allocated, Extract, Held, Person, Spell
from rightplace.exchange.cells import as_date, as_yes_no, is_blank
from rightplace.exchange.findings import Finding
from rightplace.exchange.ssda903.given import GivenFile
from rightplace.exchange.tables import Headings, Table, tables_in, widest_row
from rightplace.exchange.uploads import Opened, open_table
from rightplace.foundation.reference.codes import known_codes

Mappings = Mapping[str, Mapping[str, str]]
SEXES = {
    "m": "M",
    "male": "M",
    "1": "M",
    "f": "F",
    "female": "F",
    "2": "F",
    "u": "U",
    "unknown": "U",
    "indeterminate": "U",
}
MISSING_CODES = {
    "m": "M",
    "missing": "M",
    "a": "A",
    "away": "A",
    "absent": "A",
    "away from placement without authorisation": "A",
}
LONGEST = 48


class Unreadable(Exception):
    """A cell that cannot be read: its field, what it says, and why."""

    def __init__(self, field: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.value, self.reason = field, value, reason


def read_extract(files: Sequence[GivenFile], mappings: Mappings, *, today: date) -> Extract | list[Problem]:
    """What the files state. Problems, all at once: a file that cannot be opened, that is none of the kinds, or comes twice.

    `mappings` are by kind of file: what people decided about headings of another supplier (heading to field).
    """
    found, problems = Extract(), []
    for file in files:
        table = _table(file, mappings)
        if isinstance(table, Problem):
            problems.append(table)
        elif table[0] in found.files:
            problems.append(
                Problem("twice", f"{file.name}: there is another file of {LAYOUTS[table[0]].name}.", "files")
            )
        else:
            _take(found, file.name, *table, today=today)
    if not files:
        problems.append(Problem("no_files", "There is no file to read.", "files"))
    return problems or found


def headings_of(file: GivenFile, kind: str, mappings: Mappings) -> Headings | Problem:
    """How the headings of a file would be taken as one of these kinds, for a person to map what is not understood."""
    opened = open_table(file.content)
    if isinstance(opened, Problem):
        return opened
    tables = tables_in(opened, LAYOUTS[kind], mapping=mappings.get(kind, {}))
    if isinstance(tables, Problem):
        return tables
    found = tables[0].headings if tables else widest_row(opened, LAYOUTS[kind])
    if found is None:
        words = f"{file.name}: no row of headings was found could be the headings."
        return Problem("no_header", words, "file")
    return found


def _table(file: GivenFile, mappings: Mappings) -> tuple[str, Table] | Problem:
    """The file as the kind that it is: the one with no heading missing and the most understood."""
    opened = open_table(file.content)
    if isinstance(opened, Problem):
        return Problem(opened.code, f"{file.name}: {opened.sentence}", "files")
    whole = [(kind, table) for kind, table in _readings(opened, mappings) if not table.headings.missing]
    if whole:
        return max(whole, key=lambda one: len(one[1].headings.understood))
    words = f"{file.name}: its headings are those of no file of the extract. Map them first if they are another supplier’s."
    return Problem("unknown_file", words, "files")


def _readings(opened: Opened, mappings: Mappings) -> list[tuple[str, Table]]:
    found = []
    for kind, layout in LAYOUTS.items():
        tables = tables_in(opened, layout, mapping=mappings.get(kind, {}))
        if not isinstance(tables, Problem):
            found += [(kind, table) for table in tables[:1]]
    return found


def _take(extract: Extract, name: str, kind: str, table: Table, *, today: date) -> None:
    extract.files.add(kind)
    seen: set[str] = set()
    for line, cells in table.records():
        extract.rows += 1
        try:
            row = READERS[kind]({key: "" if is_blank(text) else text for key, text in cells.items()}, line)
            if kind == "persons":
                _check_person(row, seen, today)
            getattr(extract, kind).append(row)
        except Unreadable as fault:
            words = LAYOUTS[kind].words(fault.field)
            extract.findings.append(Finding(line, words, fault.value, fault.reason, True, name))
            extract.left_out.add(cells.get("person", ""))
    if kind in SPELLS:
        for one, before in overlapping(getattr(extract, kind)):
            words = f"It begins before the row of line {before.line} ends: one of the two is wrong."
            heading = LAYOUTS[kind].words("start")
            extract.findings.append(Finding(one.line, heading, f"{one.start:%d/%m/%Y}", words, True, name))
            extract.left_out.add(one.person)


def overlapping(spells: Sequence[Spell]) -> Iterator[tuple[Spell, Spell]]:
    """Each spell that begins before an earlier one of its person ends, with that one: of several the one that lasts longest."""
    longest: Spell | None = None
    for one in sorted(spells, key=lambda spell: (spell.person, spell.start, spell.line)):
        if longest is None or longest.person != one.person:
            longest = one
            continue
        if longest.end is None or one.start < longest.end:
            yield one, longest
        if longest.end is not None and (one.end is None or one.end > longest.end):
            longest = one


def _check_person(row: Person, seen: set[str], today: date) -> None:
    if row.born_on > today:
        raise Unreadable("born_on", f"{row.born_on:%d/%m/%Y}", "The date of birth is in the future.")
    if row.person in seen:
        raise Unreadable("person", row.person, "This number stands in the file already.")
    seen.add(row.person)


def _person(cells: dict[str, str], line: int) -> Person:
    return Person(
        person=_number(cells), last_name=_text(cells, "last_name", needed=True), born_on=_needed_day(cells, "born_on"),
        first_name=_text(cells, "first_name"), local_number=_text(cells, "local_number")[:20],
        sex=_one_of(cells, "sex", SEXES), ethnicity=_code(cells, "ethnicity", "ETHNIC"), upn=_text(cells, "upn")[:13].upper(),
        is_disabled=_yes_no(cells, "is_disabled"), is_uasc=_yes_no(cells, "is_uasc"), line=line,
    )  # fmt: skip


def _status(cells: dict[str, str], line: int) -> Spell:
    start, end = _days(cells)
    return Spell(_number(cells), start, end, _code(cells, "code", "LS", needed=True), line=line)


def _episode(cells: dict[str, str], line: int) -> Spell:
    start, end = _days(cells)
    place = _code(cells, "place", "PLACE", needed=True)
    return Spell(_number(cells), start, end, place, urn=_text(cells, "urn")[:10], line=line)


def _worker(cells: dict[str, str], line: int) -> Allocated:
    start, end = _days(cells)
    email = _text(cells, "email", needed=True).lower()
    if "@" not in email:
        raise Unreadable("email", email, "This is no e-mail address.")
    return Allocated(
        _number(cells), email, start, end, _text(cells, "name"), _text(cells, "number")[:20],
        _code(cells, "reason", "SW_REASON"), line,
    )  # fmt: skip


def _review(cells: dict[str, str], line: int) -> Held:
    return Held(
        _number(cells), _needed_day(cells, "on"), _code(cells, "code", "REVIEW_CODE", needed=True), line
    )


def _missing(cells: dict[str, str], line: int) -> Spell:
    start, end = _days(cells, may_be_the_same=True)
    return Spell(_number(cells), start, end, _one_of(cells, "code", MISSING_CODES, needed=True), line=line)


READERS: Mapping[str, Callable[[dict[str, str], int], Any]] = {
    "persons": _person,
    "statuses": _status,
    "episodes": _episode,
    "workers": _worker,
    "reviews": _review,
    "missing": _missing,
}


def _text(cells: dict[str, str], field: str, *, needed: bool = False) -> str:
    text = " ".join(cells.get(field, "").split())
    if needed and not text:
        raise Unreadable(field, "", "Nothing stands here.")
    return text[:120]


def _number(cells: dict[str, str]) -> str:
    return _text(cells, "person", needed=True)[:LONGEST]


def _day(cells: dict[str, str], field: str) -> date | None:
    return _needed_day(cells, field) if _text(cells, field) else None


def _needed_day(cells: dict[str, str], field: str) -> date:
    text = _text(cells, field, needed=True)
    day = as_date(text)
    if day is None:
        raise Unreadable(field, text, "This is no day that can be read; write 31/03/2026.")
    return day


def _days(cells: dict[str, str], *, may_be_the_same: bool = False) -> tuple[date, date | None]:
    start, end = _needed_day(cells, "start"), _day(cells, "end")
    if end is not None and (end < start or (end == start and not may_be_the_same)):
        raise Unreadable("end", cells.get("end", ""), "It ends before it begins, or on the same day.")
    return start, end


def _code(cells: dict[str, str], field: str, codes: str, *, needed: bool = False) -> str:
    text = _text(cells, field, needed=needed)
    # "C2 Full care order": the code comes first.
    code = text.split(" ")[0].rstrip(":-").upper()
    if text and code not in known_codes(codes):
        raise Unreadable(field, text, "This code is none of the return’s.")
    return code


def _one_of(cells: dict[str, str], field: str, words: Mapping[str, str], *, needed: bool = False) -> str:
    text = _text(cells, field, needed=needed)
    if text and text.lower() not in words:
        raise Unreadable(field, text, "This cannot be read.")
    return words.get(text.lower(), "")


def _yes_no(cells: dict[str, str], field: str) -> bool | None:
    text = _text(cells, field)
    answer = as_yes_no(text) if text else None
    if text and answer is None:
        raise Unreadable(field, text, "Write yes or no.")
    return answer
