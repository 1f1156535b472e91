"""What comes from elsewhere, and what must not leave: digests, licences, secrets, and an audit that never pretends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.rules.test_dangerous import modules
from tools import check_secrets, check_supply


def test_everything_is_pinned_with_its_digest() -> None:
    assert [*check_supply.lock_faults(), *check_supply.requirement_faults()] == []
    assert len(check_supply.required()) > 30


def test_every_licence_is_one_that_we_may_use() -> None:
    assert list(check_supply.licence_faults()) == []


@pytest.mark.parametrize(
    ("words", "is_allowed"),
    [("MIT", True), ("BSD-3-Clause", True), ("GPL-3.0-only", False)],
)
def test_a_licence_is_told_apart(words: str, is_allowed: bool) -> None:
    assert bool(check_supply.ALLOWED.search(words)) == is_allowed


def test_an_audit_that_was_told_nothing_says_that_it_was_not_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """pip-audit itself says “no known vulnerabilities” when it found none of the packages."""
    skipped = {
        "dependencies": [{"name": name, "skip_reason": "not found"} for name in check_supply.required()]
    }
    assert _audited(skipped, monkeypatch) == 0
    assert "NOT RUN for" in capsys.readouterr().out


def test_an_audit_that_finds_something_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = {"id": "X-1", "fix_versions": ["2"]}
    assert _audited({"dependencies": [{"name": "a", "version": "1", "vulns": [bad]}]}, monkeypatch) == 1
    assert "a 1: X-1, mended in 2" in capsys.readouterr().out


def _audited(answer: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> int:
    said = subprocess.CompletedProcess([], 0, json.dumps(answer), "")
    monkeypatch.setattr(check_supply.subprocess, "run", lambda *_, **__: said)
    return int(check_supply.audit())


@pytest.mark.skipif(not Path(".git").exists(), reason="which files are ours is known to git only")
def test_no_secret_stands_in_any_file() -> None:
    """The whole scan is one of the checks before the tests; here, that its files and its baseline are as they should be."""
    names = check_secrets.tracked()
    assert {"rightplace/site/settings.py", "SECURITY.md"} <= set(names)
    assert not [
        name for name in names if Path(name).name.startswith(".env") or name.endswith((".pem", ".key"))
    ]
    known = json.loads(check_secrets.BASELINE.read_text())
    assert all((file, kind) and len(digest) == 40 for file, kind, digest in known)


def test_a_secret_in_a_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text(
        'token = "ghp_' + "aB3dE6gH9jK2" * 3 + '"\n-----BEGIN ' + "RSA PRIVATE KEY-----\n"
    )
    monkeypatch.setattr(check_secrets, "ROOT", tmp_path)
    check_secrets.set_up()
    assert len(check_secrets.findings("a.py")[1]) >= 2


def test_no_module_of_the_product_imports_tests() -> None:
    names = {(one.path, name) for one in modules() for name in one.imports}
    assert [
        each
        for each in names
        if each[1].split(".")[0] in {"tests", "tools", "pytest", "hypothesis", "locust"}
    ] == []


def test_a_warning_fails_the_tests() -> None:
    options = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    assert options["filterwarnings"][0] == "error"


def test_djangos_checks_for_production_have_no_warning() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RIGHTPLACE_")}
    done = subprocess.run(
        [sys.executable, "tools/check_deploy.py"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
