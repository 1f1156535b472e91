"""How the headings of a spreadsheet were taken, to be shown and changed before anything is checked."""

from __future__ import annotations

from collections.abc import Mapping

from rightplace.core.problems import Problem
from rightplace.exchange.cost_check.layouts import Sort
from rightplace.exchange.tables import Headings, tables_in
from rightplace.exchange.uploads import LIMITS, Limits, open_table


def headings_of(
    content: bytes, sort: Sort, *, mapping: Mapping[str, str] | None = None, limits: Limits = LIMITS
) -> Headings | Problem:
    """The headings of the sheet that fits best, also where some that are needed are missing."""
    opened = open_table(content, limits=limits)
    if isinstance(opened, Problem):
        return opened
    tables = tables_in(opened, sort.layout, mapping=mapping or {}, limits=limits)
    if isinstance(tables, Problem):
        return tables
    if not tables:
        wanted = ", ".join(f"“{field.headings[0]}”" for field in sort.layout.fields if field.is_required)
        return Problem(
            "no_header", f"No row of headings for {sort.layout.name} was found. It needs at least {wanted}."
        )
    return min((table.headings for table in tables), key=lambda one: (len(one.missing), -len(one.understood)))


def all_headings(headings: Headings) -> list[str]:
    """Every heading of the sheet, each once."""
    return list(dict.fromkeys([*headings.understood.values(), *headings.not_used, *headings.not_understood]))
