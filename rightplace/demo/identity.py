"""Names, addresses, languages and schools of people who do not exist.

Names come from mimesis (British English), seeded. Every full postcode ends in ZZ: its sector is real, so that
distances mean something, and no house is. E-mail addresses end in example.org, which is reserved.
"""

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
from mimesis import Address, Person
from mimesis.enums import Gender
from mimesis.locales import Locale

from rightplace.demo.calibration import sectors
from rightplace.demo.chance import Floats, Generator, Ints, Texts, picked
from rightplace.demo.people import Children

SYNTHETIC_UNIT = "ZZ"
UNIT_OF_PLACEMENTS = "ZY"
LANGUAGES = {
    "OOTH": (("Kurdish", 5), ("Arabic", 3), ("Farsi", 3)),
    "AOTH": (("Pashto", 5), ("Dari", 3), ("Vietnamese", 3)),
    "BAFR": (("Tigrinya", 4), ("Arabic", 3), ("Amharic", 2)),
    "WOTH": (("Albanian", 1),),
}
HOME_LANGUAGES = {"ABAN": "Bengali", "APKN": "Urdu", "WOTH": "Polish", "BAFR": "Somali"}
FAITHS = {
    "W": (("", 6), ("Christian", 4)),
    "M": (("", 6), ("Christian", 3), ("Muslim", 1)),
    "A": (("Muslim", 6), ("Hindu", 2), ("", 2)),
    "B": (("Christian", 6), ("Muslim", 2), ("", 2)),
    "O": (("Muslim", 6), ("", 4)),
    "N": (("", 1),),
}
SCHOOL_NAMES = (
    "Hollybank", "Meadowside", "St Brannock's", "Larkfield", "Priory Road", "Ashgrove",
    "Windmill Lane", "Kingfisher", "Oakhurst", "Millstream", "Thornbury Park", "Beacon Hill",
)  # fmt: skip
UNDER_SCHOOL_AGE = 4
SECONDARY_AGE = 11
SIBLING_CHANCE, LARGEST_FAMILY = 0.45, 4


@dataclass(frozen=True, slots=True)
class Identities:
    """Columns beside `Children`, one row a child; `family` is the same number for brothers and sisters."""

    first_name: Texts
    last_name: Texts
    language: Texts
    faith: Texts
    postcode: Texts
    school_name: Texts
    school_postcode: Texts
    family: Ints


def identities(rng: Generator, children: Children, family: Ints, today: date) -> Identities:
    """Names and circumstances of each child; brothers and sisters share a surname and a home."""
    number = len(children)
    person = _person(rng)
    boys, girls = _first_names(person, Gender.MALE), _first_names(person, Gender.FEMALE)
    surnames = np.array([person.surname() for _ in range(int(family.max()) + 1)])
    first = np.where(
        children.sex == "M",
        boys[rng.integers(0, len(boys), number)],
        girls[rng.integers(0, len(girls), number)],
    )
    home = children.home_sector
    ages = (np.datetime64(today, "D") - children.born_on).astype(int) / 365.25
    school_name, school_postcode = _schools(rng, ages, home)
    return Identities(
        first_name=first,
        last_name=surnames[family],
        language=_languages(rng, children),
        faith=_faiths(rng, children.ethnicity),
        postcode=postcodes(home),
        school_name=school_name,
        school_postcode=school_postcode,
        family=family,
    )


def carer_names(rng: Generator, number: int) -> Texts:
    """Names of carers: a couple of one surname, or one carer alone."""
    person = _person(rng)
    women, men = _first_names(person, Gender.FEMALE), _first_names(person, Gender.MALE)
    surnames = np.array([person.surname() for _ in range(400)])[rng.integers(0, 400, number)]
    shapes = picked(rng, [0.6, 0.34, 0.06], number)
    one, two = women[rng.integers(0, len(women), number)], men[rng.integers(0, len(men), number)]
    names = [
        f"{a} and {b} {s}" if shape == 0 else f"{a if shape == 1 else b} {s}"
        for a, b, s, shape in zip(one, two, surnames, shapes, strict=True)
    ]
    return np.array(names)


def addresses(rng: Generator, number: int) -> list[str]:
    """Street addresses that mimesis makes up."""
    maker = Address(Locale.EN_GB, seed=int(rng.integers(0, 2**31)))
    return [maker.address() for _ in range(number)]


