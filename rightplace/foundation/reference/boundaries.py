"""Boundaries for maps: the London boroughs, the districts of England, and who lies beside whom."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from rightplace.foundation.reference.authorities import adjoining
from rightplace.foundation.reference.packaged import read_json


def london_boroughs() -> dict[str, Any]:
    """GeoJSON of the 33 London boroughs; each has `code`, `name` and `authority` (ONS codes)."""
    found: dict[str, Any] = read_json("boundaries/london_boroughs.geojson.gz")
    return found


def districts_of(codes: Iterable[str]) -> dict[str, Any]:
    """GeoJSON of the districts that make up these authorities (ONS codes): a county is several districts."""
    wanted = frozenset(codes)
    return {
        "type": "FeatureCollection",
        "features": [f for code in sorted(wanted) for f in _districts().get(code, ())],
    }


def with_neighbours(codes: Iterable[str]) -> frozenset[str]:
    """These authorities and all that adjoin one of them: what a map should show around a consortium."""
    inside = frozenset(codes)
    return inside.union(*(adjoining(code) for code in inside))


@cache
def _districts() -> dict[str, tuple[dict[str, Any], ...]]:
    found: dict[str, tuple[dict[str, Any], ...]] = {}
    for feature in read_json("boundaries/districts.geojson.gz")["features"]:
        code = feature["properties"]["authority"]
        found[code] = (*found.get(code, ()), feature)
    return found
