"""Acting within one's scope: the transaction in which PostgreSQL itself hides every row that is not the actor's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.record import recording
from rightplace.foundation.tenancy import APP_ROLE

_ENTER = """
    SELECT set_config('role', %s, true), set_config('rightplace.authorities', %s, true),
           set_config('rightplace.provider', %s, true)
"""
_NOW = """
    SELECT current_setting('role'), current_setting('rightplace.authorities', true),
           current_setting('rightplace.provider', true)
"""


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Run a block in one transaction as the restricted role, seeing only the rows of this actor.

    The settings are local to the transaction, so a pooled connection never carries them on. Inside an outer transaction
    (tests, nested scopes) what was set before is set again afterwards; a rollback undoes them by itself.
    """
    is_nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        before: tuple[str | None, ...] | None = None
        if is_nested:
            cursor.execute(_NOW)
            before = cursor.fetchone()
        with recording():
            cursor.execute(_ENTER, [APP_ROLE, str(actor.authority_id or ""), str(actor.provider_id or "")])
            yield
        if before is not None and not connection.needs_rollback:
            cursor.execute(_ENTER, [value or "" for value in before])


@contextmanager
def as_system() -> Iterator[None]:
    """Lift the scope for a reaction of the product itself, as when a provider's deed is told to the authority's people.

    Only consequences, notices and counts that name nobody use it; outside any scope it changes nothing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_NOW)
        before = cursor.fetchone()
        cursor.execute(_ENTER, ["none", "", ""])
        yield
        if not connection.needs_rollback:
            cursor.execute(_ENTER, [value or "" for value in before])
