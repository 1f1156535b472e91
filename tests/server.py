"""The database that tests use, chosen before pytest-django reads the settings.

A DATABASE_URL of your own is honoured; otherwise an embedded PostgreSQL in var/test, apart from the one that
`make run` keeps, tuned to be quick rather than safe. Several runs at the same time share the server; each
makes its own database, named by the number of its process, as a copy of one migrated template. A run of
tests/core alone starts no server.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from rightplace.site.database import DATABASE_NAME, embedded_url, is_running

ROOT = Path(__file__).resolve().parents[1]
TEST_PREFIX = "test_rightplace_"
TEMPLATE_PREFIX = "template_of_rightplace_"
TEMPLATE_SECONDS = 3600
PURE = ("tests/core",)


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
        _use_embedded(Path(os.environ.get("RIGHTPLACE_TEST_DATA") or ROOT / "var" / "test"))
    os.environ["RIGHTPLACE_TEST_DATABASE"] = f"{TEST_PREFIX}{os.getpid()}"


def _use_embedded(folder: Path) -> None:
    os.environ["RIGHTPLACE_DATA"] = str(folder)
    url = os.environ["DATABASE_URL"] = embedded_url(throwaway=True)
    with psycopg.connect(url, autocommit=True) as connection, _alone(folder):
        _drop_left_overs(connection)
        os.environ["RIGHTPLACE_TEST_TEMPLATE"] = _template(connection, url)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _template(connection: psycopg.Connection, url: str) -> str:
    """A database with every migration applied, made again when one changes: copying takes no time."""
    fingerprint = _fingerprint()
    for name in _databases(connection, TEMPLATE_PREFIX):
        if name.endswith(f"_{fingerprint}"):
            return name
        # Another run may still be copying a recent one.
        if time.time() - int(name.removeprefix(TEMPLATE_PREFIX).split("_")[0]) > TEMPLATE_SECONDS:
            _drop(connection, name)
    name = f"{TEMPLATE_PREFIX}{int(time.time())}_{fingerprint}"
    draft = f"{name}_draft"
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
    environment = {**os.environ, "DATABASE_URL": url.replace(f"/{DATABASE_NAME}?", f"/{draft}?")}
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    done = subprocess.run(command, env=environment, cwd=ROOT, check=False)
    if done.returncode:
        _drop(connection, draft)
        return "template1"
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
    connection.execute(rename)
    return name


def _fingerprint() -> str:
    digest = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    paths = [
        *(ROOT / "rightplace").rglob("migrations/*.py"),
        *(ROOT / "rightplace").rglob("models.py"),
        ROOT / "rightplace" / "foundation" / "tenancy.py",
        ROOT / "rightplace" / "foundation" / "restricted_rows.py",
    ]
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _drop_left_overs(connection: psycopg.Connection) -> None:
    """Remove the databases of runs whose process has gone (killed before they could)."""
    for name in _databases(connection, TEST_PREFIX):
        number = name.removeprefix(TEST_PREFIX).split("_")[0]
        if number.isdecimal() and not is_running(int(number)):
            _drop(connection, name)


def _databases(connection: psycopg.Connection, prefix: str) -> list[str]:
    query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
    return [name for (name,) in connection.execute(query, [prefix])]


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


# Tests ask faster than people do; tests/site/test_floods.py says its own limit.
os.environ.setdefault("RIGHTPLACE_REQUESTS_A_SECOND", "0")
if not is_pure_run(sys.argv[1:]):
    choose_database()
