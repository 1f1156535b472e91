"""A request read out of its tables as plain values: for the quality check, for matching and for disclosure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rightplace.core.calendar import age_on, working_days_between
from rightplace.core.checking.request_quality import Quality, check_quality
from rightplace.core.disclosure import Known
from rightplace.core.matching import profile
from rightplace.core.matching.vocabulary import (
    HomeKind,
    LivingCompanions,
    Pets,
    PlacePurpose,
    Suitability,
    Urgency,
)
from rightplace.core.strategy import urgency_of
from rightplace.foundation.reference.calendar import holidays
from rightplace.foundation.reference.codes import meaning
from rightplace.foundation.reference.places import locate
from rightplace.journey.requests.models import PlacementRequest, RequestChild, RequestPlace, SiblingWish
from rightplace.register.children.living_with import kept_with
from rightplace.register.children.models import Child
from rightplace.register.children.queries import known_of, legal_statuses_on, siblings_of

LIVING_PARTS = ("children__child__living_with", "children__child__kept_apart_from", "children__child__kept_apart_by")
PARTS = (
    "children__child__social_worker", "children__needs", "criteria", "outcomes", "places", "sibling_wishes__sibling",
    "comments__by", "quality_checks__by", "pauses", *LIVING_PARTS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A request with every part of it, read with a fixed number of statements."""

    row: PlacementRequest
    asked: tuple[RequestChild, ...]
    siblings: Mapping[int, Sequence[Child]]
    legal_statuses: Mapping[int, str]

    @property
    def children(self) -> tuple[Child, ...]:
        """The children of the request, in its order."""
        return tuple(one.child for one in self.asked)

    @property
    def outside_siblings(self) -> tuple[Child, ...]:
        """Brothers and sisters who are not in the request, each once."""
        inside = {child.pk for child in self.children}
        rows = {one.pk: one for listed in self.siblings.values() for one in listed if one.pk not in inside}
        return tuple(sorted(rows.values(), key=lambda row: (row.born_on, row.pk)))


def read_request(row: PlacementRequest, *, today: date) -> ReadRequest:
    """Read a request's parts; the row should come with `prefetch_related(*PARTS)`."""
    asked = tuple(row.children.all())
    ids = [one.child_id for one in asked]
    return ReadRequest(row, asked, siblings_of(ids), legal_statuses_on(ids, today))


def urgency_on(row: PlacementRequest, today: date) -> Urgency:
    """How urgent a request is: fixed when it was sent; before that by the working days that are left, or today if unknown."""
    if row.urgency:
        return Urgency(row.urgency)
    if row.is_emergency:
        return Urgency.TODAY
    if row.needed_by is None:
        return Urgency.OVER_5_DAYS
    return urgency_of(working_days_between(today, row.needed_by, holidays()))


def quality_of(read: ReadRequest, *, today: date) -> Quality:
    """The quality check of a request as it stands today."""
    return check_quality(record_of(read), urgency_on(read.row, today), today)


def record_of(read: ReadRequest) -> dict[str, Any]:
    """The request under the names that the quality check and the disclosure know."""
    return {**_children(read), **_home(read.row), **_texts(read), **_rows(read)}


def _children(read: ReadRequest) -> dict[str, Any]:
    facts = [
        {
            "date_of_birth": one.born_on,
            "sex": one.sex,
            "language": one.language,
            "faith": one.faith,
            "ethnicity": ethnicity_words(one.ethnicity),
        }
        for one in read.children
    ]
    first = read.children[0] if read.children else None
    statuses = [read.legal_statuses.get(child.pk, "") for child in read.children]
    home = next((place.postcode for place in read.row.places.all() if place.kind == PlacePurpose.HOME), "")
    return {
        "children": facts,
        "legal_status": " ".join(statuses) if statuses and all(statuses) else "",
        "language": read.row.language or (first.language if first else ""),
        "faith": read.row.faith or (first.faith if first else ""),
        "ethnicity": ethnicity_words(first.ethnicity) if first else "",
        "home_postcode": home or (first.home_postcode if first else ""),
        "school_postcode": first.school_postcode if first else "",
        "siblings": [one.pk for one in read.outside_siblings],
    }


def ethnicity_words(code: str) -> str:
    """What an ethnicity code of the return means; empty when none is recorded."""
    return meaning("ETHNIC", code) if code else ""


def _home(row: PlacementRequest) -> dict[str, Any]:
    return {
        "needed_by_on": row.needed_by, "urgency": row.urgency, "likely_weeks": row.likely_weeks,
        "suitability": suitability_of(row),
        "living_companions": row.living_companions, "pets": row.pets, "adaptations": row.adaptations,
        "communication": row.communication_requirements, "additional_support": row.additional_support,
        "cultural_needs": row.cultural_needs, "siblings_together": row.siblings_together,
        "deprivation_of_liberty": row.deprivation_of_liberty, "ceiling_pence_week": row.ceiling_pence_week,
        "ceiling_reason": row.ceiling_reason,
    }  # fmt: skip


def suitability_of(row: PlacementRequest) -> dict[str, str]:
    """How well each kind of home suits; a secure home is named only where somebody asks for one."""
    secure = {HomeKind.SECURE.value: Suitability.PREFERRED.value}
    return {
        HomeKind.FOSTER.value: row.foster_suitability,
        HomeKind.RESIDENTIAL.value: row.residential_suitability,
        HomeKind.SUPPORTED.value: row.supported_suitability,
        **(secure if row.is_secure_needed else {}),
    }


