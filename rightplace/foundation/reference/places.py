"""Where a postcode, a constituency or an authority lies, as exactly as is known, and saying so.

Positions are centroids: of a postcode sector ("SE13 5"), of an outward code ("SE13"), of a constituency or
of an authority. A distance between two of them is a straight line and must be stated as such.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from rightplace.core import geography
from rightplace.core.geography import Located, Point, Precision
from rightplace.foundation.reference.authorities import find_authority
from rightplace.foundation.reference.packaged import read_rows


@lru_cache(maxsize=200_000)
def locate(postcode: str) -> Located | None:
    """Where a postcode is: by its sector where that is known, else by its outward code; None when unknown."""
    return geography.locate(postcode, _points("sectors"), _points("outcodes"))


def locate_constituency(name: str) -> Located | None:
    """The population centre of a constituency (boundaries of 2024) by its name; None when unknown."""
    point = _constituencies().get(_plain(name))
    return Located(point, Precision.CONSTITUENCY_CENTRE) if point else None


def locate_authority(name: str) -> Located | None:
    """The population centre of an authority of England, by any name it goes by; None when unknown."""
    facts = find_authority(name)
    return Located(Point(facts.latitude, facts.longitude), Precision.AUTHORITY_CENTRE) if facts else None


def authority_of(postcode: str) -> str:
    """The ONS code of the authority in which most of a postcode's sector lies; empty when unknown."""
    normal = geography.normalise_postcode(postcode)
    if isinstance(normal, str) and (code := _authorities("sectors").get(geography.postcode_sector(normal))):
        return code
    outward = geography.outward_code(normal if isinstance(normal, str) else postcode.strip().upper())
    return _authorities("outcodes").get(outward, "")


_KEYS = {"sectors": "sector", "outcodes": "outcode"}


@cache
def _points(table: str) -> Mapping[str, Point]:
    rows = read_rows(f"places/{table}.csv.gz")
    return {row[_KEYS[table]]: Point(float(row["latitude"]), float(row["longitude"])) for row in rows}


@cache
def _authorities(table: str) -> Mapping[str, str]:
    return {row[_KEYS[table]]: row["authority"] for row in read_rows(f"places/{table}.csv.gz")}


@cache
def _constituencies() -> Mapping[str, Point]:
    rows = read_rows("places/constituencies.csv.gz")
    return {_plain(row["name"]): Point(float(row["latitude"]), float(row["longitude"])) for row in rows}


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[^a-z ]", " ", name.lower().replace("&", " and ")).split())
