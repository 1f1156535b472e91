"""How quickly the national register of providers and a return of 10,000 children are imported.

Run `python -m benchmarks.imports [--json] [--children 10000]`. Everything from the bytes of the files to the end of
the transaction is measured, once cold (empty database) and once again (the same file: nothing changes).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from benchmarks.database import own_database
from benchmarks.report import Measured, show, wants_json
from benchmarks.returns import made_return

T = TypeVar("T")
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
REGISTER_SECONDS = 5.0
RETURN_SECONDS = 15.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether every aim was reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--children", type=int, default=10_000)
    children = parser.parse_known_args(arguments)[0].children
    with own_database("imports"):
        measured = [*measure_register(), *measure_return(children)]
    return show(measured, as_json=wants_json(arguments))


def measure_register() -> list[Measured]:
    """The whole register of 31 March 2025: first into an empty database, then again."""
    from rightplace.exchange.ofsted.loading import PACKAGED, import_ofsted
    from rightplace.foundation.access.actor import system_actor

    def run() -> int:
        return import_ofsted(by=system_actor(), now=NOW, path=PACKAGED).done().rows_read

    text = gzip.decompress(PACKAGED.read_bytes()).decode("utf-8-sig")
    _, floor, _ = timed(lambda: list(csv.reader(io.StringIO(text))))
    rows, first, words = timed(run)
    _, again, words_again = timed(run)
    against = f"{floor:.2f} s to read the same text with Python's csv alone"
    return [
        Measured("Ofsted register, first import", first, "s", REGISTER_SECONDS, words),
        Measured("Ofsted register, the same again", again, "s", REGISTER_SECONDS, words_again),
        Measured("Ofsted register", rows / first, "rows a second", None, against),
    ]


def measure_return(children: int) -> list[Measured]:
    """A synthetic return: first into an empty authority, then again."""
    from rightplace.exchange.ssda903.loading import import_ssda903
    from rightplace.exchange.ssda903.reading import GivenFile
    from rightplace.foundation.access.actor import system_actor
    from rightplace.foundation.organisations.models import Authority

    authority = Authority.objects.create(name="Benchmark", gss_code="E00000000")
    made, rows = made_return(children)
    files = [GivenFile(name, content) for name, content in made.items()]

    def run() -> int:
        by = system_actor(authority_id=authority.pk)
        return import_ssda903(by=by, authority=authority, now=NOW, files=files).done().rows_read

    _, first, words = timed(run)
    _, again, words_again = timed(run)
    name = f"Return of {children:,} children"
    return [
        Measured(f"{name}, first import", first, "s", RETURN_SECONDS, words),
        Measured(f"{name}, the same again", again, "s", RETURN_SECONDS, words_again),
        Measured(name, rows / first, "rows a second", None, f"{rows:,} rows of three files"),
    ]


def timed(work: Callable[[], T]) -> tuple[T, float, str]:
    """What a piece of work gives, how many seconds it took, and how much of it this process worked itself."""
    began, worked = time.perf_counter(), time.process_time()
    found = work()
    words = f"{time.process_time() - worked:.1f} s of processor time here, the rest in PostgreSQL and waiting"
    return found, time.perf_counter() - began, words


if __name__ == "__main__":
    sys.exit(main())
