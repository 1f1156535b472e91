"""Going on with the simulations that run, a world at a time, and alone: one process at a time on however many machines."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.utils import timezone

from rightplace.core.simulation.many import one_world
from rightplace.foundation.access.actor import system_actor
from rightplace.oversight.simulations.actions import finish_simulation, keep_world
from rightplace.oversight.simulations.models import Simulation
from rightplace.oversight.simulations.spreading import run_plan

KEY = 4_107_229
"""The number of the lock: any that nothing else in the product takes."""
SECONDS = 600.0
"""A process goes on for so long; the next one begins where it ended."""


def running_simulations() -> list[Simulation]:
    """Those that are neither stopped nor finished, the oldest first."""
    rows = Simulation.objects.filter(stopped_at__isnull=True, finished_at__isnull=True)
    return list(rows.order_by("made_at", "pk"))


def carry_on_simulations(
    now: datetime, *, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
) -> int:
    """Go on with the running simulations, oldest first, for about so many seconds; how many worlds were done.

    Each world is kept as soon as it is done. Whether the simulation is still running is looked at before each, so that a stop
    takes effect at once; on a Dask cluster (RIGHTPLACE_DASK) all that is left is handed over together.
    """
    until, done = clock() + seconds, 0
    for row in running_simulations():
        done += _carry_on(row, now, lambda: clock() < until)
    return done


def carry_on_alone(seconds: float = SECONDS) -> int | None:
    """The same while holding the lock; None where another process holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [KEY])
        if not cursor.fetchone()[0]:
            return None
        try:
            return carry_on_simulations(timezone.now(), seconds=seconds)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [KEY])


def is_taken() -> bool:
    """Whether a process of any machine goes on with simulations."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [KEY],
        )
        return bool(cursor.fetchone()[0])


def _carry_on(row: Simulation, now: datetime, may_go_on: Callable[[], bool]) -> int:
    kept = set(row.worlds.values_list("number", flat=True))
    before, scheduler = len(kept), os.environ.get("RIGHTPLACE_DASK", "")
    if scheduler:
        worlds = run_plan(row.plan, done=kept, scheduler=scheduler)
    else:
        left = [number for number in range(row.runs) if number not in kept]
        worlds = (one_world(row.plan, number) for number in left)
    while may_go_on() and _is_running(row):
        result = next(worlds, None)
        if result is None:
            by = system_actor(authority_id=row.authority_id)
            finish_simulation(by=by, now=now, simulation_id=row.pk)
            break
        if _is_there(row):
            keep_world(row, result, now)
            kept.add(result.number)
    return len(kept) - before


def _is_running(row: Simulation) -> bool:
    return Simulation.objects.filter(pk=row.pk, stopped_at__isnull=True, finished_at__isnull=True).exists()


def _is_there(row: Simulation) -> bool:
    """Not deleted while its world was being run."""
    return Simulation.objects.filter(pk=row.pk).exists()
