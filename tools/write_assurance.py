"""Makes docs/reference/assurance.md from the record: rows in assurance.toml, figures measured in assurance-figures.jsonl."""

import json
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"
ROWS = FOLDER / "assurance.toml"
FIGURES = FOLDER / "assurance-figures.jsonl"
INTRODUCTION = """# Assurance

Made by `tools/write_reference.py` from `assurance.toml` and `assurance-figures.jsonl`: change those.

What must never happen, the figure to reach, and the figure that a run measured. The tests run with every `make test`; `make
assure` runs the longer parts (`make assure ROW=10` one row) and prints its figures; `make assure ROW=10 WRITE=1` also keeps
them here. Everything runs on a real PostgreSQL, with synthetic data. A row that is in part, or not built, says so; “not
measured” says that its tests are there, but that no run has kept a figure here. The figures were measured on two processors
shared with other work, unless the command says more.
"""


def rows():
    """The rows of the record, in order."""
    return tomllib.loads(ROWS.read_text(encoding="utf-8"))["row"]


def figures():
    """The figures measured, by row."""
    found = {}
    for line in FIGURES.read_text(encoding="utf-8").splitlines() if FIGURES.exists() else []:
        one = json.loads(line)
        found.setdefault(one["row"], []).append(one)
    return found


def keep(measured):
    """Put newly measured figures into the record: of each row and name the newest, but a long part's before a short one's.

    A short run that misses what a long one reached is kept all the same.
    """
    known = {(one["row"], one["figure"]): one for row in figures().values() for one in row}
    for one in measured:
        key = one["row"], one["figure"]
        if key not in known or not (_is_long(known[key]) and not _is_long(one) and one["met"]):
            known[key] = one
    lines = [json.dumps(known[key], ensure_ascii=False) for key in sorted(known)]
    FIGURES.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _is_long(one):
    return "make assure" in one["command"] and one["figure"] != "tests passed"


def page():
    """The page."""
    known, parts = figures(), [INTRODUCTION]
    counts = {
        state: sum(row["state"] == state for row in rows()) for state in ("built", "in part", "not built")
    }
    parts.append(
        f"Of {len(rows())} rows {counts['built']} are built, {counts['in part']} in part, {counts['not built']} not.\n"
    )
    heads = ["row", "what must not happen", "figure to reach", "figure measured", "date", "command"]
    lines = [heads, ["---"] * len(heads), *(_line(row, known.get(row["number"], [])) for row in rows())]
    parts.append("\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines) + "\n")
    return "\n".join(parts)


def _line(row, measured):
    said = "<br>".join(_figure(one) for one in measured) or (
        "not measured" if row["state"] != "not built" else ""
    )
    state = "" if row["state"] == "built" else f"**{row['state'].capitalize()}**: {row['why']}. "
    dates = sorted({one["date"] for one in measured})
    commands = sorted({one["command"] for one in measured}) or row.get("tests", [])
    return [
        row["number"], row["fault"], row["goal"], f"{state}{said}", dates[-1] if dates else "",
        "<br>".join(f"`{command}`" for command in commands),
    ]  # fmt: skip


def _figure(one):
    goal = f" (to reach: {one['goal']})" if one["goal"] != "" else ""
    return f"{one['figure']}: {one['value']}{goal}{'' if one['met'] else ' **missed**'}"


def _cell(value):
    return " ".join(str(value).split()).replace("|", "\\|")
