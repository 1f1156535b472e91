"""Questions about the market: registered settings as options for a search, the homes with their history, a provider's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from rightplace.core.geography import Located, Point
from rightplace.core.matching.profile import Child, Option, Terms
from rightplace.core.matching.vocabulary import Criterion, Grade, HomeKind, Registration, Sex
from rightplace.foundation.safeguards.hiding import shared_concerns
from rightplace.register.located import precision
from rightplace.register.occupancy import NO_BEDS, Beds, Homes, beds, experience, settled
from rightplace.register.providers.models import Condition, Hold, Setting

FIGURE_HOLDS_FOR = timedelta(days=28)
"""For how long a provider's own figure of vacancies is taken before it is too old to leave a home out."""

ROOM_NOT_KNOWN = 9
"""Places taken as free where neither the register nor the provider states any: ask, never leave out."""

_COLUMNS = (
    "id", "provider_id", "kind", "name", "status", "places", "latitude", "longitude", "located_by", "grade", "graded_on",
    "is_short_break_only", "min_age", "max_age", "sexes", "skills", "languages", "faiths", "has_pets", "is_adapted",
    "vacancies_stated", "vacancies_stated_at", "weekly_from_pence", "transport_weekly_pence", "education_weekly_pence",
    "needs_declined",
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


class MarketHome(NamedTuple):
    """A registered setting as an option, with whose it is."""

    option: Option
    setting_id: int
    provider_id: int


@lru_cache(maxsize=1_000)
def grade_of(words: str) -> Grade:
    """The judgement a register's words state; not yet inspected when they state none."""
    plain = words.replace("_", " ").strip().lower()
    return next((grade for start, grade in _GRADES.items() if plain.startswith(start)), Grade.NOT_INSPECTED)


@lru_cache(maxsize=1_000)
def registration_of(status: str) -> Registration:
    """Whether a register's status lets a home take children; an unknown word does not."""
    return _STATUSES.get(status.strip().lower(), Registration.ENDED)


def market(on: date, ids: Collection[int] | None = None) -> list[MarketHome]:
    """Every registered home that can be searched for (or those of `ids`), with whose it is: what all authorities see alike.

    Places free are the registered places (or a condition's lower limit) less the places taken that night or promised, or
    the provider's own figure where that is lower and not older than 28 days. Three reads whatever the number of homes.
    Who lives there and what holds placements is each authority's own: see `as_seen`.
    """
    facts = _Dated(on, beds(on, ids), _conditions(on, ids))
    rows = Setting.objects.filter(kind__in=[str(kind) for kind in HomeKind], closed_on__isnull=True)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    return [_home(row, facts) for row in rows.order_by("id").values_list(*_COLUMNS)]


def differing(on: date, other: date) -> frozenset[int]:
    """The homes of which `market` may say something else on one day than on another: four reads."""
    first, last = min(on, other), max(on, other)
    before, after = beds(on), beds(other)
    filled = {one for one in before.keys() | after.keys() if before.get(one) != after.get(one)}
    bounds = Q(starts_on__gt=first, starts_on__lte=last) | Q(ends_on__gt=first, ends_on__lte=last)
    bound = Condition.objects.filter(bounds).values_list("setting_id", flat=True)
    # A day more on either side, as the stated moment is of no day in particular until it has a place on the earth.
    span = (first - FIGURE_HOLDS_FOR - timedelta(days=1), last - FIGURE_HOLDS_FOR + timedelta(days=1))
    aging = Setting.objects.filter(vacancies_stated_at__date__range=span).values_list("pk", flat=True)
    return frozenset(filled) | frozenset(bound) | frozenset(aging)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one authority sees of homes beyond the register: its own children there, concerns it may know of, like needs."""

    there: Mapping[int, tuple[Child, ...]]
    holds: Mapping[tuple[int, str], str]
    experience: Mapping[int, frozenset[str]]

    @property
    def setting_ids(self) -> frozenset[int]:
        """The homes about which it sees anything."""
        return (
            frozenset(self.there) | {setting_id for setting_id, _ in self.holds} | frozenset(self.experience)
        )


def seen_by(authority: int, on: date, ids: Collection[int] | None = None) -> Seen:
    """What an authority sees of homes (or of those of `ids`) beyond the register on a day: a fixed number of reads."""
    there: dict[int, tuple[Child, ...]] = {}
    homes = None if ids is None else Homes(setting_ids=frozenset(ids))
    for one in settled(authority, on, homes):
        if one.setting_id is not None:
            there[one.setting_id] = (*there.get(one.setting_id, ()), one.as_child)
    known = experience(authority, on, homes)
    return Seen(there, _holds(on, ids), {at: needs for (_, at), needs in known.items() if at is not None})


def as_seen(option: Option, setting_id: int, seen: Seen) -> Option:
    """A home as one authority sees it."""
    # An agency's other carers are not this home: only a building's children live beside one another.
    there = () if option.kind == HomeKind.FOSTER else seen.there.get(setting_id, ())
    return replace(
        option,
        children_there=there,
        experience=seen.experience.get(setting_id, frozenset()),
        suspended=seen.holds.get((setting_id, "suspension"), ""),
        concern=seen.holds.get((setting_id, "concern"), ""),
    )


def _holds(on: date, ids: Collection[int] | None) -> dict[tuple[int, str], str]:
    shared = shared_concerns(Hold.objects.filter(starts_on__lte=on))
    if ids is not None:
        shared = shared.filter(setting_id__in=ids)
    rows = shared.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on))
    return {(row[0], row[1]): row[2].rstrip(".") for row in rows.values_list("setting_id", "kind", "reason")}


def _conditions(on: date, ids: Collection[int] | None) -> dict[int, list[Condition]]:
    found: dict[int, list[Condition]] = defaultdict(list)
    rows = Condition.objects.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=on))
    if ids is not None:
        rows = rows.filter(setting_id__in=ids)
    for row in rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on)).order_by("id"):
        found[row.setting_id].append(row)
    return found


@dataclass(frozen=True, slots=True)
class _Dated:
    """What holds of homes on a day."""

    on: date
    beds: Mapping[int, Beds]
    conditions: Mapping[int, list[Condition]]


def _home(row: tuple[Any, ...], facts: _Dated) -> MarketHome:
    """A row of `_COLUMNS` as an option; what many homes have alike is made once and shared, so that it takes no room."""
    (pk, provider_id, kind, name, status, places, latitude, longitude, located_by, grade, graded_on, is_short, youngest,
     oldest, sexes, skills, languages, faiths, has_pets, is_adapted, stated, stated_at, pence, transport, education,
     declined) = row  # fmt: skip
    conditions, taken = facts.conditions.get(pk, ()), facts.beds.get(pk, NO_BEDS)
    terms = _terms(youngest, oldest, sexes, places, conditions, tuple(declined))
    made: Any = _Draft()
    made.key, made.name, made.kind = key_of(pk), name, _KINDS[kind]
    made.registration = registration_of(status)
    made.terms, made.conditions = terms, tuple(condition.words for condition in conditions)
    made.places_free = _places_free(stated, stated_at, terms, taken.taken, facts.on)
    made.frees_on, made.frees_places = taken.frees_on, taken.frees_places
    made.skills, made.features = _skills(tuple(skills))
    made.languages, made.faiths, made.has_pets = _set(tuple(languages)), _set(tuple(faiths)), has_pets
    made.adaptations = _NO_ADAPTATIONS if is_adapted is False else None
    made.located = _at(latitude, longitude, located_by)
    made.grade, made.graded_on = grade_of(grade), graded_on
    made.price_pence_week, made.extra_pence_week, made.transport_pence_week = pence, education, transport
    made.is_short_break_only = is_short
    for field, usual in _AS_USUAL:
        setattr(made, field, usual)
    made.__class__ = Option
    return MarketHome(made, pk, provider_id)


_KINDS = {kind.value: kind for kind in HomeKind}
_NO_ADAPTATIONS: frozenset[str] = frozenset()
_SEEN_BY_ONE = (
    "is_own", "children_there", "lacks", "cultures", "suspended", "concern", "experience", "is_on_framework", "is_one_sex",
)  # fmt: skip
_AS_USUAL = tuple((one.name, one.default) for one in fields(Option) if one.name in _SEEN_BY_ONE)
"""What the register does not say of a home."""


class _Draft:
    """An option while it is filled in: the same fields in the same places, so that it becomes one by its class.

    A frozen value's own way takes twelve times as long, and there are 100,000.
    """

    __slots__ = tuple(one.name for one in fields(Option))


_set: Callable[[tuple[str, ...]], frozenset[str]] = lru_cache(maxsize=10_000)(frozenset)


@lru_cache(maxsize=50_000)
def _at(latitude: float | None, longitude: float | None, located_by: str) -> Located | None:
    """Where a home is; most are known to the middle of a postcode sector, which many share."""
    if latitude is None or longitude is None:
        return None
    return Located(Point(latitude, longitude), precision(located_by))


@lru_cache(maxsize=100_000)
def _skills(codes: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Skills, and those of them that are criteria of a home."""
    known = frozenset(codes)
    return known, known & frozenset(Criterion)


def _terms(
    youngest: int,
    oldest: int,
    sexes: str,
    places: int | None,
    conditions: Sequence[Condition],
    declined: tuple[str, ...],
) -> Terms:
    barred, only = declined, tuple[str, ...]()
    if conditions:
        barred = tuple(sorted({*declined, *(code for c in conditions for code in c.needs_barred)}))
        only = tuple(sorted({code for c in conditions for code in c.needs_only}))
        youngest = max([youngest, *(c.min_age for c in conditions if c.min_age is not None)])
        oldest = min([oldest, *(c.max_age for c in conditions if c.max_age is not None)])
        most = [c.max_places for c in conditions if c.max_places is not None]
        places = min([*most, *(() if places is None else (places,))], default=None)
    return _terms_of(youngest, oldest, sexes, places, barred, only)


@lru_cache(maxsize=10_000)
def _terms_of(
    youngest: int,
    oldest: int,
    sexes: str,
    places: int | None,
    barred: tuple[str, ...],
    only: tuple[str, ...],
) -> Terms:
    taken = frozenset({sexes} - {""}) or frozenset({Sex.MALE, Sex.FEMALE})
    return Terms(
        youngest=youngest, oldest=oldest, sexes=taken, places=places, needs_barred=frozenset(barred),
        needs_only=frozenset(only),
    )  # fmt: skip


def _places_free(stated: int | None, stated_at: datetime | None, terms: Terms, taken: int, on: date) -> int:
    derived = None if terms.places is None else max(terms.places - taken, 0)
    if stated is None or stated_at is None or on - timezone.localdate(stated_at) > FIGURE_HOLDS_FOR:
        return ROOM_NOT_KNOWN if derived is None else derived
    return stated if derived is None else min(derived, stated)


def settings(kinds: tuple[str, ...] = ()) -> QuerySet[Setting]:
    """Every setting on the register with who owns it; shared facts, the same for every authority."""
    rows = Setting.objects.select_related("provider").order_by("name", "id")
    return rows.filter(kind__in=kinds) if kinds else rows
