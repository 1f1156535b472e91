"""What row-level security costs: the same queries with and without it, at two sizes; equal answers are checked first.

    .venv/bin/python -m benchmarks.row_security             2,000 and 20,000 children
    .venv/bin/python -m benchmarks.row_security --quick --json

Without it: the same query with the same filter, as a role that row security does not hold. One authority of ten asks; five of its
cases are restricted. Measured by turns, the median of many rounds, in one connection.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.database import own_database
from benchmarks.report import Measured, show, wants_json

SIZES, QUICK_SIZES = (2_000, 20_000), (1_000, 4_000)
AUTHORITIES = 10
ROUNDS, QUICK_ROUNDS = 60, 15
GOAL_PERCENT = 10.0
OWN = "authority_id = %(own)s AND id <> ALL (%(hidden)s)"
QUERIES = {
    "one child": f"SELECT * FROM children_child WHERE {OWN} AND id = %(child)s",
    "a page of children by name": f"SELECT * FROM children_child WHERE {OWN} ORDER BY last_name, first_name, id LIMIT 25",
    "children counted": f"SELECT count(*) FROM children_child WHERE {OWN}",
    "legal statuses of all": "SELECT c.id, s.code FROM children_child c JOIN children_legalstatus s ON s.child_id = c.id"
    " WHERE c.authority_id = %(own)s AND c.id <> ALL (%(hidden)s) AND s.authority_id = %(own)s ORDER BY c.id",
    "search by name": f"SELECT id FROM children_child WHERE {OWN} AND last_name LIKE 'Name1%%' ORDER BY id LIMIT 100",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; exit code 1 when the policies cost more than the aim."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller, for a first look")
    is_quick = parser.parse_known_args(arguments)[0].quick
    found: list[Measured] = []
    with own_database("row_security"):
        for children in QUICK_SIZES if is_quick else SIZES:
            found += measured(children, QUICK_ROUNDS if is_quick else ROUNDS)
    return show(found, as_json=wants_json(arguments))


def measured(children: int, rounds: int) -> list[Measured]:
    """Each query with and without the policies, and all of them together."""
    from django.db import connection, transaction

    own, person, values = _fill(children)
    found, plain_all, held_all = [], 0.0, 0.0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT rightplace_enter(%s, '', %s, '', 'broker')", [str(own), person])
        for name, query in QUERIES.items():
            plain, held = _by_turns(cursor, query, values, rounds)
            plain_all, held_all = plain_all + plain, held_all + held
            found.append(_row(f"{name}, {children:,} children", plain, held, goal=None))
        found.append(_row(f"all queries, {children:,} children", plain_all, held_all, goal=GOAL_PERCENT))
        transaction.set_rollback(True)
    return found


def _row(name: str, plain: float, held: float, goal: float | None) -> Measured:
    return Measured(name, (held / plain - 1) * 100, "% more", goal, f"{plain * 1000:.2f} ms without, {held * 1000:.2f} ms with")


def _by_turns(cursor: Any, query: str, values: dict[str, Any], rounds: int) -> tuple[float, float]:
    """Median seconds without and with the policies; SystemExit when the answers differ."""
    answers = [_as(cursor, role, lambda: _rows(cursor, query, values)) for role in ("none", "rightplace_app")]
    if answers[0] != answers[1]:
        raise SystemExit("The answers differ with and without the policies: this must never be seen.")
    times: dict[str, list[float]] = {"none": [], "rightplace_app": []}
    for _ in range(rounds):
        for role, found in times.items():
            began = _as(cursor, role, lambda: _timed(cursor, query, values))
            found.append(began)
    return statistics.median(times["none"]), statistics.median(times["rightplace_app"])


def _as(cursor: Any, role: str, ask: Callable[[], Any]) -> Any:
    cursor.execute("SELECT set_config('role', %s, true)", [role])
    return ask()


def _rows(cursor: Any, query: str, values: dict[str, Any]) -> list[Any]:
    cursor.execute(query, values)
    return list(cursor.fetchall())


def _timed(cursor: Any, query: str, values: dict[str, Any]) -> float:
    began = time.perf_counter()
    _rows(cursor, query, values)
    return time.perf_counter() - began


def _fill(children: int) -> tuple[int, int, dict[str, Any]]:
    """Ten authorities with their children, five of the first one's restricted; whom to ask as, and for what."""
    from django.db import connection
    from django.utils import timezone

    from rightplace.foundation.access.models import User
    from rightplace.foundation.organisations.models import Authority
    from rightplace.foundation.safeguards.models import Restriction
    from rightplace.register.children.models import Child, LegalStatus

    for model in (Restriction, LegalStatus, Child, Authority):
        model.objects.all().delete()
    person, _ = User.objects.get_or_create(username="benchmark")
    rows = [Authority(name=f"Authority {n}", gss_code=f"E{children:05d}{n:02d}") for n in range(AUTHORITIES)]
    authorities = Authority.objects.bulk_create(rows)
    made = Child.objects.bulk_create(
        (
            Child(
                authority=authorities[n % AUTHORITIES], local_number=str(n), first_name=f"First{n % 97}",
                last_name=f"Name{n % 1009}", sex="F", born_on="2012-01-01", is_synthetic=True,
            )
            for n in range(children)
        ),
        batch_size=2_000,
    )  # fmt: skip
    LegalStatus.objects.bulk_create(
        (LegalStatus(authority_id=c.authority_id, child=c, code="C2", period=("2020-01-01", None)) for c in made),
        batch_size=2_000,
    )
    own, now = authorities[0], timezone.now()
    hidden = [c for c in made if c.authority_id == own.pk][1:6]
    for child in hidden:
        Restriction.objects.create(
            authority=own, child_id=child.pk, child_number=child.local_number, reason="Benchmark", period=(now, None),
            review_on="2030-01-01", by=person,
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    values = {"own": own.pk, "child": made[0].pk, "hidden": [c.pk for c in hidden]}
    return own.pk, person.pk, values


if __name__ == "__main__":
    sys.exit(main())
