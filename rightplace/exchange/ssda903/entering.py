"""Single rows of the return that no work of ours records, entered by hand: one child, one module, one year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Max, QuerySet

from rightplace.core.problems import Problem
from rightplace.exchange.bulk import hold_lock
from rightplace.exchange.cells import as_date
from rightplace.exchange.ssda903.deriving import written
from rightplace.exchange.ssda903.exporting import HELD, OF_HEADER
from rightplace.exchange.ssda903.holding import MAY_HOLD
from rightplace.exchange.ssda903.models import ReturnRow
from rightplace.exchange.ssda903.rules.tables import FILES, tables_of
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.reference.codes import Column, columns
from rightplace.register.children.models import Child
from rightplace.register.children.queries import child_file

BY_HAND = (*HELD, "Header")
LONGEST = 60
NOT_THERE = Problem(MISSING, "There is no such row in your authority’s return.")


def entries(module: str, year: int) -> tuple[Column, ...]:
    """The columns of a module that are entered by hand: not who the child is, and of the header what nothing else knows."""
    known = columns(FILES[module], year)
    if module == "Header":
        return tuple(column for column in known if column.name in OF_HEADER)
    return tuple(column for column in known if column.name not in ("CHILD", "DOB"))


def modules_by_hand(year: int) -> tuple[str, ...]:
    """The modules of a year of which rows are entered by hand."""
    return tuple(table for table in tables_of(year) if table in BY_HAND)


@action
def enter_row(
    *, by: Actor, now: datetime, child_id: int, year: int, module: str, cells: Mapping[str, str], row_id: int | None = None
) -> Outcome[ReturnRow]:  # fmt: skip
    """Enter a row of a module of a year, or put one right (`row_id`). Days are written 31/03/2026, codes as the return has them.

    Refused: a role that does not make the return, a child or row that is not the authority's, a module that the journey
    tells, what is no day or code, a row that says nothing.
    """
    child = Child.objects.filter(pk=child_id, authority_id=by.authority_id).first()
    row = _row(by, row_id, child_id, module, year) if row_id is not None else None
    if by.role not in MAY_HOLD or child is None or (row_id is not None and row is None):
        return refuse(NOT_THERE)
    if module not in modules_by_hand(year):
        return refuse(
            Problem("derived", "This part of the return is made from the record; mend it there.", "module")
        )
    kept = {name: " ".join(value.split()) for name, value in cells.items() if value.strip()}
    if problems := _cell_problems(module, year, kept):
        return refuse(problems)
    if module != "Header":
        kept = {"DOB": written(child.born_on), **kept}
    hold_lock(f"the return of authority {by.authority_id}")
    row = row or ReturnRow(
        authority_id=child.authority_id,
        child=child,
        year=year,
        module=module,
        position=_end(child, year, module),
    )
    row.cells, row.stated_at, row.stated_by = kept, now, by.name[:200]
    row.save()
    _record(by, now, row, "enter_return_row", "entered")
    return Outcome(row)


@action
def remove_row(*, by: Actor, now: datetime, row_id: int) -> Outcome[None]:
    """Take a row out that should not be in the return."""
    row = rows_of(by).filter(pk=row_id).first()
    if by.role not in MAY_HOLD or row is None:
        return refuse(NOT_THERE)
    _record(by, now, row, "remove_return_row", "taken out")
    row.delete()
    return Outcome()


def rows_of(by: Actor) -> QuerySet[ReturnRow]:
    """The rows that are held of the actor's authority."""
    return ReturnRow.objects.filter(authority_id=by.authority_id).select_related("child")


def child_opened(by: Actor, child_id: int, now: datetime) -> Child | None:
    """A child of the actor's authority as the return tells them; the look is recorded."""
    return child_file(by, child_id, now=now, words="Opened the child’s rows of the statutory return")


def _row(by: Actor, row_id: int, child_id: int, module: str, year: int) -> ReturnRow | None:
    return rows_of(by).filter(pk=row_id, child_id=child_id, module=module, year=year).first()


def _end(child: Child, year: int, module: str) -> int:
    rows = ReturnRow.objects.filter(authority_id=child.authority_id, year=year, module=module)
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _cell_problems(module: str, year: int, cells: Mapping[str, str]) -> list[Problem]:
    known = {column.name: column for column in entries(module, year)}
    if not set(cells) <= set(known):
        return [Problem("unknown", "This module has no such column.")]
    problems = [
        Problem("not_valid", sentence, name)
        for name, value in cells.items()
        if (sentence := _wrong(known[name], value))
    ]
    if not cells:
        problems.append(Problem("empty", "Enter what the row says, or take it out."))
    return problems


def _wrong(column: Column, value: str) -> str:
    if len(value) > LONGEST:
        return f"Shorten this to {LONGEST} characters."
    if column.kind == "date":
        day = as_date(value)
        return "" if day is not None and written(day) == value else "Write the day as 31/03/2026."
    if column.kind == "integer":
        return "" if value.isdecimal() else "Write a whole number."
    if column.allowed and value not in column.allowed:
        return f"Use one of {', '.join(sorted(column.allowed))}."
    return ""


def _record(by: Actor, now: datetime, row: ReturnRow, verb: str, done: str) -> None:
    audit(
        by=by, now=now, verb=verb, words=f"A row of {row.module} of the return of {row.year} was {done}",
        subject="return_row", subject_id=row.pk, authority_id=row.authority_id, child_id=row.child_id,
    )  # fmt: skip
