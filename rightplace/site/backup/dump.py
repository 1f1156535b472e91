"""A dump: the whole database as one sealed file, restorable into any PostgreSQL of the same version or later."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from psycopg import IsolationLevel

from rightplace.site.backup.manifest import Manifest, manifest_of
from rightplace.site.backup.programs import addressed, copy, program, running
from rightplace.site.backup.sealed import sealed_file
from rightplace.site.cannot_start import CannotStart

Advance = Callable[[str, int, int], None]
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: its file, what it says of itself and its sealed size in bytes."""

    path: Path
    manifest: Manifest
    sealed_bytes: int


def make_dump(
    url: str, folder: Path, reader: X25519PublicKey, *, now: datetime, advance: Advance, secret_key: str = ""
) -> Made:
    """Write a dump into a folder. Counts, chain heads and rows are of one and the same snapshot. Raises CannotStart."""
    path = new_file(folder, f"rightplace-{now:%Y%m%dT%H%M%SZ}.dump.sealed")
    with psycopg.connect(url) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        manifest = manifest_of(connection, "dump", now, secret_key)
        try:
            _pour(url, path, reader, manifest, str(row[0]) if row else "", advance)
        except BaseException:
            with suppress(
                OSError
            ):  # a store that allows no deletion keeps the unfinished file; it opens for nobody
                path.unlink()
            raise
    return Made(path, manifest, path.stat().st_size)


def new_file(folder: Path, name: str) -> Path:
    """Where a new file of a backup goes. Raises CannotStart where the folder is missing or the name is taken."""
    if not folder.is_dir():
        raise CannotStart(f"There is no folder {folder} for the backup; make it, or name another with --to.")
    if (folder / name).exists():
        raise CannotStart(f"{folder / name} is there already, and a backup is never written over.")
    return folder / name


def _pour(
    url: str, path: Path, reader: X25519PublicKey, manifest: Manifest, snapshot: str, advance: Advance
) -> None:
    address, environment = addressed(url)
    command = [program("pg_dump", url), "--format=custom", "--compress=none", "--enable-row-security"]
    command += [f"--snapshot={snapshot}", f"--dbname={address}"]
    try:
        with sealed_file(path, reader) as sink:
            manifest.write(sink)
            with running(command, environment, stdout=subprocess.PIPE) as dumping:
                assert dumping.stdout is not None
                done = 0
                for size in copy(dumping.stdout, sink):
                    done += size
                    advance("Backing up (MB)", done // MB, max(manifest.size_bytes, done) // MB)
    except OSError as error:
        raise CannotStart(
            f"{path} cannot be written ({error.strerror}); free some room or name another folder."
        ) from None
