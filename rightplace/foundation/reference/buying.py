"""Bands of need and published indices of prices, by date, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from rightplace.foundation.reference.packaged import read_rows


@dataclass(frozen=True, slots=True)
class Band:
    """A band of need, from so many points on."""

    code: str
    words: str
    from_points: int


@dataclass(frozen=True, slots=True)
class IndexYear:
    """By how much an index rose in a year, in hundredths of a per cent; unverified where the text could not be quoted."""

    code: str
    words: str
    year: int
    basis_points: int
    source: str
    is_verified: bool


def need_bands(on: date) -> tuple[Band, ...]:
    """The bands of need of a day, the lightest first."""
    rows = [
        Band(row["band"], row["words"], int(row["from_points"]))
        for row in read_rows("buying/need_bands.csv")
        if row["starts_on"] <= on.isoformat() and (not row["ends_on"] or on.isoformat() < row["ends_on"])
    ]
    return tuple(sorted(rows, key=lambda one: one.from_points))


def band_of(points: int, on: date) -> str:
    """The band that so many points of need lie in."""
    return next(band.code for band in reversed(need_bands(on)) if band.from_points <= points)


def band_words(code: str, on: date) -> str:
    """A band in words; a code that is not known is shown as it is."""
    return next((band.words for band in need_bands(on) if band.code == code), code)


@cache
def indices() -> tuple[IndexYear, ...]:
    """Every known year of every index."""
    return tuple(
        IndexYear(
            row["index"],
            row["words"],
            int(row["year"]),
            int(row["basis_points"]),
            row["source"],
            row["verified"] == "yes",
        )
        for row in read_rows("buying/indices.csv")
    )


def indices_before(on: date) -> tuple[IndexYear, ...]:
    """The last published year of each index before a day."""
    known: dict[str, IndexYear] = {}
    for one in sorted(indices(), key=lambda each: each.year):
        if one.year < on.year:
            known[one.code] = one
    return tuple(known.values())


def index_words() -> dict[str, str]:
    """The indices in words, by code."""
    return {one.code: one.words for one in indices()}
