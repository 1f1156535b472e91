"""The code lists and columns of the SSDA903 return, as they stand in each collection year.

A collection year is named by the year in which it ends: 2025 is 1 April 2024 to 31 March 2025.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from rightplace.foundation.reference.packaged import read_rows

FIRST_YEAR = 2017
"""The earliest collection year of which the columns are packaged."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of one file of the return. `kind` is text, date, integer or code; `allowed` are the codes."""

    name: str
    kind: str
    allowed: frozenset[str]
    may_be_blank: bool


@cache
def codes(code_set: str, year: int) -> Mapping[str, str]:
    """The codes of a set (PLACE, RNE…) in a collection year, with their meaning; KeyError: no such set."""
    rows = [row for row in read_rows("ssda903/codes.csv") if row["code_set"] == code_set]
    if not rows:
        raise KeyError(f"There is no SSDA903 code set called {code_set!r}")
    return MappingProxyType({row["code"]: row["meaning"] for row in rows if _is_in_force(row, year)})


@cache
def known_codes(code_set: str) -> frozenset[str]:
    """Every code of a set in any year; empty for a set that is not coded here."""
    return frozenset(row["code"] for row in read_rows("ssda903/codes.csv") if row["code_set"] == code_set)


@cache
def meaning(code_set: str, code: str) -> str:
    """What a code means in whatever year it was in force; the code itself where the meaning is not known."""
    for row in read_rows("ssda903/codes.csv"):
        if row["code_set"] == code_set and row["code"] == code:
            return row["meaning"]
    return code


@cache
def columns(file: str, year: int) -> tuple[Column, ...]:
    """The columns of a file of the return (header, episodes, uasc…) in a collection year, in their order.

    A list of codes replaced in a later year holds from that year on; years before 2017 are read as 2017 is.
    KeyError: that year has no such file.
    """
    found: dict[str, dict[str, str]] = {}
    for row in read_rows("ssda903/columns.csv"):
        if row["file"] == file and int(row["from_year"]) <= max(year, FIRST_YEAR):
            found[row["column"]] = {**found.get(row["column"], {}), **{k: v for k, v in row.items() if v}}
    if not found:
        raise KeyError(f"The SSDA903 return of {year} has no file called {file!r}")
    return tuple(_column(row) for row in found.values())


def _column(row: dict[str, str]) -> Column:
    allowed = frozenset(row["allowed"].split()) if row["kind"] == "code" else frozenset()
    return Column(row["column"], row["kind"], allowed, row["may_be_blank"] == "yes")


def _is_in_force(row: dict[str, str], year: int) -> bool:
    first, last = row["first_year"], row["last_year"]
    return (not first or int(first) <= year) and (not last or year <= int(last))
