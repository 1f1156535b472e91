"""How fast the audit trail is proved: entries verified a second, in a database made for it.

.venv/bin/python -m benchmarks.audit             100,000 entries
.venv/bin/python -m benchmarks.audit --entries N --json
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from benchmarks.database import own_database
from benchmarks.report import Measured, show, wants_json

ENTRIES = 100_000
GOAL = 100_000
AUTHORITY = 1


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
    return [
        Measured(
            "entries proved a second", report.entries / (proved - written), "1/s", GOAL, is_higher_better=True
        ),
        Measured("entries written a second", entries / (written - began), "1/s"),
        Measured("entries in the trail", report.entries, "entries"),
    ]


def _write(entries: int) -> None:
    from django.utils import timezone

    from rightplace.foundation.audit.models import AuditEntry

    now = timezone.now()
    rows = (
        AuditEntry(
            authority_id=AUTHORITY, at=now, verb="measure", words=f"Measured entry {number} of a benchmark",
            actor_name="Benchmark", actor_role="system", subject="benchmark", subject_id=number,
        )
        for number in range(entries)
    )  # fmt: skip
    AuditEntry.objects.bulk_create(rows, batch_size=5_000)


if __name__ == "__main__":
    sys.exit(main())
