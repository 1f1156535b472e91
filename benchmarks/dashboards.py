"""Dashboards at a million placements with twenty people at once, while placements change; and that what is kept stays right.

Run `python -m benchmarks.dashboards [--quick] [--json]`. A hundred authorities of ten thousand placements each (synthetic, copied
from one row by SQL) stand in a database of their own. The figures of those whose pages are opened are counted as the worker does
each night; the others, whom nobody opens, hold a copy of the first's, so that the tables have their whole size. Five of those
counted are compared with the full count at the end. The product is served with two processes and its worker; each page is opened
once before the clock starts; twenty people open the journey, the indicators, an indicator with the children behind it, and the
alerts, while another connection changes placements every half second: first at the pace of people who read what they opened (that
of `benchmarks.load`; the aims are of this), then as if each pressed for the next page within a second or so. The load of the
machine as the clock starts stands beside: others may be at work on it.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import psycopg

from benchmarks.database import own_database
from benchmarks.load import THINKS_SECONDS, served
from benchmarks.report import Measured, show, wants_json

PEOPLE, P95_MS, LIST_MS, QUERIES = 20, 150.0, 100.0, 8
PAGES = {
    "/performance/journey/": ("journey, by month", P95_MS),
    "/performance/journey/?by=week": ("journey, by week", P95_MS),
    "/performance/": ("indicators", P95_MS),
    "/performance/three_or_more_placements/": ("an indicator opened", LIST_MS),
    "/performance/alerts/": ("alerts", LIST_MS),
}


@dataclass(frozen=True)
class Pace:
    """How people go from page to page: the seconds between two pages, for how many seconds, and whether aims are of it."""

    name: str
    thinks: tuple[float, float]
    seconds: int
    is_aimed_at: bool


READING = Pace("reading", THINKS_SECONDS, 240, is_aimed_at=True)
PRESSING = Pace("pressing", (0.5, 1.5), 60, is_aimed_at=False)
QUICK = Pace("pressing", (0.5, 1.5), 10, is_aimed_at=False)
OF_EVERY_PAGE = ('FROM "access_', 'INTO "access_', '"django_', "notices_notice", "rightplace_enter")
"""The session, the person, the membership and what waits to be read: asked by every page, whatever it shows."""
FIRST = 1_000_000_000
CHANGE = """
UPDATE placements_placement SET miles = miles + 0.1 WHERE id = (
    SELECT id FROM placements_placement
    WHERE authority_id = %(authority)s AND state = 'started' AND id > %(after)s ORDER BY id LIMIT 1)
"""
"""Somebody lives in a home further away: found by its index, so that what is measured is what follows from it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether every aim was reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="ten authorities of 2,000 placements, ten seconds"
    )
    chosen = parser.parse_known_args(arguments)[0]
    authorities, placements, paces = (
        (10, 2_000, [QUICK]) if chosen.quick else (100, 10_000, [READING, PRESSING])
    )
    with own_database("dashboards"):
        found = measured(authorities, placements, paces)
    return show(found, as_json=wants_json(arguments))


def measured(authorities: int, placements: int, paces: Sequence[Pace]) -> list[Measured]:
    """Fill the database, count everything once, let people in, and compare what is kept with the full count."""
    from django.utils import timezone

    from rightplace.oversight.performance.summaries import EVERY, count_again

    directors = filled(authorities, placements)
    begun = time.perf_counter()
    for one in directors:
        count_again(one.authority_id, timezone.now(), EVERY)
    nightly = (time.perf_counter() - begun) / len(directors)
    _figures_copied([one.authority_id for one in directors])
    print(
        f"{authorities * placements:,} placements; an authority counted in {nightly:.1f} s", file=sys.stderr
    )
    queries = {path: asked(directors[0], path) for path in PAGES}
    seats = [seat(directors[number % len(directors)]) for number in range(PEOPLE)]
    with served() as address:
        _warmed(address, seats[0])
        whose = [one.authority_id for one in directors]
        at_paces = [row for pace in paces for row in _at(pace, address, seats, whose)]
    wrong = sum(not agrees(one.authority_id) for one in directors[:5])
    return [
        *at_paces,
        *[Measured(f"{PAGES[path][0]}, reads", own, "queries", QUERIES) for path, own in queries.items()],
        Measured("authorities whose kept figures differ from the full count", wrong, "of 5", 0),
        Measured("counting all figures of an authority", nightly, "s"),
    ]  # fmt: skip


