"""`rightplace simulate`: what it says, what it keeps, and how a run that was stopped goes on."""

from __future__ import annotations

import json
from pathlib import Path

import typer
from typer.testing import CliRunner

from rightplace.cli.simulate import simulate
from rightplace.site.cannot_start import CannotStart

SMALL = ["--policy", "one_by_one,ranked_choice", "--years", "0.05", "--processes", "1"]


def run(*arguments: str):
    app = typer.Typer()
    app.command()(simulate)
    return CliRunner().invoke(app, [*SMALL, *arguments])


def test_policies_stand_side_by_side_with_intervals() -> None:
    done = run("--runs", "2")
    assert done.exit_code == 0, done.output
    assert "Suitable offers to choose from" in done.stdout and "Ranked choice" in done.stdout
    assert " to " in done.stdout and "synthetic" not in done.stdout
    assert "nothing here is about a real child" in done.stderr


def test_a_stopped_run_goes_on_from_the_worlds_it_kept(tmp_path: Path) -> None:
    """The last line is cut off as when the power fails: that world is run again, the other is not."""
    kept = tmp_path / "worlds.jsonl"
    whole = json.loads(run("--runs", "2", "--keep", str(kept), "--json").stdout)
    lines = kept.read_text().splitlines(keepends=True)
    kept.write_text("".join(lines[:2]) + lines[2][:40])
    again = run("--runs", "2", "--keep", str(kept), "--json")
    assert "1 worlds are done already." in again.stderr
    assert json.loads(again.stdout) == whole
    assert len(kept.read_text().splitlines()) == 3


def test_a_file_of_another_simulation_is_not_added_to(tmp_path: Path) -> None:
    kept = tmp_path / "worlds.jsonl"
    assert run("--runs", "1", "--keep", str(kept)).exit_code == 0
    refused = run("--runs", "1", "--seed", "2", "--keep", str(kept))
    assert isinstance(refused.exception, CannotStart) and "another simulation" in str(refused.exception)


def test_what_cannot_be_run_is_said_and_ends_with_two() -> None:
    refused = run("--policy", "guess", "--runs", "0")
    assert refused.exit_code == 2
    assert "no policy “guess”" in refused.stderr and "Runs must be" in refused.stderr
