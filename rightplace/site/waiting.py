"""How long a page waits for the database: for a lock, for one statement, and for us between two statements.

Without limits one transaction that holds a lock and does not end would in turn hold every thread of the web, and with them
people who want nothing of that row. So whoever waits is told to come back (503), nothing is done by half, and the same form
sent again has one effect. The command line and the worker wait for as long as it takes.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

LOCK_SECONDS = 4
STATEMENT_SECONDS = 60
BETWEEN_SECONDS = 300
LIMITS = {
    "lock_timeout": LOCK_SECONDS,
    "statement_timeout": STATEMENT_SECONDS,
    "idle_in_transaction_session_timeout": BETWEEN_SECONDS,
}


def limit_waiting() -> None:
    """From now on every connection that this process makes has these limits."""
    connection_created.connect(set_limits, dispatch_uid="rightplace.set_limits")


def set_limits(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Set the limits of a new connection."""
    settings = [f"set_config('{name}', '{seconds}s', false)" for name, seconds in LIMITS.items()]
    # To compile a statement takes longer than any statement of a page, and would come at the most inconvenient one.
    settings.append("set_config('jit', 'off', false)")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(settings)}")