def _at(pace: Pace, address: str, seats: list[str], authorities: list[int]) -> list[Measured]:
    """How long each page took people of this pace, and how many were not answered."""
    load = os.getloadavg()[0]
    times = visited(address, seats, authorities, pace)
    unanswered = {name: taken for name, taken in times.items() if name not in PAGES}
    return [
        *[
            Measured(
                f"{name}, {pace.name}: p95 of {len(times[path])}", float(np.percentile(times[path], 95)), "ms",
                aim if pace.is_aimed_at else None,
                f"median {np.median(times[path]):.0f}; load of the machine before {load:.1f}",
            )
            for path, (name, aim) in PAGES.items() if times[path]
        ],
        Measured(f"{pace.name}: not answered", sum(map(len, unanswered.values())), "pages", 0, ", ".join(sorted(unanswered))),
    ]  # fmt: skip


def _warmed(address: str, session: str) -> None:
    """Each page opened a few times, so that both processes have read what they read once."""
    door = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    for path in [*PAGES] * 4:
        door.request("GET", path, headers={"Cookie": f"sessionid={session}", "Connection": "close"})
        door.getresponse().read()
        door.close()


def filled(authorities: int, placements: int) -> list[Any]:
    """Authorities with a director each, children, legal statuses and placements; the directors."""
    from django.db import connection, transaction

    from rightplace.foundation.access.actor import Actor
    from rightplace.foundation.access.models import Membership, User
    from rightplace.foundation.access.roles import DIRECTOR
    from rightplace.foundation.organisations.models import Authority
    from rightplace.foundation.reference.authorities import authorities as known

    rows = [
        Authority.objects.create(name=facts.name, gss_code=code, region=facts.region)
        for code, facts in list(known().items())[:authorities]
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in ("placements_placement", "children_legalstatus"):
            _without_exclusions(cursor, table)
        _copied(cursor, [row.pk for row in rows], placements)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    found = []
    for row in rows[:PEOPLE]:
        user = User.objects.create(
            username=f"d{row.pk}@example.org", email=f"d{row.pk}@example.org", is_active=True
        )
        member = Membership.objects.create(
            user=user, authority=row, role=DIRECTOR, starts_on=date(2020, 1, 1)
        )
        found.append(
            Seated(member, Actor(name="Director", role=DIRECTOR, authority_id=row.pk, user_id=user.pk))
        )
    return found


def _figures_copied(counted: Sequence[int]) -> None:
    """The kept figures of the first authority counted for all those that were not: rows as many as there would be."""
    from django.db import connection

    columns = 'provider_id, "group", code, span, ends_on, numerator, denominator, total, squares'
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO performance_groupfigure (authority_id, {columns}) SELECT a.id, {columns}"  # noqa: S608 - our own names
            " FROM performance_groupfigure f, organisations_authority a WHERE f.authority_id = %s AND a.id <> ALL(%s)",
            [counted[0], list(counted)],
        )
        cursor.execute("ANALYZE performance_groupfigure")


class Seated:
    """A director: the membership to sign in with, and the actor."""

    def __init__(self, member: Any, actor: Any) -> None:
        self.member, self.actor, self.authority_id = member, actor, actor.authority_id


def _without_exclusions(cursor: Any, table: str) -> None:
    """No page reads by them, and a million rows would be checked one by one while they are copied."""
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'x'", [table]
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def _copied(cursor: Any, authorities: list[int], placements: int) -> None:
    """A third as many children as placements; of each child three stays that follow each other, some ended, some open."""
    from django.utils import timezone

    from rightplace.journey.placements.models import Placement
    from rightplace.register.children.models import Child, LegalStatus

    today = timezone.localdate()
    child = Child.objects.create(
        authority_id=authorities[0], local_number="pattern", sex="F", born_on=date(2012, 1, 1)
    )
    status = LegalStatus.objects.create(
        authority_id=authorities[0], child=child, code="C2", period=(today, None)
    )
    stay = Placement.objects.create(
        authority_id=authorities[0], child=child, state="started", period=(today, None), place_code="U6", miles=5.0,
        place_postcode="SE13 5AB",
    )  # fmt: skip
    many = placements // 3
    source = (
        f"FROM {{table}} t, unnest(ARRAY{authorities}) WITH ORDINALITY AS a(authority, place), generate_series(1, {{rows}}) n"
        " WHERE t.id = {pattern}"
    )
    child_number = f"{FIRST} + a.place * 1000000 + "
    began = f"(DATE '{today}' - (c.n_ * 1361 % 2900 + 40)::int)"
    _insert(cursor, "children_child", child.pk, many, source, {
        "id": f"{child_number}n", "authority_id": "a.authority", "local_number": "'c' || n", "is_uasc": "n % 13 = 0",
        "born_on": "DATE '2008-06-01' + (n * 7 % 5000)::int",
    })  # fmt: skip
    start = began.replace("c.n_", "n")
    _insert(cursor, "children_legalstatus", status.pk, many, source, {
        "id": f"{child_number}n", "authority_id": "a.authority", "child_id": f"{child_number}n",
        "period": f"daterange({start}, CASE WHEN n % 3 = 0 THEN {start} + (n * 37 % 30 + 10)::int END)",
    })  # fmt: skip
    nth, whose = "(n % 3)", "(n / 3 + 1)"
    first = began.replace("c.n_", whose)
    length = f"((DATE '{today}' - {first}) / 4)"
    _insert(cursor, "placements_placement", stay.pk, many * 3 - 3, source, {
        "id": f"{FIRST} + a.place * 1000000 + n", "authority_id": "a.authority", "child_id": f"{child_number}{whose}",
        "period": f"daterange({first} + {nth} * {length}, CASE WHEN {nth} < 2 THEN {first} + ({nth} + 1) * {length} END)",
        "state": f"CASE WHEN {nth} < 2 THEN 'ended' ELSE 'started' END", "plan_agreed_on": first, "miles": "(n * 13 % 60)::float",
        "urn": "(n % 997)::text", "place_code": "CASE WHEN n % 4 = 0 THEN 'K2' ELSE 'U6' END",
        "change_reason": f"CASE WHEN {nth} < 2 THEN (ARRAY['CARPL', 'OTHER'])[n % 2 + 1] ELSE '' END",
    })  # fmt: skip


