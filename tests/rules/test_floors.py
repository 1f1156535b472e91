"""The floors of the house: import-linter's contracts hold, cover every folder, and can fail."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.rules.measures import ROOT

LINT = Path(sys.executable).parent / "lint-imports"
FLOORS = "Each floor imports only the floors below it"


def test_every_import_points_down_the_floors() -> None:
    done = subprocess.run([LINT, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_folder_has_a_floor() -> None:
    placed = {name.strip("() ") for row in _floors()["layers"] for name in row.split("|")}
    folders = {path.name for path in (ROOT / "rightplace").iterdir() if (path / "__init__.py").exists()}
    assert folders <= placed
    assert _floors()["exhaustive"] is True


def test_an_import_that_points_up_is_refused(tmp_path: Path) -> None:
    _package(tmp_path, below="import house.above", above="")
    assert _lint(tmp_path).returncode == 1


def test_an_import_that_points_down_is_allowed(tmp_path: Path) -> None:
    _package(tmp_path, below="", above="import house.below")
    assert _lint(tmp_path).returncode == 0


def _floors() -> dict:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return next(contract for contract in contracts if contract["name"] == FLOORS)


def _package(folder: Path, below: str, above: str) -> None:
    house = folder / "house"
    house.mkdir()
    for name, text in {"__init__": "", "below": below, "above": above}.items():
        (house / f"{name}.py").write_text(text + "\n")
    (folder / "pyproject.toml").write_text(
        '[tool.importlinter]\nroot_package = "house"\n[[tool.importlinter.contracts]]\nname = "floors"\n'
        'type = "layers"\ncontainers = ["house"]\nlayers = ["above", "below"]\nexhaustive = true\n'
    )


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [LINT, "--no-logo", "--no-cache"]
    environment = {"PYTHONPATH": str(folder), "PATH": ""}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
