"""Watching looks: each is marked (outside one's team, in an emergency), and too many in an hour stop.

Runs just before entries go into the trail, within the scope of the page. One read of the children looked at, one count
of the person's last hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from rightplace.foundation.access.roles import SOCIAL_WORKER, TEAM_MANAGER
from rightplace.foundation.access.scope import Scope, current_scope
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.reference.rules import rule, rules

HOUR = timedelta(hours=1)
OUTSIDE_TEAM, EMERGENCY = "outside_team", "emergency"
IN_TEAMS = frozenset({SOCIAL_WORKER, TEAM_MANAGER})
_OF_OTHERS = """
    SELECT id FROM children_child
    WHERE id = ANY (%s) AND team_id IS DISTINCT FROM %s AND social_worker_id IS DISTINCT FROM %s
"""
_LAST_HOUR = """
    SELECT DISTINCT child_id FROM audit_auditentry
    WHERE is_look AND authority_id = %s AND actor_id = %s AND at > %s
"""


class TooManyLooks(Exception):
    """A person has opened as many children's files in an hour as their role may: nothing further is shown."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} children in an hour")
        self.limit = limit


def mark_looks(entries: Sequence[AuditEntry]) -> None:
    """Mark the looks of a person in a scope; TooManyLooks when their hour is full."""
    scope = current_scope()
    looks = [one for one in entries if one.is_look and one.actor_id is not None and one.child_id]
    if scope is None or not looks:
        return
    _refuse_too_many(scope, looks)
    others = _of_others(scope, looks)
    for one in looks:
        marks: dict[str, object] = {OUTSIDE_TEAM: True} if one.child_id in others else {}
        if one.child_id in scope.emergencies:
            marks[EMERGENCY] = scope.emergencies[one.child_id or 0]
        one.details = {**one.details, **marks}


def looks_limit(role: str, on: date) -> int:
    """How many children's files a person in this role may open in an hour; an authority's own figure by role goes first."""
    name = f"looks_an_hour_{role}"
    known = rule(name if name in rules() else "looks_an_hour", on)
    return int(known.value) if known else 0


def _refuse_too_many(scope: Scope, looks: Sequence[AuditEntry]) -> None:
    at: datetime = looks[0].at
    limit = looks_limit(scope.actor.role, timezone.localdate(at))
    seen = _run(_LAST_HOUR, [scope.actor.authority_id, scope.actor.user_id, at - HOUR])
    if limit and len(seen | {one.child_id for one in looks if one.child_id}) > limit:
        raise TooManyLooks(limit)


def _of_others(scope: Scope, looks: Sequence[AuditEntry]) -> set[int]:
    """The children looked at that belong neither to the actor's team nor to the actor; roles without teams have none."""
    actor = scope.actor
    if actor.role not in IN_TEAMS or actor.team_id is None:
        return set()
    return _run(_OF_OTHERS, [[one.child_id for one in looks], actor.team_id, actor.user_id])


def _run(query: str, values: list[Any]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return {int(row[0]) for row in cursor.fetchall()}