def _insert(cursor: Any, table: str, pattern: int, rows: int, source: str, changed: dict[str, str]) -> None:
    """Copies of one row with these columns made anew."""
    cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
    columns = [name for (name,) in cursor.fetchall()]
    values = ", ".join(changed.get(name, f't."{name}"') for name in columns)
    listed = ", ".join(f'"{name}"' for name in columns)
    # The names are of our own tables and columns.
    cursor.execute(
        f"INSERT INTO {table} ({listed}) SELECT {values} {source.format(table=table, rows=rows, pattern=pattern)}"
    )


def asked(director: Seated, path: str) -> int:
    """How many reads of its own a page makes just after something changed, beside those that every page makes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from benchmarks.visits import _signed_in

    with connection.cursor() as cursor:
        cursor.execute(CHANGE, {"authority": director.authority_id, "after": 0})
    with CaptureQueriesContext(connection) as queries:
        _signed_in(director.member).get(path)
    return sum(
        " FROM " in one["sql"] and not any(of in one["sql"] for of in OF_EVERY_PAGE) for one in queries
    )


def seat(director: Seated) -> str:
    """A session of one person."""
    from benchmarks.visits import _signed_in

    return str(_signed_in(director.member).cookies["sessionid"].value)


def visited(address: str, seats: list[str], authorities: list[int], pace: Pace) -> dict[str, list[float]]:
    """The milliseconds of each page, while somebody changes placements."""
    times: dict[str, list[float]] = defaultdict(list)
    until = time.monotonic() + pace.seconds
    people = [
        threading.Thread(target=_visit, args=(address, one, until, times, number, pace.thinks))
        for number, one in enumerate(seats)
    ]
    people.append(threading.Thread(target=_change, args=(authorities, until)))
    for person in people:
        person.start()
    for person in people:
        person.join()
    return times


def _visit(
    address: str,
    session: str,
    until: float,
    times: dict[str, list[float]],
    number: int,
    thinks: tuple[float, float],
) -> None:
    random_ = random.Random(number)
    door = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    time.sleep(random_.uniform(0, thinks[1]))
    for path in ["/performance/journey/", *(random_.choice(list(PAGES)) for _ in range(10_000))]:
        if time.monotonic() > until:
            return
        begun = time.perf_counter()
        door.request("GET", path, headers={"Cookie": f"sessionid={session}"})
        answer = door.getresponse()
        answer.read()
        times[path if answer.status == 200 else f"answered {answer.status}"].append(
            (time.perf_counter() - begun) * 1000
        )
        time.sleep(random_.uniform(*thinks))


def _change(authorities: list[int], until: float) -> None:
    random_ = random.Random(7)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        while time.monotonic() < until:
            place = random_.randrange(len(authorities))
            after = FIRST + (place + 1) * 1_000_000 + random_.randrange(1_000)
            connection.execute(CHANGE, {"authority": authorities[place], "after": after})
            time.sleep(0.5)


def agrees(authority_id: int) -> bool:
    """Whether the kept figures of an authority equal the full count."""
    from django.utils import timezone

    from rightplace.oversight.performance.spans import spans_kept
    from rightplace.oversight.performance.summaries import counted, figures

    spans = spans_kept(timezone.localdate())
    kept, whole = figures(authority_id, spans), counted(authority_id, spans, None)
    return all(
        (ours := kept.of(*key)).numerator == theirs.numerator and ours.denominator == theirs.denominator
        and abs(ours.total - theirs.total) < 1e-6 * max(1.0, abs(theirs.total))
        for key, theirs in whole.items()
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
