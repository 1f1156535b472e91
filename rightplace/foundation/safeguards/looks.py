"""The trail of looks, searched: by person, child, day and kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import Role
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.safeguards.cases import case_of_number
from rightplace.foundation.safeguards.models import Restriction

MARKS = {"outside": "outside_team", "emergency": "emergency", "support": "support"}
SORTS = {"at": "at", "who": "actor_name"}


@dataclass(frozen=True, slots=True)
class LookFilters:
    """What the looks are narrowed to; a child by its local number, days from the first up to and including the last."""

    words: str = ""
    child_number: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    person_id: int | None = None
    sort: str = "-at"


@dataclass(frozen=True, slots=True)
class LookRow:
    """One look as the list shows it."""

    at: datetime
    who: str
    role: str
    child: str
    what: str
    marks: tuple[str, str] | None


def looks(actor: Actor, filters: LookFilters = LookFilters()) -> QuerySet[AuditEntry]:
    """The looks into children's files of the actor's authority."""
    rows = AuditEntry.objects.filter(authority_id=actor.authority_id, is_look=True, child_id__isnull=False)
    if filters.person_id is not None:
        rows = rows.filter(actor_id=filters.person_id)
    for word in filters.words.split()[:5]:
        rows = rows.filter(actor_name__icontains=word)
    if filters.child_number:
        rows = rows.filter(child_id=_child(actor, filters.child_number))
    if mark := MARKS.get(filters.kind):
        rows = rows.filter(details__has_key=mark)
    if filters.since:
        rows = rows.filter(at__gte=_began(filters.since))
    if filters.until:
        rows = rows.filter(at__lt=_began(filters.until + timedelta(days=1)))
    column = SORTS.get(filters.sort.removeprefix("-"), "number")
    return rows.order_by(("-" if filters.sort.startswith("-") else "") + column, "-number")


def looked_at(entry: AuditEntry, numbers: Mapping[int, str], roles: Mapping[str, Role]) -> LookRow:
    """A look as a row; a child that is restricted to the reader has no number here."""
    known = roles.get(entry.actor_role)
    return LookRow(
        at=entry.at,
        who=entry.actor_name,
        role=known.words if known else entry.actor_role,
        child=numbers.get(entry.child_id or 0, "restricted"),
        what=entry.words,
        marks=_marks(entry),
    )


def _marks(entry: AuditEntry) -> tuple[str, str] | None:
    if "emergency" in entry.details:
        return "urgent", "Emergency"
    if "support" in entry.details:
        return "waiting", "Support"
    return ("late", "Outside team") if "outside_team" in entry.details else None


def _child(actor: Actor, number: str) -> int:
    case = case_of_number(actor.authority_id, number)
    if case is not None:
        return case.child_id
    row = Restriction.objects.filter(authority_id=actor.authority_id, child_number=number.strip()).first()
    return row.child_id if row else 0


def _began(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
