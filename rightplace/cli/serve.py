"""`rightplace serve` and `worker`: make ready, then keep the web server and the worker running."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from types import FrameType
from typing import Annotated

import typer

from rightplace.cli import database
from rightplace.cli.terminal import CANNOT_RUN, say, say_error
from rightplace.foundation.processes import end_with_parent
from rightplace.site.cannot_start import CannotStart

READY_SECONDS = 60
STOP_SECONDS = 15
WORKER_PAUSE_SECONDS = 5
MOST_ENDS, WITHIN_SECONDS = 5, 30
THREADS = "12"  # site.room lets fewer in; the others are free to say that it is full

Port = Annotated[int, typer.Option(envvar="PORT", help="The port to listen on.")]
Host = Annotated[
    str, typer.Option(help="The address to listen on; 0.0.0.0 for every network of this machine.")
]
WithDemo = Annotated[
    bool, typer.Option("--demo", help="Load the demo consortium when the database is empty.")
]
DemoSize = Annotated[database.Size, typer.Option(envvar="DEMO", help="How much --demo loads.")]
Processes = Annotated[
    int, typer.Option(help="How many web processes; 0 for one per processor, at most four.")
]
WithWorker = Annotated[
    bool, typer.Option("--worker/--no-worker", help="Also run one worker for e-mail and jobs.")
]


@dataclass(slots=True)
class Running:
    """The processes that this one started and must stop, and what it needs to start them again."""

    web: subprocess.Popen[bytes]
    worker: subprocess.Popen[bytes] | None = None
    is_embedded: bool = False
    start_web: Callable[[], subprocess.Popen[bytes]] | None = None
    worker_due: float = 0.0
    ended: list[float] = field(default_factory=list)


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    demo: WithDemo = False,
    demo_size: DemoSize = database.Size.FULL,
    processes: Processes = 0,
    with_worker: WithWorker = True,
) -> None:
    """Serve the pages: start the database, migrate, build the front-end files, and print the address.

    Ctrl+C stops everything that was started here; the data stays.

    Example: PORT=8080 rightplace serve --demo
    """
    from rightplace.site.database import is_embedded

    check_port(host, port)
    os.environ.setdefault("RIGHTPLACE_ADDRESS", f"http://{host}:{port}")
    starts_database = is_embedded()
    make_ready(demo_size if demo else None)
    # The processes started here share this one's database server instead of each joining it.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _as_interrupt)
    web = partial(start_web, host, port, processes or min(4, os.cpu_count() or 1))
    running = Running(web(), is_embedded=starts_database, start_web=web)
    try:
        wait_until_ready(running.web, host, port)
        say(f"Rightplace is on http://{host}:{port}\nPress Ctrl+C to stop; the data stays.")
        running.worker = start_worker() if with_worker else None
        keep_running(running)
    except KeyboardInterrupt:
        say("Stopping.")
    finally:
        stop(running)


def worker() -> None:
    """Run one worker: e-mail, reminders and long jobs, from the queue in the database.

    `serve` runs one beside the web server; start more on any machine with the same DATABASE_URL.
    """
    database.django_ready()
    from django.core.management import call_command

    call_command("procrastinate", "worker")


def make_ready(demo: database.Size | None) -> None:
    """The front-end files and a migrated database, with a demo of this size when it is empty."""
    from rightplace.site.assets import build_assets

    build_assets()
    os.environ["DATABASE_URL"] = database.reachable_url()
    database.django_ready()
    database.refuse_newer()
    database.migrate_if_needed()
    if demo and database.is_empty():
        database.load_demo(demo)


def check_port(host: str, port: int) -> None:
    """Raise CannotStart when the address cannot be listened on."""
    if not 0 < port < 65536:
        raise CannotStart(f"{port} is no port; choose one from 1 to 65535, for example PORT=8080.")
    try:
        with socket.create_server((host, port)):
            pass
    except PermissionError:
        raise CannotStart(
            f"Port {port} needs administrator's rights; choose one above 1023: PORT=8080."
        ) from None
    except OSError as error:
        reason = str(error.strerror).split(" (while")[0]
        raise CannotStart(
            f"Port {port} on {host} cannot be used ({reason}); "
            f"stop the program that has it, or choose another: PORT={port + 1 if port < 65535 else 8000}."
        ) from None


def start_web(host: str, port: int, processes: int) -> subprocess.Popen[bytes]:
    """Granian with our application, in a session of its own so that Ctrl+C reaches this process alone."""
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(processes)]
    options += ["--blocking-threads", THREADS, "--log-level", "error", "--respawn-failed-workers"]
    options += ["--workers-kill-timeout", "10"]
    return _start("granian", *options, "rightplace.site.wsgi:application")


def start_worker() -> subprocess.Popen[bytes]:
    """A worker beside the web server."""
    return _start("rightplace.cli.main", "worker")


def _start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.Popen(command, start_new_session=True, preexec_fn=end_with_parent)


def wait_until_ready(web: subprocess.Popen[bytes], host: str, port: int) -> None:
    """Return when the web server answers; CannotStart when it ended or takes a minute."""
    for _ in range(READY_SECONDS * 10):
        if web.poll() is not None:
            raise CannotStart("The web server ended while starting; its own words are above.")
        try:
            socket.create_connection(("127.0.0.1" if host == "0.0.0.0" else host, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise CannotStart(f"The web server did not answer on port {port} within a minute; start it again.")


def keep_running(running: Running) -> None:
    """Start again what ended: the database, the worker after a pause, the web server unless it keeps ending."""
    from rightplace.site.database import revive_embedded

    while True:
        time.sleep(0.5)
        if running.is_embedded and revive_embedded():
            say_error("The database had ended and was started again.")
        if running.web.poll() is not None:
            _start_web_again(running)
        if running.worker and running.worker.poll() is not None:
            _start_worker_again(running, running.worker.returncode)


def _start_worker_again(running: Running, code: int) -> None:
    now = time.monotonic()
    if not running.worker_due:
        say_error(f"The worker ended (code {code}) and is started again.")
        running.worker_due = now + WORKER_PAUSE_SECONDS
    elif now >= running.worker_due:
        running.worker, running.worker_due = start_worker(), 0.0


def _start_web_again(running: Running) -> None:
    now = time.monotonic()
    running.ended = [at for at in running.ended if now - at < WITHIN_SECONDS] + [now]
    if running.start_web is None or len(running.ended) >= MOST_ENDS:
        say_error(f"The web server ended (code {running.web.returncode}); start it again.")
        raise typer.Exit(CANNOT_RUN)
    say_error(f"The web server ended (code {running.web.returncode}) and is started again.")
    running.web = running.start_web()


def stop(running: Running) -> None:
    """Ask each process to end, and end those that do not."""
    processes = [each for each in (running.worker, running.web) if each]
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # Its group too: a web server that is killed outright leaves its own processes on the port.
            os.killpg(process.pid, signal.SIGKILL)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
