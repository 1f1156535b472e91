"""A process killed in the middle of writing leaves nothing by half, and what it acknowledged stays."""

from __future__ import annotations

import os
import random
import signal
import time
import traceback

import pytest
from django.db import connection
from django.db.models import Count

from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.audit.queries import check_chains
from rightplace.journey.requests import actions
from rightplace.journey.requests.models import PlacementRequest
from tests.cast import NOW, Cast
from tests.figures import figure
from tests.world import World

KILLS = int(os.environ.get("RIGHTPLACE_KILLS", "200"))
LONGEST = 0.08


def write_until_killed(cast: Cast, acknowledge: int) -> None:
    """Start requests without end; say each one's number after its commit."""
    while True:
        with acting_as(cast.sadia):
            row = actions.start_request(by=cast.sadia, now=NOW, child_ids=(cast.amber.pk,)).done()
        os.write(acknowledge, f"{row.pk}\n".encode())


def one_killed_writer(cast: Cast, chance: random.Random) -> list[int]:
    """Let a process write, kill it at a random moment; the numbers it had acknowledged."""
    reads, writes = os.pipe()
    name = connection.settings_dict["NAME"]
    writer = os.fork()
    if writer == 0:
        try:
            # Where a browser's event loop runs in this thread, a forked process sees another connection than its
            # parent: one that may be open to another database. Forget it, and connect anew to the right one.
            connection.connection = None
            connection.settings_dict["NAME"] = name
            write_until_killed(cast, writes)
        except BaseException:
            traceback.print_exc()
        os._exit(1)
    os.close(writes)
    first = os.read(reads, 4096)
    time.sleep(chance.uniform(0, LONGEST))
    os.kill(writer, signal.SIGKILL)
    _, status = os.waitpid(writer, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    said = first
    while more := os.read(reads, 65536):
        said += more
    os.close(reads)
    return [int(number) for number in said.decode().split()]


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_writer_killed_at_any_moment_leaves_no_half_and_loses_nothing_acknowledged(own_world: World) -> None:
    before = set(PlacementRequest.objects.values_list("pk", flat=True))
    connection.close()
    chance = random.Random(20261102)
    acknowledged = [number for _ in range(KILLS) for number in one_killed_writer(own_world.cast, chance)]
    written = set(PlacementRequest.objects.values_list("pk", flat=True)) - before
    lost = len(set(acknowledged) - written)
    figure(1, "kills of a writer; acknowledged; lost", f"{KILLS}; {len(acknowledged)}; {lost}", "0 lost", met=not lost)
    assert len(acknowledged) >= KILLS
    assert set(acknowledged) <= written
    assert len(written) <= len(acknowledged) + KILLS
    _nothing_is_half(written)


def _nothing_is_half(written: set[int]) -> None:
    whole = PlacementRequest.objects.filter(pk__in=written).annotate(n=Count("children"))
    assert {row.n for row in whole} == {1}
    entries = AuditEntry.objects.filter(verb="start_request", subject="request", subject_id__in=written)
    assert entries.count() == entries.values("subject_id").distinct().count() == len(written)
    assert check_chains().is_whole
