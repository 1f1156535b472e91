"""The worker's part: each minute it goes on with the simulations that are running, a world at a time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from rightplace.core.simulation.many import one_world
from rightplace.foundation.access.actor import system_actor
from rightplace.oversight.simulations.actions import finish_simulation, keep_world
from rightplace.oversight.simulations.models import Simulation
from rightplace.oversight.simulations.spreading import run_plan

SECONDS = 20
"""The worker runs this each minute, beside e-mail and reminders: one run ends soon enough for them and for the next."""


def carry_on_simulations(
    now: datetime, *, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
) -> int:
    """Go on with the running simulations, oldest first, for about so many seconds; how many worlds were done.

    Each world is kept as soon as it is done. Whether the simulation is still running is looked at before each, so that a stop
    takes effect at once; on a Dask cluster (RIGHTPLACE_DASK) all that is left is handed over together.
    """
    until, done = clock() + seconds, 0
    for row in Simulation.objects.filter(stopped_at__isnull=True, finished_at__isnull=True).order_by(
        "made_at", "pk"
    ):
        done += _carry_on(row, now, lambda: clock() < until)
    return done


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


@app.periodic(cron="* * * * *")
@app.task(name="carry_on_simulations", queueing_lock="carry_on_simulations", pass_context=False)
def carry_on_each_minute(timestamp: int) -> None:
    """Every minute."""
    carry_on_simulations(timezone.now())
