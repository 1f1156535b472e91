"""The machine is lost: its data folder is wiped while people write, and everything but the last seconds comes back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.shell import ROOT
from tests.faults.conftest import Dumped, short_folder
from tests.faults.many_rows import enlarge
from tests.faults.standing import Installation, connect, installed, keep_database_running
from tests.figures import figure

WRITING_SECONDS = float(os.environ.get("RIGHTPLACE_DRILL_SECONDS", "8"))
EVERY_SECONDS = os.environ.get("RIGHTPLACE_DRILL_EVERY", "2")
GIGABYTES = float(os.environ.get("RIGHTPLACE_DRILL_GB", "0"))
BASE_SECONDS, CAUGHT_UP_SECONDS = 60 + 300 * GIGABYTES, 5
RPO_SECONDS, RTO_SECONDS = 60.0, 900.0

# Writes by a real verb without end, and says of each after its commit which it was and when.
WRITER = """
import os, sys, time
os.environ["DATABASE_URL"] = sys.argv[1]
import django
django.setup()
from django.utils import timezone
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.scope import acting_as
from rightplace.journey.requests import actions
by = Membership.objects.get(user__username="sadia").as_actor()
while True:
    with acting_as(by):
        row = actions.start_request(by=by, now=timezone.now(), child_ids=(int(sys.argv[2]),)).done()
    print(row.pk, time.time(), flush=True)
    time.sleep(0.05)
"""


@pytest.fixture
def lost(dumped: Dumped) -> Iterator[Installation]:
    """An installation that may be wiped."""
    with installed(short_folder(), dumped.made.path, dumped.private) as found:
        yield found


def write_and_wipe(place: Installation, dumped: Dumped, store: Path) -> tuple[dict[int, float], float]:
    """Follow, write, and lose the machine at once; what was acknowledged and when, and the moment of the loss."""
    environment = place.environment(RIGHTPLACE_BACKUP_TO=dumped.public)
    holder = keep_database_running(place)
    if GIGABYTES:
        enlarge(place.url, GIGABYTES)
    follower = place.start(
        "backup", "follow", "--to", str(store), "--every", EVERY_SECONDS, RIGHTPLACE_BACKUP_TO=dumped.public
    )
    _wait_until_followed(store)
    command = [sys.executable, "-c", WRITER, place.url, str(dumped.cards.children[0])]
    environment["DJANGO_SETTINGS_MODULE"] = "rightplace.site.settings"
    writer = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    first = writer.stdout.readline()
    time.sleep(WRITING_SECONDS)
    place.kill_database()
    lost_at = time.time()
    for process in (follower, writer, holder):
        process.kill()
    said = first + writer.stdout.read()
    for process in (follower, writer, holder):
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()
    shutil.rmtree(place.postgres)
    lines = [line.split() for line in said.splitlines() if line.count(" ") == 1]
    return {int(number): float(at) for number, at in lines}, lost_at


def _wait_until_followed(store: Path) -> None:
    """Until the base stands, and what was written while it was copied: from then on at most a minute may be lost."""
    pieces, since, begun = 0, 0.0, time.monotonic()
    while time.monotonic() - begun < BASE_SECONDS:
        found = len(list(store.glob("series-*/*.1.sealed")))
        if found != pieces:
            pieces, since = found, time.monotonic()
        elif pieces and time.monotonic() - since > CAUGHT_UP_SECONDS:
            return
        time.sleep(0.1)
    raise AssertionError(f"no base backup in {store}, or no end of the log that follows it")


def test_a_lost_machine_comes_back_but_for_the_last_seconds(
    lost: Installation, dumped: Dumped, tmp_path: Path
) -> None:
    """The database is that of the walked world, with RIGHTPLACE_DRILL_GB=5 of documents and entries of the trail beside it."""
    acknowledged, lost_at = write_and_wipe(lost, dumped, tmp_path)
    assert len(acknowledged) > 20
    begun = time.monotonic()
    done = lost.run("restore", str(tmp_path), "--key", str(dumped.private), "--json", seconds=RTO_SECONDS)
    seconds = time.monotonic() - begun
    assert done.returncode == 0, done.stderr
    assert {check["name"]: check["is_ok"] for check in json.loads(done.stdout)["checks"]} == {
        "audit": True,
        "ledger": True,
        "schedule": True,
    }
    holder = keep_database_running(lost)
    with connect(lost) as connection:
        held = {
            int(number)
            for (number,) in connection.execute("SELECT id FROM requests_placementrequest").fetchall()
        }
        size = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    holder.communicate()
    missing = sorted(at for number, at in acknowledged.items() if number not in held)
    behind = lost_at - missing[0] if missing else 0.0
    figure(
        10, "deeds acknowledged before the loss; not in the backup", f"{len(acknowledged)}; {len(missing)}"
    )
    figure(10, "seconds of writing lost (RPO)", behind, f"≤ {RPO_SECONDS:g} s", met=behind <= RPO_SECONDS)
    took = f"{seconds:.0f} s; {(size or (0,))[0] / 1e9:.2f} GB"
    figure(10, "restored and proved (RTO); size", took, f"≤ {RTO_SECONDS:g} s", met=seconds <= RTO_SECONDS)
    assert behind <= RPO_SECONDS
    assert missing == sorted(acknowledged.values())[len(acknowledged) - len(missing) :], (
        "a hole in the middle"
    )
