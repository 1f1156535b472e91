"""The published and assumed numbers of the simulated market, each with its source."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from rightplace.core.matching.shoulds import FULL
from rightplace.core.matching.shoulds import GRADE_SHARES as SHARES
from rightplace.core.matching.vocabulary import Grade
from rightplace.core.simulation.chance import Floats

FOLDER = files("rightplace.core.simulation") / "figures"
KINDS = ("own", "agency", "home", "supported")
FOSTER, HOME, SUPPORTED = 0, 1, 2
ETHNIC_GROUPS = ("White", "Mixed", "Asian", "Black", "Other")
GRADES = ("outstanding", "good", "not_inspected", "requires_improvement", "inadequate")
GRADE_SHARES = np.array([SHARES[Grade(name)] / FULL for name in GRADES])
_BANDS = {
    "1 to 7 days": (1, 8), "From 8 days to under 1 month": (8, 30), "From 1 month to under 3 months": (30, 91),
    "From 3 months to under 6 months": (91, 183), "From 6 months to under 1 year": (183, 365),
    "From 1 year to under 2 years": (365, 730), "From 2 years to under 5 years": (730, 1826),
    "From 5 years and over": (1826, 3652),
}  # fmt: skip
_LASTED_IN = {
    FOSTER: "Foster placements", HOME: "Secure homes and children's homes",
    SUPPORTED: "Independent and semi-independent living arrangements/ supported accommodation",
}  # fmt: skip
_AGE_BANDS = {
    "Under 1 year": (0, 1), "1 to 4 years": (1, 5), "5 to 9 years": (5, 10), "10 to 15 years": (10, 16),
    "16 years and over": (16, 18),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One number (or a few) with its source; `is_assumed` when nobody publishes it."""

    name: str
    value: Any
    source: str
    words: str
    overturned_by: str

    @property
    def is_assumed(self) -> bool:
        """Whether it is our own judgement."""
        return self.source.startswith("assumed")


@dataclass(frozen=True, slots=True)
class Bands:
    """A published distribution in bands: drawn by share, then evenly (or log-evenly) within the band."""

    low: Floats
    high: Floats
    share: Floats


@cache
def figures() -> Mapping[str, Figure]:
    """Every figure by name."""
    read = tomllib.loads((FOLDER / "figures.toml").read_text(encoding="utf-8"))
    return {name: Figure(name, **entry) for name, entry in read.items()}


def figure(name: str) -> Any:
    """The value of one figure."""
    return figures()[name].value


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one published table."""
    return tuple(csv.DictReader(io.StringIO((FOLDER / name).read_text(encoding="utf-8"))))


@cache
def authorities() -> tuple[dict[str, str], ...]:
    """The twelve authorities, by name."""
    return rows("authorities.csv")


def column(name: str) -> Floats:
    """One number for each authority; 0 where none is printed."""
    return np.array([float(row[name] or 0) for row in authorities()])


@cache
def lasted(kind: int) -> Bands:
    """How long placements of a kind (foster, home, supported) had lasted that ended in England in 2023-24, in days."""
    found = [
        row
        for row in rows("durations.csv")
        if row["placement"] == _LASTED_IN[kind] and row["lasted"] in _BANDS
    ]
    ends = np.array([_BANDS[row["lasted"]] for row in found], dtype=float)
    return _bands(ends, [float(row["placements"]) for row in found])


@cache
def ages_at_start() -> Bands:
    """Ages of children who started to be looked after in England in 2024-25."""
    ends = np.array([_AGE_BANDS[row["age"]] for row in rows("ages_at_start.csv")], dtype=float)
    return _bands(ends, [float(row["children"]) for row in rows("ages_at_start.csv")])


def _bands(ends: Floats, many: list[float]) -> Bands:
    shares = np.array(many)
    return Bands(ends[:, 0], ends[:, 1], shares / shares.sum())


@cache
def mix(table: str, categories: tuple[str, ...]) -> Floats:
    """Shares of children by authority (rows) and category (columns that begin so), 31 March 2025."""
    found = np.array(
        [[_children(one["dfe_code"], table, category) for category in categories] for one in authorities()]
    )
    shares: Floats = found / found.sum(axis=1, keepdims=True)
    return shares


def _children(dfe_code: str, table: str, category: str) -> float:
    of = (row for row in rows("mix.csv") if (row["dfe_code"], row["table"]) == (dfe_code, table))
    return sum(float(row["children"]) for row in of if row["category"].startswith(category))
