"""The disk is full: nothing is corrupted, pages are still read, forms are answered 503, and it goes on when there is room."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.faults.conftest import Dumped, short_folder
from tests.faults.journeys import TOKEN, Noted, Person
from tests.faults.standing import Installation, installed
from tests.figures import figure

MEGABYTES = 400
RECOVERS_SECONDS = 10.0


@pytest.fixture
def on_a_small_disk(dumped: Dumped) -> Iterator[Installation]:
    """An installation on a disk of its own, in memory."""
    folder = short_folder()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=755", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("a small disk can only be mounted by root, and not in every container")
    try:
        with installed(folder / "i", dumped.made.path, dumped.private) as place:
            place.serve(processes=1)
            yield place
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)
        folder.rmdir()


def fill(place: Installation) -> Path:
    """Leave no byte free."""
    path = place.folder / "rubbish"
    with path.open("wb") as rubbish:
        try:
            while True:
                rubbish.write(b"\0" * 65536)
                rubbish.flush()
        except OSError:
            return path


def write_until_refused(place: Installation, child: int, session: str) -> tuple[int, httpx.Response]:
    """Start requests until the disk holds no more; how many were acknowledged, and the answer that says no."""
    person, done = Person(place, session, Noted()), 0
    entries = {"needed_by_day": "1", "needed_by_month": "2", "needed_by_year": "2027"}
    with person.client as client:
        for number in range(3000):
            key = f"00000000-0000-4000-8000-{number:012}"
            path = f"/social-work/children/{child}/start/"
            answer = client.post(path, data={**entries, "once": key}, headers={"X-CSRFToken": TOKEN})
            if not answer.is_redirect:
                return done, answer
            done += 1
    raise AssertionError("the disk was never full")


def test_a_full_disk_refuses_writes_plainly_and_recovers(
    on_a_small_disk: Installation, dumped: Dumped
) -> None:
    place, session, child = on_a_small_disk, dumped.cards.sessions["sadia"], dumped.cards.children[0]
    before = _requests(place)
    _leave_little_log(place)
    rubbish = fill(place)
    acknowledged, refusal = write_until_refused(place, child, session)
    assert refusal.status_code == 503 and refusal.headers["Retry-After"]
    with httpx.Client(base_url=place.address, cookies={"sessionid": session}, timeout=30) as client:
        read = client.get("/social-work/requests/").status_code
    rubbish.unlink()
    seconds = _seconds_until_written(place, child, session)
    held = _requests(place) - before
    proof = place.run("check", "audit", "--json")
    figure(
        3, "acknowledged on a full disk; lost", f"{acknowledged}; {max(acknowledged + 1 - held, 0)}", "0 lost"
    )
    figure(
        3,
        "answer to a form on a full disk; to a page",
        f"{refusal.status_code} with Retry-After; {read}",
        "503; 200",
    )
    figure(
        3,
        "seconds until a form is taken after there is room",
        seconds,
        f"≤ {RECOVERS_SECONDS:g} s",
        met=seconds <= 10,
    )
    assert held == acknowledged + 1
    assert proof.returncode == 0, proof.stdout
    assert read in {200, 503}
    assert seconds <= RECOVERS_SECONDS


def _leave_little_log(place: Installation) -> None:
    # PostgreSQL writes into pieces of log that it has already: it must come to need a new one soon.
    with psycopg.connect(place.url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET min_wal_size = '32MB'")
        connection.execute("ALTER SYSTEM SET wal_recycle = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("SELECT pg_switch_wal()")
        connection.execute("CHECKPOINT")
        connection.execute(
            "SELECT pg_logical_emit_message(false, 'rubbish', repeat('x', 65536))"
            " FROM generate_series(1, (16 * 1024 - 1024) / 64)"
        )


def _requests(place: Installation) -> int:
    with psycopg.connect(place.url) as connection:
        row = connection.execute("SELECT count(*) FROM requests_placementrequest").fetchone()
        return int(row[0]) if row else 0


def _seconds_until_written(place: Installation, child: int, session: str) -> float:
    begun = time.monotonic()
    entries = {"needed_by_day": "1", "needed_by_month": "3", "needed_by_year": "2027"}
    while time.monotonic() - begun < 60:
        person = Person(place, session, Noted())
        with person.client as client:
            body = {**entries, "once": "00000000-0000-4000-9000-000000000001"}
            headers = {"X-CSRFToken": TOKEN}
            try:
                if client.post(
                    f"/social-work/children/{child}/start/", data=body, headers=headers
                ).is_redirect:
                    return time.monotonic() - begun
            except httpx.HTTPError:
                pass
        time.sleep(0.2)
    raise AssertionError(place.words_of("serve"))
