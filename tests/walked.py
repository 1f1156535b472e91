"""One walked world in a database of its own: most tests look at it within a transaction that is undone.

A plugin of every run (see the first conftest.py), so that tests of the site, the API and faults share one walk, in whichever
of the run's processes they are: the first that asks walks, the others copy its database. Django is imported where it is used:
tests of the core run without it.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

if TYPE_CHECKING:
    from tests.world import World


T = TypeVar("T")


def once_in_a_run(what: str, make: Callable[[], T]) -> T:
    """What `make` gives, made by the first process of this run that asks and read by the others."""
    kept = Path(tempfile.gettempdir()) / f"{os.environ['RIGHTPLACE_TEST_DATABASE']}_{what}"
    with Path(f"{kept}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(make()))
        found: T = pickle.loads(kept.read_bytes())  # noqa: S301 - written by this run
    return found


def _forget_what_was_made() -> None:
    """Remove what this run's processes shared."""
    run = os.environ["RIGHTPLACE_TEST_DATABASE"]
    for kept in Path(tempfile.gettempdir()).glob(f"{run}_*"):
        kept.unlink()
    drop(walked_name())


def walked_name() -> str:
    """The database that was walked: nobody works in it, everybody copies it."""
    return f"{os.environ['RIGHTPLACE_TEST_DATABASE']}_walked"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """When the last process of a run is done, nothing of the world is left."""
    if "PYTEST_XDIST_WORKER" not in os.environ and os.environ.get("DATABASE_URL"):
        _forget_what_was_made()


@contextmanager
def _admin() -> Iterator[psycopg.Connection]:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as found:
        yield found


def create_copy(name: str, template: str) -> None:
    """A database as a copy of another that nobody is connected to."""
    with _admin() as admin:
        names = (sql.Identifier(name), sql.Identifier(template))
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(names[0]))
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))


def drop(name: str) -> None:
    """Remove a database and whoever is still in it."""
    with _admin() as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Django's connection in another database."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@pytest.fixture(scope="session")
def world_database(django_test_environment: None, django_db_blocker: object) -> Iterator[tuple[str, World]]:
    """The database of the walked world, and the world; walked once in a run, copied for each process."""
    name = f"test_rightplace_{os.getpid()}_world"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django gives no type
        world = once_in_a_run("world", _walk)
        create_copy(name, walked_name())
        yield name, world
        drop(name)


def _walk() -> World:
    from django.core.management import call_command
    from django.db import connection, transaction

    from tests.world import make_world

    template = connection.settings_dict["TEST"]["TEMPLATE"]
    create_copy(walked_name(), template or "template1")
    with connected_to(walked_name()):
        if template in {None, "template1"}:
            call_command("migrate", verbosity=0)
        with transaction.atomic():
            return make_world()


@pytest.fixture(scope="module")
def world_connection(world_database: tuple[str, World], django_db_blocker: object) -> Iterator[World]:
    """The world's database, for a module of tests that each undo what they do."""
    name, world = world_database
    with django_db_blocker.unblock(), connected_to(name):  # type: ignore[attr-defined]  # pytest-django gives no type
        yield world


@pytest.fixture
def world(world_connection: World) -> Iterator[World]:
    """The walked world; whatever a test does to it is undone."""
    from django.db import transaction

    with transaction.atomic():
        yield world_connection
        transaction.set_rollback(True)


@pytest.fixture
def own_world(world_database: tuple[str, World], django_db_blocker: object) -> Iterator[World]:
    """A copy of the world for this test alone, in which transactions are real."""
    from django.db import connection

    name, world = world_database
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django gives no type
        connection.close()
        copy = f"{name}_{uuid4().hex[:6]}"
        create_copy(copy, name)
        with connected_to(copy):
            yield world
        drop(copy)
