"""The rules by code: which frame a rule looks at, in which collection years it is in force, and its function.

A collection year is named by the year in which it ends: 2025 is 1 April 2024 to 31 March 2025. A rule that was
worded anew for a year has one function for each wording, and their years do not overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

if TYPE_CHECKING:
    from rightplace.exchange.ssda903.rules.frames import Frames

FIRST_YEAR, LAST_YEAR = 2021, 2027

Failing: TypeAlias = Mapping[str, pl.Series]
"""The failing rows of each table, by their place in it (the first is 0)."""

Found: TypeAlias = pl.Expr | Failing | None
Function: TypeAlias = Callable[["Frames"], Found]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in the years in which its function holds.

    A function gives a condition over the rows of `frame`, the failing rows themselves, or None where what it
    needs is not there. `reports` are the tables of the frame whose rows fail with the condition.
    """

    code: str
    function: Function
    frame: str = ""
    reports: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    first_year: int = FIRST_YEAR
    last_year: int = LAST_YEAR

    def is_in_force(self, year: int) -> bool:
        """Whether the rule holds for a collection year; years before the first are checked as the first is."""
        return self.first_year <= max(year, FIRST_YEAR) <= self.last_year


_RULES: list[Rule] = []


def over(
    frame: str,
    *codes: str,
    reports: str = "",
    needs: str = "",
    first: int = FIRST_YEAR,
    last: int = LAST_YEAR,
) -> Callable[[Function], Function]:
    """Register a rule whose function gives a condition over the rows of a frame.

    A frame is a table, or two joined by child: "Episodes+Header" has each episode with the header's columns as
    `Header.DOB`… It needs its tables, and those in `needs`; it reports the first, or those in `reports`.
    """
    tables = tuple(part for part in frame.split("+") if part not in DERIVED) or ("Episodes",)
    return _register(
        codes, frame, tuple(reports.split()) or tables[:1], tables + tuple(needs.split()), first, last
    )


def finding(
    *codes: str, needs: str, first: int = FIRST_YEAR, last: int = LAST_YEAR
) -> Callable[[Function], Function]:
    """Register a rule whose function gives the failing rows of each table itself."""
    return _register(codes, "", (), tuple(needs.split()), first, last)


def rules_of(year: int) -> list[Rule]:
    """The rules in force in a collection year, in order of their codes."""
    return sorted((rule for rule in every_rule() if rule.is_in_force(year)), key=lambda rule: rule.code)


def every_rule() -> list[Rule]:
    """All rules of all years."""
    from rightplace.exchange.ssda903.rules import every  # noqa: F401 - reading the modules registers their rules

    return list(_RULES)


DERIVED = frozenset({"First", "LastYear"})
"""Parts of a frame's name that are no table: each child's first episode, and the last one of last year."""


def _register(
    codes: tuple[str, ...],
    frame: str,
    reports: tuple[str, ...],
    needs: tuple[str, ...],
    first: int,
    last: int,
) -> Callable[[Function], Function]:
    def keep(function: Function) -> Function:
        for code in codes:
            _RULES.append(Rule(code, function, frame, reports, needs, first, last))
        return function

    return keep
