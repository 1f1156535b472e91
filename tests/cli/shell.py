"""Running the command as a script would: another process, its own environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "rightplace.cli.main"]
# What chooses a database or a folder must come from the test alone.
OURS = ("DATABASE_URL", "PORT", "RIGHTPLACE_", "PYTEST_", "DJANGO_")


def environment(**chosen: str) -> dict[str, str]:
    """This process's environment without our own settings, and with those chosen."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)} | chosen


def run(*arguments: str, **chosen: str) -> subprocess.CompletedProcess[str]:
    """The finished command."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(**chosen),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def sentence_of(done: subprocess.CompletedProcess[str]) -> str:
    """The one line on the error stream; fails when there is more, such as a traceback."""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]
