"""The market of the demo: the real registered settings, with synthetic profiles, prices and a framework.

Registration, owner, places, grade and area are Ofsted's. What a provider would add of itself (ages taken, skills,
vacancies, a price to start from) is synthetic, and no statement about that provider.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from rightplace.core.matching.vocabulary import NeedKind, Registration
from rightplace.demo.chance import Floats, Generator, Ints, Texts, miles, picked
from rightplace.demo.copying import copy_rows, update_rows
from rightplace.demo.homes import Market
from rightplace.demo.prices import mean_pounds_a_week
from rightplace.exchange.ofsted.loading import import_ofsted
from rightplace.exchange.ofsted.packaged import PACKAGED
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.organisations.models import Provider
from rightplace.register.frameworks.models import Framework, Lot, LotMember
from rightplace.register.providers.models import Setting

FRAMEWORK = "South London placements (demonstration)"
REGIONS = ("London", "South East")
LOTS = {"foster": "Fostering", "residential": "Children's homes", "supported": "Supported accommodation"}
PRICED_AS = {"foster": "agency_foster", "residential": "home", "supported": "supported"}
MIDDLE = (51.43, -0.10)
REACH_MILES = 60.0
OWN_SECTOR = "Local Authority"
HOME_SKILLS = (
    NeedKind.SELF_HARM, NeedKind.GOING_MISSING, NeedKind.BEHAVIOUR, NeedKind.TRAUMA, NeedKind.AUTISM,
    NeedKind.LEARNING_DISABILITY, NeedKind.CRIMINAL_EXPLOITATION, NeedKind.SEXUAL_EXPLOITATION,
    NeedKind.MENTAL_HEALTH, NeedKind.DRUGS_ALCOHOL, NeedKind.HARM_TO_OTHERS, NeedKind.ADHD,
    NeedKind.EDUCATION, NeedKind.EMOTIONAL, NeedKind.ATTACHMENT, NeedKind.INDEPENDENCE, NeedKind.ASYLUM,
)  # fmt: skip
SECTORS_ON_THE_LOTS = 70


@dataclass(frozen=True, slots=True)
class Register:
    """Columns of the settings that the consortium might use; `own_urn` is each borough's own service."""

    market: Market
    provider: Ints
    urn: Texts
    sector: Texts
    own_urn: dict[str, str]


def import_register(now: datetime, regions: tuple[str, ...] = REGIONS) -> None:
    """Bring in the packaged register of providers, of London and the South East unless of less."""
    import_ofsted(by=system_actor(), now=now, path=PACKAGED, regions=regions).done()


def read_register() -> Register:
    """The settings that are registered within reach, in order of URN; own fostering services apart."""
    found = Setting.objects.filter(status=Registration.ACTIVE, latitude__isnull=False)
    columns = found.order_by("urn").values_list(
        "pk", "kind", "places", "latitude", "longitude", "provider_id", "urn", "sector", "local_authority"
    )
    rows = list(columns)
    own = {row[8]: row[6] for row in rows if row[1] == "foster" and row[7] == OWN_SECTOR}
    used = [row for row in rows if row[7] != OWN_SECTOR and _is_in_reach(row[3], row[4])]
    key, kind, places, latitude, longitude, provider, urn, sector, _ = zip(*used, strict=True)
    return Register(
        market=Market(
            np.array(key), np.array(kind), np.array([number or 0 for number in places]),
            np.array(latitude, dtype=float), np.array(longitude, dtype=float),
        ),
        provider=np.array(provider),
        urn=np.array(urn),
        sector=np.array(sector),
        own_urn=own,
    )  # fmt: skip


def _is_in_reach(latitude: float | None, longitude: float | None) -> bool:
    if latitude is None or longitude is None:
        return False
    return bool(miles(*MIDDLE, latitude, longitude) <= REACH_MILES)


