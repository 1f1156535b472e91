"""Taking in modules that no work of ours records: health, reviews, who left care, missing, social workers…"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from rightplace.core.problems import Problem
from rightplace.exchange.bulk import hold_lock
from rightplace.exchange.cells import as_date
from rightplace.exchange.findings import Finding
from rightplace.exchange.runs import may_import
from rightplace.exchange.ssda903.deriving import written, year_of
from rightplace.exchange.ssda903.exporting import HELD, hold_rows
from rightplace.exchange.ssda903.gathering import LEFT_TO_OTHERS
from rightplace.exchange.ssda903.given import GivenFile
from rightplace.exchange.ssda903.held import numbers_out_of_sight
from rightplace.exchange.ssda903.rules.tables import FILES, tables_of
from rightplace.exchange.ssda903.whole import Whole, read_whole
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.organisations.models import Authority
from rightplace.register.children.models import Child

MOST_LINES = 10
ONCE = frozenset({"OC2", "OC3", "AD1", "PrevPerm"})
"""Modules in which a child has one row."""
DATED: Mapping[str, tuple[str, ...]] = {"Reviews": ("REVIEW",), "Missing": ("MIS_START", "MIS_END")}
"""Modules whose rows lie within the year, by the columns of their first and last day."""
MAY_HOLD = frozenset({roles.ANALYST, roles.SYSTEM})


@dataclass(frozen=True, slots=True)
class HeldRows:
    """What was held: how many rows, and each row that was left out with its line and why."""

    count: int
    left_out: tuple[Finding, ...] = ()

    @property
    def words(self) -> str:
        """What is said once it is done."""
        said = "1 row is held." if self.count == 1 else f"{self.count:,} rows are held."
        if not self.left_out:
            return said
        lines = ", ".join(f"{one.file} line {one.line}" for one in self.left_out[:MOST_LINES])
        more = ", …" if len(self.left_out) > MOST_LINES else ""
        return f"{said} Left out: {len(self.left_out):,} ({lines}{more})."


@action
def hold_modules(
    *,
    by: Actor,
    now: datetime,
    authority: Authority,
    year: int,
    files: Sequence[GivenFile],
    keep_good: bool = False,
) -> Outcome[HeldRows]:
    """Hold what these files state of a collection year, in place of what was held of the same modules.

    Episodes, header and asylum list are derived and are not taken from here, but for motherhood in the header.
    Refused: a role or an authority that is not the actor's, files that are no module of that year; and every row of a
    child whom the authority does not know, who was born on another day, whose case is left to others, or who stands twice
    in a module of one row a child; every review and time missing of another year or with no day that can be read. A refused
    row keeps all rows out, unless `keep_good` leaves it out alone.
    """
    problems = may_import(by, MAY_HOLD, "modules of the statutory return")
    if by.authority_id and by.authority_id != authority.pk:
        problems.append(Problem("not_yours", "You may do this for your own authority only."))
    found = read_whole(files, year=year)
    if isinstance(found, list):
        return refuse(problems, found)
    problems += _faults(found)
    rows = Child.objects.filter(authority=authority).values_list("local_number", "id", "born_on")
    known = {number: (pk, born_on) for number, pk, born_on in rows}
    refused = _refused_rows(found, {number: born_on for number, (_, born_on) in known.items()}, authority.pk)
    if refused and not keep_good:
        problems += [
            Problem("refused_row", f"{one.file}, line {one.line}: {one.reason}", "files") for one in refused
        ]
    if problems:
        return refuse(problems)
    hold_lock(f"the return of authority {authority.pk}")
    ids = {number: pk for number, (pk, _) in known.items()}
    count = hold_rows(authority, year, _without(found, refused), by=by.name, now=now, ids=ids)
    modules = sorted(found.tables)
    words = (
        f"Held {count:,} rows of the statutory return of {year - 1}-{year % 100:02d}: {', '.join(modules)}"
    )
    audit(
        by=by, now=now, verb="hold_return_rows", words=words, subject="authority", subject_id=authority.pk,
        details={"year": year, "rows": count, "left_out": len(refused)},
    )  # fmt: skip
    return Outcome(HeldRows(count, tuple(refused)))


def _faults(found: Whole) -> list[Problem]:
    problems = []
    for table in found.tables:
        if table not in (*HELD, "Header"):
            words = f"{found.files[table]}: {FILES[table]} is made from placements and legal statuses; leave it out."
            problems.append(Problem("derived", words, "files"))
        elif table not in tables_of(found.year):
            words = f"{found.files[table]}: the return of {found.year} has no such module."
            problems.append(Problem("other_year", words, "files"))
    return problems


def _refused_rows(found: Whole, born: Mapping[str, date], authority_id: int) -> list[Finding]:
    """Each row that cannot be held, with its line, in order of file and line."""
    numbers = {str(one) for frame in found.tables.values() for one in frame.get_column("CHILD").to_list()}
    hidden = numbers_out_of_sight(authority_id, numbers)
    refused = [one for one in found.notes if one.is_bad and one.column == "CHILD"]
    for table, frame in found.tables.items():
        seen: set[str] = set()
        for at, row in enumerate(frame.iter_rows(named=True)):
            number, day = row["CHILD"] or "", row.get("DOB") or ""
            why = _why_refused(number, day, born, hidden) or _why_not_of_year(table, row, found.year)
            if table in ONCE and number in seen:
                why = why or f"The child {number} stands in this file already."
            seen.add(number)
            if why:
                refused.append(Finding(found.line(at), "CHILD", number, why, True, found.files[table]))
    once = {(one.file, one.line): one for one in refused}
    return [once[key] for key in sorted(once)]


def _why_refused(number: str, day: str, born: Mapping[str, date], hidden: Collection[str]) -> str:
    if number in hidden:
        return LEFT_TO_OTHERS
    if number not in born:
        return f"No child of the number {number} is known." if number else "The row names no child."
    if day and day != written(born[number]):
        return f"The child {number} was born on another day than {day}, so this may be another child."
    return ""


def _why_not_of_year(table: str, row: Mapping[str, str | None], year: int) -> str:
    """Why a review or a time missing is none of the year's: its day cannot be read, or lies before or after it."""
    days = []
    for column in DATED.get(table, ()):
        text = row.get(column) or ""
        days.append(as_date(text) if text else None)
        if text and days[-1] is None:
            return f"“{text}” is no day that can be read; write 31/03/{year}."
    if not days or days[0] is None:
        return ""
    first, last = year_of(year)
    if days[0] > last or (days[-1] is not None and days[-1] < first):
        return f"{written(days[0])} does not lie in {year - 1}-{year % 100:02d}; choose the year of the file first."
    return ""


def _without(found: Whole, refused: Collection[Finding]) -> dict[str, pl.DataFrame]:
    """The tables without the rows that are refused."""
    lines = {(one.file, one.line) for one in refused}
    kept = {}
    for table, frame in found.tables.items():
        file = found.files[table]
        stays = [(file, found.line(at)) not in lines for at in range(frame.height)]
        kept[table] = frame.filter(pl.Series(stays, dtype=pl.Boolean))
    return kept
