"""A whole installation to do harm to: its own data folder and embedded PostgreSQL, filled with the walked world, and served.

It is made by the product's own means: the world is dumped by `backup`, and `restore` puts it into the new folder.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import httpx
import psycopg
from django.conf import settings

from tests.cli.shell import COMMAND, ROOT, environment

WAIT_SECONDS = 60
DATABASE = "rightplace"


@dataclass
class Installation:
    """Where it is, how it is reached, and what of it runs."""

    folder: Path
    port: int = 0
    serving: subprocess.Popen[bytes] | None = None
    log: list[str] = field(default_factory=list)

    @property
    def postgres(self) -> Path:
        """The folder of the database."""
        return self.folder / "postgres"

    @property
    def url(self) -> str:
        """The address of the database, from the file that PostgreSQL writes when it runs."""
        lines = (self.postgres / "postmaster.pid").read_text().splitlines()
        return f"postgresql://postgres@/{DATABASE}?host={quote(lines[4], safe='/')}"

    @property
    def address(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self, **more: str) -> dict[str, str]:
        """What its commands are run with."""
        # The secret key of the tests, so that the sessions made by them hold here.
        return environment(
            RIGHTPLACE_DATA=str(self.folder), RIGHTPLACE_SECRET_KEY=settings.SECRET_KEY, **more
        )

    def run(self, *arguments: str, seconds: float = 120, **more: str) -> subprocess.CompletedProcess[str]:
        """One of the product's commands, to its end."""
        return subprocess.run(
            [*COMMAND, *arguments], env=self.environment(**more), cwd=ROOT, capture_output=True, text=True,
            check=False, timeout=seconds,
        )  # fmt: skip

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
        """One of the product's commands, left running."""
        with (self.folder / f"{arguments[0]}.log").open("ab") as log:
            return subprocess.Popen(
                [*COMMAND, *arguments], env=self.environment(**more), cwd=ROOT, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def serve(self, *, processes: int = 2) -> None:
        """Serve it, and wait until a page answers."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.serving = self.start("serve", "--processes", str(processes), PORT=str(self.port))
        self.wait_until_answering(WAIT_SECONDS)

    def wait_until_answering(self, seconds: float, path: str = "/about/") -> float:
        """Seconds until a page answers 200; fails after so many."""
        begun = time.monotonic()
        while time.monotonic() - begun < seconds:
            assert self.serving is None or self.serving.poll() is None, self.words_of("serve")
            try:
                if httpx.get(f"{self.address}{path}", timeout=5).status_code == 200:
                    return time.monotonic() - begun
            except httpx.HTTPError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"{path} does not answer after {seconds} s: {self.words_of('serve')}")

    def words_of(self, command: str) -> str:
        """What a command said, its last lines."""
        path = self.folder / f"{command}.log"
        return "\n".join(path.read_text(errors="replace").splitlines()[-40:]) if path.exists() else ""

    def web_processes(self) -> list[int]:
        """The numbers of granian's own processes that answer requests."""
        assert self.serving is not None
        return [pid for parent in children(self.serving.pid, "granian") for pid in children(parent, "")]

    def worker_processes(self) -> list[int]:
        """The numbers of the workers."""
        assert self.serving is not None
        return children(self.serving.pid, "worker")

    def postmaster(self) -> int:
        """The number of PostgreSQL's first process."""
        return int((self.postgres / "postmaster.pid").read_text().split()[0])

    def kill_database(self) -> None:
        """End every process of PostgreSQL at once, as when the power goes."""
        first = self.postmaster()
        for number in [first, *children(first, "")]:
            kill(number)

    def stop(self) -> None:
        """End everything that was started."""
        if self.serving is not None:
            self.serving.terminate()
            try:
                self.serving.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self.serving.pid, signal.SIGKILL)
                self.serving.wait()
            self.serving = None
        if (self.postgres / "postmaster.pid").exists():
            self.kill_database()


def children(parent: int, words: str) -> list[int]:
    """The child processes of a process whose command line has these words."""
    found = []
    for number in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        try:
            command = Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if words in command:
            found.append(int(number))
    return found


def kill(number: int) -> None:
    """End a process without a word; one that has gone already counts as ended."""
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)


@contextmanager
def installed(folder: Path, dump: Path, key: Path) -> Iterator[Installation]:
    """An installation restored from a dump; everything of it is ended afterwards."""
    place = Installation(folder)
    folder.mkdir(parents=True, exist_ok=True)
    done = place.run("restore", str(dump), "--key", str(key), "--over")
    assert done.returncode == 0, done.stderr
    try:
        yield place
    finally:
        place.stop()
        shutil.rmtree(folder, ignore_errors=True)


def keep_database_running(place: Installation) -> subprocess.Popen[bytes]:
    """A process that holds the embedded database up while nothing is served."""
    code = "import sys, rightplace.site.database as d; print(d.embedded_url(), flush=True); sys.stdin.read()"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=place.environment(),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def connect(place: Installation) -> psycopg.Connection:
    """A connection to its database."""
    return psycopg.connect(place.url, autocommit=True)
