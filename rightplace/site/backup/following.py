"""Following the database: a sealed base backup, then its log (WAL) in sealed pieces, a few seconds behind.

PostgreSQL's own pg_receivewal receives the log into a spool folder, from a replication slot, so that nothing is missed
while this process is away. Every few seconds in which something was written the log is switched to a new piece; finished
pieces are sealed into the store and leave the spool. Nothing in the store is ever renamed, written again or deleted.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from psycopg import sql

from rightplace.site.backup.dump import MB, Advance, new_file
from rightplace.site.backup.manifest import manifest_of
from rightplace.site.backup.programs import addressed, copy, program, running
from rightplace.site.backup.sealed import sealed_file
from rightplace.site.cannot_start import CannotStart

SLOT = "rightplace_backup"
EVERY_SECONDS = 20.0
LOOK_SECONDS = 0.5
MOST_KEPT = "20GB"
SEGMENT_NAME = 24
BASE = "base.sealed"


@dataclass(frozen=True, slots=True)
class Series:
    """A base backup and what follows it: the folder, the cluster that it is of, and the timeline on which it runs."""

    folder: Path
    system: str
    timeline: int


@dataclass(slots=True)
class Follower:
    """What follows one database into one store until it is told to stop.

    `url` is asked anew after each interruption, as the embedded server may come back elsewhere.
    """

    url: Callable[[], str]
    store: Path
    spool: Path
    reader: X25519PublicKey
    secret_key: str = ""
    every: float = EVERY_SECONDS
    shipped: int = 0
    switched_at: str = ""
    switched: float = 0.0

    def follow(self, *, should_stop: Callable[[], bool], advance: Advance, new_base: bool = False) -> None:
        """Make a base backup where there is none yet, then ship the log. Raises CannotStart."""
        series = self.series(advance, new_base=new_base)
        while not should_stop():
            with self._receiving() as receiver:
                while not should_stop() and receiver.poll() is None:
                    self._switch()
                    self.ship(series)
                    time.sleep(LOOK_SECONDS)
            if not should_stop():
                time.sleep(LOOK_SECONDS)  # the database was away: begin again
        self.ship(series)

    def series(self, advance: Advance, *, new_base: bool = False) -> Series:
        """The series that this spool belongs to; a new one, with its base, where the database is another or has been restored."""
        self.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        with psycopg.connect(self.url(), autocommit=True) as connection:
            system, timeline = _identity(connection)
            _make_slot(connection)
            known = self._known()
            if (
                known
                and not new_base
                and (known.system, known.timeline) == (system, timeline)
                and known.folder.is_dir()
            ):
                return known
            made = Series(self.store / f"series-{datetime.now(UTC):%Y%m%dT%H%M%SZ}", system, timeline)
            self._base(connection, made, advance)
        (self.spool / "series.json").write_text(
            json.dumps({"folder": str(made.folder), "system": system, "timeline": timeline})
        )
        return made

    def ship(self, series: Series) -> int:
        """Seal every finished piece of the log into the store; how many."""
        finished = [path for path in sorted(self.spool.iterdir()) if _is_finished(path)]
        for path in finished:
            with (
                path.open("rb") as source,
                sealed_file(_free_name(series.folder, path.name), self.reader) as sink,
            ):
                for _ in copy(source, sink):
                    pass
            path.unlink()
        self.shipped += len(finished)
        return len(finished)

    def _known(self) -> Series | None:
        try:
            held = json.loads((self.spool / "series.json").read_text())
            return Series(Path(held["folder"]), held["system"], held["timeline"])
        except (OSError, ValueError, KeyError):
            return None

    def _base(self, connection: psycopg.Connection[Any], series: Series, advance: Advance) -> None:
        for path in self.spool.iterdir():
            path.unlink()
        path = new_file(self.store, series.folder.name)
        path.mkdir(mode=0o700)
        address, environment = addressed(self.url(), dbname="replication")
        command = [program("pg_basebackup", self.url()), "--pgdata=-", "--format=tar", "--wal-method=fetch"]
        command += ["--checkpoint=fast", "--no-password", f"--dbname={address}"]
        manifest = manifest_of(connection, "base", datetime.now(UTC), self.secret_key)
        with sealed_file(path / BASE, self.reader) as sink:
            manifest.write(sink)
            with running(command, environment, stdout=subprocess.PIPE) as basing:
                assert basing.stdout is not None
                done = 0
                for size in copy(basing.stdout, sink):
                    done += size
                    advance("Base backup (MB)", done // MB, max(manifest.size_bytes, done) // MB)

    @contextmanager
    def _receiving(self) -> Iterator[subprocess.Popen[bytes]]:
        url = self._reached()
        address, environment = addressed(url, dbname="replication")
        command = [program("pg_receivewal", url), f"--directory={self.spool}", f"--slot={SLOT}", "--no-loop"]
        command += ["--synchronous", "--no-password", f"--dbname={address}"]
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        try:
            yield process
        finally:
            process.terminate()
            process.wait()

    def _reached(self) -> str:
        while True:
            try:
                url = self.url()
                psycopg.connect(url, connect_timeout=5).close()
                return url
            except (psycopg.Error, CannotStart):
                time.sleep(LOOK_SECONDS)

    def _switch(self) -> None:
        """Begin a new piece when something was written since the last, so that it can be shipped."""
        if time.monotonic() - self.switched < self.every:
            return
        self.switched = time.monotonic()
        try:
            with psycopg.connect(self.url(), autocommit=True, connect_timeout=5) as connection:
                # Which transactions have ended: it changes with every commit that has written something.
                ended = _one(connection, "SELECT pg_current_snapshot()::text")
                if ended != self.switched_at:
                    connection.execute("SELECT pg_switch_wal()")
                    self.switched_at = ended
        except (psycopg.Error, CannotStart):
            self.switched_at = ""  # away for the moment: look again next time


def stop_following(url: str) -> bool:
    """Give up the slot, so that PostgreSQL keeps no log for a follower that will not come back; whether there was one."""
    with psycopg.connect(url, autocommit=True) as connection:
        query = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s"
        return connection.execute(query, [SLOT]).fetchone() is not None


def _identity(connection: psycopg.Connection[Any]) -> tuple[str, int]:
    system = _one(connection, "SELECT system_identifier::text FROM pg_control_system()")
    return system, int(_one(connection, "SELECT timeline_id::text FROM pg_control_checkpoint()"))


def _make_slot(connection: psycopg.Connection[Any]) -> None:
    if _one(connection, "SHOW wal_level") == "minimal":
        raise CannotStart(
            "PostgreSQL keeps too little log to follow (wal_level = minimal); set wal_level = replica."
        )
    if _one(connection, "SELECT count(*)::text FROM pg_replication_slots WHERE slot_name = %s", SLOT) == "0":
        connection.execute("SELECT pg_create_physical_replication_slot(%s, true)", [SLOT])
    # A follower that never comes back must not fill the disk of the database.
    if (
        _one(connection, "SHOW max_slot_wal_keep_size") == "-1"
        and _one(connection, "SHOW is_superuser") == "on"
    ):
        connection.execute(
            sql.SQL("ALTER SYSTEM SET max_slot_wal_keep_size = {}").format(sql.Literal(MOST_KEPT))
        )
        connection.execute("SELECT pg_reload_conf()")


def _one(connection: psycopg.Connection[Any], query: str, *values: str) -> str:
    row = connection.execute(query, list(values)).fetchone()
    return str(row[0]) if row else ""


def _is_finished(path: Path) -> bool:
    is_history = path.name.endswith(".history")
    return is_history or (len(path.name) == SEGMENT_NAME and path.suffix == "")


def _free_name(folder: Path, name: str) -> Path:
    # A process killed while sealing leaves a piece that is not whole; the piece is sealed again beside it.
    for attempt in range(1, 1000):
        path = folder / f"{name}.{attempt}.sealed"
        if not path.exists():
            return path
    raise CannotStart(f"{folder} holds {name} a thousand times; something is wrong with this store.")
