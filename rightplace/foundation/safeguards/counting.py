"""Counting looks in the trail: by person for the review of access, and in the last hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q
from django.utils import timezone

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.models import AuditEntry


@dataclass(frozen=True, slots=True)
class LookCount:
    """How often a person looked into children's files, how often outside their team and in an emergency."""

    looks: int
    outside_team: int
    in_emergency: int


def looks_by_person(actor: Actor, starts_on: date, ends_on: date) -> dict[tuple[int, str], LookCount]:
    """The looks of each person of the authority by role, from a day up to before another."""
    began, ended = (timezone.make_aware(datetime.combine(day, time())) for day in (starts_on, ends_on))
    rows = AuditEntry.objects.filter(
        authority_id=actor.authority_id, is_look=True, actor_id__isnull=False, at__gte=began, at__lt=ended
    )
    counted = (
        rows.order_by()
        .values_list("actor_id", "actor_role")
        .annotate(
            Count("id"),
            outside=Count("id", filter=Q(details__has_key="outside_team")),
            emergency=Count("id", filter=Q(details__has_key="emergency")),
        )
    )
    return {(row[0], row[1]): LookCount(row[2], row[3], row[4]) for row in counted}
