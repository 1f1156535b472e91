"""Questions about the authority's own foster carers: the households as options for a search, and their capacity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from rightplace.core.geography import Located, Point
from rightplace.core.matching.profile import Child, Option, Terms
from rightplace.core.matching.vocabulary import Criterion, Grade, HomeKind, Registration, Sex
from rightplace.foundation.access.actor import Actor
from rightplace.register.carers.models import Household
from rightplace.register.located import precision
from rightplace.register.occupancy import Homes, Resident, experience, next_free, residents, settled

_COLUMNS = (
    "id", "carers", "status", "latitude", "longitude", "located_by", "skills", "languages", "faiths", "ethnicity",
    "has_pets", "is_adapted", "own_children_ages", "weekly_pence", "unavailable_from", "unavailable_until",
    "transport_weekly_pence", "education_weekly_pence", "needs_declined", "approvals__places", "approvals__min_age",
    "approvals__max_age", "approvals__sexes", "approvals__exemption", "approvals__needs_only", "approvals__needs_barred",
)  # fmt: skip
_KEY = "household"


def key_of(household_id: int) -> str:
    """The key by which matching knows a household."""
    return f"{_KEY}:{household_id}"


def options(authority: int, on: date, ids: Collection[int] | None = None) -> list[Option]:
    """Every household of an authority that has not left (or those of `ids`), as matching sees it on a day.

    Places free are the approved places less the children who live there that night or are promised a place; a household
    without terms of approval on that day, or having left, is not approved (a fixed number of reads, however many).
    """
    there: dict[int, list[Resident]] = defaultdict(list)
    homes = None if ids is None else Homes(household_ids=frozenset(ids))
    for one in settled(authority, on, homes):
        if one.household_id is not None:
            there[one.household_id].append(one)
    rows = Household.objects.filter(authority_id=authority).exclude(status="left")
    rows = rows.filter(approvals__period__contains=on).order_by("id")
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    known = experience(authority, on, homes)
    cells = (dict(zip(_COLUMNS, row, strict=True)) for row in rows.values_list(*_COLUMNS))
    return [_option(row, there, known.get((row["id"], None), frozenset()), on) for row in cells]


def _by_household(everyone: Sequence[Resident]) -> dict[int, list[Child]]:
    found: dict[int, list[Child]] = defaultdict(list)
    for resident in everyone:
        if resident.household_id is not None:
            found[resident.household_id].append(resident.as_child)
    return found


def _option(
    row: dict[str, Any], there: Mapping[int, Sequence[Resident]], known: frozenset[str], on: date
) -> Option:
    residents_there = there.get(row["id"], ())
    living = tuple(one.as_child for one in residents_there)
    frees_on, frees_places = next_free(one.until for one in residents_there)
    skills = frozenset(row["skills"])
    return Option(
        key=key_of(row["id"]),
        name=row["carers"],
        kind=HomeKind.FOSTER,
        is_own=True,
        registration=Registration.ACTIVE,
        terms=_terms(row),
        places_free=max(row["approvals__places"] - len(living), 0),
        children_there=living,
        skills=skills,
        features=skills & frozenset(Criterion),
        languages=frozenset(row["languages"]),
        faiths=frozenset(row["faiths"]),
        cultures=frozenset({row["ethnicity"]} - {""}),
        has_pets=row["has_pets"],
        adaptations=None if row["is_adapted"] else frozenset(),
        located=_located(row),
        grade=Grade.NOT_INSPECTED,
        price_pence_week=row["weekly_pence"],
        extra_pence_week=row["education_weekly_pence"],
        transport_pence_week=row["transport_weekly_pence"],
        experience=known,
        suspended=_not_available(row, on),
        frees_on=frees_on,
        frees_places=frees_places,
    )


def _terms(row: dict[str, Any]) -> Terms:
    sexes = frozenset({row["approvals__sexes"]} - {""}) or frozenset({Sex.MALE, Sex.FEMALE})
    exemption = row["approvals__exemption"]
    return Terms(
        youngest=row["approvals__min_age"],
        oldest=row["approvals__max_age"],
        sexes=sexes,
        places=row["approvals__places"],
        exemption_total=row["approvals__places"] if exemption else 0,
        exemption=exemption,
        needs_barred=frozenset(row["approvals__needs_barred"]) | frozenset(row["needs_declined"]),
        needs_only=frozenset(row["approvals__needs_only"]),
    )


def _located(row: dict[str, Any]) -> Located | None:
    if row["latitude"] is None or row["longitude"] is None:
        return None
    return Located(Point(row["latitude"], row["longitude"]), precision(row["located_by"]))


def _not_available(row: dict[str, Any], on: date) -> str:
    if row["status"] == "on_hold":
        return "the household is on hold"
    start, until = row["unavailable_from"], row["unavailable_until"]
    if (start or until) and (start is None or start <= on) and (until is None or on < until):
        return f"the carers are resting until {until:%-d %B %Y}" if until else "the carers are resting"
    return ""


@dataclass(frozen=True, slots=True)
class HouseholdPlaces:
    """A household with its places tonight: approved, filled, and the ages of who lives there."""

    id: int
    reference: str
    carers: str
    status: str
    district: str
    places: int
    filled: int
    ages_taken: str
    living_ages: tuple[int, ...]
    skills: tuple[str, ...]
    unavailable_from: date | None
    unavailable_until: date | None
    version: int

    @property
    def free(self) -> int:
        """Places nobody lives in tonight."""
        return max(self.places - self.filled, 0)


def households(actor: Actor) -> QuerySet[Household]:
    """The households of the actor's authority, in order of reference."""
    return Household.objects.filter(authority_id=actor.authority_id).order_by("reference", "id")


def with_places(actor: Actor, rows: Sequence[Household], on: date) -> list[HouseholdPlaces]:
    """These households with their places that night: two reads whatever the number."""
    there = _by_household(residents(actor.authority_id or 0, on))
    approvals = _approvals_on([row.pk for row in rows], on)
    return [_places(row, approvals.get(row.pk), there.get(row.pk, [])) for row in rows]


def _approvals_on(ids: Sequence[int], on: date) -> dict[int, Any]:
    from rightplace.register.carers.models import Approval

    return {a.household_id: a for a in Approval.objects.filter(household_id__in=ids, period__contains=on)}


def _places(row: Household, approval: Any, living: list[Child]) -> HouseholdPlaces:
    return HouseholdPlaces(
        id=row.pk,
        reference=row.reference,
        carers=row.carers,
        status=row.status,
        district=row.postcode.partition(" ")[0],
        places=approval.places if approval else 0,
        filled=len(living),
        ages_taken=f"{approval.min_age} to {approval.max_age}" if approval else "no approval",
        living_ages=tuple(sorted(child.age for child in living)),
        skills=tuple(row.skills),
        unavailable_from=row.unavailable_from,
        unavailable_until=row.unavailable_until,
        version=row.version,
    )
