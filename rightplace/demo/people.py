"""Synthetic children of one borough: as many, and of the same mix, as its published tables; no real person.

Ages, sex, ethnicity, need, legal status and placement are dealt from the borough's own table of 31 March
2025, so each margin is exact. How the margins go together (asylum-seeking children are older, placement
orders are for the young…) is assumed and stated in `likely_*`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from rightplace.demo.calibration import Borough, mix, sectors
from rightplace.demo.chance import Bools, Days, Floats, Generator, Ints, Texts, dealt, filled, picked, quotas

YEAR = 365.25
# Nobody is remanded under ten: some days to be sure.
REMANDED_FROM = 10.1
FOSTERED = ("own_foster", "agency_foster", "connected")
AGES = {
    "Under 1 year": (0.04, 1.0),
    "1 to 4 years": (1.0, 5.0),
    "5 to 9 years": (5.0, 10.0),
    "10 to 15 years": (10.0, 16.0),
    "16 years and over": (16.0, 17.95),
}
# Ages on leaving care in the first period of care, England 2023-24 (DfE), with 16 and 17 apart from 18.
LEAVING_AGES = {
    "Under 1 year": 1650.0,
    "1 to 4 years": 6010.0,
    "5 to 9 years": 3320.0,
    "10 to 15 years": 4190.0,
    "16 years and over": 3640.0,
    "18": 11190.0,
}
# How each published group divides into the return's codes is an assumption.
ETHNIC_CODES = {
    "White": (("WBRI", 0.78), ("WOTH", 0.19), ("WIRI", 0.03)),
    "Mixed or Multiple ethnic groups": (("MWBC", 0.4), ("MOTH", 0.25), ("MWBA", 0.2), ("MWAS", 0.15)),
    "Asian or Asian British": (("AOTH", 0.4), ("APKN", 0.25), ("ABAN", 0.2), ("AIND", 0.15)),
    "Black, African, Caribbean or Black British": (("BAFR", 0.5), ("BCRB", 0.3), ("BOTH", 0.2)),
    "Other ethnic group": (("OOTH", 1.0),),
    "Refused or information not yet available": (("NOBT", 1.0),),
}
UNACCOMPANIED_ETHNICITY = {"OOTH": 9.0, "AOTH": 6.0, "BAFR": 5.0, "WOTH": 3.0}
LEGAL_CODES = {
    "Interim care order": "C1",
    "Full care order": "C2",
    "Placement order granted": "E1",
    "Voluntary agreements under S20 CA 1989": "V2",
    "Detained for child protection": "L2",
    "Youth justice legal statuses": "J1",
}


@dataclass(frozen=True, slots=True)
class Children:
    """Columns of one row a child. `left_on` is NaT for a child who is looked after today."""

    borough: Ints
    born_on: Days
    sex: Texts
    ethnicity: Texts
    need: Texts
    is_unaccompanied: Bools
    entered_on: Days
    left_on: Days
    leaving_reason: Texts
    legal_status: Texts
    kind: Texts
    home_sector: Ints

    def __len__(self) -> int:
        return len(self.born_on)


def joined(parts: list[Children]) -> Children:
    """Several boroughs' children under one another."""
    names = Children.__dataclass_fields__
    return Children(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def looked_after_children(rng: Generator, borough: Borough, index: int, number: int, today: date) -> Children:
    """`number` children who are looked after on `today`, mixed as the borough's table."""
    groups = dealt(rng, mix(borough.dfe_code, "age"), number)
    ages = _ages(rng, groups)
    never = np.full(number, np.datetime64("NaT"), dtype="datetime64[D]")
    born = _days(today) - (ages * YEAR).astype(int)
    length = _length_of_care_so_far(rng, number)
    return _complete(rng, borough, index, ages, born, never, _days(today), length)


def children_who_left(rng: Generator, borough: Borough, index: int, number: int, today: date) -> Children:
    """`number` children who left care in the two years before `today`."""
    groups = dealt(rng, LEAVING_AGES, number)
    left = _days(today) - rng.integers(1, 731, number)
    ages = _ages(rng, groups)
    born = np.where(groups == "18", eighteen_years_before(left), left - (ages * YEAR).astype(int))
    length = 0.05 + rng.exponential(2.2, number)
    return _complete(rng, borough, index, ages, born, left, left, length)


def eighteen_years_before(days: Days) -> Days:
    """The birthday of whoever turns 18 on each day."""
    return years_after(days, -18)


def years_after(days: Days, years: int) -> Days:
    """The same day of the month, `years` later; 29 February becomes 1 March where there is none."""
    months = days.astype("datetime64[M]")
    within = days - months.astype("datetime64[D]")
    later: Days = (months + 12 * years).astype("datetime64[D]") + within
    return later


def _complete(
    rng: Generator,
    borough: Borough,
    index: int,
    ages: Floats,
    born: Days,
    left: Days,
    until: Any,
    length: Floats,
) -> Children:
    number = len(ages)
    unaccompanied = _unaccompanied(rng, borough, ages)
    length = np.where(unaccompanied, np.minimum(length, rng.uniform(0.05, 1.9, number)), length)
    # An asylum-seeking child arrives at 14 or later; nobody enters before birth.
    earliest = born + np.where(unaccompanied, int(14 * YEAR), 1)
    entered = np.maximum(until - (length * YEAR).astype(int), earliest)
    entered = np.minimum(entered, until - 5)
    legal = _legal_statuses(rng, borough, ages, (until - entered).astype(float), unaccompanied)
    kind = _kinds(rng, borough, ages, legal, unaccompanied)
    return Children(
        borough=np.full(number, index),
        born_on=np.minimum(born, entered),
        sex=_sexes(rng, borough, unaccompanied),
        ethnicity=_ethnicities(rng, borough, unaccompanied),
        need=_needs(rng, borough, unaccompanied),
        is_unaccompanied=unaccompanied,
        entered_on=entered,
        left_on=left,
        leaving_reason=_leaving_reasons(rng, ages, born, left, kind),
        legal_status=legal,
        kind=kind,
        home_sector=_home_sectors(rng, borough, number),
    )


def _ages(rng: Generator, groups: Texts) -> Floats:
    low = np.array([AGES.get(group, (18.0, 18.0))[0] for group in groups])
    high = np.array([AGES.get(group, (18.0, 18.0))[1] for group in groups])
    ages: Floats = low + rng.random(len(groups)) * (high - low)
    return ages


def _length_of_care_so_far(rng: Generator, number: int) -> Floats:
    """Years in care of those in care now: a third under one year, as the yearly starters imply."""
    draw = rng.random(number)
    long = 2 + rng.exponential(4.5, number)
    return np.where(draw < 0.33, rng.uniform(0.02, 1, number), np.where(draw < 0.53, 1 + draw, long))


def _unaccompanied(rng: Generator, borough: Borough, ages: Floats) -> Bools:
    number = quotas(list(mix(borough.dfe_code, "uasc").values()), len(ages))
    names = list(mix(borough.dfe_code, "uasc"))
    wanted = {"yes": number[names.index("UASC")]}
    likely = np.where(ages >= 16, 1.0, np.where(ages >= 14.5, 0.25, 0.0))
    arrived: Bools = filled(rng, wanted, {"yes": likely}, rest="no") == "yes"
    return arrived


def _sexes(rng: Generator, borough: Borough, unaccompanied: Bools) -> Texts:
    number = quotas([mix(borough.dfe_code, "sex")[name] for name in ("Male", "Female")], len(unaccompanied))
    likely = {"M": np.where(unaccompanied, 20.0, 1.0)}
    return filled(rng, {"M": number[0]}, likely, rest="F")


def _ethnicities(rng: Generator, borough: Borough, unaccompanied: Bools) -> Texts:
    shares = {
        code: share * number
        for group, number in mix(borough.dfe_code, "ethnicity").items()
        for code, share in ETHNIC_CODES[group]
    }
    codes = dict(zip(shares, quotas(list(shares.values()), len(unaccompanied)), strict=True))
    likely = {code: np.where(unaccompanied, UNACCOMPANIED_ETHNICITY.get(code, 0.05), 1.0) for code in codes}
    first = sorted(codes, key=lambda code: code not in UNACCOMPANIED_ETHNICITY)
    return filled(rng, {code: codes[code] for code in first}, likely, rest="WBRI")


def _needs(rng: Generator, borough: Borough, unaccompanied: Bools) -> Texts:
    published = mix(borough.dfe_code, "need")
    codes = [name[:2] for name in published]
    wanted = dict(zip(codes, quotas(list(published.values()), len(unaccompanied)), strict=True))
    likely = {code: np.where(unaccompanied, 1.0 if code == "N8" else 0.01, 1.0) for code in codes}
    likely["N8"] = np.where(unaccompanied, 500.0, 1.0)
    first = sorted(codes, key=lambda code: code != "N8")
    return filled(rng, {code: wanted[code] for code in first}, likely, rest="N1")


def _legal_statuses(
    rng: Generator, borough: Borough, ages: Floats, days: Floats, unaccompanied: Bools
) -> Texts:
    """Current or last legal status; placement orders for the young, full orders for those long in care."""
    published = mix(borough.dfe_code, "legal_status")
    numbers = quotas(list(published.values()), len(ages))
    wanted = {LEGAL_CODES[name]: number for name, number in zip(published, numbers, strict=True)}
    local = (~unaccompanied).astype(float)
    likely = {
        "J1": np.where((ages >= 12) & (ages - days / YEAR > REMANDED_FROM), local, 0.0),
        "L2": local * (days < 15),
        "E1": np.where((ages < 7) & (days > 200), local, 0.0),
        "C2": np.where((ages < 17.4) & (days > 200), local * np.minimum(days / 700, 2.0), local * 0.01),
        "C1": local * np.where(days < 450, 1.0, 0.05) * np.where(ages < 16.8, 1.0, 0.02),
        "V2": np.where(unaccompanied, 1e6, np.where(ages > 12, 1.0, 0.2)),
    }
    wanted = {code: wanted.get(code, 0) for code in likely}
    return filled(rng, wanted, likely, rest="V2")


def placements_by_kind(borough: Borough, number: int) -> dict[str, int]:
    """How many of `number` children live in each kind of placement, from the borough's two tables.

    Own mainstream fostering is the published number of filled places; connected carers are the rest of
    the authority's own provision; agencies have what remains of fostering. "Other placements" (2%) have
    no published kind and are shared among the rest.
    """
    placement = mix(borough.dfe_code, "placement")
    foster = placement["Foster placements"]
    own = mix(borough.dfe_code, "provider")["Own provision (by the LA)"]
    mainstream = min(float(borough.foster_filled), foster * 0.6)
    connected = min(max(own - mainstream, foster * 0.08), foster * 0.3)
    homes = placement["Secure homes and children's homes"]
    other = placement["Other residential settings"]
    shares = {
        "custody": other * 0.3,
        "adoption": placement["Placed for adoption"],
        "supported": _of(placement, "Independent"),
        "secure": homes * 0.01,
        "school": placement["Residential schools"],
        "family_centre": other * 0.5,
        "health": other * 0.2,
        "home": homes * 0.99,
        "parents": _of(placement, "Placed with parents"),
        "connected": connected,
        "agency_foster": foster - mainstream - connected,
        "own_foster": mainstream,
    }
    return dict(zip(shares, quotas(list(shares.values()), number), strict=True))


def _of(table: dict[str, float], start: str) -> float:
    return sum(number for name, number in table.items() if name.startswith(start))


def _kinds(rng: Generator, borough: Borough, ages: Floats, legal: Texts, unaccompanied: Bools) -> Texts:
    wanted = placements_by_kind(borough, len(ages))
    likely = likely_kinds(ages, legal, unaccompanied)
    return filled(rng, wanted, likely, rest="agency_foster")


def likely_kinds(ages: Floats, legal: Texts, unaccompanied: Bools) -> dict[str, Floats]:
    """Weights of each kind of placement for each child; 0 where the law or good sense forbids it."""
    one = np.ones(len(ages))
    local = (~unaccompanied).astype(float)
    old_enough = (ages >= 16.1).astype(float)
    return {
        "custody": np.char.startswith(legal, "J").astype(float),
        "adoption": ((legal == "E1") & (ages < 7)).astype(float),
        "supported": old_enough * np.where(unaccompanied, 4.0, 1.0) * np.where(ages > 17, 2.0, 1.0),
        "secure": np.where(ages >= 13, local, 0.0),
        "school": np.where(ages >= 8, local, 0.0),
        "family_centre": np.where(ages < 1.5, one, 0.0),
        "health": np.where(ages >= 11, local, 0.001),
        "home": np.where(ages >= 8, (ages / 10) ** 2, 0.01) * np.where(unaccompanied, 0.05, 1.0),
        "parents": np.isin(legal, ["C1", "C2"]).astype(float) * local,
        "connected": np.where(unaccompanied, 0.05, 1.0),
        "agency_foster": one,
        "own_foster": one,
    }


def _leaving_reasons(rng: Generator, ages: Floats, born: Days, left: Days, kind: Texts) -> Texts:
    young = np.array(["E4A", "E4B", "E45", "E47", "E13", "E41", "E8"])
    grown = np.array(["E5", "E6", "E17", "E8"])
    reason = young[picked(rng, [0.42, 0.12, 0.12, 0.14, 0.07, 0.05, 0.08], len(ages))]
    reason = np.where(ages >= 17.9, grown[picked(rng, [0.5, 0.15, 0.25, 0.1], len(ages))], reason)
    reason = np.where((reason == "E17") & ~(left >= years_after(born, 18)), "E5", reason)
    reason = np.where((reason == "E45") & ~np.isin(kind, FOSTERED), "E47", reason)
    reason = np.where(kind == "adoption", "E12", reason)
    reason = np.where((kind == "parents") & (ages < 17.9), "E4A", reason)
    return np.where(np.isnat(left), "", reason)


def _home_sectors(rng: Generator, borough: Borough, number: int) -> Ints:
    own = np.flatnonzero(sectors().gss_code == borough.gss_code)
    return own[rng.integers(0, len(own), number)]


def _days(day: date) -> Any:
    return np.datetime64(day, "D")
