"""Writing the standing books: children with their legal statuses and families, carers with their approvals."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np

from rightplace.core.matching.vocabulary import NeedKind
from rightplace.demo.calibration import sectors
from rightplace.demo.chance import Bools, Floats, Generator, Ints, Texts, picked
from rightplace.demo.copying import copy_rows, ranges
from rightplace.demo.history import Statuses, Stays
from rightplace.demo.homes import NONE, Households, Whereabouts
from rightplace.demo.identity import Identities, addresses, carer_names, postcodes
from rightplace.demo.people import YEAR, Children
from rightplace.demo.prices import OWN_FOSTER_POUNDS
from rightplace.demo.staff import Cast
from rightplace.foundation.access import roles
from rightplace.register.carers.models import Approval, Household
from rightplace.register.children.models import Child, LegalStatus, ReviewingOfficer, Sibling

CARER_SKILLS = (
    NeedKind.EMOTIONAL, NeedKind.ATTACHMENT, NeedKind.TRAUMA, NeedKind.BEHAVIOUR, NeedKind.EDUCATION,
    NeedKind.ADHD, NeedKind.AUTISM, NeedKind.PHYSICAL_HEALTH, NeedKind.LEARNING_DISABILITY, NeedKind.ASYLUM,
    NeedKind.GOING_MISSING, NeedKind.SELF_HARM, NeedKind.INDEPENDENCE, NeedKind.PERSONAL_CARE,
)  # fmt: skip
CARER_LANGUAGES = ("French", "Yoruba", "Polish", "Urdu", "Arabic", "Portuguese", "Twi", "Spanish", "Somali")
CARER_ETHNICITIES = ("WBRI", "BCRB", "BAFR", "WOTH", "APKN", "MWBC", "AIND", "ABAN")
APPROVED_AGES = ((0, 17), (0, 10), (5, 17), (11, 17), (0, 4))
OPEN_END = np.datetime64("NaT", "D")


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of what has been written, in the order of the columns."""

    child: Ints
    household: Ints


def write_children(
    rng: Generator, cast: Cast, children: Children, who: Identities, statuses: Statuses
) -> Ints:
    """Write the children, their legal statuses and their brothers and sisters."""
    authority = np.array([each.pk for each in cast.authorities])[children.borough]
    keys = np.array(
        copy_rows(
            Child,
            {
                "authority": authority,
                "local_number": _local_numbers(cast, children),
                "first_name": who.first_name,
                "last_name": who.last_name,
                "sex": children.sex,
                "born_on": children.born_on,
                "ethnicity": children.ethnicity,
                "upn": _pupil_numbers(children),
                "language": who.language,
                "faith": who.faith,
                "need_code": children.need,
                "is_uasc": children.is_unaccompanied,
                "is_disabled": (children.need == "N2") | (rng.random(len(children)) < 0.08),
                "home_postcode": who.postcode,
                "school_name": who.school_name,
                "school_postcode": who.school_postcode,
                "is_synthetic": True,
                **_case_workers(cast, children),
            },
        )
    )
    _write_statuses(keys, authority, statuses)
    _write_officers(cast, children, keys, authority)
    _write_siblings(keys, authority, who.family)
    return keys


def _pupil_numbers(children: Children) -> list[str]:
    """A made-up pupil number for each child of school age."""
    born = children.born_on.astype("datetime64[Y]").astype(int) + 1970
    newest = int(born.max())
    return [f"A{900_000_000_000 + row}" if year <= newest - 4 else "" for row, year in enumerate(born)]


def _local_numbers(cast: Cast, children: Children) -> list[str]:
    letters = [each.name[:3].upper() for each in cast.authorities]
    return [f"{letters[borough]}{10_001 + row}" for row, borough in enumerate(children.borough)]


