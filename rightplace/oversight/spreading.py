"""Spreading equal work over processes of this machine or over a Dask cluster: the same figures whatever runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from importlib import import_module
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def spread(
    work: Callable[[T], R], items: Sequence[T], *, processes: int = 1, scheduler: str = ""
) -> Iterator[R]:
    """The work on each item, each as soon as it is done; stop taking them to stop the rest.

    `scheduler` is the address of a Dask scheduler; without one, so many `processes` of this machine are used. What comes
    back says itself which item it is of: the order is that of finishing.
    """
    if scheduler:
        yield from _on_cluster(work, items, scheduler)
    elif processes > 1 and len(items) > 1:
        yield from _on_processes(work, items, processes)
    else:
        yield from map(work, items)


def _on_processes(work: Callable[[T], R], items: Sequence[T], processes: int) -> Iterator[R]:
    """Started afresh rather than forked: threads of the numerical libraries do not survive a fork."""
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(min(processes, len(items)), mp_context=get_context("spawn"))
    try:
        for future in as_completed([pool.submit(work, item) for item in items]):
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _on_cluster(work: Callable[[T], R], items: Sequence[T], scheduler: str) -> Iterator[R]:
    dask = import_module("distributed")  # extra `cluster`, which gives no types
    with closing(dask.Client(scheduler)) as client:
        futures = client.map(work, items, pure=False)
        for _, found in dask.as_completed(futures, with_results=True):
            yield found
