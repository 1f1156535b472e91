"""Sixty-four at once for the last bed: exactly one has it, and nobody is shown an error of ours."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.journey.placements.beds import free_beds, place_in_free_bed
from rightplace.journey.placements.models import Placement
from tests.faults.conftest import Dumped
from tests.figures import figure
from tests.walked import connected_to, create_copy, drop

AT_ONCE = 64
BEDS = 6
LONGEST_AWAY = 3.0
ROUNDS = int(os.environ.get("RIGHTPLACE_BED_ROUNDS", "3"))


@pytest.fixture(scope="module")
def copied(dumped: Dumped, django_db_blocker: Any) -> Iterator[Dumped]:
    """A database of this module's own, for what many connections write at once stays."""
    name = f"test_rightplace_{os.getpid()}_bed"
    with django_db_blocker.unblock():
        create_copy(name, urlsplit(dumped.url).path.lstrip("/"))
        with connected_to(name):
            yield dumped
        drop(name)


def test_sixty_four_at_the_last_bed_have_one_winner(copied: Dumped) -> None:
    """Past every check of ours: the constraint itself decides, whichever code comes first."""
    results = [_round(copied, number) for number in range(ROUNDS)]
    figure(
        8,
        f"rounds of {AT_ONCE} threads for the last bed; rounds with exactly one winner",
        f"{ROUNDS}; {results.count(1)}",
    )
    assert results == [1] * ROUNDS


def test_sixty_four_placed_at_once_fill_every_free_bed_and_nobody_waits_for_one_who_waits(
    copied: Dumped,
) -> None:
    """As the product places: they queue, so that a free bed is never lost to two who wait for each other."""
    free = free_beds(Placement(**facts_of(copied, 2040)), BEDS)
    assert len(free) >= 3

    def place() -> str:
        with transaction.atomic():
            return "told" if place_in_free_bed(Placement(**facts_of(copied, 2040)), BEDS) else "placed"

    assert at_once(place) == {"placed": len(free), "told": AT_ONCE - len(free)}
    taken = Placement.objects.filter(period=a_year(2040)).order_by("bed").values_list("bed", flat=True)
    assert list(taken) == list(free)


def facts_of(dumped: Dumped, year: int) -> dict[str, object]:
    """A placement of Amber at Acorn House for a year far from now."""
    cast = dumped.world.cast
    return {
        "authority": cast.croydon, "child": cast.amber, "state": "planned", "setting": cast.acorn_house,
        "provider": cast.oakhouse, "place_code": "K2", "period": a_year(year),
    }  # fmt: skip


def a_year(year: int) -> DateRange:
    """The whole of a year."""
    return DateRange(date(year, 1, 1), date(year + 1, 1, 1))


def at_once(deed: Callable[[], str]) -> Counter[str]:
    """What came of the same deed done by all at once, each with a connection of its own."""
    start = Barrier(AT_ONCE)

    def one(_: int) -> str:
        connect()
        start.wait()
        try:
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(one, range(AT_ONCE)))


def connect() -> None:
    """A connection of this thread's own, as soon as one is free: other tests have some."""
    for _ in range(100):
        try:
            connection.ensure_connection()
        except OperationalError:
            time.sleep(random.uniform(0, LONGEST_AWAY))
        else:
            return


def _round(dumped: Dumped, number: int) -> int:
    facts = facts_of(dumped, 2030 + number // 300) | {"bed": 1000 + number}
    counted = at_once(lambda: _try(facts))
    Placement.objects.filter(bed=1000 + number).delete()
    assert counted["won"] + counted["lost"] == AT_ONCE, counted
    return counted["won"]


def _try(facts: dict[str, object]) -> str:
    """Come back, each after a while of its own, when no connection is free or everybody waits for everybody else.

    Rows that exclude each other wait for one another once all are written. PostgreSQL ends one such wait a second; were the
    others to wait on, and the one to come straight back, the circle would never end.
    """
    for _ in range(600):
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '300ms'")
                Placement.objects.create(**facts)
            return "won"
        except IntegrityError:
            return "lost"
        except OperationalError:
            connection.close()
            time.sleep(random.uniform(0, LONGEST_AWAY))
    return "never"
