"""Where a postcode, a constituency or an authority lies, as exactly as is known, and saying so.

Positions are centroids: of a postcode sector ("SE13 5"), of an outward code ("SE13"), of a constituency or
of an authority. A distance between two of them is a straight line and must be stated as such.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rightplace.foundation.reference.authorities import find_authority
from rightplace.foundation.reference.packaged import read_rows

SECTOR = "sector"
OUTWARD = "outward"
CONSTITUENCY = "constituency"
AUTHORITY = "authority"
UNKNOWN = "unknown"

PRECISION_WORDS = {
    SECTOR: "to the postcode sector",
    OUTWARD: "to the first half of the postcode",
    CONSTITUENCY: "to the constituency: the address is not published",
    AUTHORITY: "to the authority: the address is not published",
    UNKNOWN: "not known",
}


@dataclass(frozen=True, slots=True)
class Located:
    """A position in degrees (WGS 84) with how exactly it is known. `authority_code` is of the ONS, or empty.

    `precision` is sector, outward, constituency, authority or unknown; `place` is whose centre this is.
    """

    latitude: float | None
    longitude: float | None
    precision: str
    place: str = ""
    authority_code: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is a position at all."""
        return self.latitude is not None


NOWHERE = Located(None, None, UNKNOWN)

_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)\s*(?:([0-9])\s*([A-Z]{2})?)?")
_WHOLE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)([0-9][A-Z]{2})")


def split_postcode(text: str) -> tuple[str, str]:
    """The outward and inward part of a postcode as written ("se135ab" is SE13, 5AB); empty where not seen.

    Only the shape is looked at, not whether Royal Mail ever issued it.
    """
    plain = re.sub(r"[^A-Z0-9 ]", "", text.upper()).strip()
    whole = _WHOLE.fullmatch(plain.replace(" ", ""))
    if whole:
        return whole[1], whole[2]
    part = _POSTCODE.fullmatch(plain)
    return (part[1], (part[2] or "") + (part[3] or "")) if part else ("", "")


@cache
def locate(postcode: str) -> Located:
    """The position of a postcode: of its sector where known, else of its outward code, else unknown."""
    outward, inward = split_postcode(postcode)
    if inward and (found := _areas("sectors", "sector", SECTOR).get(f"{outward} {inward[0]}")):
        return found
    return _areas("outcodes", "outcode", OUTWARD).get(outward, NOWHERE)


def locate_constituency(name: str) -> Located:
    """The population centre of a constituency (boundaries of 2024) by its name, or nowhere."""
    return _constituencies().get(_plain(name), NOWHERE)


def locate_authority(name: str) -> Located:
    """The population centre of an authority of England, by any name it goes by, or nowhere."""
    facts = find_authority(name)
    if facts is None:
        return NOWHERE
    return Located(facts.latitude, facts.longitude, AUTHORITY, facts.name, facts.code)


@cache
def _areas(file: str, column: str, precision: str) -> Mapping[str, Located]:
    return {
        row[column]: Located(
            float(row["latitude"]), float(row["longitude"]), precision, row[column], row["authority"]
        )
        for row in read_rows(f"places/{file}.csv.gz")
    }


@cache
def _constituencies() -> Mapping[str, Located]:
    return {
        _plain(row["name"]): Located(
            float(row["latitude"]), float(row["longitude"]), CONSTITUENCY, row["name"]
        )
        for row in read_rows("places/constituencies.csv.gz")
    }


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[^a-z ]", " ", name.lower().replace("&", " and ")).split())
