"""`rightplace check`: is this installation in order, and is its audit trail whole?"""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rightplace.cli import costs, database, returns
from rightplace.cli.terminal import DONE, FOUND_PROBLEMS, Json, print_json, say
from rightplace.site.cannot_start import CannotStart

if TYPE_CHECKING:
    from rightplace.foundation.audit.queries import Head
    from rightplace.site.backup.proofs import Proof

OLDEST_POSTGRESQL = 150000

app = typer.Typer(
    rich_markup_mode=None, help="Prove that this installation is in order. Exit code 1 when something is not."
)

AnchorFile = Annotated[
    Path | None, typer.Option("--anchor", help="Heads kept elsewhere earlier: must still be there.")
]
SaveFile = Annotated[
    Path | None, typer.Option("--save-anchor", help="Write the heads to this file; keep it elsewhere.")
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked: is it in order, and in one sentence what was found."""

    name: str
    is_ok: bool
    sentence: str


app.command("costs", short_help="Past payments against contracts and placements, from spreadsheets.")(
    costs.costs
)
app.command("return", short_help="A statutory return against every rule of its year, from its files.")(
    returns.check_return
)


@app.callback(invoke_without_command=True)
def everything(context: typer.Context, as_json: Json = False) -> None:
    """Check the set-up, the migrations, the audit trail and the books.

    Example: rightplace check --json
    """
    if context.invoked_subcommand is None:
        _report([_setup, _migrations, _row_security, _audit, _books], as_json)


@app.command("setup")
def setup(as_json: Json = False) -> None:
    """Check the database's version, the data folder, the front-end files and the row-level security."""
    _report([_setup, _migrations, _row_security], as_json)


@app.command("migrations")
def migrations(as_json: Json = False) -> None:
    """Check that the database is at this version, and that the models have no change without a migration."""
    _report([_migrations, _models], as_json)


@app.command("audit")
def audit(anchor: AnchorFile = None, save_anchor: SaveFile = None, as_json: Json = False) -> None:
    """Prove the audit trail: each entry's hash again, its link to the one before, and no gap in the numbers.

    A cut or rewritten tail shows only against heads kept elsewhere. Those that the worker keeps every hour (in the folder
    RIGHTPLACE_ANCHORS, else `anchors` in the data folder) are compared each time. To keep some by hand:
    rightplace check audit --save-anchor today.json, and later rightplace check audit --anchor today.json
    """
    _report([lambda: _audit(anchor, save_anchor)], as_json)


@app.command("schedule")
def schedule(as_json: Json = False) -> None:
    """Prove the payment schedules: every line that is due, computed again from what both sides signed.

    Example: rightplace check schedule
    """
    _report([_schedules], as_json)


@app.command("ledger")
def ledger(as_json: Json = False) -> None:
    """Prove the books: each entry balances, everything is booked and paid once, runs come to their files.

    Example: rightplace check ledger --json
    """
    _report_all(_ledger, as_json)


def _ledger() -> list[Finding]:
    from rightplace.journey.ledger.proof import prove

    return [
        Finding(
            one.name, one.is_ok,
            f"{one.sentence}." if one.is_ok else f"{one.sentence}. Broken: {', '.join(one.broken)}.",
        )
        for one in prove()
    ]  # fmt: skip


def _books() -> Finding:
    from rightplace.site.backup.proofs import proof_of_books

    if not _migrations().is_ok:
        return Finding("ledger", False, "The books can be proved once the database is migrated.")
    return _proven(proof_of_books())


def _schedules() -> Finding:
    from rightplace.site.backup.proofs import proof_of_schedules

    return _proven(proof_of_schedules())


def _proven(proof: Proof) -> Finding:
    return Finding(proof.name, proof.is_ok, proof.sentence)


def _report(checks: list[Callable[[], Finding]], as_json: bool) -> None:
    _report_all(lambda: [check() for check in checks], as_json)


def _report_all(check: Callable[[], list[Finding]], as_json: bool) -> None:
    database.django_ready()
    findings = check()
    is_ok = all(finding.is_ok for finding in findings)
    if as_json:
        print_json({"ok": is_ok, "checks": [dataclasses.asdict(finding) for finding in findings]})
    else:
        say("\n".join(f"{'in order' if each.is_ok else 'PROBLEM ':<9} {each.sentence}" for each in findings))
    raise typer.Exit(DONE if is_ok else FOUND_PROBLEMS)


def _setup() -> Finding:
    from django.db import connection

    from rightplace.site.assets import SCRIPT, STYLE, VENDOR
    from rightplace.site.database import is_in_the_clear

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
        number, version = cursor.fetchone() or (0, "unknown")
    if number < OLDEST_POSTGRESQL:
        return Finding("setup", False, f"PostgreSQL {version} is too old; use 15 or later.")
    if is_in_the_clear(database.reachable_url()):
        sentence = (
            "The database is reached over a network in plain text; add ?sslmode=verify-full to DATABASE_URL."
        )
        return Finding("setup", False, sentence)
    if not all((VENDOR / name).exists() for name in (STYLE, SCRIPT)):
        return Finding(
            "setup", False, "The front-end files are missing; run: make assets, or install the wheel."
        )
    return Finding("setup", True, f"PostgreSQL {version} answers and the front-end files are there.")


def _migrations() -> Finding:
    waiting = database.unapplied()
    if waiting:
        return Finding("migrations", False, f"{len(waiting)} migrations are waiting; run: rightplace migrate")
    return Finding("migrations", True, "The database is at this version.")


def _models() -> Finding:
    from django.core.management import call_command

    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=0, stdout=io.StringIO())
    except SystemExit:
        return Finding(
            "models", False, "A model has changed without a migration; run: rightplace manage makemigrations"
        )
    return Finding("models", True, "Every change of the models has its migration.")


