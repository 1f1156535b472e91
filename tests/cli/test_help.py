"""Help is quick and worth reading."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer

from rightplace.cli.main import app
from tests.cli.shell import ROOT, environment, run

SLOW = ("django", "psycopg", "polars", "numpy", "scipy", "rich.progress", "granian")


def test_help_names_commands_exit_codes_and_the_environment() -> None:
    done = run("--help")
    assert done.returncode == 0
    for words in ("serve", "import", "check", "Exit codes", "DATABASE_URL", "rightplace serve --demo"):
        assert words in done.stdout


@pytest.mark.parametrize("module", SLOW)
def test_help_waits_for_nothing_slow(module: str) -> None:
    code = f"import sys, rightplace.cli.main; sys.exit('{module}' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment(), check=False)
    assert done.returncode == 0


def test_every_command_says_what_it_does() -> None:
    silent = [name for name, command in _commands(typer.main.get_command(app)) if not command.help]
    assert silent == []


def test_no_command_takes_a_secret_as_an_argument() -> None:
    options = [option for _, command in _commands(typer.main.get_command(app)) for option in command.params]
    assert [each.name for each in options if each.name in {"password", "secret", "token"}] == []


def _commands(group, path="rightplace"):
    for name, command in getattr(group, "commands", {}).items():
        yield f"{path} {name}", command
        yield from _commands(command, f"{path} {name}")
