"""Sixty-four at once for the last bed: exactly one has it, and nobody is shown an error of ours."""

from __future__ import annotations

import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from urllib.parse import urlsplit

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.journey.placements.models import Placement
from tests.faults.conftest import Dumped
from tests.figures import figure
from tests.walked import connected_to, create_copy, drop

AT_ONCE = 64
ROUNDS = int(os.environ.get("RIGHTPLACE_BED_ROUNDS", "3"))


def test_sixty_four_at_the_last_bed_have_one_winner(dumped: Dumped, django_db_blocker: object) -> None:
    """Past every check of ours: the constraint itself decides, whichever code comes first."""
    name = f"test_rightplace_{os.getpid()}_bed"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django gives no type
        create_copy(name, urlsplit(dumped.url).path.lstrip("/"))
        with connected_to(name):
            results = [_round(dumped, number) for number in range(ROUNDS)]
        drop(name)
    figure(
        8,
        f"rounds of {AT_ONCE} threads for the last bed; rounds with exactly one winner",
        f"{ROUNDS}; {results.count(1)}",
    )
    assert results == [1] * ROUNDS


def _round(dumped: Dumped, number: int) -> int:
    starts = date(2030 + number // 300, 1, 1)
    facts = {
        "authority": dumped.world.cast.croydon, "child": dumped.world.cast.amber, "state": "planned",
        "setting": dumped.world.cast.acorn_house, "provider": dumped.world.cast.oakhouse, "bed": 1000 + number,
        "place_code": "K2", "period": DateRange(starts, date(2031 + number // 300, 1, 1)),
    }  # fmt: skip
    start = Barrier(AT_ONCE)

    def one(_: int) -> str:
        start.wait()
        try:
            return _try(facts)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        counted = Counter(pool.map(one, range(AT_ONCE)))
    Placement.objects.filter(bed=1000 + number).delete()
    assert counted["won"] + counted["lost"] == AT_ONCE, counted
    return counted["won"]


def _try(facts: dict[str, object]) -> str:
    for _ in range(600):
        try:
            with transaction.atomic():
                Placement.objects.create(**facts)
            return "won"
        except IntegrityError:
            return "lost"
        except OperationalError:  # no connection free, or the one to give way in a deadlock: come back
            connection.close()
            time.sleep(0.05)
    return "never"
