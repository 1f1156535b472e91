"""A made-up market and made-up referrals for the benchmark of ranking: seeded, synthetic, about as varied as England's."""

from __future__ import annotations

import random
from datetime import date, timedelta

import numpy as np

from rightplace.core.geography import Located, Point, Precision
from rightplace.core.matching.profile import (
    Child,
    Need,
    Option,
    PreferredPlace,
    Referral,
    Terms,
    UnsafePlace,
)
from rightplace.core.matching.vocabulary import (
    RISKS,
    Criterion,
    Grade,
    HomeKind,
    LivingCompanions,
    NeedKind,
    Pets,
    PlacePurpose,
    Registration,
    Sex,
)

STARTS_ON = date(2026, 3, 2)
TOWNS = 120
LANGUAGES = ("English", "Somali", "Polish", "Urdu", "Arabic", "Kurdish", "Tigrinya", "Romanian")
FAITHS = ("Christian", "Muslim", "Hindu", "Sikh", "None")
CULTURES = ("White British", "Black African", "Black Caribbean", "Pakistani", "Bangladeshi", "Roma")
NEEDS = tuple(kind.value for kind in NeedKind)
CRITERIA = tuple(one.value for one in Criterion)
ONLY_FOR = ("learning_disability", "physical_disability", "autism")


def towns(chance: random.Random) -> list[Point]:
    """So many towns of England, made up."""
    return [Point(50.6 + 4.4 * chance.random(), -3.2 + 4.2 * chance.random()) for _ in range(TOWNS)]


def made_options(many: int, seed: int = 5) -> list[Option]:
    """So many homes: three in five with a free place, one in thirty not registered, and so on."""
    chance = random.Random(seed)
    places = towns(chance)
    sets = [frozenset(chance.sample(NEEDS, 3 + chance.randrange(8))) for _ in range(4_000)]
    known = [_criteria(chance) for _ in range(4_000)]
    order = np.random.default_rng(seed).permutation(many).tolist()
    return [_option(f"home-{order[at]:07d}", chance, places, sets, known) for at in range(many)]


def _criteria(chance: random.Random) -> tuple[frozenset[str], frozenset[str]]:
    some = chance.sample(CRITERIA, 12)
    return frozenset(some[:8]), frozenset(some[8:])


def _option(
    key: str,
    chance: random.Random,
    places: list[Point],
    sets: list[frozenset[str]],
    known: list[tuple[frozenset[str], frozenset[str]]],
) -> Option:
    kind = chance.choices(list(HomeKind), (75, 17, 7, 1))[0]
    draw, town = chance.random(), chance.choice(places)
    features, lacks = chance.choice(known)
    there = tuple(_child(chance, kind) for _ in range(chance.choices((0, 1, 2, 3), (40, 30, 20, 10))[0]))
    is_own = draw < 0.05
    return Option(
        key=key, name=key, kind=kind, is_own=is_own,
        registration=Registration.ENDED if draw > 0.97 else Registration.ACTIVE,
        terms=_terms(chance, kind), places_free=chance.choices((0, 1, 2, 3), (40, 40, 15, 5))[0],
        frees_on=STARTS_ON + timedelta(days=chance.randrange(-30, 90)) if chance.random() < 0.1 else None,
        children_there=there, skills=chance.choice(sets), experience=chance.choice(sets), features=features, lacks=lacks,
        languages=frozenset(chance.sample(LANGUAGES, 1 + chance.randrange(2))),
        faiths=frozenset({chance.choice(FAITHS)}), cultures=frozenset({chance.choice(CULTURES)}),
        has_pets=chance.choice((True, False, None)), adaptations=None if draw < 0.6 else frozenset(),
        located=None if 0.5 < draw < 0.51 else _near(town, chance), grade=chance.choice(list(Grade)),
        graded_on=STARTS_ON - timedelta(days=chance.randrange(2_000)),
        price_pence_week=None if draw < 0.1 else _price(chance, kind),
        suspended="late notice" if 0.2 < draw < 0.21 else "", concern="staffing" if 0.3 < draw < 0.31 else "",
        is_on_framework=None if is_own else chance.random() < 0.6, is_short_break_only=0.4 < draw < 0.42,
        is_one_sex=chance.random() < 0.2,
    )  # fmt: skip


