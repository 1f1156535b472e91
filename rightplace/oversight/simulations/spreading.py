"""Running the worlds of a plan over processes of this machine or over a Dask cluster: the same figures whatever runs them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial

from rightplace.core.simulation.many import Plan, WorldResult, one_world
from rightplace.oversight.spreading import spread


def run_plan(
    plan: Plan, *, done: Collection[int] = (), processes: int = 1, scheduler: str = ""
) -> Iterator[WorldResult]:
    """The worlds of a plan that are not done yet, each as soon as it is finished; stop taking them to stop the run.

    `scheduler` is the address of a Dask scheduler; without one, so many `processes` of this machine are used.
    """
    numbers = [number for number in range(plan.runs) if number not in set(done)]
    yield from spread(partial(one_world, plan), numbers, processes=processes, scheduler=scheduler)
