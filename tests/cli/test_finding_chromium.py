"""Chromium is found where Debian or Playwright puts it; without it a browser test is skipped, and in CI it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.shell import ROOT
from tools.find_chromium import HOW_TO_GET_IT, find_chromium

BROWSER_TEST = "tests/browser/test_chromium.py::test_chromium_runs_a_page_and_its_script"


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without any browser."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "playwright"))
    monkeypatch.delenv("RIGHTPLACE_CHROMIUM", raising=False)
    return tmp_path


def executable(path: Path) -> str:
    path.parent.mkdir(parents=True)
    path.touch(mode=0o755)
    return str(path)


def test_the_browser_of_debian_is_found(bare: Path) -> None:
    assert find_chromium() is None
    there = executable(bare / "bin" / "chromium")
    assert find_chromium() == there


def test_the_newest_browser_of_playwright_is_found(bare: Path) -> None:
    executable(bare / "playwright" / "chromium-1100" / "chrome-linux" / "chrome")
    newest = executable(bare / "playwright" / "chromium-1200" / "chrome-linux64" / "chrome")
    assert find_chromium() == newest


def test_a_browser_of_ones_own_comes_first(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    executable(bare / "bin" / "chromium")
    monkeypatch.setenv("RIGHTPLACE_CHROMIUM", "/opt/mine")
    assert find_chromium() == "/opt/mine"


def test_without_a_browser_a_test_of_it_fails_and_says_how_to_get_one(bare: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", BROWSER_TEST]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    assert HOW_TO_GET_IT in done.stdout
    assert "1 error" in done.stdout.splitlines()[-1]
