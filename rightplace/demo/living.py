"""Writing placements, past and present, with the codes of the statutory return."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from rightplace.demo.chance import Bools, Days, Generator, Ints, Texts
from rightplace.demo.copying import copy_rows, ranges
from rightplace.demo.history import Stays
from rightplace.demo.homes import NONE, Whereabouts
from rightplace.demo.identity import UNIT_OF_PLACEMENTS, nearest_sectors, postcodes
from rightplace.demo.market import Register
from rightplace.demo.people import Children, years_after
from rightplace.demo.staff import Cast
from rightplace.journey.placements.models import Placement
from rightplace.register.providers.models import NamedCarer, Setting

SOURCE = "demo"
SUPPORTED_REGISTERED_FROM = np.datetime64("2023-10-28")
PLACE_CODES = {
    "home": "K2",
    "secure": "K1",
    "supported": "K3",
    "parents": "P1",
    "adoption": "A6",
    "school": "S1",
    "family_centre": "R3",
    "health": "R2",
    "custody": "R5",
}
PROVIDER_CODES = {
    "own_foster": "PR1",
    "connected": "PR1",
    "parents": "PR0",
    "adoption": "PR1",
    "health": "PR3",
    "custody": "PR3",
}
SECTOR_CODES = {"Voluntary": "PR5", "Local Authority": "PR2", "Health Authority": "PR3"}
LONG_TERM_DAYS = 730


@dataclass(frozen=True, slots=True)
class Lives:
    """What is known of the stays when they are written, and the keys they got."""

    placement: Ints
    child: Ints
    authority: Ints
    provider: Ints
    is_current: Bools
    expected_end_on: Days


def write_placements(
    rng: Generator,
    cast: Cast,
    children: Children,
    stays: Stays,
    homes: Whereabouts,
    register: Register,
    child_keys: Ints,
    household_keys: Ints,
    today: date,
) -> Lives:
    """Write every placement; the children of agencies who live there now get a named carer."""
    authority = np.array([each.pk for each in cast.authorities])[children.borough[stays.child]]
    current = np.isnat(stays.ended_on)
    setting = np.where(homes.setting == NONE, 0, register.market.key[homes.setting])
    carer = _named_carers(homes, current, setting)
    provider = np.where(homes.setting == NONE, 0, register.provider[homes.setting])
    expected = _expected_ends(rng, children, stays, current, today)
    first = np.insert(stays.child[1:] != stays.child[:-1], 0, True)
    columns: dict[str, Any] = {
        "authority": authority,
        "child": child_keys[stays.child],
        "household": _or_null(np.where(homes.household == NONE, 0, household_keys[homes.household])),
        "setting": _or_null(setting),
        "named_carer": _or_null(carer),
        "bed": _or_null(np.where(carer > 0, 1, np.where(homes.place == NONE, 0, homes.place))),
        "provider": _or_null(provider),
        "state": np.where(current, "started", "ended"),
        "period": ranges(stays.started_on, stays.ended_on),
        "expected_end_on": expected,
        "place_code": _place_codes(homes.kind, stays, today),
        "provider_code": _provider_codes(homes, register),
        "urn": np.where(homes.setting == NONE, "", register.urn[homes.setting]),
        "start_reason": np.where(first, "S", "P"),
        "home_postcode": postcodes(children.home_sector[stays.child]),
        "place_postcode": _place_postcodes(children, stays, homes, register),
        "miles": homes.miles,
        "source": SOURCE,
        **_ends(children, stays, current),
    }
    keys = copy_rows(Placement, columns)
    return Lives(np.array(keys), child_keys[stays.child], authority, provider, current, expected)


def _place_postcodes(children: Children, stays: Stays, homes: Whereabouts, register: Register) -> Texts:
    """With parents at home; in a building its published postcode; elsewhere made up in the nearest sector."""
    nearest = nearest_sectors(register.market.latitude, register.market.longitude)
    in_building = (homes.sector == NONE) & (homes.setting != NONE)
    sector = np.where(in_building, nearest[homes.setting], homes.sector)
    sector = np.where(sector == NONE, children.home_sector[stays.child], sector)
    with_parents = homes.kind == "parents"
    at_home, elsewhere = postcodes(sector), postcodes(sector, UNIT_OF_PLACEMENTS)
    told = dict(Setting.objects.exclude(postcode="").values_list("urn", "postcode"))
    published = np.array([told.get(str(urn), "") for urn in register.urn], dtype=object)
    of_building = np.where(in_building, published[homes.setting], "")
    return np.where(of_building != "", of_building, np.where(with_parents, at_home, elsewhere)).astype(str)


def _or_null(keys: Ints) -> list[Any]:
    return [key or None for key in keys.tolist()]


def _named_carers(homes: Whereabouts, current: Bools, setting: Ints) -> Ints:
    """A carer of the agency for each child who lives with one now, under the agency's own reference."""
    there = np.flatnonzero((homes.kind == "agency_foster") & current & (setting > 0))
    found = np.zeros(len(setting), dtype=np.int64)
    if len(there):
        found[there] = copy_rows(
            NamedCarer,
            {
                "setting": setting[there],
                "reference": [f"C{place + 101:05d}" for place in range(len(there))],
                "places": 1,
                "postcode_district": [code.split()[0] for code in postcodes(homes.sector[there])],
            },
        )
    return found


def _expected_ends(rng: Generator, children: Children, stays: Stays, current: Bools, today: date) -> Days:
    """When a present placement is expected to end: some months on, and no later than the 18th birthday."""
    ahead = np.datetime64(today, "D") + rng.integers(30, 700, len(stays))
    last = years_after(children.born_on, 18)[stays.child]
    return np.where(current, np.minimum(ahead, last), np.datetime64("NaT", "D"))


def _place_codes(kind: Texts, stays: Stays, today: date) -> Texts:
    end = np.where(np.isnat(stays.ended_on), np.datetime64(today, "D"), stays.ended_on)
    long_term = (end - stays.started_on).astype(float) >= LONG_TERM_DAYS
    code = np.array([PLACE_CODES.get(str(name), "") for name in kind], dtype="<U3")
    code = np.where(kind == "connected", np.where(long_term, "U1", "U3"), code)
    code = np.where(np.isin(kind, ["own_foster", "agency_foster"]), np.where(long_term, "U4", "U6"), code)
    # Registered supported accommodation has a code of its own since it must be registered.
    return np.where((kind == "supported") & (end <= SUPPORTED_REGISTERED_FROM), "H5", code)


def _provider_codes(homes: Whereabouts, register: Register) -> Texts:
    of_sector = np.array([SECTOR_CODES.get(str(sector), "PR4") for sector in register.sector])
    of_setting = of_sector[homes.setting] if len(of_sector) else np.full(len(homes.kind), "PR4")
    of_setting = np.where(homes.setting == NONE, "PR4", of_setting)
    fixed = np.array([PROVIDER_CODES.get(str(kind), "") for kind in homes.kind])
    return np.where(fixed == "", of_setting, fixed)


def _ends(children: Children, stays: Stays, current: Bools) -> dict[str, Texts]:
    """Why each placement ended: the reason for leaving care, or X1 with the reason for the change."""
    last = np.append(stays.child[1:] != stays.child[:-1], True)
    left = last & ~current
    return {
        "end_reason": np.where(current, "", np.where(left, stays.reason, "X1")),
        "change_reason": np.where(current | last, "", stays.reason),
    }
