"""The simulated market keeps to the hard criteria of matching: its columns against `core/matching`, referral by referral."""

from __future__ import annotations

from datetime import date
from math import cos, radians

import numpy as np
import pytest

from rightplace.core.geography import Located, Point, Precision
from rightplace.core.matching.market import market_of
from rightplace.core.matching.policy import Policy
from rightplace.core.matching.profile import (
    Child,
    Need,
    Option,
    PreferredPlace,
    Referral,
    Terms,
    UnsafePlace,
)
from rightplace.core.matching.ranking import rank_market
from rightplace.core.matching.vocabulary import Adaptation, HomeKind, NeedKind, PlacePurpose, Sex
from rightplace.core.simulation.figures import figure, rows
from rightplace.core.simulation.homes import MILES_NORTH, NEEDS, Homes
from rightplace.core.simulation.pairs import musts_met
from rightplace.core.simulation.referrals import Referrals, steady_state
from rightplace.core.simulation.world import World, made_world

KINDS = (HomeKind.FOSTER, HomeKind.RESIDENTIAL, HomeKind.SUPPORTED)
NEED_CODES = [kind.value for kind in NeedKind][:NEEDS]
SEXES = {1: Sex.FEMALE, 2: Sex.MALE}
ADAPTED = frozenset({Adaptation.WHEELCHAIR.value})
MANY = 60


@pytest.fixture(scope="module")
def world() -> World:
    return made_world(3, 0.1)


def point(east: float, north: float) -> Point:
    """Miles east and north of 51.4° N, 0° E on the flat map of the simulation."""
    return Point(51.4 + north / MILES_NORTH, east / (MILES_NORTH * cos(radians(51.43))))


def codes(mask: int) -> list[str]:
    return [code for place, code in enumerate(NEED_CODES) if mask >> place & 1]


def sexes(mask: int) -> list[Sex]:
    return [sex for bit, sex in SEXES.items() if mask & bit]


def as_option(homes: Homes, row: int) -> Option:
    where = Located(point(float(homes.east[row]), float(homes.north[row])), Precision.SECTOR)
    terms = Terms(int(homes.youngest[row]), int(homes.oldest[row]), frozenset(sexes(int(homes.sexes[row]))))
    return Option(
        key=f"home-{row:05}", name="", kind=KINDS[homes.suits[row]], is_own=bool(homes.kind[row] == 0), terms=terms,
        places_free=int(homes.places[row]), skills=frozenset(codes(int(homes.skills[row]))), located=where,
        adaptations=ADAPTED if homes.adapted[row] else frozenset(),
    )  # fmt: skip


def as_referral(of: Referrals, row: int) -> Referral:
    known = sexes(int(of.sexes[row]))
    children = tuple(Child(int(of.age[row]), known[at % len(known)]) for at in range(of.size[row]))
    kinds = dict.fromkeys(KINDS, "unsuitable") | {KINDS[of.suits[row]]: "preferred"}
    if of.also[row] >= 0:
        kinds[KINDS[of.also[row]]] = "suitable"
    essential = codes(int(of.essential[row]))
    needs = tuple(Need(code, 3 if code in essential else 1) for code in codes(int(of.needs[row])))
    home = point(float(of.east[row]), float(of.north[row]))
    unsafe = (
        point(float(of.unsafe_east[row]), float(of.unsafe_north[row]))
        if np.isfinite(of.unsafe_east[row])
        else None
    )
    return Referral(
        children, date(2026, 3, 2), suitability=kinds, needs=needs, adaptations=ADAPTED if of.needs_adapted[row] else frozenset(),
        preferred_places=(PreferredPlace(home, figure("reach_miles")["no_further"], PlacePurpose.HOME),),
        unsafe_places=(UnsafePlace(unsafe, figure("unsafe_area")["miles"]),) if unsafe else (),
    )  # fmt: skip


def near_a_limit(of: Referrals, row: int, homes: Homes) -> np.ndarray:
    """Homes within a tenth of a mile of a limit: a flat map and a globe may say different things there."""
    far = (
        np.hypot(homes.east - of.east[row], homes.north - of.north[row]) - figure("reach_miles")["no_further"]
    )
    unsafe = np.hypot(homes.east - of.unsafe_east[row], homes.north - of.unsafe_north[row])
    found: np.ndarray = (np.abs(far) < 0.5) | (np.abs(unsafe - figure("unsafe_area")["miles"]) < 0.1)
    return found


def test_who_may_be_asked_is_who_may_be_asked_in_matching(world: World) -> None:
    """Own carers of other authorities apart: they stand in no market but their own."""
    homes, few = world.homes, world.referrals.taken(np.arange(MANY))
    market = market_of([as_option(homes, row) for row in range(len(homes))])
    policy = Policy(must_codes=frozenset({"too_far", "need_unmet"}))
    ours = musts_met(homes, few)
    for row in range(MANY):
        may = np.zeros(len(homes), dtype=bool)
        may[rank_market(as_referral(few, row), market, policy, first=0).rows] = True
        in_market = (homes.kind != 0) | (homes.authority == few.authority[row])
        compared = in_market & ~near_a_limit(few, row, homes)
        assert (ours[row] == may)[compared].all()
        assert not ours[row][~in_market].any()
    assert ours.any(axis=1).sum() > MANY / 2


def test_as_many_children_are_there_as_are_counted() -> None:
    """Foster care, children's homes and other residential settings, supported accommodation: within 3 in 100."""
    kinds = (("Foster",), ("Secure homes", "Other residential"), ("Independent",))
    counted = [
        sum(
            float(row["children"])
            for row in rows("mix.csv")
            if row["table"] == "placement" and row["category"].startswith(names)
        )
        for names in kinds
    ]
    assert counted == pytest.approx([2_563, 444, 372], abs=1)
    assert steady_state()[1] == pytest.approx(counted, rel=0.03)
