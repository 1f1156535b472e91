"""Figures of the assurance table: a test that measures one writes it down when asked.

With RIGHTPLACE_FIGURES=path each figure is a line of JSON there; without it nothing is written. `tools/assure.py` puts them
into the record, from which docs/reference/assurance.md is made.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path


def figure(row: int, name: str, value: float | str, goal: float | str = "", *, met: bool = True) -> None:
    """Write one figure of a row of the assurance table; `goal` is what was to be reached."""
    path = os.environ.get("RIGHTPLACE_FIGURES")
    if not path:
        return
    shown = round(value, 3) if isinstance(value, float) else value
    line = {"row": row, "figure": name, "value": shown, "goal": goal, "met": met}
    line |= {"command": _command(), "date": f"{datetime.now(UTC):%Y-%m-%d}"}
    with Path(path).open("a") as stream:
        stream.write(json.dumps(line, ensure_ascii=False) + "\n")


def _command() -> str:
    if asked := os.environ.get("RIGHTPLACE_FIGURES_COMMAND"):
        return asked
    test = os.environ.get("PYTEST_CURRENT_TEST", "").split("::")[0]
    return f"pytest {test}" if test else f"python {' '.join(sys.argv)}"
