"""How long a piece of work takes: by the processor, which other work does not lengthen, or by the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def core_seconds(times: int, work: Callable[[], object]) -> float:
    """The shortest of several times in seconds of processor time of this process, which other work does not lengthen."""
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def best_of(times: int, work: Callable[[], T]) -> tuple[T, float]:
    """What a piece of work gives, and the shortest of several times, in seconds of the clock."""
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - began)
    return found, best
