"""The 153 authorities of England: the names they go by, codes, region, position, children, neighbours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from rightplace.foundation.reference.packaged import read_rows

ENGLAND = "E92000001"


@dataclass(frozen=True, slots=True)
class AuthorityFacts:
    """An upper-tier authority. `code` is the ONS code (E09000008), `dfe_code` that of the DfE (306)."""

    code: str
    dfe_code: str
    name: str
    aliases: tuple[str, ...]
    region: str
    london_part: str
    kind: str
    latitude: float
    longitude: float
    statistical_neighbours: tuple[str, ...]


@cache
def authorities() -> Mapping[str, AuthorityFacts]:
    """Every authority by its ONS code."""
    return MappingProxyType(
        {row["code"]: _authority(row) for row in read_rows("authorities/authorities.csv")}
    )


def authority(code: str) -> AuthorityFacts:
    """The authority of an ONS code or of a DfE code (three figures); KeyError when there is none."""
    return authorities()[_by_dfe_code().get(code, code)]


def find_authority(name: str) -> AuthorityFacts | None:
    """The authority of a name as people write it ("Hull", "London Borough of Croydon"), or None."""
    return _by_name().get(_plain(name))


def children(code: str, year: int) -> int:
    """Children aged 0 to 17 at mid-year by ONS code (authority, region or England), 2012 to 2024.

    For a year beyond the table the nearest known year is given: estimates appear about a year after.
    """
    known = _children()[code]
    return known[min(known, key=lambda known_year: (abs(known_year - year), known_year))]


def statistical_neighbours(code: str, year: int) -> tuple[str, ...]:
    """The authorities most like one, the nearest first, by the model that ruled for figures of the year to March.

    Those of the model of 2021 until 2024, as the Department's own tables of those years had them; of the newest since.
    """
    own = authority(code)
    last, earlier = _earlier_neighbours().get(own.code, (0, ()))
    return earlier if year <= last else own.statistical_neighbours


def neighbours_ever(code: str) -> frozenset[str]:
    """Every authority that was a statistical neighbour by any model."""
    return frozenset({*statistical_neighbours(code, 0), *authority(code).statistical_neighbours})


def adjoining(code: str) -> frozenset[str]:
    """ONS codes of the authorities that share a boundary with this one, on land."""
    return _adjoining().get(authority(code).code, frozenset())


def _authority(row: dict[str, str]) -> AuthorityFacts:
    return AuthorityFacts(
        code=row["code"],
        dfe_code=row["dfe_code"],
        name=row["name"],
        aliases=tuple(filter(None, row["aliases"].split("|"))),
        region=row["region"],
        london_part=row["london_part"],
        kind=row["kind"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        statistical_neighbours=tuple(row["statistical_neighbours"].split()),
    )


@cache
def _by_dfe_code() -> Mapping[str, str]:
    return {facts.dfe_code: code for code, facts in authorities().items()}


@cache
def _by_name() -> Mapping[str, AuthorityFacts]:
    return {_plain(name): facts for facts in authorities().values() for name in (facts.name, *facts.aliases)}


@cache
def _children() -> Mapping[str, Mapping[int, int]]:
    found: dict[str, dict[int, int]] = {}
    for row in read_rows("authorities/children.csv.gz"):
        found.setdefault(row["code"], {})[int(row["year"])] = int(row["children_0_17"])
    return found


@cache
def _earlier_neighbours() -> Mapping[str, tuple[int, tuple[str, ...]]]:
    return {
        row["code"]: (int(row["last_year"]), tuple(row["statistical_neighbours"].split()))
        for row in read_rows("authorities/earlier_neighbours.csv")
    }


@cache
def _adjoining() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in read_rows("boundaries/adjoining.csv"):
        found.setdefault(row["authority"], set()).add(row["adjoining"])
    return {code: frozenset(others) for code, others in found.items()}


_TITLES = re.compile(
    r"\b(the|royal|london|borough|city|county|metropolitan|district|council|of|unitary|authority)\b"
)


def _plain(name: str) -> str:
    """A name without its titles, punctuation and case, so that ways of writing it meet."""
    words = name.lower().replace("&", " and ").replace("-", " ").replace(".", " ").replace(",", " ")
    return " ".join(_TITLES.sub(" ", words).split()) or " ".join(words.split())