def staff_names(rng: Generator, number: int) -> list[tuple[str, str]]:
    """First names and surnames, each pair different."""
    person = _person(rng)
    names: dict[tuple[str, str], None] = {}
    while len(names) < number:
        names[(person.first_name(), person.surname())] = None
    return list(names)


def postcodes(sector: Ints, unit: str = SYNTHETIC_UNIT) -> Texts:
    """A full postcode made up in each sector; that of a placement ends otherwise than that of a home."""
    names = np.array([f"{name}{unit}" for name in sectors().names])
    found: Texts = names[sector]
    return found


def nearest_sectors(latitude: Floats, longitude: Floats) -> Ints:
    """The postcode sector (row) whose centre lies nearest to each place; -1 where the place is not known."""
    places = sectors()
    found = np.full(len(latitude), -1, dtype=np.int64)
    for row in np.flatnonzero(~np.isnan(latitude)):
        east = (places.longitude - longitude[row]) * np.cos(np.radians(latitude[row]))
        found[row] = int(np.argmin((places.latitude - latitude[row]) ** 2 + east**2))
    return found


def _person(rng: Generator) -> Person:
    return Person(Locale.EN_GB, seed=int(rng.integers(0, 2**31)))


def _first_names(person: Person, gender: Gender) -> Texts:
    return np.array([person.first_name(gender=gender) for _ in range(600)])


def at_home_together(rng: Generator, children: Children) -> tuple[Children, Ints]:
    """The same children, brothers and sisters with one home; and the family of each."""
    family = _families(rng, children)
    return replace(children, home_sector=children.home_sector[family]), family


def _families(rng: Generator, children: Children) -> Ints:
    """Brothers and sisters: some children of a borough and heritage who came into care at about one time.

    The number of a family is the row of its first child; four is the most.
    """
    number = len(children)
    heritage = np.char.ljust(children.ethnicity, 1).astype("<U1")
    order = np.lexsort((children.entered_on, heritage, children.borough))
    family, size = np.arange(number), np.ones(number, dtype=int)
    likely = rng.random(number) < SIBLING_CHANCE
    for before, after in pairwise(order.tolist()):
        head = family[before]
        if (
            likely[after]
            and size[head] < LARGEST_FAMILY
            and _may_be_siblings(children, heritage, before, after)
        ):
            family[after] = head
            size[head] += 1
    return family


def _may_be_siblings(children: Children, heritage: Texts, one: int, other: int) -> bool:
    if children.borough[one] != children.borough[other] or heritage[one] != heritage[other]:
        return False
    if children.is_unaccompanied[one] or children.is_unaccompanied[other]:
        return False
    apart = abs(int((children.born_on[one] - children.born_on[other]).astype(int)))
    entered = abs(int((children.entered_on[one] - children.entered_on[other]).astype(int)))
    return 300 < apart < 3_650 and entered < 40


def _languages(rng: Generator, children: Children) -> Texts:
    chosen = np.full(len(children), "English", dtype="<U20")
    for row in np.flatnonzero(children.is_unaccompanied):
        options = LANGUAGES.get(str(children.ethnicity[row]), LANGUAGES["OOTH"])
        chosen[row] = _one(rng, options)
    other = rng.random(len(children)) < 0.12
    for code, language in HOME_LANGUAGES.items():
        chosen[other & (children.ethnicity == code) & ~children.is_unaccompanied] = language
    return chosen


def _faiths(rng: Generator, ethnicity: Texts) -> Texts:
    return np.array([_one(rng, FAITHS[str(code)[0]]) for code in ethnicity])


def _one(rng: Generator, options: tuple[tuple[str, int], ...]) -> str:
    return options[int(picked(rng, [weight for _, weight in options], 1)[0])][0]


def _schools(rng: Generator, ages: Any, home: Ints) -> tuple[Texts, Texts]:
    pick = rng.integers(0, len(SCHOOL_NAMES), len(ages))
    kind = np.where(ages >= SECONDARY_AGE, " Academy", " Primary School")
    name = np.char.add(np.array(SCHOOL_NAMES)[pick], kind)
    at_school = (ages >= UNDER_SCHOOL_AGE) & (ages < 17.5)
    return np.where(at_school, name, ""), np.where(at_school, postcodes(home), "")
