"""Acting within one's scope: the transaction in which PostgreSQL itself hides every row that is not the actor's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.record import recording, recording_apart
from rightplace.foundation.restricted_rows import restricted_tables
from rightplace.foundation.tenancy import APP_ROLE

_ENTER = "SELECT rightplace_enter(%s, %s, %s, %s, %s)::text, set_config('role', %s, true)"
_ROLE = "SELECT current_setting('role')"
_TO_ROLE = "SELECT set_config('role', %s, true)"
_READ_ONLY = "SET LOCAL transaction_read_only = on"


@dataclass(frozen=True, slots=True)
class Scope:
    """What the actor of this transaction may not see of the authority, and what is open in an emergency (child: access)."""

    actor: Actor
    hidden_children: frozenset[int] = frozenset()
    emergencies: Mapping[int, int] = field(default_factory=dict)
    sharing_concerns: frozenset[int] = frozenset()


_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current_scope() -> Scope | None:
    """The scope that this runs in; None for the command line, the worker and what the product does of itself."""
    return _current.get()


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Run a block in one transaction as the restricted role, seeing only the rows of this actor.

    The settings are local to the transaction, so a pooled connection never carries them on. Inside an outer transaction
    (tests, nested scopes) what was set before is set again afterwards; a rollback undoes them by itself. On a support
    visit the transaction is read-only, and what was looked at is written in one of its own directly afterwards.
    """
    if actor.visit_id is None:
        with transaction.atomic(), connection.cursor() as cursor, _entered(cursor, actor), recording():
            yield
        return
    with recording_apart() as write:
        with transaction.atomic(), connection.cursor() as cursor, _entered(cursor, actor):
            cursor.execute(_READ_ONLY)
            yield
        with transaction.atomic(), connection.cursor() as cursor, _entered(cursor, actor):
            write()


@contextmanager
def _entered(cursor: CursorWrapper, actor: Actor) -> Iterator[None]:
    before = _settings_now(cursor) if len(connection.savepoint_ids) > 0 else None
    token = _current.set(_enter(cursor, actor))
    try:
        yield
    finally:
        _current.reset(token)
    if before is not None and not connection.needs_rollback:
        cursor.execute(_put_back(), before)


def _enter(cursor: CursorWrapper, actor: Actor) -> Scope:
    own, provider = str(actor.authority_id or ""), str(actor.provider_id or "")
    consortium = str(actor.consortium_id or "")
    cursor.execute(_ENTER, [own, provider, actor.user_id, consortium, actor.role, APP_ROLE])
    row = cursor.fetchone()
    told = json.loads(row[0]) if row else {}
    return Scope(
        actor,
        frozenset(told["hidden"]),
        {int(child): access for child, access in told["emergencies"].items()},
        frozenset(told["sharing"]),
    )


@cache
def _names() -> tuple[str, ...]:
    return ("role", *restricted_tables().settings)


def _settings_now(cursor: CursorWrapper) -> list[str]:
    parts = ", ".join(f"current_setting('{name}', true)" for name in _names())
    cursor.execute(f"SELECT {parts}")
    return [value or "" for value in cursor.fetchone() or ()]


def _put_back() -> str:
    parts = ", ".join(f"set_config('{name}', %s, true)" for name in _names())
    return f"SELECT {parts}"


@contextmanager
def as_system() -> Iterator[None]:
    """Lift the scope for a reaction of the product itself, as when a provider's deed is told to the authority's people.

    Only consequences, notices and counts that name nobody use it; outside any scope it changes nothing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ROLE)
        (before,) = cursor.fetchone() or ("none",)
        cursor.execute(_TO_ROLE, ["none"])
        token = _current.set(None)
        try:
            yield
        finally:
            _current.reset(token)
        if not connection.needs_rollback:
            cursor.execute(_TO_ROLE, [before])
