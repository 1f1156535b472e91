"""The `rightplace` command: its sub-commands, its errors in one sentence, and its exit codes."""

from __future__ import annotations

import importlib.metadata
import os
import sys
from typing import Annotated

import typer

from rightplace.cli import (
    accounts,
    authorities,
    backup,
    check,
    database,
    export,
    forecast,
    imports,
    restore,
    retention,
    serve,
    simulate,
)
from rightplace.cli.terminal import CANNOT_RUN, INTERRUPTED, say_error
from rightplace.site.cannot_start import CannotStart

HELP = """Find, agree and pay for children's placements.

\b
Examples:
  rightplace serve --demo                  try it on http://127.0.0.1:8000
  rightplace import ofsted providers.csv   read the national register of providers
  rightplace check --json                  is this installation in order? (for a script)
  rightplace COMMAND --help                what a command does, with an example

\b
Exit codes:
  0    done
  1    done, and problems were found
  2    could not be done
  130  interrupted

\b
Environment:
  DATABASE_URL     a PostgreSQL of your own; without it an embedded one is started
  RIGHTPLACE_DATA  the folder for the embedded database and for files
  PORT             where serve listens
"""

# Plain help: rich would take half a second to draw it.
app = typer.Typer(help=HELP, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)
app.command("serve", short_help="Serve the pages on http://127.0.0.1:8000.")(serve.serve)
app.command("worker", short_help="Run one more worker for e-mail and jobs.")(serve.worker)
app.command("migrate", short_help="Bring the database to this version.")(database.migrate)
app.command("demo", short_help="Load the demo consortium.")(database.demo)
app.add_typer(backup.app, name="backup", short_help="Back the database up, sealed.")
app.command("restore", short_help="Restore a backup, and prove it.")(restore.restore)
app.add_typer(check.app, name="check", short_help="Prove that all is in order.")
app.add_typer(imports.app, name="import", short_help="Read other systems' files.")
app.command("simulate", short_help="Compare policies in a simulated market.")(simulate.simulate)
app.add_typer(forecast.app, name="forecast", short_help="Forecast children looked after.")
app.add_typer(export.app, name="export", short_help="Write tables as CSV.")
app.add_typer(authorities.app, name="authority", short_help="Let authorities in.")
app.add_typer(accounts.app, name="user", short_help="Give people accounts and roles.")
app.add_typer(retention.app, name="retention", short_help="Keep records as long as the law says.")
app.command("carry-on-simulations", hidden=True)(simulate.carry_on_simulations)
app.command("manage", hidden=True, context_settings=database.PASS_ON)(database.manage)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"rightplace {importlib.metadata.version('rightplace')}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop."),
]


@app.callback()
def before_any_command(version: Version = False) -> None:
    """Options that stand before a sub-command."""


def main() -> None:
    """Run the command and end with its exit code; a fault of set-up is one sentence, never a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rightplace.site.settings")
    try:
        app()
    except CannotStart as problem:
        say_error(str(problem))
        sys.exit(CANNOT_RUN)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
