"""Questions to the audit trail: what happened to a thing, and whether the chains are whole."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, models, transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.models import AuditEntry

# Where the trail calls a row otherwise than its table.
SUBJECTS = {
    "placementrequest": "request",
    "panelkind": "panel",
    "panelmeeting": "panel_meeting",
    "panelitem": "panel_item",
}
# Each entry against its own hash: no order is needed, so several processes of PostgreSQL share the work.
_TOGETHER = """
    SELECT set_config('parallel_setup_cost', '0', true), set_config('parallel_tuple_cost', '0', true),
           set_config('min_parallel_table_scan_size', '0', true), set_config('max_parallel_workers_per_gather', '4', true)
"""
_EDITED = """
    SELECT e.authority_id, e.number FROM audit_auditentry e WHERE e.hash <> sha256(audit_entry_content(e)) LIMIT 100
"""
# Each entry's link to the one before, and no gap in the numbers.
_UNLINKED = """
    SELECT authority_id, number FROM (
        SELECT e.authority_id, e.number, e.previous_hash,
               lag(e.hash, 1, ''::bytea) OVER chain AS before, lag(e.number, 1, 0::bigint) OVER chain AS number_before
        FROM audit_auditentry e WINDOW chain AS (PARTITION BY e.authority_id ORDER BY e.number)
    ) rows
    WHERE previous_hash <> before OR number <> number_before + 1
    ORDER BY authority_id, number LIMIT 100
"""
_HEADS = """
    SELECT c.authority_id, c.number, encode(c.hash, 'hex'), coalesce(e.number, 0), coalesce(encode(e.hash, 'hex'), '')
    FROM audit_auditchain c LEFT JOIN LATERAL (
        SELECT number, hash FROM audit_auditentry WHERE authority_id = c.authority_id ORDER BY number DESC LIMIT 1) e ON true
    ORDER BY c.authority_id
"""
_NOT_IN_PLACE = """
    SELECT DISTINCT a.authority_id, a.number
    FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS a (authority_id, number, hash)
    LEFT JOIN audit_auditentry e ON e.authority_id = a.authority_id AND e.number = a.number
    WHERE e.id IS NULL OR encode(e.hash, 'hex') <> a.hash
    ORDER BY a.authority_id, a.number LIMIT 100
"""


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain: to be kept elsewhere as an anchor against a cut tail."""

    authority_id: int
    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a check of the chains found: entries read, broken places (authority, number), and the heads."""

    entries: int
    broken: tuple[tuple[int, int], ...]
    heads: tuple[Head, ...]

    @property
    def is_whole(self) -> bool:
        """True when nothing was edited, removed, added or put in another order."""
        return not self.broken


def history(actor: Actor, *, subject: str, subject_id: int) -> QuerySet[AuditEntry]:
    """What was done to a thing, oldest first, as far as this actor may see."""
    rows = AuditEntry.objects.filter(subject=subject, subject_id=subject_id, is_look=False)
    return _own(actor, rows).order_by("number")


def deeds_since(row: models.Model, *, at_most: int) -> list[str]:
    """The last deeds on a row in words, oldest first: "Tessa Green, 3 Mar 2026 14:05: Placement approved".

    A row whose deeds are those of another says so by `audited_as` (subject, number). For somebody who has that row in
    hand; within a request row-level security leaves only the entries of one's own side.
    """
    name = type(row)._meta.model_name or ""
    subject, key = getattr(row, "audited_as", (SUBJECTS.get(name, name), row.pk))
    entries = AuditEntry.objects.filter(subject=subject, subject_id=key, is_look=False)
    last = reversed(entries.order_by("-number")[:at_most])
    return [
        f"{e.actor_name}, {date_format(localtime(e.at), 'j M Y H:i')}: {e.words.rstrip('.')}" for e in last
    ]


def looks_at(actor: Actor, *, child_id: int) -> QuerySet[AuditEntry]:
    """Who looked into a child's file and when, newest first."""
    return _own(actor, AuditEntry.objects.filter(child_id=child_id, is_look=True)).order_by("-number")


def check_chains(*, anchors: tuple[Head, ...] = ()) -> ChainReport:
    """Prove every chain again from its first entry, and that no anchored entry has gone or changed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TOGETHER)
        cursor.execute(_EDITED)
        broken = [(int(a), int(n)) for a, n in cursor.fetchall()]
        cursor.execute(_UNLINKED)
        broken = sorted({*broken, *((int(a), int(n)) for a, n in cursor.fetchall())})[:100]
        cursor.execute(_HEADS)
        heads = cursor.fetchall()
        cursor.execute("SELECT count(*) FROM audit_auditentry")
        entries = int(cursor.fetchone()[0])
    broken += [(a, n) for a, n, h, last, last_hash in heads if (n, h) != (last, last_hash)]
    broken += _not_in_place(anchors)
    return ChainReport(entries, tuple(dict.fromkeys(broken)), tuple(Head(a, n, h) for a, n, h, _, _ in heads))


def _not_in_place(anchors: tuple[Head, ...]) -> list[tuple[int, int]]:
    """Where an entry that was anchored is missing or another: all in one statement, as years of hours are many."""
    columns = ([a.authority_id for a in anchors], [a.number for a in anchors], [a.hash for a in anchors])
    with connection.cursor() as cursor:
        cursor.execute(_NOT_IN_PLACE, columns)
        return [(int(authority), int(number)) for authority, number in cursor.fetchall()]


def _own(actor: Actor, rows: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    if actor.provider_id is not None:
        return rows.filter(provider_id=actor.provider_id)
    return rows.filter(authority_id=actor.authority_id or 0)