def add_profiles(rng: Generator, register: Register, now: datetime) -> None:
    """What each provider says of its settings: ages, sexes, skills, vacancies and a price to start from."""
    market = register.market
    rows = np.flatnonzero(np.isin(market.kind, list(LOTS)))
    kind = market.kind[rows]
    youngest, oldest = _ages(rng, kind)
    said = [now - timedelta(days=int(days)) for days in rng.integers(0, 120, len(rows))]
    vacancies = np.where(market.places[rows] > 0, rng.binomial(np.maximum(market.places[rows], 1), 0.2), 1)
    update_rows(
        Setting,
        market.key[rows],
        {
            "min_age": youngest,
            "max_age": oldest,
            "sexes": np.array(["", "F", "M"])[picked(rng, [0.82, 0.09, 0.09], len(rows))],
            "skills": _skills(rng, len(rows)),
            "languages": [["English"]] * len(rows),
            "is_solo": (kind == "residential") & (market.places[rows] == 1),
            "vacancies_stated": vacancies,
            "vacancies_stated_at": said,
            "weekly_from_pence": _from_pence(rng, kind),
            "profile_at": said,
        },
    )


def _ages(rng: Generator, kind: Texts) -> tuple[Ints, Ints]:
    low = np.array([7, 8, 10, 11])[rng.integers(0, 4, len(kind))]
    youngest = np.where(kind == "residential", low, np.where(kind == "supported", 16, 0))
    return youngest, np.full(len(kind), 17)


def _skills(rng: Generator, number: int) -> list[list[str]]:
    chosen = rng.random((number, len(HOME_SKILLS))) < 0.45
    return [[skill.value for skill, has in zip(HOME_SKILLS, row, strict=True) if has] for row in chosen]


def _from_pence(rng: Generator, kind: Texts) -> Ints:
    mean = np.array([mean_pounds_a_week(PRICED_AS[str(name)]) for name in kind])
    pounds: Floats = mean * rng.lognormal(-0.02, 0.2, len(kind)) * 0.9
    return (np.round(pounds / 5) * 500).astype(np.int64)


def add_framework(rng: Generator, consortium_id: int, register: Register, today: date) -> None:
    """A framework with a lot for each kind of home; the providers that are used most stand on it."""
    starts_on = today.replace(day=1) - timedelta(days=500)
    framework = Framework.objects.create(
        consortium_id=consortium_id,
        name=FRAMEWORK,
        route="open_framework",
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=8 * 365),
    )
    for kind, name in LOTS.items():
        lot = Lot.objects.create(framework=framework, name=name, kind=kind)
        members = providers_of(register, kind)[:SECTORS_ON_THE_LOTS]
        ceiling = _from_pence(rng, np.full(len(members), kind)) * 12 // 10 // 500 * 500
        copy_rows(
            LotMember,
            {"lot": lot.pk, "provider": members, "ceiling_pence_week": ceiling, "starts_on": starts_on},
        )


def providers_of(register: Register, kind: str) -> list[int]:
    """Keys of the providers of a kind of home, those with most settings nearest to the middle first."""
    rows = np.flatnonzero(register.market.kind == kind)
    away = miles(*MIDDLE, register.market.latitude[rows], register.market.longitude[rows])
    weight: dict[int, float] = {}
    for provider, distance in zip(register.provider[rows].tolist(), away.tolist(), strict=True):
        weight[provider] = weight.get(provider, 0.0) + float(np.exp(-distance / 10))
    return sorted(weight, key=lambda provider: (-weight[provider], provider))


def providers_with_people(register: Register) -> list[Provider]:
    """The real providers whose (synthetic) people can sign in: four fostering, four of homes, three supported."""
    chosen: dict[int, None] = {}
    for kind, number in (("foster", 4), ("residential", 4), ("supported", 3)):
        wanted = number + len(chosen)
        for provider in providers_of(register, kind):
            if len(chosen) < wanted:
                chosen[provider] = None
    by_key: dict[Any, Provider] = Provider.objects.in_bulk(list(chosen))
    return [by_key[key] for key in chosen]