def _row_security() -> Finding:
    from django.db import connection

    from rightplace.foundation.tenancy import row_security_is_current

    query = """
        SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND NOT (relrowsecurity AND relforcerowsecurity)
        AND relname NOT LIKE %s AND relname NOT LIKE %s ORDER BY 1
    """
    with connection.cursor() as cursor:
        cursor.execute(query, ["django_migrations", "procrastinate_%"])
        open_tables = [row[0] for row in cursor.fetchall()]
    if open_tables:
        return Finding("row_security", False, f"Row-level security is off on: {', '.join(open_tables)}")
    if not row_security_is_current():
        return Finding(
            "row_security", False, "Row-level security is not that of this version: rightplace migrate"
        )
    return Finding("row_security", True, "Row-level security is forced on every table.")


def _audit(anchor: Path | None = None, save_anchor: Path | None = None) -> Finding:
    from django.conf import settings

    from rightplace.foundation.audit.anchors import heads_kept
    from rightplace.foundation.audit.queries import check_chains

    folder: Path = settings.AUDIT_ANCHORS
    try:
        kept = heads_kept(folder)
    except ValueError as error:
        return Finding(
            "audit", False, f"The audit trail cannot be compared with the anchors in {folder}: {error}."
        )
    report = check_chains(anchors=(*_anchors(anchor), *kept))
    against = (
        f", compared with {len(kept):,} heads kept in {folder}"
        if kept
        else f"; no heads are kept in {folder} yet"
    )
    if not report.is_whole:
        places = ", ".join(f"{authority}/{number}" for authority, number in report.broken[:10])
        return Finding("audit", False, f"The audit trail is broken at {places} (authority/number){against}.")
    if save_anchor:
        save_anchor.write_text(json.dumps([dataclasses.asdict(head) for head in report.heads], indent=2))
    chains = f"{report.entries:,} entries in {len(report.heads)} chains"
    return Finding("audit", True, f"The audit trail is whole: {chains}{against}.")


def _anchors(path: Path | None) -> tuple[Head, ...]:
    if path is None:
        return ()
    from rightplace.foundation.audit.queries import Head

    try:
        return tuple(Head(**row) for row in json.loads(path.read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise CannotStart(
            f"{path} is not a file of heads that --save-anchor wrote ({type(error).__name__}); name another."
        ) from None
