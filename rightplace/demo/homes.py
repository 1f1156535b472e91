"""Where each placement is: own households with approved places, registered settings, and how far from home.

A place (bed) is given to one child at a time: placements are settled in order of start, each into a place
that is free by then. Whether a placement is near (20 miles or less) or far follows the borough's published
table, weighted by kind as England's is.
"""

from dataclasses import dataclass

import numpy as np

from rightplace.demo.calibration import Borough, Sectors, mix, sectors
from rightplace.demo.chance import Bools, Floats, Generator, Ints, Texts, miles, picked
from rightplace.demo.history import Stays
from rightplace.demo.people import Children

Boroughs = tuple[Borough, ...]

NEAR_MILES = 20.0
NONE = -1
FAR_FUTURE = np.datetime64("2200-01-01")
# Over 20 miles from home by kind, as a multiple of the borough's own share (England 2023-24: foster 19%,
# children's homes 49%, supported 8%, parents 8%, adoption 51%, all 22%; own and agency carers assumed).
FAR_FACTOR = {
    "own_foster": 0.35,
    "connected": 0.9,
    "agency_foster": 1.7,
    "home": 2.3,
    "secure": 5.0,
    "supported": 0.4,
    "parents": 0.35,
    "adoption": 2.3,
    "school": 2.5,
}
SETTING_KIND = {
    "agency_foster": "foster",
    "home": "residential",
    "secure": "secure",
    "supported": "supported",
    "family_centre": "family_centre",
    "school": "education",
}


@dataclass(frozen=True, slots=True)
class Households:
    """Columns of one row a household of own carers. `is_connected` carers are approved for named children."""

    borough: Ints
    sector: Ints
    places: Ints
    is_connected: Bools


