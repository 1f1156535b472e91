"""Questions about the market: registered settings as options for a search, the homes with their history, a provider's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from rightplace.core.geography import Located, Point
from rightplace.core.matching.profile import Child, Option, Terms
from rightplace.core.matching.vocabulary import Criterion, Grade, HomeKind, Registration, Sex
from rightplace.foundation.safeguards.hiding import shared_concerns
from rightplace.register.located import precision
from rightplace.register.occupancy import places_taken, residents
from rightplace.register.providers.models import Condition, Hold, Setting

FIGURE_HOLDS_FOR = timedelta(days=28)
"""For how long a provider's own figure of vacancies is taken before it is too old to leave a home out."""

ROOM_NOT_KNOWN = 9
"""Places taken as free where neither the register nor the provider states any: ask, never leave out."""

_COLUMNS = (
    "id", "provider_id", "kind", "name", "status", "places", "latitude", "longitude", "located_by", "grade", "graded_on",
    "is_short_break_only", "min_age", "max_age", "sexes", "skills", "languages", "faiths", "has_pets", "is_adapted",
    "vacancies_stated", "vacancies_stated_at", "weekly_from_pence",
)  # fmt: skip
_KEY = "setting"
_STATUSES = {
    "active": Registration.ACTIVE,
    "registered": Registration.ACTIVE,
    "suspended": Registration.SUSPENDED,
    "proposed": Registration.PENDING,
    "application": Registration.PENDING,
    "pending": Registration.PENDING,
}
_GRADES = {
    "outstanding": Grade.OUTSTANDING,
    "good": Grade.GOOD,
    "requires improvement": Grade.REQUIRES_IMPROVEMENT,
    "inadequate": Grade.INADEQUATE,
    "consistently strong": Grade.CONSISTENTLY_STRONG,
    "inconsistent": Grade.INCONSISTENT,
    "serious": Grade.SERIOUS_WEAKNESSES,
}


def key_of(setting_id: int) -> str:
    """The key by which matching knows a setting."""
    return f"{_KEY}:{setting_id}"


@dataclass(frozen=True, slots=True)
class MarketHome:
    """A registered setting as an option, with whose it is and whether it takes children for short breaks only."""

    option: Option
    setting_id: int
    provider_id: int
    is_short_break_only: bool


def grade_of(words: str) -> Grade:
    """The judgement a register's words state; not yet inspected when they state none."""
    plain = words.replace("_", " ").strip().lower()
    return next((grade for start, grade in _GRADES.items() if plain.startswith(start)), Grade.NOT_INSPECTED)


def registration_of(status: str) -> Registration:
    """Whether a register's status lets a home take children; an unknown word does not."""
    return _STATUSES.get(status.strip().lower(), Registration.ENDED)


def options(on: date) -> list[Option]:
    """Every registered home of a kind that can be searched for, as matching sees it on a day."""
    return [home.option for home in market(on)]


def market(on: date, authority: int | None = None) -> list[MarketHome]:
    """Every registered home that can be searched for, with whose it is.

    Places free are the registered places (or a condition's lower limit) less the places taken that night, or the
    provider's own figure where that is lower and not older than 28 days. Four reads whatever the number of homes.
    `authority` adds which of its own children live there, so that brothers and sisters are kept together.
    """
    taken, holds, limits = places_taken(on), _holds(on), _conditions(on)
    there: dict[int, list[Child]] = defaultdict(list)
    for one in residents(authority, on) if authority else ():
        if one.setting_id is not None:
            there[one.setting_id].append(Child(one.age, one.sex, one.reference))
    rows = Setting.objects.filter(kind__in=[str(kind) for kind in HomeKind], closed_on__isnull=True).order_by(
        "id"
    )
    facts = (dict(zip(_COLUMNS, row, strict=True)) for row in rows.values_list(*_COLUMNS))
    return [_home(row, taken, holds, limits, there, on) for row in facts]


def _holds(on: date) -> dict[tuple[int, str], str]:
    shared = shared_concerns(Hold.objects.filter(starts_on__lte=on))
    rows = shared.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on))
    return {(row[0], row[1]): row[2].rstrip(".") for row in rows.values_list("setting_id", "kind", "reason")}


def _conditions(on: date) -> dict[int, list[Condition]]:
    found: dict[int, list[Condition]] = defaultdict(list)
    rows = Condition.objects.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=on))
    for row in rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on)).order_by("id"):
        found[row.setting_id].append(row)
    return found


def _home(
    row: dict[str, Any],
    taken: Mapping[int, int],
    holds: Mapping[tuple[int, str], str],
    limits: Mapping[int, list[Condition]],
    there: Mapping[int, list[Child]],
    on: date,
) -> MarketHome:
    conditions, skills = limits.get(row["id"], []), frozenset(row["skills"])
    terms, kind = _terms(row, conditions), HomeKind(row["kind"])
    option = Option(
        key=key_of(row["id"]),
        name=row["name"],
        kind=kind,
        registration=registration_of(row["status"]),
        terms=terms,
        places_free=_places_free(row, terms, taken.get(row["id"], 0), on),
        # An agency's other carers are not this home: only a building's children live beside one another.
        children_there=() if kind == HomeKind.FOSTER else tuple(there.get(row["id"], ())),
        skills=skills,
        features=skills & frozenset(Criterion),
        languages=frozenset(row["languages"]),
        faiths=frozenset(row["faiths"]),
        has_pets=row["has_pets"],
        adaptations=frozenset() if row["is_adapted"] is False else None,
        located=_located(row),
        grade=grade_of(row["grade"]),
        graded_on=row["graded_on"],
        price_pence_week=row["weekly_from_pence"],
        suspended=holds.get((row["id"], "suspension"), ""),
        concern=holds.get((row["id"], "concern"), ""),
        conditions=tuple(condition.words for condition in conditions),
    )
    return MarketHome(option, row["id"], row["provider_id"], row["is_short_break_only"])


def _terms(row: dict[str, Any], conditions: list[Condition]) -> Terms:
    return Terms(
        youngest=max([row["min_age"], *(c.min_age for c in conditions if c.min_age is not None)]),
        oldest=min([row["max_age"], *(c.max_age for c in conditions if c.max_age is not None)]),
        sexes=frozenset({row["sexes"]} - {""}) or frozenset({Sex.MALE, Sex.FEMALE}),
        places=min(
            (p for p in (row["places"], *(c.max_places for c in conditions)) if p is not None), default=None
        ),
    )


def _places_free(row: dict[str, Any], terms: Terms, taken: int, on: date) -> int:
    stated, stated_at = row["vacancies_stated"], row["vacancies_stated_at"]
    is_fresh = stated is not None and stated_at is not None and on - stated_at.date() <= FIGURE_HOLDS_FOR
    derived = None if terms.places is None else max(terms.places - taken, 0)
    known = [figure for figure in (derived, stated if is_fresh else None) if figure is not None]
    return min(known, default=ROOM_NOT_KNOWN)


def _located(row: dict[str, Any]) -> Located | None:
    if row["latitude"] is None or row["longitude"] is None:
        return None
    return Located(Point(row["latitude"], row["longitude"]), precision(row["located_by"]))


def settings(kinds: tuple[str, ...] = ()) -> QuerySet[Setting]:
    """Every setting on the register with who owns it; shared facts, the same for every authority."""
    rows = Setting.objects.select_related("provider").order_by("name", "id")
    return rows.filter(kind__in=kinds) if kinds else rows
