"""Hours of steady work on the served product: does it grow, does it slow down, does anything break?

Run `python -m benchmarks.soak [--minutes N] [--people N] [--phases N] [--quick] [--json]`. The same people as in benchmarks.load
work in phases; what every process holds in memory and how long pages took is taken after each. Growth and drift are those of
the last phase against the second: the first is when everything is loaded and asked for the first time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.database import own_database
from benchmarks.load import _asked, _percentile, _times, make_seats, play, served
from benchmarks.report import Measured, show, wants_json

MINUTES, PEOPLE, PHASES = 240, 40, 12
GROWTH_PERCENT, DRIFT_PERCENT = 5.0, 10.0
ROLES = ("granian", "worker")


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of work: how long pages took, what was asked, what failed, what was lost, and the memory after it."""

    p95_ms: float
    median_ms: float
    asked: int
    failed: int
    told_to_wait: int
    lost: int
    megabytes: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether every aim was reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the small demo instead of 10,000 children")
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--phases", type=int, default=PHASES)
    chosen = parser.parse_known_args(arguments)[0]
    with own_database("soak"):
        phases = worked(
            "small" if chosen.quick else "benchmark", chosen.people, chosen.minutes, max(chosen.phases, 3)
        )
    return show(_figures(phases, chosen.people, chosen.minutes), as_json=wants_json(arguments))


def worked(size: str, people: int, minutes: float, phases: int) -> list[Phase]:
    """Load the demo, serve it with its worker, and let people work for so many phases."""
    from rightplace.demo.load import load_demo

    load_demo(size=size)
    seats, seconds = make_seats(people), max(int(minutes * 60 / phases), 10)
    found = []
    with tempfile.TemporaryDirectory() as folder, served() as address:
        for number in range(phases):
            own = Path(folder) / str(number)
            own.mkdir()
            phase = _phase(play(own, address, seats, people, seconds, is_rush=False))
            print(f"phase {number + 1} of {phases}: {phase}", file=sys.stderr, flush=True)
            found.append(phase)
    return found


def _phase(found: dict[str, Any]) -> Phase:
    pages, (asked, failed) = _times(found, "GET"), _asked(found)
    told = sum(found["refused"].values())
    return Phase(
        _percentile(pages, 0.95), _percentile(pages, 0.5), asked, failed, told, found["lost"], megabytes()
    )


def megabytes() -> float:
    """What the web processes and the worker that we started hold in memory, shared parts counted once."""
    ours = {number: words for number, words in _descendants().items() if any(role in words for role in ROLES)}
    return sum(_held(number) for number in ours) / 1000


def _descendants() -> dict[int, str]:
    """Every process below this one, with its command line."""
    found: dict[int, str] = {}
    waiting = [int(Path("/proc/self").resolve().name)]
    while waiting:
        for task in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            for number in map(int, task.read_text().split()):
                with suppress(OSError):  # it may end while it is looked at
                    found[number] = Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                    waiting.append(number)
    return found


def _held(number: int) -> int:
    """The proportional share of memory of a process, in kilobytes."""
    lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _figures(phases: list[Phase], people: int, minutes: float) -> list[Measured]:
    early, late = phases[1], phases[-1]
    against = f"{people} people, {minutes:g} minutes"
    growth = (late.megabytes / early.megabytes - 1) * 100
    drift = (late.p95_ms / early.p95_ms - 1) * 100 if early.p95_ms else 0.0
    asked = sum(one.asked for one in phases)
    return [
        Measured("Soak: requests", asked, "requests", None, against),
        Measured("Soak: errors", sum(one.failed for one in phases), "answers", 0, f"of {asked}"),
        Measured(
            "Soak: told to come back", sum(one.told_to_wait for one in phases), "answers", None, f"of {asked}"
        ),
        Measured(
            "Soak: acknowledged forms that are not there",
            sum(one.lost for one in phases),
            "forms",
            0,
            against,
        ),
        Measured(
            "Soak: memory, growth",
            growth,
            "%",
            GROWTH_PERCENT,
            f"{early.megabytes:.0f} to {late.megabytes:.0f} MB",
        ),
        Measured(
            "Soak: 95th percentile of pages, drift",
            drift,
            "%",
            DRIFT_PERCENT,
            f"{early.p95_ms:.0f} to {late.p95_ms:.0f} ms",
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
