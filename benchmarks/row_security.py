"""What row-level security costs: the product's own questions with and without it, at two sizes; equal answers first.

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
Ask = Callable[[], Any]


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
    """Each question with and without the policies, and all of them together."""
    from django.db import connection, transaction

    from rightplace.foundation.access.actor import Actor
    from rightplace.foundation.access.scope import acting_as

    own, person, child = _fill(children)
    actor = Actor(user_id=person, name="Benchmark", role="broker", authority_id=own)
    found, plain_all, held_all = [], 0.0, 0.0
    with transaction.atomic():
        with acting_as(actor), connection.cursor() as cursor:
            for name, ask in _questions(actor, child).items():
                plain, held = _by_turns(cursor, ask, rounds)
                plain_all, held_all = plain_all + plain, held_all + held
                found.append(_row(f"{name}, {children:,} children", plain, held, goal=None))
        found.append(_row(f"all questions, {children:,} children", plain_all, held_all, goal=GOAL_PERCENT))
        transaction.set_rollback(True)
    return found


def _questions(actor: Any, child: int) -> dict[str, Ask]:
    """What pages ask of the children, as they ask it."""
    from datetime import date

    from rightplace.register.children.queries import children, legal_statuses_on

    def statuses() -> Any:
        return sorted(legal_statuses_on([row.pk for row in children(actor)[:100]], date(2026, 1, 1)).items())

    return {
        "one child": lambda: [row.pk for row in children(actor).filter(pk=child)],
        "a page of children by name": lambda: [row.pk for row in children(actor)[:25]],
        "children counted": lambda: children(actor).count(),
        "a hundred legal statuses": statuses,
        "search by name": lambda: [row.pk for row in children(actor, words="Name1")[:25]],
    }


def _row(name: str, plain: float, held: float, goal: float | None) -> Measured:
    return Measured(name, (held / plain - 1) * 100, "% more", goal, f"{plain * 1000:.2f} ms without, {held * 1000:.2f} ms with")


def _by_turns(cursor: Any, ask: Ask, rounds: int) -> tuple[float, float]:
    """Median seconds without and with the policies; SystemExit when the answers differ."""
    roles = ("none", "rightplace_app")
    plain, held = (_as(cursor, role, ask) for role in roles)
    if plain != held:
        raise SystemExit("The answers differ with and without the policies: this must never be seen.")
    times: dict[str, list[float]] = {role: [] for role in roles}
    for _ in range(rounds):
        for role, found in times.items():
            found.append(_as(cursor, role, lambda: _timed(ask)))
    return statistics.median(times["none"]), statistics.median(times["rightplace_app"])


def _as(cursor: Any, role: str, ask: Ask) -> Any:
    cursor.execute("SELECT set_config('role', %s, true)", [role])
    return ask()


def _timed(ask: Ask) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def _fill(children: int) -> tuple[int, int, int]:
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
    return own.pk, person.pk, made[0].pk


if __name__ == "__main__":
    sys.exit(main())
