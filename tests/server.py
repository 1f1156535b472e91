"""The database that tests use, chosen before pytest-django reads the settings.

A DATABASE_URL of your own is honoured; otherwise an embedded PostgreSQL in var/test, apart from the one that
`make run` keeps, tuned to be quick rather than safe. Several runs at the same time share the server; each
makes its own database, named by the number of its process. A run of tests/core alone starts no server.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from rightplace.site.database import embedded_url

ROOT = Path(__file__).resolve().parents[1]
TEST_PREFIX = "test_rightplace_"

PURE = ("tests/core", "tests/rules")


def is_pure_run(arguments: list[str]) -> bool:
    """Whether only tests were named that need neither Django nor a database: they then start at once."""
    named = [each for each in arguments if each.startswith("tests")]
    return bool(named) and all(each.startswith(PURE) for each in named)


def choose_database() -> None:
    """Name the server and this run's database in the environment, which xdist's workers inherit."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "rightplace.site.settings"
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    if not os.environ.get("DATABASE_URL"):
        os.environ["RIGHTPLACE_DATA"] = os.environ.get("RIGHTPLACE_TEST_DATA", str(ROOT / "var" / "test"))
        os.environ["DATABASE_URL"] = embedded_url(throwaway=True)
        drop_left_overs(os.environ["DATABASE_URL"])
    os.environ["RIGHTPLACE_TEST_DATABASE"] = f"{TEST_PREFIX}{os.getpid()}"


def drop_left_overs(url: str) -> None:
    """Remove the databases of runs whose process has gone (killed before they could)."""
    query = "SELECT datname FROM pg_database WHERE datname LIKE %s"
    with psycopg.connect(url, autocommit=True) as connection:
        for (name,) in connection.execute(query, [TEST_PREFIX + "%"]).fetchall():
            if not _is_running(name.removeprefix(TEST_PREFIX).split("_")[0]):
                command = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                connection.execute(command)


def _is_running(number: str) -> bool:
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True


if not is_pure_run(sys.argv[1:]):
    choose_database()
