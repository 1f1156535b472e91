"""A day is the day where the authority is: never the date part of a moment, which in summer is the day before for an hour."""

from __future__ import annotations

import ast
import re
from pathlib import Path

MOMENT = re.compile(r"(now|moment|_at)$|\bago\(")
# Typed at the command line as a day, without a zone.
TYPED = {Path("rightplace/cli/case_system.py"), Path("rightplace/cli/imports.py")}


def cut_off(source: str) -> list[str]:
    """The moments whose date part is taken without asking where."""
    return [
        ast.unparse(call)
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "date"
        and not call.args and MOMENT.search(ast.unparse(call.func.value))
    ]  # fmt: skip


def test_a_moment_cut_off_is_found() -> None:
    assert cut_off("day = row.made_at.date()") == ["row.made_at.date()"]
    assert cut_off("begins = office.ago(30).date()") == ["office.ago(30).date()"]
    assert cut_off("day = timezone.localdate(row.made_at)") == []


def test_no_day_is_cut_off_a_moment() -> None:
    found = {
        str(path): made
        for path in sorted(Path("rightplace").rglob("*.py")) if path not in TYPED
        if (made := cut_off(path.read_text(encoding="utf-8")))
    }  # fmt: skip
    assert found == {}, "write timezone.localdate(…)"