def _texts(read: ReadRequest) -> dict[str, str]:
    row = read.row
    strengths = " ".join(one.strengths for one in read.asked if one.strengths)
    return {
        "reason": row.why_now, "about": f"{row.about} {strengths}".strip(), "health": row.health_words,
        "wishes": " ".join(one.child_view for one in read.asked if one.child_view),
        "school_plan": row.school_words, "family_time": row.contact_words, "culture": row.culture_words,
        "siblings_plan": _siblings_plan(read), "companions_words": row.living_companions_words,
        "adaptation_words": row.home_adaptation_words,
        "secure": row.secure_words if row.is_secure_needed else "", "support_words": row.additional_support_words,
    }  # fmt: skip


def _siblings_plan(read: ReadRequest) -> str:
    if len(read.asked) < 2 or read.row.siblings_together is None:
        return read.row.siblings_words
    plan = "Must stay together." if read.row.siblings_together else "May be placed apart."
    return f"{plan} {read.row.siblings_words}".strip()


def _rows(read: ReadRequest) -> dict[str, Any]:
    row = read.row
    needs = [
        {"code": need.kind, "severity": need.severity, "evidence": need.evidence}
        for one in read.asked
        for need in one.needs.all()
    ]
    places = [
        {"purpose": one.kind, "postcode": one.postcode, "max_miles": one.miles}
        for one in row.places.all()
        if not one.is_unsafe
    ]
    unsafe = [
        {"words": one.label or one.postcode, "radius_miles": one.miles}
        for one in row.places.all()
        if one.is_unsafe
    ]
    return {
        "needs": needs,
        "outcomes": [{"words": one.words, "measure": one.measure} for one in row.outcomes.all()],
        "essential": [one.code or one.words for one in row.criteria.all() if one.is_essential],
        "desirable": [one.code or one.words for one in row.criteria.all() if not one.is_essential],
        "preferred_places": places,
        "unsafe_places": unsafe,
    }


def referral_from(read: ReadRequest, *, today: date) -> profile.Referral:
    """The request as matching sees it: `core.matching.profile.Referral`."""
    row, criteria = read.row, list(read.row.criteria.all())
    starts_on = row.needed_by or today
    wishes = row.sibling_wishes.all()
    return profile.Referral(
        children=tuple(_child(one, starts_on, wishes) for one in read.children),
        starts_on=starts_on,
        suitability=suitability_of(row),
        needs=_worst_needs(read),
        essential=frozenset(one.code for one in criteria if one.is_essential and one.code),
        desirable=frozenset(one.code for one in criteria if not one.is_essential and one.code),
        siblings_together=row.siblings_together is not False,
        sibling_references=frozenset(str(wish.sibling_id) for wish in wishes if wish.wish == "together"),
        preferred_places=preferred_of(row.places.all()),
        unsafe_places=_unsafe(row.places.all()),
        living_companions=row.living_companions or LivingCompanions.NO_PREFERENCE,
        pets=row.pets or Pets.NOT_KNOWN,
        adaptations=frozenset(row.adaptations),
        languages=frozenset(
            {one.language for one in read.children if one.language} | ({row.language} - {""})
        ),
        faith=row.faith,
        culture=ethnicity_words(read.children[0].ethnicity)
        if read.children and row.cultural_needs == "required"
        else "",
        ceiling_pence_week=row.ceiling_pence_week,
    )


def _child(one: Child, starts_on: date, wishes: Iterable[SiblingWish]) -> profile.Child:
    """A child with what is kept of who it can live with, on its file and in the wishes of this request."""
    kept = kept_with(one, starts_on)
    apart = {str(wish.sibling_id) for wish in wishes if wish.wish == "apart"}
    return profile.Child(
        age_on(one.born_on, starts_on), one.sex, str(one.pk), kept.companions, kept.risks, kept.not_with_risks,
        kept.not_with_sexes, kept.apart_from | apart,
    )  # fmt: skip


def _worst_needs(read: ReadRequest) -> tuple[profile.Need, ...]:
    """Each need once for the group, at its highest severity."""
    worst: dict[str, int] = {}
    for one in read.asked:
        for need in one.needs.all():
            worst[need.kind] = max(need.severity, worst.get(need.kind, 0))
    return tuple(profile.Need(kind, severity) for kind, severity in sorted(worst.items()))


def preferred_of(places: Iterable[RequestPlace]) -> tuple[profile.PreferredPlace, ...]:
    """The places to live near among a request's, with where each is; a postcode that cannot be read is left out."""
    found = ((one, locate(one.postcode)) for one in places if not one.is_unsafe)
    return tuple(
        profile.PreferredPlace(where.point, one.miles, PlacePurpose(one.kind))
        for one, where in found
        if where is not None
    )


def _unsafe(places: Iterable[RequestPlace]) -> tuple[profile.UnsafePlace, ...]:
    found = ((one, locate(one.postcode)) for one in places if one.is_unsafe)
    return tuple(profile.UnsafePlace(where.point, one.miles) for one, where in found if where is not None)


def known_in(read: ReadRequest) -> Known:
    """What must not leave in any text of this request."""
    return known_of(read.children, others=read.outside_siblings)
