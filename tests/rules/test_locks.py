"""What is installed is pinned, and the two ways of installing it agree."""

from __future__ import annotations

import json
import re
import runpy
import tomllib

from tests.rules.measures import ROOT

LOCK = tomllib.loads((ROOT / "uv.lock").read_text())


def test_requirements_for_pip_name_versions_of_the_lock_with_hashes() -> None:
    text = (ROOT / "requirements.txt").read_text()
    pinned = set(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", text, re.MULTILINE))
    locked = {(package["name"], package.get("version")) for package in LOCK["package"]}
    assert len(pinned) > 20
    assert pinned <= locked
    assert text.count("--hash=sha256:") >= len(pinned)


def test_requirements_for_pip_name_everything_the_product_needs() -> None:
    named = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    (ours,) = [package for package in LOCK["package"] if package["name"] == "rightplace"]
    assert {each["name"] for each in ours["dependencies"]} <= named


def test_front_end_packages_are_locked_with_integrity() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    fetched = {name: each for name, each in packages.items() if name}
    assert fetched
    assert [
        name for name, each in fetched.items() if not each.get("integrity", "").startswith("sha512-")
    ] == []


def test_the_lock_was_made_by_the_uv_that_reads_it() -> None:
    prepare = runpy.run_path(str(ROOT / "tools" / "prepare.py"))
    assert re.fullmatch(r"\d+\.\d+\.\d+", prepare["UV_VERSION"])
    assert LOCK["version"] == 1


def test_the_licence_is_named_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    package = json.loads((ROOT / "package.json").read_text())
    assert (project["license"], package["license"]) == ("MIT", "MIT")
    assert "the Rightplace contributors" in (ROOT / "LICENSE").read_text()
