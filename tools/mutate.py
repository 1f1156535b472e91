"""Weak tests: change the code on purpose, one place at a time, and see whether a test notices (row 36 of the assurance table).

    python tools/mutate.py                                     every part below
    python tools/mutate.py core/money.py core/proration.py     these only
    python tools/mutate.py --seconds 600 core/disclosure.py    stop after ten minutes and report what was tried

It works in a copy, so nothing of the working tree is touched. Prints, per file, how many changes were tried and how many
a test noticed; exit code 1 when a file stays below 90%. What survived is named, so that a test can be written for it.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
GOAL = 0.90
# Functions that only build a module's tables while it is read: what they made stands before a change is switched on, so
# the tool can say nothing about them. The tests of the tables do.
READ_ONCE = {"x__text", "x__code"}
# Each file with the tests that should notice a change of it. Only those that need no database: a change is tried in a
# fraction of a second.
PARTS = {
    "core/money.py": ["tests/core/test_money.py", "tests/core/test_proration.py", "tests/core/pricing"],
    "core/proration.py": ["tests/core/test_proration.py", "tests/core/pricing"],
    "core/disclosure.py": ["tests/core/test_disclosure.py"],
    "core/periods.py": ["tests/core/test_periods.py", "tests/core/test_proration.py"],
    "core/workflow.py": ["tests/core/test_workflow.py"],
    "core/retention.py": ["tests/core/test_retention.py"],
    "core/free_text/*": ["tests/core/free_text"],
    "core/pricing/*": ["tests/core/pricing"],
    "core/checking/invoices/*": [
        "tests/core/checking/test_invoices.py",
        "tests/core/checking/test_references.py",
        "tests/core/checking/test_invoice_edges.py",
        "tests/core/checking/test_merged.py",
    ],
}
# What mutmut calls an outcome: noticed, or not. A change that no test runs at all survived.
NOTICED = {1, 3, 24, 36, 152, 255, -24, 37}
CONFIGURATION = """
[tool.mutmut]
source_paths = ["rightplace"]
only_mutate = {only}
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-p", "no:cacheprovider"]
use_setproctitle = false
also_copy = ["conftest.py"]

[tool.pytest.ini_options]
pythonpath = ["."]
addopts = "-p no:django -p no:xdist --import-mode=importlib"
"""
# Few examples and always the same: a change must be noticed by a test, not by luck.
CONFTEST = """
import os

from hypothesis import HealthCheck, settings

os.environ.setdefault("MONEY_STEPS", "120")

settings.register_profile("mutants", deadline=None, derandomize=True, max_examples=60, database=None,
                          suppress_health_check=list(HealthCheck))
settings.load_profile("mutants")
"""


def main():
    """Try every part asked for; the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which files; all when none is named")
    parser.add_argument("--seconds", type=int, default=3600, help="the most for each part")
    parser.add_argument("--children", default="2", help="how many changes are tried at once")
    parser.add_argument("--json", action="store_true", help="each figure as a line of JSON")
    chosen = parser.parse_args()
    there = [part for part in chosen.parts or PARTS if is_there(part)]
    weak = [part for part in there if not is_strong(part, chosen)]
    print(f"{len(there) - len(weak)} of {len(there)} parts at or above {GOAL:.0%}", flush=True)
    return 1 if weak else 0


def is_there(part):
    """Whether this part and its tests have been written."""
    paths = [*(ROOT / "rightplace").glob(part), *(ROOT / test for test in PARTS[part])]
    return any(path.suffix == ".py" for path in paths) and all(path.exists() for path in paths)


def is_strong(part, chosen):
    """Try one part in a copy, print its figures; whether it reached the goal."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "copy"
        make_copy(work, part)
        run(work, chosen)
        tried = outcomes(work)
    once = [name for name in tried if name.split(".")[-1].rpartition("__mutmut_")[0] in READ_ONCE]
    known = {name: code for name, code in tried.items() if code is not None and name not in once}
    noticed = sum(code in NOTICED for code in known.values())
    share = noticed / len(known) if known else 0.0
    tell(part, noticed, len(known), once, len(tried) - len(known) - len(once), chosen)
    for name in sorted(name for name, code in known.items() if code not in NOTICED):
        print(f"  survived: {name}", flush=True)
    return share >= GOAL


def tell(part, noticed, number, once, left, chosen):
    """Print the figures of one part, in words or as a line of JSON."""
    share = noticed / number if number else 0.0
    if chosen.json:
        known = {
            "name": f"{part}: changes noticed; tried; left",
            "unit": "changes",
            "value": f"{noticed}; {number}; {left}",
            "goal": f"{GOAL:.0%}",
        }
        print(json.dumps(known | {"met": share >= GOAL}), flush=True)
        return
    rest = f"{len(once)} run only while the module is read, {left} not tried"
    print(f"{part}: {noticed} of {number} changes noticed ({share:.1%}); {rest}", flush=True)


def make_copy(work, part):
    """The package and the tests, with a configuration that mutates only this part."""
    kept = shutil.ignore_patterns("__pycache__", "static", "node_modules", "templates")
    shutil.copytree(ROOT / "rightplace" / "core", work / "rightplace" / "core", ignore=kept)
    shutil.copy(ROOT / "rightplace" / "__init__.py", work / "rightplace")
    shutil.copytree(ROOT / "tests" / "core", work / "tests" / "core", ignore=kept)
    (work / "tests" / "__init__.py").touch()
    shutil.copy(ROOT / "tests" / "figures.py", work / "tests")
    (work / "benchmarks").mkdir()
    for name in ("__init__.py", "planted.py"):
        shutil.copy(ROOT / "benchmarks" / name, work / "benchmarks")
    only, tests = json.dumps([f"rightplace/{part}"]), json.dumps(PARTS[part])
    (work / "pyproject.toml").write_text(CONFIGURATION.format(only=only, tests=tests))
    (work / "conftest.py").write_text(CONFTEST)


def run(work, chosen):
    """Run mutmut until it is done or its time is over; what it found stays in its files."""
    command = [BIN / "mutmut", "run", "--max-children", chosen.children]
    with (work / "said.txt").open("w") as said:
        started = subprocess.Popen(
            command, cwd=work, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            started.wait(timeout=chosen.seconds)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGTERM)
            started.wait()
    if not list(work.glob("mutants/**/*.meta")):
        print((work / "said.txt").read_text()[-3000:])


def outcomes(work):
    """Each change with its outcome; None where it was not tried."""
    found = {}
    for meta in work.glob("mutants/**/*.meta"):
        found |= json.loads(meta.read_text())["exit_code_by_key"]
    return found


if __name__ == "__main__":
    sys.exit(main())
