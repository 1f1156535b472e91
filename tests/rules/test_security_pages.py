"""The pages about security say what the code does, and the table of the standard names only tests that are there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from rightplace.desks.commissioning import imports
from rightplace.desks.layout import listing
from rightplace.exchange.uploads import LIMITS
from rightplace.foundation.access import passwords, sessions
from rightplace.journey.offers import evidence
from rightplace.site import settings
from tests.figures import figure
from tests.rules.test_dangerous import modules
from tools import write_asvs

PAGE = Path("docs/security/how-it-is-kept.md")
THREATS = Path("docs/security/threat-model.md")
GOAL = 0.80
# Sections that answer what the standard asks to have in writing.
SECTIONS = (
    "What may be typed", "How entries must fit together", "Limits of the business", "Files", "Signing in", "Sessions",
    "What of a person's surroundings counts", "Keys and cryptography", "What it talks to", "Levels of data", "Logs",
    "What costs much", "What comes from elsewhere",
)  # fmt: skip
PRIMITIVES = {
    "Fernet",
    "InvalidToken",
    "X25519PrivateKey",
    "X25519PublicKey",
    "AESGCM",
    "HKDF",
    "SHA256",
    "InvalidTag",
}
SHAPES = {"Encoding", "PublicFormat", "PrivateFormat", "NoEncryption", "serialization", "hashes"}


def section(name: str) -> str:
    """The words of one section."""
    return PAGE.read_text().split(f"## {name}\n")[1].split("\n## ")[0]


def test_the_page_says_what_the_code_does() -> None:
    options = [each.get("OPTIONS", {}) for each in settings.AUTH_PASSWORD_VALIDATORS]
    lengths = [each["min_length"] for each in options if "min_length" in each]
    told = {
        "Limits of the business": [listing.ROWS_A_PAGE, listing.DOWNLOAD_ROWS, evidence.MOST_FILES],
        "Files": [
            5, imports.LARGEST // 2**20, LIMITS.bytes_unpacked // 10**6, LIMITS.times_unpacked, LIMITS.entries, LIMITS.rows,
        ],
        "Signing in": [*lengths, passwords.LONGEST],
        "Sessions": [sessions.IDLE_AT_MOST.seconds // 60, sessions.LONG_AT_MOST.seconds // 3600],
    }  # fmt: skip
    for name, figures in told.items():
        assert re.findall(r"\*\*([\d,]+)\*\*", section(name)) == [f"{figure:,}" for figure in figures], name


@pytest.mark.parametrize("name", SECTIONS)
def test_every_page_that_the_table_names_is_there(name: str) -> None:
    assert len(section(name).split()) > 30


def test_the_list_of_cryptography_is_whole() -> None:
    """Whatever of the library is used anywhere stands in the list; another way of hiding must be added to both."""
    used = {
        name.rsplit(".", 1)[-1]
        for one in modules()
        for name in one.imports
        if name.startswith("cryptography")
    }
    assert used - PRIMITIVES - SHAPES == set()
    for word in ("Fernet", "X25519", "AES-256-GCM", "HKDF-SHA-256", "HMAC-SHA-256", "PBKDF2"):
        assert word in section("Keys and cryptography")


def test_every_test_that_the_table_of_the_standard_names_is_there() -> None:
    assert list(write_asvs.missing_tests(write_asvs.requirements())) == []


def test_every_way_in_of_the_threat_model_names_tests_that_are_there() -> None:
    ways = THREATS.read_text().split("## Where they could come in")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in ways.splitlines() if line.startswith("| ")][2:]
    assert len(rows) >= 18
    for way, _, shown_by in rows:
        named = re.findall(r"`([^`]+)`", shown_by)
        assert named, way
        assert [one for one in named if not Path(one).exists()] == [], way


def test_the_page_of_the_standard_is_what_the_table_says() -> None:
    rows = list(write_asvs.requirements())
    assert write_asvs.PAGE.read_text(encoding="utf-8") == write_asvs.page(rows), (
        "run python tools/write_asvs.py"
    )


def test_the_table_holds_every_requirement_once_and_most_are_shown() -> None:
    rows = list(write_asvs.requirements())
    assert len({row.number for row in rows}) == len(rows)
    assert sum(row.level == 1 for row in rows) == 70
    assert sum(row.level == 2 for row in rows) == 183
    assert {row.applies for row in rows} == {"yes", "no", "operator"}
    assert all(row.how for row in rows)
    ours = [row for row in rows if row.applies == "yes" and row.level <= 2]
    share = sum(bool(row.tests) for row in ours) / len(ours)
    figure(35, "of level 2 that applies, shown by automated test", share, GOAL, met=share >= GOAL)
    assert share >= GOAL


def test_the_tests_named_are_run() -> None:
    options = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    assert options["testpaths"] == ["tests"]
