"""The long parts of the assurance table: `make assure`, or `make assure ROW=10`; WRITE=1 keeps the figures in the record.

Each row's tests are run, with more of everything where a long part is known, and the figures are printed. Exit code 1 when
a test failed or a figure was missed.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import write_assurance  # noqa: E402 - it lies beside this file

MORE = {
    1: {"RIGHTPLACE_KILLS": "850", "RIGHTPLACE_WEB_KILLS": "50", "RIGHTPLACE_JOURNEYS": "500"},
    2: {"RIGHTPLACE_DATABASE_KILLS": "50"},
    8: {"RIGHTPLACE_BED_ROUNDS": "1000"},
    10: {"RIGHTPLACE_DRILL_SECONDS": "60", "RIGHTPLACE_DRILL_EVERY": "20"},
    12: {"RIGHTPLACE_MIGRATION_KILLS": "40"},
    20: {"RIGHTPLACE_FORM_CASES": "100000"},
    28: {"RIGHTPLACE_OUTBOX_MESSAGES": "10000"},
}
OTHERS = {18: ["-m", "benchmarks.audit", "--json"], 30: ["-m", "benchmarks.load", "--json"], 36: ["tools/mutate.py", "--json"]}
MOST_SECONDS = 4 * 3600


def main():
    """Run the rows asked for; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--row", type=int, action="append", help="this row only (may be repeated)")
    parser.add_argument("--short", action="store_true", help="the parts of make test only, not more of them")
    parser.add_argument("--write", action="store_true", help="keep the figures in docs/reference")
    chosen = parser.parse_args()
    wanted = [row for row in write_assurance.rows() if not chosen.row or row["number"] in chosen.row]
    measured, failed = [], []
    for row in wanted:
        found, is_ok = run_row(row, is_short=chosen.short)
        measured += found
        if not is_ok:
            failed.append(row["number"])
    if chosen.write:
        write_assurance.keep(measured)
    print(f"{len(wanted)} rows, failed: {', '.join(map(str, failed)) or 'none'}", flush=True)
    return 1 if failed else 0


def run_row(row, *, is_short):
    """One row: its figures, and whether its tests passed and every figure was reached."""
    number = row["number"]
    print(f"Row {number}: {row['fault']}", flush=True)
    found, is_ok = [], True
    if row.get("tests"):
        found, is_ok = run_tests(row, {} if is_short else MORE.get(number, {}))
    if number in OTHERS and not is_short:
        more, is_also = run_benchmark(number, OTHERS[number])
        found, is_ok = found + more, is_ok and is_also
    for one in found:
        print(f"  {one['figure']}: {one['value']} {one['goal'] and '(to reach: ' + str(one['goal']) + ')'}", flush=True)
    return found, is_ok and all(one["met"] for one in found)


def run_tests(row, more):
    """The tests of a row; its own figures, and how many tests passed."""
    number = row["number"]
    command = f"make assure ROW={number}" if more else f"pytest {' '.join(row['tests'])}"
    with tempfile.NamedTemporaryFile("r", suffix=".jsonl") as figures:
        ours = {"RIGHTPLACE_ASSURE": "1", "RIGHTPLACE_FIGURES": figures.name, "RIGHTPLACE_FIGURES_COMMAND": command}
        tests = [path for path in row["tests"] if (ROOT / path).exists()]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-o", f"timeout={MOST_SECONDS}", *tests],
            cwd=ROOT, env={**os.environ, **ours, **more}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        found = [json.loads(line) for line in figures.read().splitlines()]
    found = [one for one in found if one["row"] == number]
    if done.returncode:
        print(done.stdout[-4000:] + done.stderr[-2000:], flush=True)
    passed = re.search(r"(\d+) passed", done.stdout)
    total = {"row": number, "figure": "tests passed", "value": int(passed[1]) if passed else 0, "goal": "all"}
    total |= {"met": done.returncode == 0, "command": command, "date": today()}
    return [*found, total], done.returncode == 0


def run_benchmark(number, arguments):
    """A measurement that prints lines of JSON."""
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    command = f"python {' '.join(arguments)}"
    found = [
        {
            "row": number, "figure": f"{one['name']}, {one['unit']}", "value": one["value"],
            "goal": "" if one["goal"] is None else one["goal"], "met": one["met"] is not False,
            "command": command, "date": today(),
        }
        for one in lines
    ]  # fmt: skip
    if not lines:
        print(done.stderr[-2000:], flush=True)
    return found, bool(lines)


def today():
    """The day of a figure."""
    return f"{datetime.now(timezone.utc):%Y-%m-%d}"


if __name__ == "__main__":
    sys.exit(main())
