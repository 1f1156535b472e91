"""Running the worlds of a plan over processes of this machine or over a Dask cluster: the same figures whatever runs them.

The core knows worlds, not machines, so what starts processes stands here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from importlib import import_module

from rightplace.core.simulation.many import Plan, WorldResult, one_world


def run_plan(
    plan: Plan, *, done: Collection[int] = (), processes: int = 1, scheduler: str = ""
) -> Iterator[WorldResult]:
    """The worlds of a plan that are not done yet, each as soon as it is finished; stop taking them to stop the run.

    `scheduler` is the address of a Dask scheduler; without one, so many `processes` of this machine are used.
    """
    numbers = [number for number in range(plan.runs) if number not in set(done)]
    if scheduler:
        yield from _on_cluster(plan, numbers, scheduler)
    elif processes > 1 and len(numbers) > 1:
        yield from _on_processes(plan, numbers, processes)
    else:
        yield from (one_world(plan, number) for number in numbers)


def _on_processes(plan: Plan, numbers: Sequence[int], processes: int) -> Iterator[WorldResult]:
    """Started afresh rather than forked: threads of the numerical libraries do not survive a fork."""
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(min(processes, len(numbers)), mp_context=get_context("spawn"))
    try:
        for future in as_completed([pool.submit(one_world, plan, number) for number in numbers]):
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _on_cluster(plan: Plan, numbers: Sequence[int], scheduler: str) -> Iterator[WorldResult]:
    dask = import_module("distributed")  # extra `cluster`, which gives no types
    with closing(dask.Client(scheduler)) as client:
        futures = client.map(lambda number: one_world(plan, number), numbers, pure=False)
        for _, found in dask.as_completed(futures, with_results=True):
            yield found
