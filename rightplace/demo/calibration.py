"""The published figures that size and mix the demo, read from the small files in `data`."""

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from rightplace.demo.chance import Floats, Texts
from rightplace.foundation.reference.authorities import authorities
from rightplace.foundation.reference.packaged import read_rows

NEAR = frozenset({"London", "South East", "East of England"})
DATA = files("rightplace.demo") / "data"


@dataclass(frozen=True, slots=True)
class Borough:
    """One authority of the consortium, as published."""

    dfe_code: str
    gss_code: str
    name: str
    looked_after: int
    started: int
    ceased: int
    foster_places: int
    foster_filled: int


@dataclass(frozen=True, slots=True)
class Sectors:
    """Postcode sectors near the consortium: centres in degrees, and whose area each lies in."""

    names: tuple[str, ...]
    latitude: Floats
    longitude: Floats
    gss_code: Texts


@cache
def boroughs() -> tuple[Borough, ...]:
    """The twelve boroughs of the South London programme, by name."""
    return tuple(_borough(row) for row in _rows("boroughs.csv"))


def _borough(row: dict[str, str]) -> Borough:
    # Two boroughs share one fostering service, which prints no places of its own: a quarter of their
    # children are taken as fostered in house, with one place in three empty, as their neighbours have.
    looked_after = int(row["looked_after"])
    return Borough(
        dfe_code=row["dfe_code"],
        gss_code=row["gss_code"],
        name=row["name"],
        looked_after=looked_after,
        started=int(row["started"]),
        ceased=int(row["ceased"]),
        foster_places=int(row["foster_places"] or looked_after * 3 // 8),
        foster_filled=int(row["foster_filled"] or looked_after // 4),
    )


@cache
def mix(dfe_code: str, table: str) -> dict[str, float]:
    """Children of one borough by category of one table (`age`, `need`, `placement`…), 31 March 2025."""
    rows = (row for row in _rows("mix.csv") if (row["dfe_code"], row["table"]) == (dfe_code, table))
    return {row["category"]: float(row["children"]) for row in rows}


@cache
def reasons_for_change() -> dict[str, int]:
    """Placements in England that changed in 2023-24, by published reason."""
    return {row["reason"]: int(row["placements"]) for row in _rows("reasons.csv")}


@cache
def durations(placement: str) -> dict[str, int]:
    """Placements in England that ended in 2023-24, by how long they had lasted."""
    rows = (row for row in _rows("durations.csv") if row["placement"] == placement)
    return {row["lasted"]: int(row["placements"]) for row in rows if "days)" not in row["lasted"]}


@cache
def weekly_unit_cost(kind: str, area: str, year: str = "2024-25") -> float | None:
    """Section 251 pounds a week of `fostering`, `residential` or `looked_after`; None where not printed."""
    for row in _rows("unit_costs.csv"):
        if (row["kind"], row["area"], row["year"]) == (kind, area, year):
            return float(row["pounds_a_week"])
    return None


@cache
def sectors() -> Sectors:
    """Every postcode sector of London, the South East and the East of England, where the demo lives."""
    near = {code: facts for code, facts in authorities().items() if facts.region in NEAR}
    rows = [row for row in read_rows("places/sectors.csv.gz") if row["authority"] in near]
    return Sectors(
        names=tuple(row["sector"] for row in rows),
        latitude=np.array([float(row["latitude"]) for row in rows]),
        longitude=np.array([float(row["longitude"]) for row in rows]),
        gss_code=np.array([row["authority"] for row in rows]),
    )


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    return tuple(csv.DictReader(io.StringIO((DATA / name).read_text())))
