"""What every test shares: how hypothesis searches, and how a database that keeps its audit trail is emptied."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.walked", "tests.processes"]

# A busy machine is no failure: no deadline for one example, and the same examples each time in CI.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def _list_static_files_once() -> None:
    """Each browser of a test has middleware of its own, which would look for every front-end file anew: 10 ms of each."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    look, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def look_once(self: Any) -> None:
        if not found:
            look(self)
            found.update(self.files)
        self.files.update(found)

    WhiteNoiseMiddleware.add_files_from_finders = look_once


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let tests of several transactions empty the tables: the audit trail refuses that to everyone else."""
    from django.db import connection
    from django.test import TransactionTestCase

    _list_static_files_once()
    empty = TransactionTestCase._fixture_teardown

    def empty_without_triggers(case: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            empty(case)
            cursor.execute("SET session_replication_role = DEFAULT")

    TransactionTestCase._fixture_teardown = empty_without_triggers
    yield
    TransactionTestCase._fixture_teardown = empty
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        # Sessions that a browser's event loop or a thread left open would keep the database from being dropped.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
