"""The record of processing in the documents is what the tables say, and every table that it names is there."""

from __future__ import annotations

import runpy

from rightplace.foundation.retention.registry import tables
from rightplace.foundation.retention.rules import kind_words, tables_kept
from tests.rules.measures import ROOT

TOOL = runpy.run_path(str(ROOT / "tools" / "write_processing.py"))


def test_the_page_is_what_the_tables_say() -> None:
    """Run `.venv/bin/python tools/write_processing.py` when this fails."""
    assert TOOL["PAGE"].read_text(encoding="utf-8") == TOOL["text"]()


def test_no_row_names_a_table_that_is_not_there() -> None:
    assert sorted(set(tables_kept()) - {model._meta.label for model in tables()}) == []


def test_every_table_is_of_a_kind_with_a_rule_and_says_what_for_and_who_sees_it() -> None:
    for row in tables_kept().values():
        assert row.kind in kind_words(), row.label
        assert row.why_held and row.who_sees, row.label