def _case_workers(cast: Cast, children: Children) -> dict[str, list[Any]]:
    """The social worker and the team of each child in care; who has left has none."""
    workers: list[Any] = []
    teams: list[Any] = []
    in_care = np.isnat(children.left_on)
    for row, borough in enumerate(children.borough):
        worker = cast.of(cast.authorities[borough].pk, roles.SOCIAL_WORKER, row) if in_care[row] else None
        workers.append(worker.user_id if worker else None)
        teams.append(worker.team_id if worker else None)
    return {"social_worker": workers, "team": teams}


def _write_officers(cast: Cast, children: Children, keys: Ints, authority: Ints) -> None:
    """The reviewing officer of each child in care, by turns, as the director named them when the child came."""
    rows = np.flatnonzero(np.isnat(children.left_on))
    officers = [cast.of(int(authority[row]), roles.REVIEWING_OFFICER, int(row)).user_id for row in rows]
    directors = [cast.of(int(authority[row]), roles.DIRECTOR).user_id for row in rows]
    began = children.entered_on[rows]
    copy_rows(
        ReviewingOfficer,
        {
            "authority": authority[rows],
            "child": keys[rows],
            "user": officers,
            "period": ranges(began, np.full(len(rows), np.datetime64("NaT"), dtype=began.dtype)),
            "named_by": directors,
            "named_at": [datetime.combine(day, time(9), UTC) for day in began.tolist()],
        },
    )


def _write_statuses(keys: Ints, authority: Ints, statuses: Statuses) -> None:
    copy_rows(
        LegalStatus,
        {
            "authority": authority[statuses.child],
            "child": keys[statuses.child],
            "code": statuses.code,
            "period": ranges(statuses.started_on, statuses.ended_on),
        },
    )


def _write_siblings(keys: Ints, authority: Ints, family: Ints) -> None:
    members: dict[int, list[int]] = {}
    for row, number in enumerate(family.tolist()):
        members.setdefault(number, []).append(row)
    pairs = [
        (authority[one], *sorted((keys[one], keys[other])))
        for group in members.values()
        for place, one in enumerate(group)
        for other in group[place + 1 :]
    ]
    if pairs:
        owner, child, sibling = (np.array(column) for column in zip(*pairs, strict=True))
        copy_rows(Sibling, {"authority": owner, "child": child, "sibling": sibling})


def write_households(
    rng: Generator,
    cast: Cast,
    own: Households,
    children: Children,
    stays: Stays,
    homes: Whereabouts,
    today: date,
) -> Ints:
    """Write own carers with their terms of approval, wide enough for the children who live there."""
    number = len(own.borough)
    places = sectors()
    in_use = np.isin(np.arange(number), homes.household[np.isnat(stays.ended_on)])
    authority = np.array([each.pk for each in cast.authorities])[own.borough]
    keys = np.array(
        copy_rows(
            Household,
            {
                "authority": authority,
                "reference": [f"FH-{row + 1:05d}" for row in range(number)],
                "carers": carer_names(rng, number),
                "status": _statuses(rng, own, in_use),
                "address": addresses(rng, number),
                "postcode": postcodes(own.sector),
                "latitude": places.latitude[own.sector],
                "longitude": places.longitude[own.sector],
                "located_by": "sector",
                "has_pets": rng.random(number) < 0.35,
                "is_adapted": rng.random(number) < 0.06,
                "weekly_pence": _weekly(rng, number),
                "is_synthetic": True,
                **_abilities(rng, number),
                **_rests(rng, own, in_use, today),
            },
        )
    )
    _write_approvals(rng, keys, authority, own, children, stays, homes, today)
    return keys


def _statuses(rng: Generator, own: Households, in_use: Bools) -> Texts:
    status = np.where(own.is_connected & ~in_use, "left", "approved")
    resting = ~own.is_connected & ~in_use & (rng.random(len(status)) < 0.12)
    return np.where(resting, "on_hold", status)


