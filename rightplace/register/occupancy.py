"""Who lives where, asked by the registers and answered by the stage of placements, which stands above them.

The registers and the search may not import placements. So placements answers here: `consequences` fills in the
one source, and whoever stands below asks it. Without a source (a part of the product alone) every home is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from rightplace.core.matching.profile import Child
from rightplace.core.matching.vocabulary import LivingCompanions


@dataclass(frozen=True, slots=True)
class Alongside:
    """What others in a home must fit with, as matching reads it of one child.

    `risks` are those that the child carries, `apart_from` references of children who are kept apart from this one.
    """

    companions: str = LivingCompanions.NO_PREFERENCE.value
    risks: frozenset[str] = frozenset()
    not_with_risks: frozenset[str] = frozenset()
    not_with_sexes: frozenset[str] = frozenset()
    apart_from: frozenset[str] = frozenset()


NOTHING_KNOWN = Alongside()


@dataclass(frozen=True, slots=True)
class Resident:
    """A child of the asking authority in a household or setting: whole years of age, sex, opaque reference.

    `until` is the day on which the stay ends, where that is known; `alongside` what others who come must fit with.
    """

    reference: str
    age: int
    sex: str
    household_id: int | None = None
    setting_id: int | None = None
    until: date | None = None
    alongside: Alongside = NOTHING_KNOWN

    @property
    def as_child(self) -> Child:
        """The child as matching reads those who live in a home."""
        known = self.alongside
        return Child(
            self.age, self.sex, self.reference, known.companions, known.risks, known.not_with_risks, known.not_with_sexes,
            known.apart_from,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LikeNeeds:
    """That a home has cared for children of the asking authority with a need: how many, how many nights, how it went.

    `kept_nights` are those of stays that did not break down, `broke_down` how many did.
    """

    household_id: int | None
    setting_id: int | None
    need: str
    children: int
    nights: int
    kept_nights: int
    broke_down: int


@dataclass(frozen=True, slots=True)
class Beds:
    """Places of a home that are taken from a night on, and the known day on which so many come free again."""

    taken: int
    frees_on: date | None = None
    frees_places: int = 0


NO_BEDS = Beds(0)


@dataclass(frozen=True, slots=True)
class Homes:
    """Some households and settings, by number."""

    household_ids: frozenset[int] = frozenset()
    setting_ids: frozenset[int] = frozenset()


class Occupancy(Protocol):
    """What the stage of placements knows of a night."""

    def residents(self, authority_id: int, on: date) -> Iterable[Resident]:
        """The authority's own children, each where they live or are planned to live that night."""

    def places_taken(self, on: date) -> Mapping[int, int]:
        """By setting: how many places are taken that night by children of any authority (a count, never who)."""

    def settled(self, authority_id: int, on: date, homes: Homes | None = None) -> Iterable[Resident]:
        """The authority's own children where they live that night, or are planned to live later; all, or in these homes."""

    def beds(self, on: date, setting_ids: Iterable[int] | None = None) -> Mapping[int, Beds]:
        """By setting: the places taken that night or promised for later, by children of any authority."""

    def like_needs(
        self, authority_id: int, on: date, homes: Homes | None = None, *, seen_only: bool = False
    ) -> Iterable[LikeNeeds]:
        """Which needs homes (all, or these) have cared for with the authority's own children up to a day."""


class _Nobody:
    """Every home is empty."""

    def residents(self, authority_id: int, on: date) -> Iterable[Resident]:
        return ()

    def places_taken(self, on: date) -> Mapping[int, int]:
        return {}

    def settled(self, authority_id: int, on: date, homes: Homes | None = None) -> Iterable[Resident]:
        return ()

    def beds(self, on: date, setting_ids: Iterable[int] | None = None) -> Mapping[int, Beds]:
        return {}

    def like_needs(
        self, authority_id: int, on: date, homes: Homes | None = None, *, seen_only: bool = False
    ) -> Iterable[LikeNeeds]:
        return ()


_source: list[Occupancy] = [_Nobody()]


def answer_by(source: Occupancy) -> None:
    """Let this source answer from now on."""
    _source[:] = [source]


def residents(authority_id: int, on: date) -> tuple[Resident, ...]:
    """The authority's own children with where they live that night."""
    return tuple(_source[0].residents(authority_id, on))


def places_taken(on: date) -> Mapping[int, int]:
    """By setting, how many places are taken that night."""
    return _source[0].places_taken(on)


def settled(authority_id: int, on: date, homes: Homes | None = None) -> tuple[Resident, ...]:
    """The authority's own children with where they live that night or are planned to live later; all, or in these homes."""
    return tuple(_source[0].settled(authority_id, on, homes))


def beds(on: date, setting_ids: Iterable[int] | None = None) -> Mapping[int, Beds]:
    """By setting, the places taken that night or promised for later; of these settings only, where they are named."""
    return _source[0].beds(on, setting_ids)


def next_free(ends: Iterable[date | None]) -> tuple[date | None, int]:
    """The first known day on which a stay ends, and how many end on it."""
    known = sorted(end for end in ends if end is not None)
    return (known[0], known.count(known[0])) if known else (None, 0)


def like_needs(
    authority_id: int, on: date, homes: Homes | None = None, *, seen_only: bool = False
) -> tuple[LikeNeeds, ...]:
    """Which needs homes (all, or these) have cared for with the authority's own children up to a day.

    `seen_only`: only with children whom the actor may see, for a page; matching counts them all.
    """
    return tuple(_source[0].like_needs(authority_id, on, homes, seen_only=seen_only))


ENOUGH_NIGHTS = 28
"""A home has experience with a need from so many nights on, in stays that did not break down."""


def experience(
    authority_id: int, on: date, homes: Homes | None = None
) -> dict[tuple[int | None, int | None], frozenset[str]]:
    """The needs with which homes have experience, by household and setting."""
    found: dict[tuple[int | None, int | None], set[str]] = {}
    for one in like_needs(authority_id, on, homes):
        if one.kept_nights >= ENOUGH_NIGHTS:
            found.setdefault((one.household_id, one.setting_id), set()).add(one.need)
    return {key: frozenset(needs) for key, needs in found.items()}
