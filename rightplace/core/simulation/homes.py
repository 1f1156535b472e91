"""The homes of a simulated market: own carers, agencies' carers, children's homes, supported accommodation.

How homes are spread over the authorities, their sizes and (for registered homes) their grades are published; how many
there are in all is scaled to the need, so that a market can be slack or tight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rightplace.core.simulation.chance import Bools, Floats, Ints, picked
from rightplace.core.simulation.figures import (
    FOSTER,
    GRADE_SHARES,
    GRADES,
    HOME,
    SUPPORTED,
    authorities,
    column,
    figure,
    rows,
)

MILES_NORTH = 69.05
"""Miles in a degree of latitude; a degree of longitude is shorter by the cosine of the latitude."""
NEEDS = 8
KIND_OF = np.array([FOSTER, FOSTER, HOME, SUPPORTED])


@dataclass(frozen=True, slots=True)
class Homes:
    """Columns, one row for each home. `kind` is a position in KINDS, `suits` the kind of need it serves."""

    kind: Ints
    suits: Ints
    authority: Ints
    east: Floats
    north: Floats
    places: Ints
    youngest: Ints
    oldest: Ints
    sexes: Ints
    skills: Ints
    adapted: Bools
    ethnicity: Ints
    grade: Floats
    weekly_pounds: Floats

    def __len__(self) -> int:
        return len(self.kind)


def centres() -> tuple[Floats, Floats]:
    """The middles of the authorities in miles east and north of 51.4° N, 0° E."""
    latitude, longitude = column("latitude"), column("longitude")
    return longitude * MILES_NORTH * np.cos(np.radians(51.43)), (latitude - 51.4) * MILES_NORTH


def made_homes(rng: np.random.Generator, places_wanted: Floats) -> Homes:
    """Homes until each kind of need (foster, home, supported) has at least the places wanted."""
    parts = [*_fostering(rng, float(places_wanted[FOSTER])), *_registered(rng, places_wanted)]
    kind = np.concatenate([np.full(len(where), of) for of, where, _, _ in parts])
    where, places, grade = (np.concatenate([part[at] for part in parts]) for at in (1, 2, 3))
    return _described(rng, kind, where, places, grade)


def _fostering(rng: np.random.Generator, wanted: float) -> list[tuple[int, Ints, Ints, Floats]]:
    own, agency = foster_places_by_authority()
    scale = wanted / (own.sum() + agency.sum())
    return [_households(rng, kind, places * scale) for kind, places in ((0, own), (1, agency))]


def foster_places_by_authority() -> tuple[Floats, Floats]:
    """Own places approved, and agencies' places as children fostered elsewhere over the share that is filled.

    Two authorities share a service that prints no places of its own: three eighths of their children are taken as
    places, a quarter as filled, as their neighbours have.
    """
    approved, filled, children = column("foster_places"), column("foster_filled"), column("looked_after")
    approved = np.where(approved > 0, approved, children * 3 / 8)
    filled = np.where(filled > 0, filled, children / 4)
    elsewhere = np.maximum(column("foster_children") - filled, 0)
    return approved, elsewhere / figure("agency_filled")


def _households(rng: np.random.Generator, kind: int, places: Floats) -> tuple[int, Ints, Ints, Floats]:
    sizes = np.asarray(figure("places_per_household"))
    mean = float(sizes @ np.arange(1, len(sizes) + 1))
    many = np.maximum(np.round(places / mean), 1).astype(int)
    where = np.repeat(np.arange(len(places)), many)
    grades: dict[str, float] = figure("own_grade_share")
    drawn = picked(rng, list(grades.values()), len(where))
    shares = GRADE_SHARES[[GRADES.index(name) for name in grades]]
    return kind, where, 1 + picked(rng, sizes, len(where)), shares[drawn]


def _registered(rng: np.random.Generator, wanted: Floats) -> list[tuple[int, Ints, Ints, Floats]]:
    """The registered homes again and again in a drawn order, until the places wanted are there."""
    names = [row["name"] for row in authorities()]
    found = []
    for kind, name in ((2, "home"), (3, "supported")):
        listed = [row for row in rows("homes.csv") if row["kind"] == name]
        places = np.array([min(int(row["places"]), MOST_IN_ONE[name]) for row in listed])
        rounds = int(np.ceil(wanted[KIND_OF[kind]] / places.sum())) + 1
        order = np.concatenate([rng.permutation(len(listed)) for _ in range(rounds)])
        used = order[: int(np.searchsorted(np.cumsum(places[order]), wanted[KIND_OF[kind]])) + 1]
        where = np.array([names.index(row["authority"]) for row in listed])
        grade = GRADE_SHARES[[GRADES.index(row["grade"]) for row in listed]]
        found.append((kind, where[used], places[used], grade[used]))
    return found


MOST_IN_ONE = {"home": 8, "supported": 12}
"""A registration over several addresses is counted up to this many places: the rest lie elsewhere."""


def _described(rng: np.random.Generator, kind: Ints, where: Ints, places: Ints, grade: Floats) -> Homes:
    many, suits = len(kind), KIND_OF[kind]
    reach = figure("reach_miles")
    spread = np.array([reach["own"], reach["agency"], reach["spread_home"], reach["spread_home"]])[kind]
    east, north = (middle[where] + rng.normal(0, 1, many) * spread for middle in centres())
    chance = np.array([figure("skills")[name] for name in ("foster", "home", "supported")])[suits]
    skills = ((rng.random((many, NEEDS)) < chance[:, None]) << np.arange(NEEDS)).sum(axis=1)
    prices = np.array([figure("weekly_pounds")[name] for name in ("own", "agency", "home", "supported")])[
        kind
    ]
    spread_of = figure("price_spread")
    youngest, oldest = _ages(rng, suits)
    return Homes(
        kind=kind, suits=suits, authority=where, east=east, north=north, places=places, youngest=youngest,
        oldest=oldest, sexes=np.array([3, 1, 2])[picked(rng, [0.84, 0.08, 0.08], many)], skills=skills,
        adapted=rng.random(many) < figure("adapted_homes"), ethnicity=_ethnicity(rng, many), grade=grade,
        weekly_pounds=prices * rng.lognormal(-(spread_of**2) / 2, spread_of, many),
    )  # fmt: skip


def _ages(rng: np.random.Generator, suits: Ints) -> tuple[Ints, Ints]:
    """Foster: four in ten take all ages, the rest a range; homes from 7 to 11 on; supported 16 and 17 (by law)."""
    many = len(suits)
    ranges = np.array([[0, 17], [0, 8], [5, 17], [10, 17]])[picked(rng, [0.4, 0.2, 0.2, 0.2], many)]
    low = np.array([7, 8, 10, 11])[rng.integers(0, 4, many)]
    youngest = np.where(suits == FOSTER, ranges[:, 0], np.where(suits == HOME, low, 16))
    return youngest, np.where(suits == FOSTER, ranges[:, 1], 17)


def _ethnicity(rng: np.random.Generator, many: int) -> Ints:
    minority = figure("matched_culture")
    shares = [1 - minority, minority * 0.2, minority * 0.2, minority * 0.5, minority * 0.1]
    return picked(rng, shares, many)
