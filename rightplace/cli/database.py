"""Making the database ready, `rightplace migrate`, `rightplace demo`, and Django's own commands."""

from __future__ import annotations

import enum
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from rightplace.cli.terminal import DONE, FOUND_PROBLEMS, Json, print_json, progress, say
from rightplace.site.cannot_start import CannotStart

MIGRATING = 7_144_201  # the number of an advisory lock, ours alone
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


class Size(enum.StrEnum):
    """How much the demo holds."""

    SMALL = "small"
    FULL = "full"
    BENCHMARK = "benchmark"


SIZES = "small: three boroughs; full: all twelve; benchmark: 10,000 children and 60,000 placements."
DemoSize = Annotated[Size, typer.Option("--size", help=SIZES)]
Reset = Annotated[bool, typer.Option("--reset", help="Empty a demo database first. Refused for any other.")]
Check = Annotated[
    bool, typer.Option("--check", help="Only say whether something is to be done (exit code 1).")
]


def reachable_url() -> str:
    """The address of a database that answers. Raises CannotStart."""
    from rightplace.site.database import check_reachable, database_url

    url = database_url()
    check_reachable(url)
    return url


def django_ready() -> None:
    """Set Django up against a database that answers. Raises CannotStart."""
    reachable_url()
    import django

    django.setup()


def unapplied() -> list[str]:
    """The migrations that the database still lacks, in order."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def newer() -> list[str]:
    """The migrations that the database has and this version does not know: it was made by a later version."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    ours = set(_our_apps())
    unknown = set(loader.applied_migrations) - set(loader.disk_migrations)
    return sorted(f"{label}.{name}" for label, name in unknown if label in ours)


def _our_apps() -> list[str]:
    from django.apps import apps

    return [config.label for config in apps.get_app_configs() if config.name.startswith("rightplace.")]


def refuse_newer() -> None:
    """Raise CannotStart where the database is of a later version than this program."""
    if found := newer():
        raise CannotStart(
            f"This database is of a later version ({found[0]}{' and more' if found[1:] else ''} is not known here); "
            "install that version, or restore a backup of this one."
        )


def migrate_if_needed() -> list[str]:
    """Apply what the database lacks and name it. Each step is one transaction: after a crash, run it again.

    Processes that start together wait for the one that migrates.
    """
    from django.core.management import call_command

    from rightplace.foundation.tenancy import apply_row_security, row_security_is_current

    if not unapplied() and row_security_is_current():
        return []
    with _alone_at_migrating():
        waiting = unapplied()
        if waiting:
            say(f"Migrating the database ({len(waiting)} steps, {waiting[0]} to {waiting[-1]}).")
            call_command("migrate", interactive=False, verbosity=0)
        elif not row_security_is_current():
            say("Writing the row-level security, which was not written to its end.")
            apply_row_security()
    return waiting


@contextmanager
def _alone_at_migrating() -> Iterator[None]:
    from django.db import connection

    # Of the very connection that migrates: the lock of a killed process goes once the database has ended its last statement.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


def is_empty() -> bool:
    """Whether no authority has been entered yet."""
    from rightplace.foundation.organisations.models import Authority

    return not Authority.objects.exists()


def migrate(check: Check = False, as_json: Json = False) -> None:
    """Bring the database to this version. Safe to repeat; --check lists the steps and does nothing.

    A database of a later version is refused. Make a backup first: rightplace backup.

    Example: rightplace migrate --check && echo nothing to do
    """
    django_ready()
    refuse_newer()
    steps = unapplied() if check else migrate_if_needed()
    if as_json:
        print_json({"waiting" if check else "applied": steps})
    else:
        say("\n".join(steps) if check and steps else "The database is up to date.")
    raise typer.Exit(FOUND_PROBLEMS if check and steps else DONE)


def demo(
    size: DemoSize = Size.FULL,
    reset: Reset = False,
) -> None:
    """Load the demo consortium: twelve real boroughs, real providers, synthetic children and prices.

    Example: rightplace demo --size full --reset
    """
    django_ready()
    migrate_if_needed()
    if reset:
        _empty_demo()
    if not is_empty():
        raise CannotStart(
            "The database is not empty, and the demo is never mixed with other data; "
            "add --reset to empty a demo database, or set RIGHTPLACE_DATA to a new folder."
        )
    load_demo(size)


def load_demo(size: str) -> None:
    """Fill an empty database with the demo consortium, with a progress bar."""
    from django.db import connection

    from rightplace.demo.load import load_demo as load

    # A demo lost to a power cut is loaded again; waiting for the disk at every deed doubles its time.
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    with progress("Loading the demo consortium") as advance:
        load(size=size, progress=advance)
    say("The demo consortium is loaded. Its children, carers, staff and prices are synthetic.")


def manage(context: typer.Context) -> None:
    """Django's own commands, for developers: rightplace manage makemigrations."""
    django_ready()
    from django.core.management import execute_from_command_line

    execute_from_command_line([sys.argv[0], *context.args])


def _empty_demo() -> None:
    from django.core.management import call_command
    from django.db import connection

    from rightplace.foundation.access.queries import is_demo

    if not is_empty() and not is_demo():
        raise CannotStart(
            "This database holds more than the demo, so it is not emptied; use another database."
        )
    say("Emptying the demo database.")
    # The whole schema goes, as the audit trail refuses to be emptied row by row.
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    call_command("migrate", interactive=False, verbosity=0)
