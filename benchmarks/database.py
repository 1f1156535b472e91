"""A database of a benchmark's own, made for it and removed after it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


@contextmanager
def own_database(name: str) -> Iterator[None]:
    """Set Django up against a new, migrated database on the usual server; drop it at the end."""
    from rightplace.site.database import database_url

    url = database_url()
    database = f"benchmark_{name}_{os.getpid()}"
    _run(url, "CREATE DATABASE {}", database)
    os.environ["DATABASE_URL"] = _beside(url, database)
    os.environ["DJANGO_SETTINGS_MODULE"] = "rightplace.site.settings"
    os.environ.setdefault("RIGHTPLACE_REQUESTS_A_SECOND", "0")
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield
    finally:
        from django.db import connections

        connections.close_all()
        _run(url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", database)


def _beside(url: str, database: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{database}"))


def _run(url: str, command: str, database: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(command).format(sql.Identifier(database)))
