"""Checking a whole return against the rules of its year, told row by row with the published message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from rightplace.exchange.ssda903.rules.frames import Frames
from rightplace.exchange.ssda903.rules.locating import is_postcode, locate_episodes
from rightplace.exchange.ssda903.rules.registry import FIRST_YEAR
from rightplace.exchange.ssda903.rules.running import Ruling, run_rules
from rightplace.exchange.ssda903.rules.tables import LAST
from rightplace.exchange.ssda903.whole import Whole
from rightplace.foundation.reference.packaged import read_rows


@dataclass(frozen=True, slots=True)
class Message:
    """What a rule says in a year, and the columns it looks at."""

    code: str
    words: str
    fields: tuple[str, ...]


def check_whole(
    whole: Whole,
    *,
    last: Whole | None = None,
    authority: str = "",
    providers: pl.DataFrame | None = None,
    only: Iterable[str] | None = None,
    hand_over: bool = False,
    taken_on: date | None = None,
) -> Ruling:
    """Ask the rules of the return's year. `authority` is its ONS code; `last` is last year's return.

    `taken_on` is the day on which the return of a year that goes on was taken; None: when the year had ended.

    With `hand_over` the two returns give their tables away, and the memory with them: nobody reads them after.

    `providers` is the list of homes (see `Frames`); without it the rules of homes are not asked.
    """
    before = {f"{table}{LAST}": frame for table, frame in last.tables.items()} if last else {}
    tables = {**whole.tables, **before}
    before.clear()
    frames = Frames(
        whole.year,
        tables,
        authority=authority,
        providers=providers,
        locate=locate_episodes,
        is_postcode=is_postcode,
        taken_on=taken_on,
    )
    tables.clear()
    for given in (whole, last):
        if hand_over and given:
            given.tables.update({table: frame.clear() for table, frame in given.tables.items()})
    return run_rules(frames, only=only)


@cache
def message(code: str, year: int) -> Message:
    """What a rule says in a collection year."""
    asked = max(year, FIRST_YEAR)
    for row in read_rows("ssda903/rules.csv"):
        if row["code"] == code and int(row["first_year"]) <= asked <= int(row["last_year"] or 9999):
            return Message(code, row["message"], tuple(row["fields"].split()))
    return Message(code, "", ())


def as_json(whole: Whole, ruling: Ruling) -> dict[str, Any]:
    """What was found, for a machine: rows count from 0 without the headings, lines as an editor shows them."""
    return {
        "year": whole.year,
        "rows_read": whole.rows,
        "tables": whole.heights,
        "rules_passed": len(ruling.passed),
        "rules_failed": len(ruling.failing),
        "not_asked": ruling.not_asked,
        "notes": [
            {"file": note.file, "line": note.line, "column": note.column, "reason": note.reason}
            for note in whole.notes
        ],
        "failing": {code: _failing(whole, code, tables) for code, tables in ruling.failing.items()},
    }


def _failing(whole: Whole, code: str, tables: Mapping[str, list[int]]) -> dict[str, Any]:
    told = message(code, whole.year)
    return {
        "message": told.words,
        "fields": list(told.fields),
        "tables": {
            table: {"rows": rows, "lines": [whole.line(row) for row in rows]}
            for table, rows in tables.items()
        },
    }