def _rests(rng: Generator, own: Households, in_use: Bools, today: date) -> dict[str, Any]:
    """A few households with room are away for some weeks."""
    away = ~own.is_connected & ~in_use & (rng.random(len(in_use)) < 0.15)
    start = np.datetime64(today, "D") + rng.integers(-10, 20, len(away))
    end = start + rng.integers(7, 60, len(away))
    return {
        "unavailable_from": np.where(away, start, OPEN_END),
        "unavailable_until": np.where(away, end, OPEN_END),
    }


def _weekly(rng: Generator, number: int) -> Ints:
    pounds = rng.normal(OWN_FOSTER_POUNDS, 70, number)
    return (np.round(np.clip(pounds, 420, 900) / 5) * 500).astype(np.int64)


def _abilities(rng: Generator, number: int) -> dict[str, Any]:
    some = rng.random((number, len(CARER_SKILLS))) < 0.3
    second = rng.integers(0, len(CARER_LANGUAGES), number)
    speaks = rng.random(number) < 0.3
    faith = np.array(["Christian", "Muslim", "Hindu", ""])[picked(rng, [0.4, 0.15, 0.05, 0.4], number)]
    children_at_home = rng.random(number) < 0.35
    ages = rng.integers(3, 18, (number, 2))
    return {
        "skills": [
            [skill.value for skill, has in zip(CARER_SKILLS, row, strict=True) if has] for row in some
        ],
        "languages": [
            ["English", CARER_LANGUAGES[s]] if b else ["English"] for s, b in zip(second, speaks, strict=True)
        ],
        "faiths": [[str(name)] if name else [] for name in faith],
        "ethnicity": np.array(CARER_ETHNICITIES)[rng.integers(0, len(CARER_ETHNICITIES), number)],
        "own_children_ages": [
            sorted(row.tolist()) if some else [] for row, some in zip(ages, children_at_home, strict=True)
        ],
    }


def _write_approvals(
    rng: Generator,
    keys: Ints,
    authority: Ints,
    own: Households,
    children: Children,
    stays: Stays,
    homes: Whereabouts,
    today: date,
) -> None:
    number = len(keys)
    terms = np.array(APPROVED_AGES)[picked(rng, [0.6, 0.12, 0.12, 0.1, 0.06], number)]
    youngest, oldest, first = _lived_there(number, children, stays, homes, today)
    start = np.where(np.isnat(first), np.datetime64(today, "D") - 400, first - 60)
    copy_rows(
        Approval,
        {
            "authority": authority,
            "household": keys,
            "period": ranges(start, np.full(number, OPEN_END)),
            "places": own.places,
            "min_age": np.where(own.is_connected, 0, np.minimum(terms[:, 0], youngest)).astype(int),
            "max_age": np.where(own.is_connected, 17, np.maximum(terms[:, 1], oldest)).astype(int),
            "exemption": np.where(own.is_connected, "Approved for a named child only", ""),
        },
    )


def _lived_there(
    number: int, children: Children, stays: Stays, homes: Whereabouts, today: date
) -> tuple[Floats, Floats, Any]:
    """The youngest and oldest age of those who live in each household, and when it was first used."""
    youngest, oldest = np.full(number, 17.0), np.zeros(number)
    first = np.full(number, np.datetime64("9999-01-01"))
    there = np.flatnonzero(homes.household != NONE)
    np.minimum.at(first, homes.household[there], stays.started_on[there])
    now = there[np.isnat(stays.ended_on[there])]
    born = children.born_on[stays.child[now]]
    np.minimum.at(youngest, homes.household[now], _years(stays.started_on[now], born))
    np.maximum.at(oldest, homes.household[now], _years(np.datetime64(today, "D"), born))
    return youngest, oldest, np.where(first == np.datetime64("9999-01-01"), OPEN_END, first)


def _years(on: Any, born: Any) -> Floats:
    years: Floats = np.floor((on - born).astype(float) / YEAR)
    return years
