"""One walked world in a database of its own: most tests look at it within a transaction that is undone.

A plugin of every run (see the first conftest.py), so that tests of the site, the API and faults share one walk. Django is
imported where it is used: tests of the core run without it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

if TYPE_CHECKING:
    from tests.world import World


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
    """The database of the walked world, and the world; walked once in a run."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from tests.world import make_world

    template = connection.settings_dict["TEST"]["TEMPLATE"]
    name = f"test_rightplace_{os.getpid()}_world"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django gives no type
        create_copy(name, template or "template1")
        with connected_to(name):
            if template in {None, "template1"}:
                call_command("migrate", verbosity=0)
            with transaction.atomic():
                world = make_world()
        yield name, world
        drop(name)


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
