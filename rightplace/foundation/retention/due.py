"""Which records are past their time: the facts of each record from the tables, the rule from the core."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Exists, Max, Min, OuterRef, Q
from django.utils import timezone

from rightplace.core.retention import Facts, Keep, due_on
from rightplace.foundation.retention.registry import TARGETS
from rightplace.foundation.retention.rules import keeps

DIED = "E2"
ADOPTED = ("E11", "E12")
LIVED = ("started", "ended")
OVER = ("withdrawn", "placed")


@dataclass(frozen=True, slots=True)
class Due:
    """A record past its last day of keeping: which, of what kind, and since when."""

    subject_kind: str
    subject_id: int
    kind: str
    due_on: date


def records_due(authority_id: int, *, on: date) -> list[Due]:
    """Every record of an authority whose last day of keeping is past, the longest past first; holds are not looked at."""
    found = [due for one in FINDERS.values() for due in one(authority_id, on)]
    return sorted(found, key=lambda one: (one.due_on, one.subject_kind, one.subject_id))


def record_due(authority_id: int, subject_kind: str, subject_id: int, *, on: date) -> Due | None:
    """The record as it is due now; None when it is not (any more), as when a fact was put right."""
    found = FINDERS[subject_kind](authority_id, on, only=subject_id)
    return next(iter(found), None)


def _rows(subject_kind: str, authority_id: int, only: int | None) -> Any:
    rows = apps.get_model(TARGETS[subject_kind])._base_manager.filter(authority_id=authority_id)
    return rows.filter(pk=only) if only is not None else rows


def _due(kinds: tuple[str, ...], facts: Facts, on: date) -> date | None:
    """The latest last day under every kind that applies, when it is past."""
    days = [due_on(lines, facts, on=on) for kind in kinds if (lines := _lines(kind))]
    known = [day for day in days if day is not None]
    last = max(known) if known and len(known) == len(days) else None
    return last if last is not None and last < on else None


def _lines(kind: str) -> list[Keep]:
    return keeps(kind)


def _children(authority_id: int, on: date, *, only: int | None = None) -> Iterator[Due]:
    placements = Q(placements__state__in=LIVED)
    status = apps.get_model("children.LegalStatus")._base_manager.filter(child=OuterRef("pk"))
    requests = apps.get_model("requests.RequestChild")._base_manager.filter(child=OuterRef("pk"))
    rows = _rows("child", authority_id, only).annotate(
        died=Max("placements__period__endswith", filter=placements & Q(placements__end_reason=DIED)),
        ordered=Max("placements__period__endswith", filter=placements & Q(placements__end_reason__in=ADOPTED)),
        first=Min("placements__period__startswith", filter=placements),
        is_here=Exists(_open_placements()),
        had_status=Exists(status),
        is_asked=Exists(requests.exclude(request__state__in=OVER)),
        closed=Max("asked_in__request__closed_at"),
    )  # fmt: skip
    for row in rows.order_by("pk").iterator():
        kinds, facts = _facts_of_child(row)
        if day := _due(kinds, facts, on):
            yield Due("child", row.pk, kinds[-1], day)


def _open_placements() -> Any:
    rows = apps.get_model("placements.Placement")._base_manager.filter(child=OuterRef("pk"))
    return rows.filter(Q(state="planned") | Q(state="started", period__endswith__isnull=True))


def _facts_of_child(row: Any) -> tuple[tuple[str, ...], Facts]:
    was_looked_after = row.had_status or row.first is not None
    facts = Facts(
        born_on=row.born_on,
        died_on=row.died,
        order_on=row.ordered,
        closed_on=timezone.localdate(row.closed) if row.closed else None,
        is_open=row.is_here or row.is_asked,
    )
    if not was_looked_after:
        return ("child_not_looked_after",), facts
    return (("looked_after_child", "adopted_child") if row.ordered else ("looked_after_child",)), facts


def _households(authority_id: int, on: date, *, only: int | None = None) -> Iterator[Due]:
    """Households whose approval ended long enough ago, and of whom no child's record speaks any more."""
    ended = Max("approvals__period__endswith")
    placed = apps.get_model("placements.Placement")._base_manager.filter(household=OuterRef("pk"))
    still = apps.get_model("carers.Approval")._base_manager.filter(household=OuterRef("pk"))
    rows = _rows("household", authority_id, only).annotate(
        ended=ended,
        is_open=Exists(still.filter(period__endswith__isnull=True)),
        is_lived_in=Exists(placed),
    )
    for row in rows.exclude(carers="").order_by("pk").iterator():
        facts = Facts(approval_ended_on=row.ended, is_open=row.is_open or row.is_lived_in)
        if day := _due(("carer_household",), facts, on):
            yield Due("household", row.pk, "carer_household", day)


def _contracts(authority_id: int, on: date, *, only: int | None = None) -> Iterator[Due]:
    rows = _rows("contract", authority_id, only).filter(ended_on__isnull=False)
    for row in rows.order_by("pk").iterator():
        if day := _due(("contract",), Facts(ended_on=row.ended_on), on):
            yield Due("contract", row.pk, "contract", day)


def _applicants(authority_id: int, on: date, *, only: int | None = None) -> Iterator[Due]:
    """Those who asked to foster and went no further; who was approved is a household."""
    rows = _rows("applicant", authority_id, only).filter(state="closed")
    for row in rows.order_by("pk").iterator():
        if day := _due(("carer_not_approved",), Facts(closed_on=row.reached_on), on):
            yield Due("applicant", row.pk, "carer_not_approved", day)


FINDERS = {"child": _children, "household": _households, "applicant": _applicants, "contract": _contracts}
