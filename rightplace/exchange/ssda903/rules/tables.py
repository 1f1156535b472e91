"""The tables of the return: their names, the file of each, and the columns that rules may read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rightplace.foundation.reference.codes import columns

FILES: Mapping[str, str] = MappingProxyType(
    {
        "Header": "header",
        "Episodes": "episodes",
        "Reviews": "reviews",
        "UASC": "uasc",
        "OC2": "oc2",
        "OC3": "oc3",
        "AD1": "ad1",
        "PlacedAdoption": "placed_adoption",
        "PrevPerm": "prev_perm",
        "Missing": "missing",
        "SWEpisodes": "social_worker",
        "DoLo": "dolo",
    }
)
"""Every table with the name of its file, in the order in which the guide lists them."""

LAST = "_last"
"""What the name of a table of last year's return ends in."""

# What a return may state of itself although its files have no column for it.
STATED_BESIDE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"Header": ("UASC",), "Episodes": ("PL_LA", "PL_LOCATION", "PL_DISTANCE")}
)
NEWEST = 9999


def columns_of(table: str, year: int = NEWEST) -> tuple[str, ...]:
    """The columns of a table in a collection year, in their order; of the newest layout without a year.

    KeyError: the return of that year has no such table.
    """
    return tuple(column.name for column in columns(FILES[table.removesuffix(LAST)], year))


def tables_of(year: int) -> tuple[str, ...]:
    """The tables that the return of a collection year has."""
    return tuple(table for table in FILES if _is_in(table, year))


def day_columns(table: str) -> tuple[str, ...]:
    """The columns that hold days."""
    found = columns(FILES[table.removesuffix(LAST)], NEWEST)
    return tuple(column.name for column in found if column.kind == "date")


def _is_in(table: str, year: int) -> bool:
    try:
        return bool(columns_of(table, year))
    except KeyError:
        return False
