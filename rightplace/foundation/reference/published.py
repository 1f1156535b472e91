"""Figures of children looked after that the Department for Education publishes, by authority, region and England.

What it keeps back stays kept back: such a figure has its mark and no number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rightplace.foundation.reference.authorities import authority
from rightplace.foundation.reference.packaged import read_rows

REGIONS = {
    "North East": "E12000001", "North West": "E12000002", "Yorkshire and The Humber": "E12000003",
    "East Midlands": "E12000004", "West Midlands": "E12000005", "East of England": "E12000006", "London": "E12000007",
    "South East": "E12000008", "South West": "E12000009",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Published:
    """A printed figure: `figure` in per cent, for each 10,000 or as a count; None where it is kept back (`mark` says how)."""

    area: str
    year: int
    count: int | None
    of: int | None
    figure: float | None
    mark: str = ""


def published(indicator: str, area: str, year: int) -> Published | None:
    """What was printed of an area (ONS code) for the year to 31 March; None when nothing was."""
    return _all().get((indicator, area, year))


@cache
def years_of(indicator: str) -> tuple[int, ...]:
    """The years for which an indicator was printed, the newest last."""
    return tuple(sorted({year for code, _, year in _all() if code == indicator}))


def region_of(code: str) -> str:
    """The ONS code of the region in which an authority lies."""
    return REGIONS.get(authority(code).region, "")


@cache
def _all() -> Mapping[tuple[str, str, int], Published]:
    return {
        (row["indicator"], row["area"], int(row["year"])): _row(row)
        for row in read_rows("published/indicators.csv.gz")
    }


def _row(row: dict[str, str]) -> Published:
    figure = row["figure"]
    is_number = figure.replace(".", "", 1).isdigit()
    return Published(
        row["area"], int(row["year"]), _whole(row["count"]), _whole(row["of"]), float(figure) if is_number else None,
        "" if is_number else figure,
    )  # fmt: skip


def _whole(text: str) -> int | None:
    return int(text) if text.isdigit() else None
