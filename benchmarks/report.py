"""Measurements as a table for people, or as lines of JSON for scripts."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement. `goal` is the aim in the same unit (None: there is none); `against` what it compares to."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    against: str = ""
    is_higher_better: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the aim was reached; None when there is none."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.is_higher_better else self.value <= self.goal

    def as_json(self) -> str:
        """One line for a script."""
        row = {"name": self.name, "value": round(self.value, 3), "unit": self.unit, "goal": self.goal}
        return json.dumps({**row, "met": self.met, "against": self.against})


def wants_json(arguments: Sequence[str] | None = None) -> bool:
    """Whether `--json` was asked for on the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true", help="one line of JSON for each measurement")
    return bool(parser.parse_known_args(arguments)[0].json)


def show(measured: Sequence[Measured], *, as_json: bool) -> int:
    """Print all measurements; 0 when every aim was reached, else 1."""
    if as_json:
        print("\n".join(one.as_json() for one in measured))
    else:
        print(_table(measured))
    return 1 if any(one.met is False for one in measured) else 0


def _table(measured: Sequence[Measured]) -> str:
    words = {True: "yes", False: "NO", None: "–"}
    rows = [("what", "measured", "unit", "aim", "met", "against")]
    for one in measured:
        goal = "–" if one.goal is None else f"{'≥' if one.is_higher_better else '≤'} {one.goal:,g}"
        rows.append((one.name, f"{one.value:,.2f}", one.unit, goal, words[one.met], one.against))
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
