"""How quickly every list, detail and comparison page answers, and whether its queries grow with the rows.

Run `python -m benchmarks.pages [--quick] [--json]`. A demo with 12 authorities, 10,000 children and 60,000 placements
is loaded into a database of its own; each page that a role may open is then asked for by somebody of that role. Only the
work of the server is timed. The same pages are counted in a small demo too: the number of queries must not grow.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.database import own_database
from benchmarks.report import Measured, show, wants_json

if TYPE_CHECKING:
    from benchmarks.visits import Visit

P95_MS = 150.0
RETURN = Path(__file__).resolve().parents[1] / "tests" / "data" / "ssda903" / "2021"
REPEATS = 40
QUICK_REPEATS = 5
SLACK_QUERIES = 1
"""A page with a part that is empty in all of the small demo asks a question less there."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One page as measured: times in milliseconds, statements of SQL, bytes of the answer.

    `median` and `p95` are of the whole answer; `cpu` is the median of our own processor time, without PostgreSQL's,
    which tells the same on a busy machine.
    """

    page: str
    role: str
    path: str
    median: float
    p95: float
    cpu: float
    queries: int
    size: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether every aim was reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the small demo only, few repeats")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    chosen = parser.parse_known_args(arguments)[0]
    if chosen.one:
        for answered in measure(chosen.one, QUICK_REPEATS if chosen.quick else REPEATS):
            print(json.dumps(asdict(answered)), flush=True)
        return 0
    small = measured_apart("small", is_quick=True)
    large = small if chosen.quick else measured_apart("benchmark", is_quick=False)
    print(table(small, large), file=sys.stderr if wants_json(arguments) else sys.stdout)
    return show(against_the_aims(small, large), as_json=wants_json(arguments))


def measured_apart(size: str, *, is_quick: bool) -> list[Answered]:
    """One size measured in a process of its own, as Django knows one database a process."""
    command = [sys.executable, "-m", "benchmarks.pages", "--one", size, *(["--quick"] if is_quick else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [Answered(**json.loads(line)) for line in done.stdout.splitlines() if line.startswith("{")]


def measure(size: str, repeats: int) -> Iterator[Answered]:
    """Load the demo of a size and ask for each page."""
    with own_database(f"pages_{size}"):
        from django.utils import timezone

        from rightplace.demo.load import load_demo

        now: datetime = timezone.now()
        begun = time.perf_counter()
        loaded = load_demo(size=size, now=now)
        print(f"{loaded} in {time.perf_counter() - begun:.1f} s", file=sys.stderr)
        import_a_return(now)
        settle()
        yield from measured_pages(repeats)


def settle() -> None:
    """As a server finds it: tables with their statistics, and no rubbish of the loading in this process to go through."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    gc.collect()
    gc.freeze()


def import_a_return(now: datetime) -> None:
    """One run of an import of the authority that is looked at, which the demo has none of."""
    from benchmarks.visits import AUTHORITY
    from rightplace.exchange.ssda903.loading import import_ssda903
    from rightplace.foundation.access.actor import system_actor
    from rightplace.foundation.organisations.models import Authority

    authority = Authority.objects.get(name=AUTHORITY)
    by = system_actor(authority_id=authority.pk)
    outcome = import_ssda903(by=by, now=now, authority=authority, folders=[RETURN], keep_good=True)
    print(f"One return imported: {outcome.is_done}", file=sys.stderr)


def measured_pages(repeats: int) -> Iterator[Answered]:
    """Every page with a GET, asked for by its desk's own role."""
    from benchmarks.visits import Visitors, pages

    visitors = Visitors()
    for page in pages():
        visits = list(visitors.opened(page))
        if not visits:
            print(f"not opened: {page.route}", file=sys.stderr)
            continue
        yield measured(page.route, visits, repeats)


def measured(route: str, visits: Sequence[Visit], repeats: int) -> Answered:
    """A page timed at the address that asks the most of the database, of those that opened."""
    queries, visit = max(((one.queries(), one) for one in visits), key=lambda counted: counted[0])
    asked = [visit.seconds() for _ in range(repeats)]
    times = sorted(whole * 1000 for whole, _ in asked)
    return Answered(
        page=route,
        role=visit.role,
        path=visit.path,
        median=statistics.median(times),
        p95=times[math.ceil(0.95 * len(times)) - 1],
        cpu=statistics.median(cpu for _, cpu in asked) * 1000,
        queries=queries,
        size=visit.size(),
    )


def table(small: list[Answered], large: list[Answered]) -> str:
    """The pages with their times, and their queries in the small demo and in the large."""
    before = {one.page: one.queries for one in small}
    lines = [
        f"{'page':64} {'role':18} {'median ms':>9} {'p95 ms':>8} {'cpu ms':>8} {'queries':>14} {'KB':>6}"
    ]
    for one in large:
        queries = f"{before.get(one.page, '–')} → {one.queries}"
        numbers = f"{one.median:9.1f} {one.p95:8.1f} {one.cpu:8.1f} {queries:>14} {one.size / 1024:6.0f}"
        lines.append(f"{one.page:64} {one.role:18} {numbers}")
    return "\n".join(lines) + "\n"


def against_the_aims(small: list[Answered], large: list[Answered]) -> list[Measured]:
    """The slowest page against its aim, and how many pages ask more as the rows grow."""
    before = {one.page: one.queries for one in small}
    grown = [one for one in large if one.queries > before.get(one.page, one.queries) + SLACK_QUERIES]
    slow = [one for one in large if one.p95 > P95_MS]
    worst = max(large, key=lambda one: one.p95)
    return [
        Measured("Slowest page, 95th percentile", worst.p95, "ms", P95_MS, worst.page),
        Measured("Median of all pages", statistics.median(one.median for one in large), "ms", P95_MS, ""),
        Measured("Pages over the aim", len(slow), "pages", 0, f"of {len(large)} measured"),
        Measured("Pages whose queries grow", len(grown), "pages", 0, ", ".join(one.page for one in grown)),
    ]


if __name__ == "__main__":
    sys.exit(main())
