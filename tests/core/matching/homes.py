"""A fixed child, fixed homes and seeded markets for the tests of matching. All synthetic."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from rightplace.core.geography import Located, Point, Precision
from rightplace.core.matching.explained import Match
from rightplace.core.matching.market import market_of
from rightplace.core.matching.policy import DEFAULT_POLICY, Policy
from rightplace.core.matching.profile import Child, Need, Option, PreferredPlace, Referral, Terms, UnsafePlace
from rightplace.core.matching.ranking import Ranking, rank_market
from rightplace.core.matching.vocabulary import (
    RISKS,
    Criterion,
    Grade,
    HomeKind,
    LivingCompanions,
    NeedKind,
    PlacePurpose,
)

CROYDON = Point(51.3727, -0.1099)
SUTTON = Point(51.3618, -0.1945)
BRIGHTON = Point(50.8225, -0.1372)


def referral(**changes: Any) -> Referral:
    """A girl of 12 from Croydon with two needs, wanted in a foster home near school."""
    made = Referral(
        children=(Child(12, "F", "child-1"),),
        starts_on=date(2026, 3, 2),
        suitability={"foster": "preferred", "residential": "suitable", "supported": "unsuitable"},
        needs=(Need("self_harm", 3), Need("autism", 1)),
        preferred_places=(PreferredPlace(CROYDON, 10, PlacePurpose.SCHOOL),),
    )
    return replace(made, **changes)


def option(**changes: Any) -> Option:
    """A foster home in Sutton that takes one more child and knows about self-harm."""
    made = Option(
        key="carer-1",
        name="Carer 1",
        kind=HomeKind.FOSTER,
        skills=frozenset({"self_harm"}),
        located=Located(SUTTON, Precision.SECTOR),
        grade=Grade.GOOD,
        graded_on=date(2025, 9, 1),
    )
    return replace(made, **changes)


def ranked(wanted: Referral, homes: list[Option], **more: Any) -> Ranking:
    """These homes ranked."""
    return rank_market(wanted, market_of(homes), **more)


def fit(wanted: Referral, home: Option, policy: Policy = DEFAULT_POLICY) -> Match:
    """How one home fits, whether it may be asked or not."""
    return ranked(wanted, [home], policy=policy).explain(0)


def some_homes(count: int, seed: int = 1) -> list[Option]:
    """So many homes of all kinds, some of them full, unregistered, far away, or with children who bar others."""
    chance = random.Random(seed)
    return [_some_home(f"home-{index:05d}", chance) for index in range(count)]


def _some_home(key: str, chance: random.Random) -> Option:
    needs = [kind.value for kind in NeedKind]
    skills = [frozenset(chance.sample(needs, chance.randrange(12))) for _ in range(2)]
    known = chance.sample([one.value for one in Criterion], 10)
    near = Located(Point(51.3 + chance.random() / 3, chance.random() / 2 - 0.4), Precision.SECTOR)
    return option(
        key=key, kind=chance.choice(list(HomeKind)), is_own=chance.random() < 0.3, skills=skills[0], experience=skills[1],
        features=frozenset(known[:6]), lacks=frozenset(known[6:]), located=None if chance.random() < 0.1 else near,
        grade=chance.choice(list(Grade)), graded_on=date(2026, 1, 1) - timedelta(days=chance.randrange(2_000)),
        places_free=chance.randrange(4), price_pence_week=chance.choice((None, 40_000, 90_000, 300_000, 700_000)),
        frees_on=chance.choice((None, None, date(2026, 3, 1), date(2026, 4, 1))), has_pets=chance.choice((True, False, None)),
        terms=Terms(chance.choice((0, 5, 13)), chance.choice((12, 17)), exemption_total=chance.choice((0, 4))),
        children_there=tuple(_some_child(chance, f"{key}-{at}") for at in range(chance.randrange(4))),
        suspended=chance.choice(("",) * 9 + ("late notice",)), is_on_framework=chance.choice((None, True, False)),
        languages=frozenset(chance.sample(("Somali", "Polish", "English"), 1)), is_one_sex=chance.random() < 0.2,
    )  # fmt: skip


def _some_child(chance: random.Random, reference: str) -> Child:
    risks = [
        frozenset({chance.choice(RISKS).value}) if chance.random() < 0.2 else frozenset() for _ in range(2)
    ]
    companions = (
        chance.choice(list(LivingCompanions)) if chance.random() < 0.1 else LivingCompanions.NO_PREFERENCE
    )
    return Child(chance.randrange(3, 17), chance.choice("MFU"), reference, companions, *risks)


def some_referral(seed: int) -> Referral:
    """A referral for one to three children that asks for something of everything, or for little."""
    chance = random.Random(seed)
    needs = chance.sample([kind.value for kind in NeedKind], chance.randrange(5))
    criteria = chance.sample([one.value for one in Criterion], 4)
    near = Point(51.3 + chance.random() / 3, chance.random() / 2 - 0.4)
    many = chance.choice((1, 1, 2, 3))
    return referral(
        children=tuple(Child(chance.randrange(2, 18), chance.choice("MFU"), f"child-{at}") for at in range(many)),
        needs=tuple(Need(code, chance.randrange(1, 4)) for code in needs),
        essential=frozenset(criteria[: chance.randrange(3)]), desirable=frozenset(criteria[2:]),
        preferred_places=tuple(
            PreferredPlace(near, chance.choice((0, 5, 20)), purpose) for purpose in chance.sample(list(PlacePurpose), 2)
        ),
        unsafe_places=(UnsafePlace(near, 2),) if chance.random() < 0.3 else (),
        living_companions=chance.choice(list(LivingCompanions)), pets=chance.choice(("no", "must", "can")),
        languages=frozenset({"Somali"}) if chance.random() < 0.5 else frozenset(),
        ceiling_pence_week=chance.choice((None, 500_000)), siblings_together=chance.random() < 0.8,
        sibling_references=frozenset({f"home-0000{chance.randrange(5)}-0"}) if chance.random() < 0.3 else frozenset(),
    )  # fmt: skip
