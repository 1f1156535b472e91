"""A broker's word on a home for a request: pinned, or ruled out with the reason. One fact, read by proposal and search alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.journey.search.models import ProposalMark
from rightplace.journey.search.reasons import RULED_OUT_REASONS

TAKEN = Problem("taken", "Somebody else has just marked this. Look again, then decide.")


@dataclass(frozen=True, slots=True)
class Place:
    """A home by the number of its row: an own household or a setting."""

    household_id: int | None = None
    setting_id: int | None = None

    @property
    def key(self) -> str:
        """The key by which matching knows it."""
        return f"household:{self.household_id}" if self.household_id else f"setting:{self.setting_id}"


def place_of(key: str) -> Place | None:
    """A home by its key; None when it is none."""
    kind, _, number = key.partition(":")
    if not number.isdecimal() or len(number) > 15:
        return None
    known = {"household": Place(household_id=int(number)), "setting": Place(setting_id=int(number))}
    return known.get(kind)


def reason_problems(reason_code: str, reason: str) -> list[Problem]:
    """What is missing of the reason for ruling a home out."""
    if reason_code not in RULED_OUT_REASONS:
        return [Problem("no_reason", "Choose why the home is ruled out.", "reason_code")]
    if reason_code == "other" and not reason.strip():
        return [Problem("no_reason", "Say in your own words what the other reason is.", "reason")]
    return []


def marked(
    by: Actor, now: datetime, request_id: int, place: Place, kind: str, given: tuple[str, str] = ("", "")
) -> ProposalMark | None:
    """The new mark; an earlier one for the same home, and for a pin the earlier pin, is undone. None: somebody was quicker."""
    before = _in_force(request_id).filter(authority_id=by.authority_id)
    same = before.filter(at_places([place]))
    (same | before.filter(kind="pinned") if kind == "pinned" else same).update(
        undone_at=now, undone_by_id=by.person_id
    )
    try:
        with transaction.atomic():
            return ProposalMark.objects.create(
                authority_id=by.authority_id, request_id=request_id, household_id=place.household_id,
                setting_id=place.setting_id, kind=kind, reason_code=given[0], reason=given[1], made_by_id=by.person_id,
                made_at=now,
            )  # fmt: skip
    except IntegrityError:
        return None


def ruled_out_for(request_id: int) -> dict[str, str]:
    """The homes that are ruled out for a request, by key, each with why in words."""
    rows = _in_force(request_id).filter(kind="barred").order_by("id")
    return {Place(row.household_id, row.setting_id).key: row.reason_words for row in rows}


def rule_in(by: Actor, now: datetime, request_id: int, places: Iterable[Place]) -> None:
    """Take back that these homes are ruled out for a request, as part of asking them after all."""
    rows = _in_force(request_id).filter(at_places(places), kind="barred")
    rows.update(undone_at=now, undone_by_id=by.person_id)


def at_ruled_out(request_id: int) -> Q:
    """Rows that name a home that is ruled out for a request."""
    rows = _in_force(request_id).filter(kind="barred")
    return at_places(Place(*one) for one in rows.values_list("household_id", "setting_id"))


def _in_force(request_id: int) -> QuerySet[ProposalMark]:
    return ProposalMark.objects.filter(request_id=request_id, undone_at__isnull=True)


def at_places(places: Iterable[Place]) -> Q:
    """Rows that name one of these homes."""
    listed = list(places)
    households = [one.household_id for one in listed if one.household_id]
    settings = [one.setting_id for one in listed if one.setting_id]
    return Q(household_id__in=households) | Q(setting_id__in=settings)
