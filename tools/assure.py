"""The long parts of the assurance table: `make assure`, or `make assure ROW=10`; WRITE=1 keeps the figures in the record.

Each row's tests are run, with more of everything where a long part is known, and the figures are printed. With --short
the tests of all rows are run once, in two processes, as `make test` runs them. Exit code 1 when a test failed or a figure
was missed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import write_assurance  # noqa: E402 - it lies beside this file

MORE = {
    1: {"RIGHTPLACE_KILLS": "850", "RIGHTPLACE_WEB_KILLS": "50", "RIGHTPLACE_JOURNEYS": "500"},
    2: {"RIGHTPLACE_DATABASE_KILLS": "50"},
    4: {"RIGHTPLACE_SEQUENCES": "10000", "RIGHTPLACE_SEQUENCE_SECONDS": "3600"},
    6: {"MONEY_STEPS": "1000000"},
    7: {"RIGHTPLACE_EDITORS": "50"},
    8: {"RIGHTPLACE_BED_ROUNDS": "1000"},
    10: {"RIGHTPLACE_DRILL_SECONDS": "60", "RIGHTPLACE_DRILL_EVERY": "20", "RIGHTPLACE_DRILL_GB": "5"},
    12: {"RIGHTPLACE_MIGRATION_KILLS": "40", "RIGHTPLACE_UPGRADE_ROWS": "1000000"},
    14: {"RIGHTPLACE_SWAPS": "100000", "RIGHTPLACE_SWAP_SECONDS": "3600"},
    19: {"FUZZ_CASES": "50000"},
    20: {"RIGHTPLACE_FORM_CASES": "100000"},
    28: {"RIGHTPLACE_OUTBOX_MESSAGES": "10000", "RIGHTPLACE_NIGHTS": "400"},
    31: {"RIGHTPLACE_PAGES": "all"},
    32: {"RIGHTPLACE_LIVES": "1000000"},
    33: {"RIGHTPLACE_DOCUMENTS": "5000"},
}
OTHERS = {
    15: [["-m", "benchmarks.row_security", "--json"]],
    18: [["-m", "benchmarks.audit", "--entries", "1000000", "--json"]],
    30: [
        ["-m", "benchmarks.load", "--json"],
        ["-m", "benchmarks.soak", "--minutes", "30", "--phases", "6", "--json"],
    ],
    36: [["tools/mutate.py", "--json"]],
}
MOST_SECONDS = 4 * 3600


def main():
    """Run the rows asked for; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--row", type=int, action="append", help="this row only (may be repeated)")
    parser.add_argument("--short", action="store_true", help="the parts of make test only, not more of them")
    parser.add_argument(
        "--made",
        nargs=2,
        type=Path,
        metavar=("FIGURES", "REPORT"),
        help="take a run of make test already made",
    )
    parser.add_argument("--write", action="store_true", help="keep the figures in docs/reference")
    chosen = parser.parse_args()
    wanted = [row for row in write_assurance.rows() if not chosen.row or row["number"] in chosen.row]
    measured, failed = run_together(wanted, chosen.made) if chosen.short or chosen.made else run_apart(wanted)
    if chosen.write:
        write_assurance.keep(measured)
    print(f"{len(wanted)} rows, failed: {', '.join(map(str, failed)) or 'none'}", flush=True)
    return 1 if failed else 0


def run_apart(rows):
    """Each row's tests and benchmark, with more of everything: all figures, and the numbers of the rows that failed."""
    measured, failed = [], []
    for row in rows:
        number, is_ok = row["number"], True
        print(f"Row {number}: {row['fault']}", flush=True)
        found = (
            run_tests([row], MORE.get(number, {}), f"make assure ROW={number}") if row.get("tests") else []
        )
        for arguments in OTHERS.get(number, []):
            further, has_told = run_benchmark(number, arguments)
            found, is_ok = found + further, is_ok and has_told
        show(found)
        measured += found
        failed += [] if is_ok and all(one["met"] for one in found) else [number]
    return measured, failed


def command_of(number):
    """How this row is run, with what the environment makes more or less of it than usual."""
    chosen = [f"{name}={os.environ[name]}" for name in MORE.get(number, {}) if name in os.environ]
    return " ".join([*chosen, f"make assure ROW={number}"])


def run_together(rows, made):
    """The tests of all rows in one run, or in one already made: all figures, and the numbers of the rows that failed."""
    tested = [row for row in rows if row.get("tests")]
    measured = told(tested, *made, "") if made else run_tests(tested, {}, "")
    show(measured)
    return measured, sorted({one["row"] for one in measured if not one["met"]})


def run_tests(rows, more, command):
    """The tests of these rows in one run: what was told of them."""
    tests = sorted({path for row in rows for path in row["tests"] if (ROOT / path).exists()})
    with tempfile.TemporaryDirectory() as folder:
        figures, report = Path(folder) / "figures.jsonl", Path(folder) / "report.xml"
        figures.touch()
        ours = {"RIGHTPLACE_FIGURES": str(figures), "RIGHTPLACE_FIGURES_COMMAND": command}
        ours |= {"RIGHTPLACE_ASSURE": "1"} if command else {}
        options = [
            "-q",
            "-o",
            f"timeout={MOST_SECONDS}",
            f"--junitxml={report}",
            *([] if command else ["-n", "2"]),
        ]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=ROOT, env={**os.environ, **ours, **more}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            print(done.stdout[-4000:] + done.stderr[-2000:], flush=True)
        return told(rows, figures, report, command)


def told(rows, figures, report, command):
    """What a run told of these rows: their figures (lines of JSON), and how many of their tests passed (JUnit's report)."""
    numbers = {row["number"] for row in rows}
    results = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []  # noqa: S314 - pytest's own
    found = [json.loads(line) for line in figures.read_text().splitlines()]
    totals = [total(row, results, command) for row in rows]
    return [one for one in found if one["row"] in numbers] + [one for one in totals if one]


def total(row, results, command):
    """How many tests of a row passed, of a run's report; None when none was run."""
    wanted = tuple(path.removesuffix(".py").replace("/", ".") for path in row["tests"])
    of_row = [one for one in results if one.get("classname", "").startswith(wanted)]
    if not of_row:
        return None  # left to make assure
    bad = [one for one in of_row if one.find("failure") is not None or one.find("error") is not None]
    skipped = [one for one in of_row if one.find("skipped") is not None]
    passed = len(of_row) - len(bad) - len(skipped)
    run = {"command": command or f"pytest {' '.join(row['tests'])}", "date": today()}
    return {
        "row": row["number"],
        "figure": "tests passed",
        "value": passed,
        "goal": "all",
        "met": not bad and passed > 0,
        **run,
    }


def show(found):
    """The figures, as lines."""
    for one in found:
        goal = f" (to reach: {one['goal']})" if one["goal"] else ""
        print(f"  {one['row']}: {one['figure']}: {one['value']}{goal}", flush=True)


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
