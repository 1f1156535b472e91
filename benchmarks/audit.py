"""How fast the audit trail is proved, and whether every kind of tampering anywhere in it is found, in a database made for it.

.venv/bin/python -m benchmarks.audit             100,000 entries
.venv/bin/python -m benchmarks.audit --entries N --json
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence

from benchmarks.database import own_database
from benchmarks.report import Measured, show, wants_json

ENTRIES = 100_000
TOGETHER = 500
"""Entries in one transaction: each changes the head of its chain, whose older versions go only once it is committed."""
GOAL = 100_000
AUTHORITY = 1
_COLUMNS = (
    "authority_id, provider_id, number, at, is_look, verb, words, actor_id, actor_name, actor_role, subject, subject_id,"
    " child_id, details, previous_hash, hash"
)


def _copied(source: str, number: str) -> str:
    values = _COLUMNS.replace(" number,", f" {number},")
    return f"INSERT INTO audit_auditentry ({_COLUMNS}) SELECT {values} FROM audit_auditentry WHERE number = {source}"  # noqa: S608 - of constants above


TAMPERING = {
    "edit the words": "UPDATE audit_auditentry SET words = 'x' WHERE number = :at",
    "edit the moment": "UPDATE audit_auditentry SET at = at + interval '1 day' WHERE number = :at",
    "edit the details": "UPDATE audit_auditentry SET details = '{\"a\": 1}' WHERE number = :at + 1",
    "edit a hash": "UPDATE audit_auditentry SET hash = sha256('x') WHERE number = :at",
    "delete the first": "DELETE FROM audit_auditentry WHERE number = 1",
    "delete one between": "DELETE FROM audit_auditentry WHERE number = :at",
    "delete the last": "DELETE FROM audit_auditentry WHERE number = :last",
    "insert at the end": _copied(":last", ":last + 1"),
    "insert before the first": _copied("1", "0"),
    "reorder": "UPDATE audit_auditentry SET number = -number WHERE number IN (:at, :at + 1);"
    "UPDATE audit_auditentry SET number = CASE number WHEN -:at THEN :at + 1 ELSE :at END WHERE number < 0",
    "replace one with another's content": "UPDATE audit_auditentry a SET words = b.words, hash = b.hash FROM audit_auditentry b"
    " WHERE a.number = :at AND b.number = :at + 1",
    "truncate": "TRUNCATE audit_auditentry",
    "move to another chain": "UPDATE audit_auditentry SET authority_id = 99999 WHERE number = :last",
}
"""What somebody with every right in the database may do to a trail, `:at` a place within it and `:last` its end."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the entries and prove them; exit code 1 when it is slower than the aim."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=ENTRIES)
    entries = parser.parse_known_args(arguments)[0].entries
    with own_database("audit"):
        found = measured(entries)
    return show(found, as_json=wants_json(arguments))


def measured(entries: int) -> list[Measured]:
    """Writing and proving this many entries."""
    from rightplace.foundation.audit.queries import check_chains

    began = time.perf_counter()
    _write(entries)
    written = time.perf_counter()
    report = check_chains()
    proved = time.perf_counter()
    if not report.is_whole:
        raise SystemExit("The audit trail was found broken: this must never be seen.")
    found = tampering_found(entries)
    return [
        Measured("kinds of tampering tried", len(TAMPERING), "kinds"),
        Measured("kinds of tampering found", found, "kinds", len(TAMPERING), is_higher_better=True),
        Measured(
            "entries proved a second", report.entries / (proved - written), "1/s", GOAL, is_higher_better=True
        ),
        Measured("entries written a second", entries / (written - began), "1/s"),
        Measured("entries in the trail", report.entries, "entries"),
    ]


def tampering_found(last: int) -> int:
    """How many kinds are found in a trail of so many entries, each tried at a place by chance and taken back."""
    from django.db import transaction

    from rightplace.foundation.audit.queries import check_chains

    chance, found = random.Random(1), 0
    for statements in TAMPERING.values():
        with transaction.atomic():
            tamper(statements, at=chance.randrange(2, last - 1), last=last)
            found += not check_chains().is_whole
            transaction.set_rollback(True)
    return found


def tamper(statements: str, *, at: int, last: int) -> None:
    """Run these with the trail's own triggers off, as its owner could."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements.split(";"):
            cursor.execute(statement.replace(":at", str(at)).replace(":last", str(last)))
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def _write(entries: int) -> None:
    from django.utils import timezone

    from rightplace.foundation.audit.models import AuditEntry

    now = timezone.now()
    for first in range(0, entries, TOGETHER):
        AuditEntry.objects.bulk_create(
            AuditEntry(
                authority_id=AUTHORITY, at=now, verb="measure", words=f"Measured entry {number} of a benchmark",
                actor_name="Benchmark", actor_role="system", subject="benchmark", subject_id=number,
            )
            for number in range(first, min(first + TOGETHER, entries))
        )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
