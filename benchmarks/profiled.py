"""Where the processor time of pages goes: every page of the demo opened some times under Python's profiler.

Run `python -m benchmarks.profiled [--size small] [--times 3] [--lines 60] [--only WORDS]` on a quiet machine. Prints the dearest
pages (processor time of ours for one answer, without the profiler) and the functions in which most time is spent.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import statistics
import sys
from collections.abc import Sequence

from benchmarks.database import own_database

WARM = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Load the demo, open every page, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="small")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--lines", type=int, default=60)
    parser.add_argument("--only", default="", help="pages whose address has these words")
    chosen = parser.parse_args(arguments)
    with own_database("profiled"):
        from rightplace.demo.load import load_demo

        load_demo(size=chosen.size)
        profiled(chosen.times, chosen.lines, chosen.only)
    return 0


def profiled(times: int, lines: int, only: str) -> None:
    """Each page's processor time, then all of them under the profiler."""
    from benchmarks.visits import Visitors, pages

    visitors = Visitors()
    visits = [
        (page.route, visit)
        for page in pages()
        if only in page.route
        for visit in list(visitors.opened(page))[:1]
    ]
    for _, visit in visits * WARM:
        visit.answers_with()
    taken = {route: statistics.median(visit.seconds()[1] for _ in range(times)) for route, visit in visits}
    asked = {route: visit.queries() for route, visit in visits}
    print(
        f"{len(visits)} pages, {statistics.mean(taken.values()) * 1000:.1f} ms of processor time each on average"
    )
    for route in sorted(taken, key=lambda one: -taken[one])[:lines]:
        print(f"{taken[route] * 1000:8.1f} ms {asked[route]:4} statements  {route}")
    profile = cProfile.Profile()
    profile.enable()
    for _, visit in visits * times:
        visit.answers_with()
    profile.disable()
    for order in ("tottime", "cumulative"):
        pstats.Stats(profile, stream=sys.stdout).strip_dirs().sort_stats(order).print_stats(lines)


if __name__ == "__main__":
    sys.exit(main())
