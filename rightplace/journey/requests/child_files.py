"""A child's file as the pages of those who ask for placements show it: facts, legal status, family, requests, who looked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from rightplace.core.calendar import age_on
from rightplace.core.matching.vocabulary import Sex
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ROLES
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.audit.queries import looks_at
from rightplace.foundation.reference.codes import meaning
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.requests.queries import OPEN, requests_of_child
from rightplace.register.children.models import Child
from rightplace.register.children.queries import (
    child_file,
    children,
    legal_status_history,
    reviewing_officer_on,
    siblings_of,
)

LOOKS_READ = 200
LOOKS_SHOWN = 15


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A legal status for a period: its code, what it means, and from when until when (None: still)."""

    code: str
    words: str
    starts_on: date
    ends_on: date | None
    id: int = 0


@dataclass(frozen=True, slots=True)
class SiblingShown:
    """A brother or sister: who, and how old."""

    child: Child
    age: int
    sex: str


@dataclass(frozen=True, slots=True)
class LookShown:
    """Somebody's looks of one kind on one day: how often, and when last."""

    last_at: datetime
    who: str
    role: str
    what: str
    times: int


@dataclass(frozen=True, slots=True)
class ChildFile:
    """A child with what a social worker needs to see at once."""

    child: Child
    age: int
    sex: str
    ethnicity: str
    need: str
    legal_bases: tuple[LegalBasis, ...]
    siblings: tuple[SiblingShown, ...]
    requests: tuple[PlacementRequest, ...]
    looks: tuple[LookShown, ...]
    reviewed_by: str = ""

    @property
    def legal_basis_now(self) -> LegalBasis | None:
        """The legal status in force, if there is one."""
        return next((basis for basis in self.legal_bases if basis.ends_on is None), None)


def children_found(
    actor: Actor, *, words: str = "", mine: bool = False, order: str = "name"
) -> QuerySet[Child]:
    """Children by name or number, with how many open requests each has, in a chosen order."""
    is_open = Q(asked_in__request__state__in=OPEN)
    rows = children(actor, words=words, mine=mine).annotate(open_requests=Count("asked_in", filter=is_open))
    return rows.order_by(*ORDERS.get(order, ORDERS["name"]))


ORDERS = {
    "name": ("last_name", "first_name", "id"),
    "-name": ("-last_name", "-first_name", "-id"),
    "born": ("born_on", "id"),
    "-born": ("-born_on", "-id"),
    "number": ("local_number", "id"),
    "-number": ("-local_number", "-id"),
}


def open_child(actor: Actor, child_id: int, now: datetime) -> ChildFile | None:
    """A child's file; opening it is recorded. None when the child is not the authority's."""
    child = child_file(actor, child_id, now=now)
    if child is None:
        return None
    today = timezone.localdate(now)
    return ChildFile(
        child=child,
        age=age_on(child.born_on, today),
        sex=Sex.words_for(child.sex),
        ethnicity=meaning("ETHNIC", child.ethnicity) if child.ethnicity else "",
        need=meaning("CIN", child.need_code) if child.need_code else "",
        legal_bases=tuple(_basis(row.code, row.period, row.pk) for row in legal_status_history(child)),
        siblings=tuple(
            SiblingShown(one, age_on(one.born_on, today), Sex.words_for(one.sex))
            for one in siblings_of([child.pk]).get(child.pk, [])
        ),
        requests=tuple(requests_of_child(actor, child.pk)),
        looks=_looks(looks_at(actor, child_id=child.pk)[:LOOKS_READ]),
        reviewed_by=str(reviewing_officer_on(child.pk, today) or ""),
    )


def _looks(entries: Iterable[AuditEntry]) -> tuple[LookShown, ...]:
    """Looks put together by person, day and what was opened, the latest first."""
    found: dict[tuple[str, date, str], LookShown] = {}
    for entry in entries:
        key = (entry.actor_name, timezone.localdate(entry.at), entry.words)
        before = found.get(key)
        if before is None:
            role = ROLES[entry.actor_role].words if entry.actor_role in ROLES else "Rightplace"
            found[key] = LookShown(entry.at, entry.actor_name, role, entry.words, 1)
        else:
            found[key] = replace(before, times=before.times + 1)
    return tuple(found.values())[:LOOKS_SHOWN]


def _basis(code: str, period: object, number: int) -> LegalBasis:
    return LegalBasis(code, meaning("LS", code), period.lower, period.upper, number)  # type: ignore[attr-defined]  # a date range


def age_of(child: Child, today: date) -> int:
    """A child's age in whole years."""
    return age_on(child.born_on, today)
