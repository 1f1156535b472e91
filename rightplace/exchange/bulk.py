"""Writing many rows quickly: COPY into a table of the transaction's own, then one INSERT or UPDATE from there.

Row-level security does not allow COPY into the tables themselves; the statement that follows it is checked as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.db import connection
from django.db.models import Field, Model

Progress = Callable[[str, int, int], None]
"""Told what is being done in words, how many are done, and of how many."""

_numbers = count(1)


def no_progress(stage: str, done: int, of: int) -> None:
    """For callers that show no progress."""


SCATTERED_CHILDREN = "hashint8(child_id), period"
"""An order for rows of many children: the index of an exclusion constraint grows a quarter quicker so."""


def insert_rows(model: type[Model], rows: Sequence[Mapping[str, Any]], *, order: str = "") -> int:
    """Insert rows given by column; columns that no row names take the model's default. Returns how many."""
    if not rows:
        return 0
    columns = list(rows[0])
    rest = [f for f in _fields(model) if f.attname not in columns and not f.primary_key and _has_default(f)]
    with _incoming(model, columns, rows) as (cursor, incoming):
        names = ", ".join(f'"{name}"' for name in [*columns, *(f.attname for f in rest)])
        values = ", ".join([*(f'"{name}"' for name in columns), *("%s" for _ in rest)])
        sql = f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {values} FROM {incoming}'
        sql += f" ORDER BY {order}" if order else ""
        cursor.execute(sql, [f.get_db_prep_save(f.get_default(), connection) for f in rest])
        return int(cursor.rowcount)


def update_rows(model: type[Model], rows: Sequence[Mapping[str, Any]], *, add: Sequence[str] = ()) -> int:
    """Update rows given by column, found by their `id`. Columns in `add` also go up by one. Returns how many."""
    if not rows:
        return 0
    columns = list(rows[0])
    with _incoming(model, columns, rows) as (cursor, incoming):
        changes = [f'"{name}" = i."{name}"' for name in columns if name != "id"]
        changes += [f'"{name}" = t."{name}" + 1' for name in add]
        table = model._meta.db_table
        cursor.execute(f'UPDATE "{table}" t SET {", ".join(changes)} FROM {incoming} i WHERE t.id = i.id')
        return int(cursor.rowcount)


def delete_rows(model: type[Model], ids: Sequence[int]) -> int:
    """Delete rows by their `id`. Returns how many."""
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE id = ANY(%s)', [list(ids)])
        return int(cursor.rowcount)


def hold_lock(name: str) -> None:
    """Let only one transaction at a time do what this name stands for; the next one waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])


@contextmanager
def _incoming(
    model: type[Model], columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Any, str]]:
    table = f"incoming_{next(_numbers)}"
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE TEMP TABLE {table} AS SELECT {names} FROM "{model._meta.db_table}" WITH NO DATA'
        )
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([row[name] for name in columns])
        cursor.execute(f"ANALYZE {table}")
        yield cursor, table
        cursor.execute(f"DROP TABLE {table}")


def _fields(model: type[Model]) -> list[Field[Any, Any]]:
    return list(model._meta.concrete_fields)


def _has_default(field: Field[Any, Any]) -> bool:
    return field.has_default() or not field.null
