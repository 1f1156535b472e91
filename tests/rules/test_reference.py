"""The generated pages of the reference say what the code says."""

from __future__ import annotations

import re
import runpy

import pytest

from tests.rules.measures import ROOT

WRITER = runpy.run_path(str(ROOT / "tools" / "write_reference.py"))
PAGES: dict[str, str] = WRITER["pages"]()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_of_the_reference_is_what_the_code_says(name: str) -> None:
    kept = WRITER["held"](name)
    assert kept == PAGES[name], (
        "The code has changed: run .venv/bin/python tools/write_reference.py and read what changed."
    )


def test_every_page_of_the_reference_is_written_by_the_tool() -> None:
    held = {path.name for path in (ROOT / "docs" / "reference").glob("*.md")}
    assert held == {*PAGES, "ssda903-rules.md"}


def test_the_list_of_rules_of_the_return_is_what_is_built() -> None:
    writer = runpy.run_path(str(ROOT / "tools" / "write_ssda903_rules.py"))
    kept = (ROOT / "docs" / "reference" / "ssda903-rules.md").read_text()
    assert kept == writer["page"](), (
        "Run .venv/bin/python tools/write_ssda903_rules.py and read what changed."
    )


def test_every_life_has_its_diagram() -> None:
    assert PAGES["states.md"].count("```mermaid") == len(WRITER["workflows"]())


def test_every_address_says_what_it_is() -> None:
    rows = re.findall(
        r"^\| ([^|]*) \| (?:GET|POST)[^|]*\| ([^|]*) \|", PAGES["roles-and-pages.md"], re.MULTILINE
    )
    assert len(rows) > 50
    assert [address for address, words in rows if not words.strip() or "partial(" in words] == []
