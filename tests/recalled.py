"""What tests begin with, walked by the real verbs once in a process and put back as rows when the same is wanted again.

The way to a contract in force is some four hundred statements long, and hundreds of tests begin there. A function marked
`@recalled` is run as it stands the first two times that the same is asked of the same beginning; what it wrote is then kept,
table by table, and copied in from the third time on, with the numbers that the rows had. Where it is not certain that the
beginning is the same (something else was written in between, or transactions are real), the verbs are walked.
"""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, TypeVar

from django.db import connection, models
from psycopg import sql

from rightplace.foundation.access.scope import current_scope

F = TypeVar("F", bound=Callable[..., Any])
Key = tuple[Any, ...]

# What earlier transactions of the session wrote may still be counted here, so equal counts tell only within one transaction.
_WRITTEN = (
    "SELECT relid::regclass::text, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
    " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 ORDER BY 1"
)
_TRANSACTION = "SELECT coalesce(pg_current_xact_id_if_assigned()::text, '')"
AT_THE_SECOND_TIME = 2
NUMBERED = {"search_marketchange": "number"}
"""Tables with the column that holds the number of the transaction which wrote the row: on putting back, this one's."""


@dataclass(frozen=True)
class Kept:
    """Everything in the tables that were written to, and what the function gave."""

    given: bytes
    tables: dict[str, bytes]


@dataclass
class Stand:
    """Where this transaction stands: by which calls it came here, and how much was written when it did."""

    key: Key = ()
    transaction: str = ""
    written: tuple[tuple[str, int], ...] = ()
    within: tuple[str, ...] = ()
    is_within: bool = False


_stand = Stand()
_asked: Counter[Key] = Counter()
_kept: dict[Key, Kept] = {}


def recalled(walk: F) -> F:
    """Put back what this function wrote when the same was asked of the same beginning before."""

    @wraps(walk)
    def recall(*given: Any, **named: Any) -> Any:
        # Within somebody's scope the database shows their rows only: what was written could not be read whole.
        if _stand.is_within or not connection.in_atomic_block or current_scope() is not None:
            return walk(*given, **named)
        _stand.is_within = True
        try:
            return _recalled(walk, given, named)
        finally:
            _stand.is_within = False

    return recall  # type: ignore[return-value]  # it takes and gives the same


def _recalled(walk: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]) -> Any:
    key = _key_of(walk, given, named)
    if key is None:
        _stand.key = ()
        return walk(*given, **named)
    if key in _kept:
        found = _put_back(_kept[key])
    else:
        found = walk(*given, **named)
        _asked[key] += 1
        if _asked[key] == AT_THE_SECOND_TIME:
            _kept[key] = _keep(found)
    _stand.key, _stand.transaction = key, _transaction()
    _stand.written, _stand.within = _written(), tuple(connection.savepoint_ids)
    return found


def _key_of(walk: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]) -> Key | None:
    """What is asked of which beginning; None where that is not certain."""
    before = _beginning()
    if before is None:
        return None
    try:
        return (*before, walk.__qualname__, _plain(given), _plain(named))
    except TypeError:
        return None


def _beginning() -> Key | None:
    """The calls by which this transaction came to where it stands; None when something else was written or undone."""
    transaction = _transaction()
    if not transaction:
        return (connection.settings_dict["NAME"],)
    if not _stand.key or transaction != _stand.transaction or _written() != _stand.written:
        return None
    # What is undone to a savepoint still counts as written, so the savepoints must be there yet.
    is_whole = _stand.within == tuple(connection.savepoint_ids)[: len(_stand.within)]
    return _stand.key if is_whole else None


def _plain(value: Any) -> Any:
    """A value by which two calls can be known for the same; TypeError where they cannot."""
    if value is None or isinstance(value, str | int | float | date | datetime):
        return value
    if isinstance(value, models.Model):
        return (value._meta.label, value.pk)
    if isinstance(value, dict):
        return tuple(sorted((key, _plain(each)) for key, each in value.items()))
    if isinstance(value, set | frozenset):
        return tuple(sorted(value))
    if isinstance(value, tuple | list):
        return tuple(_plain(each) for each in value)
    if is_dataclass(value):
        return (type(value).__qualname__, *(_plain(getattr(value, each.name)) for each in fields(value)))
    raise TypeError(f"{type(value)} cannot be compared")


def _written() -> tuple[tuple[str, int], ...]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return tuple(cursor.fetchall())


def _transaction() -> str:
    """The number of the transaction; empty as long as it has written nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_TRANSACTION)
        return str(cursor.fetchone()[0])


def _keep(given: Any) -> Kept:
    tables = {}
    with connection.cursor() as cursor:
        for name, _ in _written():
            with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(_table(name))) as rows:
                tables[name] = b"".join(bytes(each) for each in rows)
    return Kept(pickle.dumps(given), tables)


def _put_back(kept: Kept) -> Any:
    with connection.cursor() as cursor:
        # Rows as they were: what triggers and references would say of them was said when they were walked.
        cursor.execute("SET LOCAL session_replication_role = replica")
        deletes = [sql.SQL("DELETE FROM {}").format(_table(name)) for name in kept.tables]
        cursor.execute(sql.SQL("; ").join(deletes))
        for name, rows in kept.tables.items():
            if rows:
                with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(_table(name))) as copy:
                    copy.write(rows)
        for name in NUMBERED.keys() & kept.tables.keys():
            cursor.execute(f"UPDATE {name} SET {NUMBERED[name]} = pg_current_xact_id()::text::bigint")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    return pickle.loads(kept.given)  # noqa: S301 - written by this process


def _table(name: str) -> sql.Composable:
    return sql.SQL(name)  # type: ignore[arg-type]  # a name that the database gave
