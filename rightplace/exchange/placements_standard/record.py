"""One placement as a record of the standard, from what was recorded once in the request, the choice and the placement. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from rightplace.core.indicators.school_kept import keeps_school
from rightplace.core.matching.vocabulary import (
    RISKS,
    AdditionalSupport,
    CommunicationRequirement,
    CulturalNeeds,
    HomeKind,
    LivingCompanions,
    NeedKind,
    Pets,
    Suitability,
    Term,
    Urgency,
)
from rightplace.core.money import round_half_up
from rightplace.exchange.placements_standard.schema import LEFT_OUT

NOT_INSPECTED = "XXXXXXX"
Record = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Wish:
    """A place that the request names: how far the home is from it (None: unknown), and within how many miles it should be."""

    kind: str
    near: str
    miles: float | None
    limit: float
    is_unsafe: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the home lies as it should; an unknown distance does not."""
        if self.miles is None:
            return False
        return self.miles > self.limit if self.is_unsafe else self.miles <= self.limit


@dataclass(frozen=True, slots=True)
class Agreed:
    """Everything that a record is made from."""

    child_id: int
    urgency: str
    siblings_asked: int
    siblings_placed: int
    wishes: Sequence[Wish]
    school_miles: float | None
    school_within_miles: float
    has_school: bool
    needs: frozenset[str]
    communication: Sequence[str]
    is_adapted: bool
    cultural_needs: str
    companions: str
    pets: str
    support: Sequence[str]
    is_deprived_of_liberty: bool | None
    suitability: tuple[str, str, str]
    weekly_pence: int
    location: str
    urn: str
    home_kind: str
    started_on: date
    referred_by: str
    referred_on: date
    placed_by: str
    chosen_on: date
    costed_by: str
    costed_on: date


def record_of(one: Agreed) -> Record:
    """The record of a placement. A field that may be left out and is not known is not there."""
    return {
        "PlacementAvailability": _availability(one),
        "PlacementRequirements": _requirements(one),
        "PlacementRecommendation": _recommendation(one),
        "Risks": _risks(one),
        "ActualPlacement": _actual(one),
        "QualityAssurance": _assurance(one),
        "extensions": {
            "weeklyCostPence": one.weekly_pence,
            "weeklyCostOn": one.started_on.isoformat(),
            "allAdditionalSupport": _labels(AdditionalSupport, one.support),
            "startedOn": one.started_on.isoformat(),
        },
    }


def _availability(one: Agreed) -> dict[str, Any]:
    near = list(dict.fromkeys(wish.near for wish in one.wishes if not wish.is_unsafe and wish.near))
    found: dict[str, Any] = {"childId": one.child_id, "siblingCount": one.siblings_asked}
    if one.urgency:
        found["neededBy"] = _label(Urgency, one.urgency)
    if near:
        found["preferredLocation"] = ", ".join(near)
    return found


def _requirements(one: Agreed) -> dict[str, Any]:
    ways = _labels(CommunicationRequirement, one.communication)
    found: dict[str, Any] = {
        "communicationNeeds": _communicates(one),
        "specificCommunicationRequirements": ways or ["None"],
        "homeAdaptation": one.is_adapted,
        "culturalNeeds": _label(CulturalNeeds, one.cultural_needs, CulturalNeeds.NOT_KNOWN),
        "livingCompanions": _label(LivingCompanions, one.companions, LivingCompanions.NO_PREFERENCE),
        "pets": _label(Pets, one.pets, Pets.NOT_KNOWN),
    }
    if one.support:
        found["additionalSupport"] = _labels(AdditionalSupport, one.support)[0]
    if one.is_deprived_of_liberty is not None:
        found["deprivationOfLiberty"] = one.is_deprived_of_liberty
    return found


def _communicates(one: Agreed) -> str:
    if NeedKind.COMMUNICATION in one.needs or set(one.communication) - {CommunicationRequirement.NONE}:
        return "Y"
    return "N" if one.communication else "Not Specified"


def _recommendation(one: Agreed) -> dict[str, Any]:
    names = ("fosterCareSuitability", "residentialCareSuitability", "supportedAccommodationSuitability")
    return {
        name: _label(Suitability, code, Suitability.NOT_SPECIFIED)
        for name, code in zip(names, one.suitability, strict=True)
    }


def _risks(one: Agreed) -> dict[str, Any]:
    told = [risk for risk in RISKS if risk.standard not in LEFT_OUT]
    return {risk.standard: "Risk Present" if risk in one.needs else "No known risk" for risk in told}


def _actual(one: Agreed) -> dict[str, Any]:
    return {
        "totalWeeklyCost": round_half_up(Fraction(one.weekly_pence, 100)),
        "placementLocation": one.location,
        "preferabilityLocation": all(wish.is_met for wish in one.wishes),
        "educationContinuity": _goes_on_at_school(one),
        "providerURN": one.urn or NOT_INSPECTED,
        "siblingsPlacedTogether": one.siblings_placed,
        "placementType": _label(HomeKind, one.home_kind),
    }


def _goes_on_at_school(one: Agreed) -> bool:
    """As the indicator counts it (`core.indicators.school_kept`); the standard asks for yes or no, so what is not known is no."""
    if not one.has_school:
        return True
    return one.school_miles is not None and bool(keeps_school(one.school_miles, one.school_within_miles))


def _assurance(one: Agreed) -> dict[str, Any]:
    found = {
        "referralDate": one.referred_on.isoformat(),
        "placementOfficerName": one.placed_by,
        "placementDate": one.chosen_on.isoformat(),
        "costDate": one.costed_on.isoformat(),
    }
    named = {"referralOfficerName": one.referred_by, "costOfficerName": one.costed_by}
    return {**found, **{name: words for name, words in named.items() if words}}


def _label(terms: type[Term], code: str, otherwise: Term | None = None) -> str:
    known = {member.value: member for member in terms}
    term = known.get(code, otherwise)
    return term.standard if term is not None else code


def _labels(terms: type[Term], codes: Sequence[str]) -> list[str]:
    return [member.standard for member in terms if member.value in set(codes)]