def _near(town: Point, chance: random.Random) -> Located:
    point = Point(town.latitude + chance.gauss(0, 0.08), town.longitude + chance.gauss(0, 0.12))
    return Located(point, Precision.SECTOR)


def _price(chance: random.Random, kind: HomeKind) -> int:
    usual = {HomeKind.FOSTER: 95_000, HomeKind.RESIDENTIAL: 520_000, HomeKind.SUPPORTED: 150_000, HomeKind.SECURE: 920_000}[kind]
    return int(usual * (0.7 + 0.8 * chance.random()))


def _terms(chance: random.Random, kind: HomeKind) -> Terms:
    youngest = 16 if kind == HomeKind.SUPPORTED else chance.choice((0, 0, 5, 8, 10))
    sexes = frozenset({chance.choice((Sex.MALE, Sex.FEMALE))}) if chance.random() < 0.2 else Terms().sexes
    is_conditioned = kind == HomeKind.RESIDENTIAL and chance.random() < 0.3
    return Terms(
        youngest, chance.choice((11, 15, 17, 17)) if youngest < 10 else 17, sexes,
        exemption_total=4 if chance.random() < 0.05 else 0,
        needs_barred=frozenset({chance.choice(NEEDS)}) if chance.random() < 0.1 else frozenset(),
        needs_only=frozenset(ONLY_FOR) if is_conditioned else frozenset(),
    )  # fmt: skip


def _child(chance: random.Random, kind: HomeKind) -> Child:
    companions = LivingCompanions.NO_PREFERENCE
    if chance.random() < 0.1:
        companions = chance.choice((LivingCompanions.ONLY_OLDER, LivingCompanions.ONLY_YOUNGER))
    return Child(
        chance.randrange(16, 18) if kind == HomeKind.SUPPORTED else chance.randrange(3, 17),
        chance.choice((Sex.MALE, Sex.FEMALE)), "", companions,
        frozenset({chance.choice(RISKS).value}) if chance.random() < 0.2 else frozenset(),
        frozenset({chance.choice(RISKS).value}) if chance.random() < 0.1 else frozenset(),
    )  # fmt: skip


def made_referrals(many: int, seed: int = 6) -> list[Referral]:
    """So many referrals, one in six for two or three brothers and sisters."""
    chance = random.Random(seed)
    places = towns(random.Random(5))
    return [_referral(chance, places, number) for number in range(many)]


def _referral(chance: random.Random, places: list[Point], number: int) -> Referral:
    home = _near(chance.choice(places), chance).point
    age = chance.randrange(2, 18)
    many = chance.choices((1, 2, 3), (84, 12, 4))[0]
    children = tuple(
        Child(max(0, age - 2 * at), chance.choice((Sex.MALE, Sex.FEMALE)), f"child-{number}-{at}")
        for at in range(many)
    )
    companions = chance.choices(
        ("no_preference", "with_others", "solo", "only_older", "only_younger"), (50, 30, 8, 7, 5)
    )[0]
    return Referral(
        children=children, starts_on=STARTS_ON,
        suitability={"foster": "preferred", "residential": "suitable", "supported": "suitable" if age > 15 else "unsuitable"},
        needs=tuple(Need(code, chance.choice((1, 1, 2, 3))) for code in chance.sample(NEEDS, 1 + chance.randrange(5))),
        essential=frozenset(chance.sample(CRITERIA, chance.randrange(3))),
        desirable=frozenset(chance.sample(CRITERIA, chance.randrange(3))),
        preferred_places=(
            PreferredPlace(home, 20, PlacePurpose.HOME), PreferredPlace(_near(home, chance).point, 10, PlacePurpose.SCHOOL),
        ),
        unsafe_places=(UnsafePlace(_near(home, chance).point, 3),) if chance.random() < 0.4 else (),
        living_companions=companions, pets=chance.choice((Pets.NOT_KNOWN, Pets.CAN, Pets.NO)),
        languages=frozenset({chance.choice(LANGUAGES)}), faith=chance.choice(FAITHS), culture=chance.choice(CULTURES),
        ceiling_pence_week=700_000 * many if chance.random() < 0.6 else None,
    )  # fmt: skip
