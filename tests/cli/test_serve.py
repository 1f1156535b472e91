"""`rightplace serve`: prints its address, answers, and leaves nothing behind when it is told to stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from rightplace.cli import serve
from rightplace.site.database import DATABASE_NAME, database_url
from tests.cli.shell import COMMAND, ROOT, environment

WAIT_SECONDS = 90


@pytest.fixture
def address_of_a_copy() -> Iterator[str]:
    """A migrated database of its own on the server of the tests."""
    name = f"test_rightplace_{os.getpid()}_serve"
    template = os.environ.get("RIGHTPLACE_TEST_TEMPLATE", "template1")
    with psycopg.connect(database_url(), autocommit=True) as connection:
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        connection.execute(made)
        yield database_url().replace(f"/{DATABASE_NAME}?", f"/{name}?")
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_serve_prints_its_address_answers_and_stops(
    address_of_a_copy: str, port: int, tmp_path: Path, how: signal.Signals
) -> None:
    log = tmp_path / "log"
    served = environment(DATABASE_URL=address_of_a_copy, PORT=str(port), RIGHTPLACE_DATA=str(tmp_path))
    with log.open("w") as stream:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--processes", "1"], cwd=ROOT, env=served, stderr=stream
        )
    try:
        wait_for(f"Rightplace is on http://127.0.0.1:{port}\nPress Ctrl+C to stop", log, process)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
            assert page.status == 200
        process.send_signal(how)
        assert process.wait(30) == (0 if how != signal.SIGKILL else -signal.SIGKILL)
    finally:
        process.kill()
    assert "Traceback" not in log.read_text()
    assert is_free_again(port)


def is_free_again(port: int) -> bool:
    """Whether nothing answers on the port any more: the web server lets its processes finish for ten seconds, then ends them."""
    deadline = time.monotonic() + 2 * serve.STOP_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return True
        time.sleep(0.1)
    return False


def test_a_server_that_will_not_stop_is_ended_with_its_own_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "STOP_SECONDS", 0.5)
    stubborn = "trap '' TERM; sleep 60 & echo $!; wait; sleep 60"
    web = subprocess.Popen(["sh", "-c", stubborn], start_new_session=True, stdout=subprocess.PIPE)
    assert web.stdout is not None
    child = int(web.stdout.readline())
    serve.stop(serve.Running(web))
    assert web.wait(5) == -signal.SIGKILL
    assert is_gone(child)
    web.stdout.close()


def is_gone(number: int) -> bool:
    """Whether a process has ended (or waits only to be noticed), within some seconds."""
    for _ in range(50):
        status = Path(f"/proc/{number}/stat")
        if not status.exists() or status.read_text().split()[2] == "Z":
            return True
        time.sleep(0.1)
    return False


def wait_for(words: str, log: Path, process: subprocess.Popen[bytes]) -> None:
    """Return when the log has these words; fail when the process ends or takes too long."""
    for _ in range(WAIT_SECONDS * 10):
        if words in log.read_text():
            return
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())
