"""Every kind of table that is given to others: what it is, who may take it, and how it is made of what is recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date

from rightplace.exchange.foi import tables as foi
from rightplace.exchange.placements_standard import census, files, gathering
from rightplace.exchange.section251 import lines as section251
from rightplace.exchange.sheets import HandedFile, Sheet, Span
from rightplace.exchange.ssda903 import counting
from rightplace.exchange.ssda903.keeping import return_now
from rightplace.exchange.transparency import spending
from rightplace.foundation.access.roles import ANALYST, FINANCE_OFFICER, INFORMATION_OFFICER, SYSTEM
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.organisations.models import Authority

Make = Callable[[Authority, Span, date], Sequence[Sheet]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of published table. `is_of_children`: its rows are of single children, so it is not shown on a page."""

    code: str
    title: str
    words: str
    roles: frozenset[str]
    make: Make
    is_of_children: bool = False
    has_quarters: bool = False
    has_json: bool = False

    def sheets(self, authority: Authority, span: Span, today: date) -> Sequence[Sheet]:
        """The tables. Counts that name nobody are made by the product itself: the authority's answer is one, whoever draws it.

        Rows of single children are those that the reader may see.
        """
        with nullcontext() if self.is_of_children else as_system():
            return self.make(authority, span, today)


def _standard(authority: Authority, span: Span, today: date) -> Sequence[Sheet]:
    return [files.sheet(gathering.records(authority, span))]


def _census(authority: Authority, span: Span, today: date) -> Sequence[Sheet]:
    return [census.sheet(authority, span.day_told(today))]


def _section_251(authority: Authority, span: Span, today: date) -> Sequence[Sheet]:
    return [section251.sheet(authority, span)]


def _returned(authority: Authority, span: Span, today: date) -> Sequence[Sheet]:
    return counting.sheets(return_now(authority, span.year, today=today).whole)


def _spending(authority: Authority, span: Span, today: date) -> Sequence[Sheet]:
    return [spending.sheet(authority, span)]


def _asked(authority: Authority, span: Span, today: date) -> Sequence[Sheet]:
    return foi.sheets(authority, span.day_told(today))


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "placements-standard", "Placements Data Standard",
            "Version 2 (draft of July 2025): a record of each placement that began, from its request to its cost.",
            frozenset({ANALYST}), _standard, is_of_children=True, has_quarters=True, has_json=True,
        ),
        Kind(
            "census", "Regional census columns",
            "One row for each child placed on the last day, under the headings of the Placements North West census.",
            frozenset({ANALYST}), _census, is_of_children=True, has_quarters=True,
        ),
        Kind(
            "section-251", "Section 251 lines",
            "What placements come to by line and by who provides them, with income from partners.",
            frozenset({ANALYST, FINANCE_OFFICER}), _section_251,
        ),
        Kind(
            "return-tables", "Tables of the statutory return",
            "Who was looked after, began and ceased, counted from the return as it stands.",
            frozenset({ANALYST, INFORMATION_OFFICER}), _returned,
        ),
        Kind(
            "transparency", "Spend over £500",
            "For open data: every item that was paid, without any person’s name.",
            frozenset({ANALYST, FINANCE_OFFICER, INFORMATION_OFFICER}), _spending, has_quarters=True,
        ),
        Kind(
            "foi", "Freedom of information",
            "Children placed on the last day by kind of home, provider, distance, area and cost.",
            frozenset({ANALYST, INFORMATION_OFFICER}), _asked, has_quarters=True,
        ),
    )
}  # fmt: skip
MAY_TAKE = frozenset({ANALYST, FINANCE_OFFICER, INFORMATION_OFFICER})
FOR_ITSELF = SYSTEM
"""The role of the command line, which takes any."""


def standard_files(authority: Authority, span: Span) -> list[HandedFile]:
    """The standard as JSON, and the schema that it keeps to."""
    return [files.json_file(gathering.records(authority, span), span), files.schema_file()]