@dataclass(frozen=True, slots=True)
class Market:
    """Columns of one row a registered setting; `places` 0 where the register states none."""

    key: Ints
    kind: Texts
    places: Ints
    latitude: Floats
    longitude: Floats


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Columns beside `Stays`: kind as settled, household or setting (row, or -1), place, sector, miles."""

    kind: Texts
    household: Ints
    setting: Ints
    place: Ints
    sector: Ints
    miles: Floats


@dataclass(slots=True)
class Beds:
    """Places that take one child at a time: of which row, and from which day each is free."""

    row: Ints
    number: Ints
    free_from: np.ndarray  # days since 1970

    @classmethod
    def of(cls, rows: Ints, places: Ints) -> "Beds":
        """One bed for each place of each row."""
        return cls(
            row=np.repeat(rows, places),
            number=np.concatenate([np.arange(1, count + 1) for count in places] or [np.zeros(0, int)]),
            free_from=np.full(int(places.sum()), -(10**6)),
        )


def households(rng: Generator, boroughs: Boroughs, scale: float) -> Households:
    """Own mainstream households of each borough: about its published approved places, one to three each."""
    parts = [_borough_households(rng, borough, index, scale) for index, borough in enumerate(boroughs)]
    return Households(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _borough_households(
    rng: Generator, borough: Borough, index: int, scale: float
) -> tuple[Ints, Ints, Ints, Bools]:
    wanted = max(4, round(borough.foster_places * scale))
    places = 1 + picked(rng, [0.42, 0.38, 0.2], wanted)
    places = places[: int(np.searchsorted(np.cumsum(places), wanted)) + 1]
    near = _weights(borough, far=False, reach=4.0)
    sector = picked(rng, near, len(places))
    return np.full(len(places), index), sector, places, np.zeros(len(places), dtype=bool)


def settle(
    rng: Generator, boroughs: Boroughs, children: Children, stays: Stays, own: Households, market: Market
) -> tuple[Whereabouts, Households]:
    """Give every placement its home. Own households gain one for each connected carer's placement.

    Fostering that finds no free own place, and homes that find no free bed, go to agencies.
    """
    kind = stays.kind.copy()
    household, setting, place = (np.full(len(stays), NONE) for _ in range(3))
    far = _is_far(rng, boroughs, children, stays)
    _settle_own(rng, boroughs, children, stays, kind, household, place, own)
    _settle_beds(rng, boroughs, children, stays, kind, setting, place, far, market)
    _settle_unlimited(rng, boroughs, children, stays, kind, setting, market)
    sector = _sectors_of(rng, boroughs, children, stays, kind, far)
    own = _with_connected(children, stays, kind, household, sector, own)
    place = np.where((kind == "connected"), 1, place)
    sector = np.where(household != NONE, own.sector[household], sector)
    distance = _miles_from_home(children, stays, setting, sector, market)
    return Whereabouts(kind, household, setting, place, sector, distance), own


def _is_far(rng: Generator, boroughs: Boroughs, children: Children, stays: Stays) -> Bools:
    share = np.array([_far_share(borough) for borough in boroughs])
    factor = np.array([FAR_FACTOR.get(str(kind), 1.0) for kind in stays.kind])
    chance = np.minimum(share[children.borough[stays.child]] * factor, 0.95)
    far: Bools = rng.random(len(stays)) < chance
    return far


def _far_share(borough: Borough) -> float:
    table = mix(borough.dfe_code, "distance")
    far = table["Placed more than 20 miles from home"]
    return far / (far + table["Placed 20 miles or less from home"])


def _days(stays: Stays) -> tuple[Ints, Ints]:
    end = np.where(np.isnat(stays.ended_on), FAR_FUTURE, stays.ended_on)
    return stays.started_on.astype("datetime64[D]").astype(int), end.astype("datetime64[D]").astype(int)


def _settle_own(
    rng: Generator,
    boroughs: Boroughs,
    children: Children,
    stays: Stays,
    kind: Texts,
    household: Ints,
    place: Ints,
    own: Households,
) -> None:
    start, end = _days(stays)
    for index in range(len(boroughs)):
        rows = np.flatnonzero(own.borough == index)
        beds = Beds.of(rows, own.places[rows])
        wanted = np.flatnonzero((kind == "own_foster") & (children.borough[stays.child] == index))
        for stay in wanted[np.argsort(start[wanted], kind="stable")]:
            bed = _free_bed(rng, beds, start[stay], np.ones(len(beds.row)))
            if bed == NONE:
                kind[stay] = "agency_foster"
                continue
            household[stay], place[stay] = beds.row[bed], beds.number[bed]
            beds.free_from[bed] = end[stay]


def _settle_beds(
    rng: Generator,
    boroughs: Boroughs,
    children: Children,
    stays: Stays,
    kind: Texts,
    setting: Ints,
    place: Ints,
    far: Bools,
    market: Market,
) -> None:
    start, end = _days(stays)
    rows = np.flatnonzero((market.kind == "residential") & (market.places > 0))
    beds = Beds.of(rows, market.places[rows])
    weights = {
        (i, f): _market_weights(b, market, beds.row, f) for i, b in enumerate(boroughs) for f in (0, 1)
    }
    wanted = np.flatnonzero(kind == "home")
    for stay in wanted[np.argsort(start[wanted], kind="stable")]:
        chance = weights[int(children.borough[stays.child[stay]]), int(far[stay])]
        bed = _free_bed(rng, beds, start[stay], chance)
        if bed == NONE:
            kind[stay] = "agency_foster"
            continue
        setting[stay], place[stay] = beds.row[bed], beds.number[bed]
        beds.free_from[bed] = end[stay]


def _free_bed(rng: Generator, beds: Beds, day: int, weights: Floats) -> int:
    edges = np.cumsum(np.where(beds.free_from <= day, weights, 0.0))
    if not len(edges) or edges[-1] <= 0:
        return NONE
    return int(np.searchsorted(edges, rng.random() * edges[-1], side="right"))


def _settle_unlimited(
    rng: Generator,
    boroughs: Boroughs,
    children: Children,
    stays: Stays,
    kind: Texts,
    setting: Ints,
    market: Market,
) -> None:
    """Settings whose register states no places: agencies, supported accommodation, schools and the like."""
    of_borough = children.borough[stays.child]
    for name, setting_kind in SETTING_KIND.items():
        rows = np.flatnonzero(market.kind == setting_kind)
        if name == "home" or not len(rows):
            continue
        # Some providers are used far more than others: a fixed Zipf-like popularity.
        popular = 1.0 / np.sqrt(1 + rng.permutation(len(rows)))
        for index, borough in enumerate(boroughs):
            chosen = np.flatnonzero((kind == name) & (of_borough == index))
            weights = popular * np.exp(-_from_borough(borough, market, rows) / 12)
            setting[chosen] = rows[picked(rng, weights + 1e-9, len(chosen))]


def _from_borough(borough: Borough, market: Market, rows: Ints) -> Floats:
    latitude, longitude = _centre(borough)
    return np.nan_to_num(miles(latitude, longitude, market.latitude[rows], market.longitude[rows]), nan=200.0)


def _market_weights(borough: Borough, market: Market, rows: Ints, far: int) -> Floats:
    away = _from_borough(borough, market, rows)
    near_weight = np.where(away <= NEAR_MILES - 2, np.exp(-away / 8), 0.0)
    far_weight = np.where(away > NEAR_MILES + 2, np.exp(-away / 30), 0.0)
    return far_weight if far else near_weight


def _centre(borough: Borough) -> tuple[float, float]:
    own = sectors().gss_code == borough.gss_code
    return float(sectors().latitude[own].mean()), float(sectors().longitude[own].mean())


def _weights(borough: Borough, *, far: bool, reach: float) -> Floats:
    """How likely each postcode sector is to hold a home for the borough's children."""
    places: Sectors = sectors()
    latitude, longitude = _centre(borough)
    away = miles(latitude, longitude, places.latitude, places.longitude)
    if far:
        return np.where(away > NEAR_MILES + 3, np.exp(-away / 30), 0.0)
    inside = np.where(places.gss_code == borough.gss_code, 4.0, 1.0)
    return np.where(away <= NEAR_MILES - 3, inside * np.exp(-away / reach), 0.0)


