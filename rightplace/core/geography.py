"""Places and straight-line distances in miles, always with how exactly the places are known."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rightplace.core.problems import Problem

EARTH_RADIUS_MILES = 6371.0088 / 1.609344
"""The mean radius of the earth (IUGG): within 0.5% of distances on the ellipsoid."""

_OUTWARD = r"(?P<outward>[A-Z]{1,2}[0-9][A-Z0-9]?)"
_POSTCODE = re.compile(_OUTWARD + r"(?P<digit>[0-9])(?P<unit>[ABD-HJLNP-UW-Z]{2})")
_SECTOR = re.compile(_OUTWARD + r" (?P<digit>[0-9])")
_LONGEST_ENTRY = 20


class Precision(StrEnum):
    """How exactly a place is known, from the finest to the coarsest."""

    SECTOR = "sector"
    OUTWARD_CODE = "outward code"
    CONSTITUENCY_CENTRE = "constituency centre"
    AUTHORITY_CENTRE = "authority centre"

    @property
    def rank(self) -> int:
        """0 for the finest; a larger rank is coarser."""
        return list(Precision).index(self)


@dataclass(frozen=True, slots=True)
class Point:
    """A place in degrees (WGS 84); ValueError outside -90 to 90 and -180 to 180, or not a number."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError(f"{self.latitude}, {self.longitude} is not a place on earth")


@dataclass(frozen=True, slots=True)
class Located:
    """A place and how exactly it is known."""

    point: Point
    precision: Precision


@dataclass(frozen=True, slots=True)
class Distance:
    """A straight-line distance in miles, and the coarser of the two precisions it was measured with."""

    miles: float
    precision: Precision

    def __str__(self) -> str:
        return f"{self.miles:.1f} miles in a straight line (to the {self.precision})"


def miles_between(here: Point, there: Point) -> float:
    """The straight-line (great-circle) miles between two places, by the haversine formula."""
    north, south = radians(here.latitude), radians(there.latitude)
    east = radians(there.longitude - here.longitude)
    chord = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_MILES * asin(min(1.0, sqrt(chord)))


def miles_from(point: Point, latitudes: ArrayLike, longitudes: ArrayLike) -> NDArray[np.float64]:
    """The straight-line miles from one place to each of many; where a coordinate is NaN, so is the answer.

    Latitudes and longitudes in degrees, shapes alike; the answer has the same shape.
    """
    north, south = np.radians(point.latitude), np.radians(np.asarray(latitudes, dtype=np.float64))
    east = np.radians(np.asarray(longitudes, dtype=np.float64) - point.longitude)
    chord = np.sin((south - north) / 2) ** 2 + np.cos(north) * np.cos(south) * np.sin(east / 2) ** 2
    miles: NDArray[np.float64] = 2 * EARTH_RADIUS_MILES * np.arcsin(np.minimum(1.0, np.sqrt(chord)))
    return miles


def distance_between(here: Located, there: Located) -> Distance:
    """The distance between two places, no more exact than the coarser of them."""
    coarser = max(here.precision, there.precision, key=lambda precision: precision.rank)
    return Distance(miles_between(here.point, there.point), coarser)


def normalise_postcode(text: str, field: str = "") -> str | Problem:
    """A full postcode in capitals with one space ("se59rs" gives "SE5 9RS"), or what is wrong with it.

    Checks the form (BS 7666), not that the postcode exists.
    """
    found = _POSTCODE.fullmatch(_squeezed(text))
    if found is None:
        return Problem("postcode_unreadable", "Enter a full postcode, such as SE5 9RS.", field)
    return f"{found['outward']} {found['digit']}{found['unit']}"


def outward_code(postcode: str) -> str:
    """The part before the space of a normalised postcode or sector: "SE5"."""
    return postcode.partition(" ")[0]


def postcode_sector(postcode: str) -> str:
    """The sector of a normalised postcode: "SE5 9"; ValueError when it has none."""
    outward, space, inward = postcode.partition(" ")
    if not space or not inward:
        raise ValueError(f"{postcode!r} is not a normalised postcode")
    return f"{outward} {inward[0]}"


def locate(text: str, sectors: Mapping[str, Point], outward_codes: Mapping[str, Point]) -> Located | None:
    """Where a postcode, sector or outward code is, as exactly as the tables allow; None when unknown.

    The tables map normalised sectors ("SE5 9") and outward codes ("SE5") to the middle of their postcodes.
    """
    sector, outward = _sector_and_outward(text)
    if sector in sectors:
        return Located(sectors[sector], Precision.SECTOR)
    if outward in outward_codes:
        return Located(outward_codes[outward], Precision.OUTWARD_CODE)
    return None


def _sector_and_outward(text: str) -> tuple[str, str]:
    """The sector ("" when only an outward code was given) and the outward code of an entry."""
    postcode = normalise_postcode(text)
    if isinstance(postcode, str):
        return postcode_sector(postcode), outward_code(postcode)
    entry = " ".join(text.upper().split())
    if len(entry) <= _LONGEST_ENTRY and _SECTOR.fullmatch(entry):
        return entry, outward_code(entry)
    return "", _squeezed(text)


def _squeezed(text: str) -> str:
    return "".join(text.split()).upper() if len(text) <= _LONGEST_ENTRY else ""
