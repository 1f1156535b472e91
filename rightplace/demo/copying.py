"""Writing many rows at once: COPY into a table of the moment, then one INSERT, which row security allows."""

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
from django.db import connection, models
from psycopg import sql


def copy_rows(model: type[models.Model], columns: Mapping[str, Any]) -> list[int]:
    """Write rows given by column (a sequence, or one value for all); their new keys, in order.

    Columns go by field name (`child` takes keys); what is not given has the field's default. NumPy dates
    become dates, NaT and NaN become null. Ranges are written as PostgreSQL writes them: `ranges`.
    """
    number = max(len(value) for value in columns.values() if _is_column(value))
    keys = _new_keys(model, number)
    given = {"id": keys, **columns}
    # What the database itself fills in is left to it.
    fields = [
        f for f in model._meta.concrete_fields if f.name in given or f.db_default is models.NOT_PROVIDED
    ]
    values = [_values(field, given, number) for field in fields]
    _copy(model._meta.db_table, [str(field.column) for field in fields], values)
    return keys


def ranges(start: Any, end: Any) -> list[str]:
    """Half-open date ranges as text; no end where `end` is NaT."""
    first, last = start.astype("datetime64[D]").tolist(), end.astype("datetime64[D]").tolist()
    return [f"[{a},{b or ''})" for a, b in zip(first, last, strict=True)]


def _is_column(value: Any) -> bool:
    return isinstance(value, Sequence | np.ndarray) and not isinstance(value, str)


def _values(field: Any, given: Mapping[str, Any], number: int) -> Any:
    if field.name not in given:
        default = field.get_default()
        return repeat([] if isinstance(default, list) else default, number)
    value = given[field.name]
    if not _is_column(value):
        return repeat(value, number)
    if isinstance(value, np.ndarray):
        return _plain(value)
    return value


def _plain(column: "np.ndarray[Any, Any]") -> list[Any]:
    if column.dtype.kind == "f":
        return [None if value != value else value for value in column.tolist()]
    plain: list[Any] = column.tolist()
    return plain


def _new_keys(model: type[models.Model], number: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, "id", number],
        )
        return [row[0] for row in cursor.fetchall()]


def _copy(table: str, columns: list[str], values: list[Any]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    into, of = sql.Identifier(table), sql.Identifier(f"coming_{table}")
    with connection.cursor() as cursor:
        _temporary(cursor, of, names, into)
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(of, names)) as copy:
            for row in zip(*values, strict=True):
                copy.write_row(row)
        cursor.execute(sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(into, names, names, of))
        cursor.execute(sql.SQL("DROP TABLE {}").format(of))


def update_rows(model: type[models.Model], keys: Any, columns: Mapping[str, Any]) -> None:
    """Write columns (by field name) of the rows with these keys, in one statement."""
    table, coming = model._meta.db_table, f"coming_{model._meta.db_table}"
    names = [str(field.column) for field in model._meta.concrete_fields if field.name in columns]
    order = [field.name for field in model._meta.concrete_fields if field.name in columns]
    values = [
        _plain(column) if isinstance(column, np.ndarray) else column for column in map(columns.get, order)
    ]
    with connection.cursor() as cursor:
        chosen = sql.SQL(", ").join(map(sql.Identifier, ["id", *names]))
        _temporary(cursor, sql.Identifier(coming), chosen, sql.Identifier(table))
        with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(coming))) as copy:
            for row in zip(np.asarray(keys).tolist(), *values, strict=True):
                copy.write_row(row)
        sets = sql.SQL(", ").join(sql.SQL("{0} = c.{0}").format(sql.Identifier(name)) for name in names)
        cursor.execute(
            sql.SQL("UPDATE {} t SET {} FROM {} c WHERE t.id = c.id").format(
                sql.Identifier(table), sets, sql.Identifier(coming)
            )
        )
        cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(coming)))


def _temporary(cursor: Any, name: sql.Identifier, columns: sql.Composable, like: sql.Identifier) -> None:
    """A table of the moment with these columns, without the constraints of the real one."""
    text = "CREATE TEMP TABLE {} AS SELECT {} FROM {} WHERE false"
    cursor.execute(sql.SQL(text).format(name, columns, like))
