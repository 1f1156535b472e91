"""Two hundred people at once over all desks, on the served product; then a rush, to see that nothing is lost when it is full.

Run `python -m benchmarks.load [--quick] [--people N] [--seconds N] [--json]`. The demo of the benchmarks (10,000 children) is
loaded into a database of its own and served by `rightplace serve`; locust plays the people: nine pages opened for each form
sent, some seconds of thinking between. In the rush three times as many people do not think at all.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.database import own_database
from benchmarks.report import Measured, show, wants_json

P95_MS = 1000.0
THINKS_SECONDS = (5, 15)
PAGES_OF_A_SEAT = 40
RUSH_TIMES = 3
READY_SECONDS = 120


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether every aim was reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the small demo, 20 people, half a minute")
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--seconds", type=int, default=0)
    chosen = parser.parse_known_args(arguments)[0]
    people = chosen.people or (20 if chosen.quick else 200)
    seconds = chosen.seconds or (30 if chosen.quick else 180)
    with own_database("load"):
        found = measured("small" if chosen.quick else "benchmark", people, seconds)
    return show(found, as_json=wants_json(arguments))


def measured(size: str, people: int, seconds: int) -> list[Measured]:
    """Load the demo, serve it, let people in, and count."""
    from rightplace.demo.load import load_demo

    load_demo(size=size)
    seats = make_seats(people)
    with tempfile.TemporaryDirectory() as folder, served() as address:
        day = play(Path(folder), address, seats, people, seconds, is_rush=False)
        rush = play(Path(folder), address, seats, people * RUSH_TIMES, max(seconds // 4, 15), is_rush=True)
    return [*_of_a_day(day, people), *_of_a_rush(rush, people * RUSH_TIMES)]


def make_seats(people: int) -> list[dict[str, Any]]:
    """A session, pages that open, and for social workers a child, for each person; roles in turn."""
    from benchmarks.visits import Visitors, pages

    visitors = Visitors()
    by_role: dict[str, list[tuple[str, str]]] = {}
    for page in pages():
        for visit in visitors.opened(page):
            by_role.setdefault(visit.role, []).append((visit.path, page.route))
    return [_seat(role, by_role[role], number) for number, role in _in_turn(sorted(by_role), people)]


def _in_turn(roles: list[str], people: int) -> Iterator[tuple[int, str]]:
    for number in range(people):
        yield number, roles[number % len(roles)]


def _seat(role: str, pages: list[tuple[str, str]], number: int) -> dict[str, Any]:
    from benchmarks.visits import _children, _holders, _signed_in
    from rightplace.foundation.access.roles import SOCIAL_WORKER

    holders = _holders(role)
    # Pages that name a row belong to the first holder; the others share that seat under sessions of their own.
    member = holders[0]
    client = _signed_in(member)
    child = None
    if role == SOCIAL_WORKER:
        ids = list(_children(member).filter(social_worker=member.user).values_list("pk", flat=True)[:50])
        child = ids[number % len(ids)] if ids else None
    session = client.cookies["sessionid"].value
    return {"role": role, "session": session, "pages": pages[:PAGES_OF_A_SEAT], "child": child}


@contextmanager
def served() -> Iterator[str]:
    """The product at work on this benchmark's database, two web processes; its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "rightplace.cli.main", "serve", "--processes", "2", "--port", str(port)]
    # As many people share few sessions here, the limit for one client is lifted.
    process = subprocess.Popen(command, env={**os.environ, "RIGHTPLACE_REQUESTS_A_SECOND": "0"}, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(READY_SECONDS * 10):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise SystemExit("The product did not start; run rightplace serve by hand to see why.")


def play(folder: Path, address: str, seats: list[dict[str, Any]], people: int, seconds: int, *, is_rush: bool) -> dict[str, Any]:
    """Let people in for so many seconds: locust's figures by kind, what was acknowledged, and what of it is not there."""
    plan = folder / f"plan-{is_rush}.json"
    kinds = {"seats": seats, "is_rush": is_rush, "thinks_seconds": THINKS_SECONDS, "reads": 9, "writes": 1}
    plan.write_text(json.dumps(kinds))
    command = [sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("load_people.py")), "--headless", "--json"]
    command += ["-u", str(people), "-r", str(max(people // 10, 1)), "-t", f"{seconds}s", "-H", address, "--loglevel", "ERROR"]
    environment = {**os.environ, "RIGHTPLACE_LOAD_PLAN": str(plan)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    told = json.loads(plan.with_suffix(".told.json").read_text())
    return {"stats": json.loads(done.stdout), "seconds": seconds, **told, "lost": _lost(told["acknowledged"])}


def _lost(acknowledged: list[str]) -> int:
    """How many acknowledged forms have no submission in the database."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        query = "SELECT count(DISTINCT key) FROM access_submission WHERE key::text = ANY(%s) AND location <> ''"
        row = connection.execute(query, [acknowledged]).fetchone()
    return len(acknowledged) - int(row[0] if row else 0)


def _of_a_day(found: dict[str, Any], people: int) -> list[Measured]:
    reads, writes = _times(found, "GET"), _times(found, "POST")
    asked, failed = _asked(found)
    against = f"{people} people"
    return [
        Measured("Pages, 95th percentile", _percentile(reads, 0.95), "ms", P95_MS, against),
        Measured("Pages, median", _percentile(reads, 0.5), "ms", None, against),
        Measured("Forms, 95th percentile", _percentile(writes, 0.95), "ms", P95_MS, against),
        Measured("Requests a second", asked / found["seconds"], "1/s", None, against),
        Measured("Errors", failed, "answers", 0, f"of {asked}"),
        Measured("Told to come back (429, 503)", sum(found["refused"].values()), "answers", None, f"of {asked}"),
        Measured("Acknowledged forms that are not there", found["lost"], "forms", 0, f"of {len(found['acknowledged'])}"),
    ]


def _of_a_rush(found: dict[str, Any], people: int) -> list[Measured]:
    asked, failed = _asked(found)
    refused, sent = sum(found["refused"].values()), len(found["acknowledged"])
    against = f"rush of {people} people who do not think"
    return [
        Measured("In the rush: errors", failed, "answers", 0, f"of {asked}"),
        Measured("In the rush: told to come back", refused, "answers", None, against),
        Measured("In the rush: served a second", (asked - refused) / found["seconds"], "1/s", None, against),
        Measured("In the rush: acknowledged forms that are not there", found["lost"], "forms", 0, f"of {sent}"),
    ]


def _times(found: dict[str, Any], method: str) -> dict[float, int]:
    """How often each time of an answer was seen, in milliseconds."""
    times: dict[float, int] = {}
    for one in found["stats"]:
        if one["method"] == method:
            for at, number in one["response_times"].items():
                times[float(at)] = times.get(float(at), 0) + number
    return times


def _asked(found: dict[str, Any]) -> tuple[int, int]:
    return sum(one["num_requests"] for one in found["stats"]), sum(one["num_failures"] for one in found["stats"])


def _percentile(times: dict[float, int], part: float) -> float:
    """The time within which so large a part was answered; 0 when nothing was asked."""
    wanted, seen = part * sum(times.values()), 0
    for at in sorted(times):
        seen += times[at]
        if seen >= wanted:
            return at
    return 0.0


if __name__ == "__main__":
    sys.exit(main())
