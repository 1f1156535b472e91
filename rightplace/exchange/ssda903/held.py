"""What an authority already holds of the children of a return, in the terms of the import."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rightplace.exchange.ssda903.gathering import ChildFacts
from rightplace.exchange.ssda903.histories import Status, Stay
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.files.models import ImportRun
from rightplace.journey.placements.models import LIVED, Placement
from rightplace.register.children.models import Child, LegalStatus

SOURCE = "ssda903"
_FACTS = tuple(ChildFacts.__slots__)
_AS_THEY_ARE = ("home_postcode", "place_postcode", "start_reason", "end_reason", "change_reason")
_STAY = ("place_code", "provider_code", "urn", *_AS_THEY_ARE)


@dataclass
class Held:
    """A child as held: its id, facts, stays and legal statuses (each with its id)."""

    id: int
    facts: ChildFacts
    stays: list[Stay] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    status_ids: dict[Status, int] = field(default_factory=dict)


def numbers_held(authority_id: int) -> set[str]:
    """The numbers of all children that the authority knows."""
    return set(Child.objects.filter(authority_id=authority_id).values_list("local_number", flat=True))


def numbers_out_of_sight(authority_id: int, numbers: Iterable[str]) -> set[str]:
    """Of these numbers those of children whom the actor may not see: restricted cases, which whoever is named on takes in."""
    with as_system():
        there = numbers_held(authority_id)
    return (there & set(numbers)) - numbers_held(authority_id)


def held_children(authority_id: int, numbers: Iterable[str]) -> dict[str, Held]:
    """The children of these numbers that are held, by number, with their placements and legal statuses."""
    wanted = set(numbers)
    rows = Child.objects.filter(authority_id=authority_id)
    found: dict[str, Held] = {}
    by_id: dict[int, str] = {}
    for pk, number, *facts in rows.values_list("id", "local_number", *_FACTS):
        if number in wanted:
            found[number] = Held(pk, ChildFacts(*facts))
            by_id[pk] = number
    _add_stays(authority_id, found, by_id)
    _add_statuses(authority_id, found, by_id)
    return found


def _add_stays(authority_id: int, found: dict[str, Held], by_id: dict[int, str]) -> None:
    runs = ImportRun.objects.filter(authority_id=authority_id, kind=SOURCE).values_list("id", "as_at")
    years = {pk: as_at.year for pk, as_at in runs if as_at}
    rows = Placement.objects.filter(LIVED, authority_id=authority_id).order_by("id")
    for row in rows.values("id", "child_id", "period", "source", "import_run_id", *_STAY):
        if number := by_id.get(row["child_id"]):
            stay = Stay(
                child=number,
                start=row["period"].lower,
                end=row["period"].upper,
                place=row["place_code"],
                provider=row["provider_code"],
                urn=row["urn"],
                year=years.get(row["import_run_id"], 0),
                id=row["id"],
                is_fixed=row["source"] != SOURCE,
                **{name: row[name] for name in _AS_THEY_ARE},
            )
            found[number].stays.append(stay)


def _add_statuses(authority_id: int, found: dict[str, Held], by_id: dict[int, str]) -> None:
    rows = LegalStatus.objects.filter(authority_id=authority_id).order_by("id")
    for pk, child, code, period in rows.values_list("id", "child_id", "code", "period"):
        if child in by_id:
            held = found[by_id[child]]
            year = max((stay.year for stay in held.stays), default=0)
            status = Status(by_id[child], code, period.lower, period.upper, year)
            held.statuses.append(status)
            held.status_ids[status] = pk
