"""Reading Ofsted's files: which kind of list it is, of which day, and each row as facts or as findings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from rightplace.core.geography import Located, normalise_postcode
from rightplace.core.matching.vocabulary import Grade, HomeKind, RegisterKind, Registration
from rightplace.core.problems import Problem
from rightplace.exchange.cells import as_date, as_whole_number, is_blank
from rightplace.exchange.findings import Finding
from rightplace.exchange.ofsted.facts import Facts
from rightplace.exchange.ofsted.layout import GRADES, KINDS, LIST, STATUSES, WITHHELD
from rightplace.exchange.tables import Headings, Table, read_tables
from rightplace.foundation.reference.places import locate, locate_authority, locate_constituency

_URN = re.compile(r"(?:[A-Z]{2,3})?\d{4,8}")
_MOST_PLACES = 32_767


class ListKind(StrEnum):
    """The lists that there are, in words."""

    REGISTER = "register"
    JOINERS_AND_LEAVERS = "joiners and leavers"
    CLOSURES = "closures"
    COUNCIL_LIST = "list sent to councils"


@dataclass(frozen=True, slots=True)
class Row:
    """One row that could be read: its facts, and what is only stated in some lists."""

    line: int
    facts: Facts
    conditions: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows of one list on one day (None: the list does not say, and was not asked)."""

    as_at: date | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """What a file held: its kind, its days in order, what was odd, and how its headings were taken."""

    kind: ListKind
    snapshots: tuple[Snapshot, ...]
    findings: tuple[Finding, ...]
    headings: tuple[Headings, ...]
    day_from: str = ""

    @property
    def rows(self) -> int:
        """Rows that could be read, over all days."""
        return sum(len(snapshot.rows) for snapshot in self.snapshots)


def read_register(
    content: bytes, *, file_name: str = "", as_at: date | None = None
) -> RegisterFile | Problem:
    """Read any of Ofsted's lists by meaning.

    The day is `as_at`, else the one in the headings, the title rows or the file's name; a problem when a
    register states none. Rows without a URN that can be read, or given twice, are findings and left out.
    """
    tables = read_tables(content, LIST)
    if isinstance(tables, Problem):
        return tables
    tables = [table for table in tables if "urn" in table.positions]
    if not tables:
        return Problem("no_header", "No column of unique reference numbers (URN) was found.")
    kind = _kind(tables)
    day, day_from = (as_at, "as stated") if as_at else _day(tables, file_name)
    if any("year" in table.positions for table in tables):
        day_from = "the column of years"
    elif day is None and kind in (ListKind.REGISTER, ListKind.JOINERS_AND_LEAVERS):
        return Problem("as_at_missing", "Which day is this list for? It does not say.", "as_at")
    findings: list[Finding] = []
    by_day: dict[date | None, dict[str, Row]] = {}
    for table in tables:
        _read_table(table, kind, day, by_day, findings)
    snapshots = tuple(
        Snapshot(d, tuple(by_day[d].values())) for d in sorted(by_day, key=lambda d: d or date.min)
    )
    return RegisterFile(kind, snapshots, tuple(findings), tuple(t.headings for t in tables), day_from)


def _kind(tables: list[Table]) -> ListKind:
    known = {name for table in tables for name in table.positions}
    if known & {"joiner", "leaver"}:
        return ListKind.JOINERS_AND_LEAVERS
    if "provision_type" not in known:
        return ListKind.CLOSURES
    is_register = "year" in known or "constituency" in known
    return ListKind.REGISTER if is_register else ListKind.COUNCIL_LIST


def _day(tables: list[Table], file_name: str) -> tuple[date | None, str]:
    """The day a list is for and where it says so; a bare year means its 31 March, as Ofsted counts."""
    for table in tables:
        for words in (table.headings.understood.get("status", ""), *table.titles):
            if found := _written_day(words):
                return found, f"“{words}”"
    if found := _written_day(file_name):
        return found, f"the file's name, {file_name}"
    if years := re.findall(r"(?<!\d)(20\d\d)(?!\d)", file_name):
        return date(int(years[-1]), 3, 31), f"the year in the file's name, {file_name}"
    return None, ""


def _written_day(words: str) -> date | None:
    for found in re.findall(r"\d{1,2}[ _-][A-Za-z]{3,9}[ _-]20\d\d", words):
        if day := as_date(re.sub(r"[_-]", " ", found)):
            return day
    return None


def _read_table(
    table: Table,
    kind: ListKind,
    day: date | None,
    by_day: dict[date | None, dict[str, Row]],
    findings: list[Finding],
) -> None:
    """Read each row of a table into its day; a setting's second row on one day only adds what is missing."""
    for line, record in table.records():
        reader = _RowReader(table, line, record)
        row = reader.read(kind, _year_end(record.get("year", "")) or day)
        findings.extend(reader.findings)
        if row is None:
            continue
        rows = by_day.setdefault(row.facts.as_at, {})
        held = rows.get(row.facts.urn)
        rows[row.facts.urn] = _joined(held, row) if held else row
        if held and not row.conditions:
            findings.append(
                reader.finding("urn", "The same URN stands in an earlier row, which was used.", is_bad=False)
            )


def _joined(held: Row, more: Row) -> Row:
    return Row(held.line, held.facts, held.conditions or more.conditions)


def _year_end(text: str) -> date | None:
    year = as_whole_number(text)
    return date(year, 3, 31) if year and 2000 <= year <= 2100 else None


