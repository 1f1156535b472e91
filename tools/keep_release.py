"""Keeps the walked world of this version as a dump, for the test that later versions upgrade it (assurance row 12).

    python tools/keep_release.py 2026-11-22

Run it when a version is released. It walks the world of the tests in a database of its own and writes it, with schema and all,
to tests/faults/releases/NAME.dump. Everybody in it is synthetic.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def main():
    """Walk, dump, and say where it lies."""
    target = ROOT / "tests" / "faults" / "releases" / f"{sys.argv[1]}.dump"
    target.parent.mkdir(exist_ok=True)
    from benchmarks.database import own_database

    with own_database("release"):
        walk()
        dump(target)
    print(f"{target.relative_to(ROOT)}, {target.stat().st_size / 1000:,.0f} kB")
    return 0


def walk():
    """The world of the tests, by the real verbs."""
    from django.db import transaction

    from tests.world import make_world

    with transaction.atomic():
        make_world()


def dump(target):
    """Everything in the database, compressed."""
    from rightplace.site.backup.programs import addressed, program

    address, more = addressed(os.environ["DATABASE_URL"])
    command = [
        program("pg_dump", os.environ["DATABASE_URL"]),
        "--format=custom",
        "--compress=9",
        "--no-owner",
    ]
    command += ["--enable-row-security", f"--dbname={address}", f"--file={target}"]
    subprocess.run(command, env={**os.environ, **more}, check=True)


if __name__ == "__main__":
    sys.exit(main())