def _sectors_of(
    rng: Generator, boroughs: Boroughs, children: Children, stays: Stays, kind: Texts, far: Bools
) -> Ints:
    """The postcode sector of every placement that is with a family, not in a registered building."""
    found = np.full(len(stays), NONE)
    of_borough = children.borough[stays.child]
    in_family = np.isin(kind, ["agency_foster", "connected", "adoption", "supported", "health", "custody"])
    for index, borough in enumerate(boroughs):
        for is_far in (False, True):
            chosen = np.flatnonzero(in_family & (of_borough == index) & (far == is_far))
            found[chosen] = picked(rng, _weights(borough, far=is_far, reach=6.0), len(chosen))
    return np.where(kind == "parents", children.home_sector[stays.child], found)


def _with_connected(
    children: Children, stays: Stays, kind: Texts, household: Ints, sector: Ints, own: Households
) -> Households:
    chosen = np.flatnonzero(kind == "connected")
    household[chosen] = len(own.borough) + np.arange(len(chosen))
    return Households(
        borough=np.concatenate([own.borough, children.borough[stays.child[chosen]]]),
        sector=np.concatenate([own.sector, sector[chosen]]),
        places=np.concatenate([own.places, np.ones(len(chosen), dtype=int)]),
        is_connected=np.concatenate([own.is_connected, np.ones(len(chosen), dtype=bool)]),
    )


def _miles_from_home(children: Children, stays: Stays, setting: Ints, sector: Ints, market: Market) -> Floats:
    """Straight-line miles from the home sector; NaN where the place is not known."""
    places = sectors()
    home = children.home_sector[stays.child]
    latitude = np.where(sector != NONE, places.latitude[sector], np.nan)
    longitude = np.where(sector != NONE, places.longitude[sector], np.nan)
    in_building = (sector == NONE) & (setting != NONE)
    latitude = np.where(in_building, market.latitude[setting], latitude)
    longitude = np.where(in_building, market.longitude[setting], longitude)
    return np.round(miles(places.latitude[home], places.longitude[home], latitude, longitude), 1)