class _RowReader:
    """Reads one row, gathering what is wrong with it."""

    def __init__(self, table: Table, line: int, record: Mapping[str, str]) -> None:
        self.table, self.line, self.record = table, line, record
        self.findings: list[Finding] = []

    def finding(self, name: str, reason: str, *, is_bad: bool) -> Finding:
        """A finding on one of this row's fields, under the heading as the file writes it."""
        column = self.table.headings.understood.get(name, name)
        return Finding(self.line, column, self.record.get(name, ""), reason, is_bad, sheet=self.table.sheet)

    def note(self, name: str, reason: str, *, is_bad: bool = False) -> None:
        self.findings.append(self.finding(name, reason, is_bad=is_bad))

    def text(self, name: str, longest: int = 200) -> str:
        """A field's words; empty when blank or withheld."""
        text = " ".join(self.record.get(name, "").split())
        if is_blank(text) or text == WITHHELD:
            return ""
        if len(text) > longest:
            self.note(name, f"Longer than {longest} letters: cut off.")
        return text[:longest]

    def day(self, name: str) -> date | None:
        text = self.text(name)
        if not text or text.lower().startswith("not provided"):
            return None
        found = as_date(text)
        if found is None or not date(1900, 1, 1) <= found <= date(2100, 1, 1):
            self.note(name, "Not a date that can be read: left empty.")
            return None
        return found

    def coded(self, name: str, codes: Mapping[str, str], what: str) -> str:
        text = self.text(name)
        if not text or text.lower().startswith("not provided"):
            return ""
        code = codes.get(text.lower().replace("’", "'"))
        if code is None:
            self.note(name, f"Not a known {what}: left as it was.")
        return str(code or "")

    def read(self, kind: ListKind, day: date | None) -> Row | None:
        """The row as facts; None when it cannot be taken in, with the reason among the findings."""
        urn = self.record.get("urn", "").strip().upper()
        if not _URN.fullmatch(urn):
            self.note("urn", "Not a URN: two letters and six figures, or seven figures.", is_bad=True)
            return None
        provision_type = self.text("provision_type", 80)
        is_conditions_sheet = (
            "conditions" in self.table.positions and "provision_type" not in self.table.positions
        )
        if kind is not ListKind.CLOSURES and not provision_type and not is_conditions_sheet:
            self.note("provision_type", "The kind of provision is missing.", is_bad=True)
            return None
        facts = Facts(urn=urn, provision_type=provision_type, as_at=day, **self._what(day), **self._where())
        return Row(self.line, facts, self.text("conditions", 500))

    def _what(self, day: date | None) -> dict[str, Any]:
        name = self.text("name")
        closed_on = self.day("closed_on")
        grade = self.coded("grade", GRADES, "judgement") or self.coded("supported_grade", GRADES, "judgement")
        return {
            "kind": self._home_kind(),
            "name": name,
            "is_name_withheld": not name and self.record.get("name", "") == WITHHELD,
            "status": self._status(closed_on, day),
            "sector": self.text("sector", 40).capitalize(),
            "places": self._places(),
            "registered_on": self.day("registered_on"),
            "closed_on": closed_on,
            "grade": grade,
            "graded_on": self.day("inspected_on") if grade and grade != Grade.NOT_INSPECTED else None,
            "is_short_break_only": bool(self.text("short_break")) if "short_break" in self.record else None,
            "owner": self.text("owner"),
        }

    def _home_kind(self) -> str:
        subtype = KINDS.get(self.text("subtype").lower().replace("’", "'"), "")
        kind = KINDS.get(self.text("provision_type").lower().replace("’", "'"))
        if kind is None and self.text("provision_type"):
            self.note("provision_type", "Not a known kind of provision: kept on the register, not offered.")
            return RegisterKind.OTHER.value
        return str(subtype if kind == HomeKind.RESIDENTIAL and subtype else kind or "")

    def _status(self, closed_on: date | None, day: date | None) -> str:
        is_gone = bool(self.record.get("leaver")) and closed_on is not None
        if is_gone or (closed_on is not None and day is not None and closed_on <= day):
            return Registration.ENDED.value
        return self.coded("status", STATUSES, "registration status")

    def _places(self) -> int | None:
        text = self.text("places")
        if not text or text.lower().startswith("not provided"):
            return None
        places = as_whole_number(text)
        if places is None or not 0 <= places <= _MOST_PLACES:
            self.note("places", "Not a number of places: left empty.")
            return None
        return places

    def _where(self) -> dict[str, Any]:
        """Address and place: by postcode, else by constituency, else by authority, and it says which."""
        parts = (self.text(name) for name in ("address_1", "address_2", "address_3", "town", "county"))
        postcode = self._postcode()
        constituency, authority = self.text("constituency", 80), self.text("local_authority", 80)
        located = self._located(postcode, constituency, authority)
        return {
            "address": ", ".join(filter(None, parts))[:300],
            "postcode": postcode,
            "constituency": constituency,
            "local_authority": authority,
            "region": self.text("region", 60),
            "latitude": located.point.latitude if located else None,
            "longitude": located.point.longitude if located else None,
            "located_by": str(located.precision) if located else "",
        }

    def _postcode(self) -> str:
        written = self.text("postcode", 20)
        if not written:
            return ""
        postcode = normalise_postcode(written)
        if isinstance(postcode, Problem):
            self.note("postcode", "Not a postcode: left empty.")
            return ""
        return postcode

    def _located(self, postcode: str, constituency: str, authority: str) -> Located | None:
        if postcode and (found := locate(postcode)):
            return found
        found = locate_constituency(constituency) or locate_authority(authority)
        if found is None and (constituency or authority or postcode):
            self.note("constituency", "The place is not known: neither postcode, constituency nor authority.")
        return found


def rows_of(file: RegisterFile) -> Iterator[Row]:
    """Every row of every day."""
    for snapshot in file.snapshots:
        yield from snapshot.rows
