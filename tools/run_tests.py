"""What `make test` runs: the cheap checks first, all of them and two at once, then pytest, whose summary is
the last line.

Exit code 1 when a check or a test failed. Without a browser the tests of tests/browser fail. A few failures of tests that
wait for processes beside our own are looked at a second time, alone: docs/decisions/0041-a-second-look-at-processes.md.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
TEMPLATES = ["rightplace/desks"]
AT_ONCE = 2
OF_PROCESSES = ("tests/browser/", "tests/cli/", "tests/faults/")
MOST_LOOKED_AT_AGAIN = 3
LAST_FAILED = ROOT / ".pytest_cache/v/cache/lastfailed"
CHECKS = [
    ("types", ["mypy"]),
    ("style", ["ruff", "check", "--quiet", "."]),
    ("floors", ["lint-imports", "--no-logo"]),
    ("templates", ["djlint", "--lint", "--quiet", *TEMPLATES]),
    ("deploy", ["python", "tools/check_deploy.py"]),
    ("supply", ["python", "tools/check_supply.py"]),
    ("audit", ["python", "tools/check_supply.py", "--audit"]),
    ("secrets", ["python", "tools/check_secrets.py"]),
]


def main():
    """Run the checks and the tests; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", default="2", help="how many processes run tests")
    parser.add_argument("--checks-only", action="store_true", help="leave the tests out")
    chosen = parser.parse_args()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        passed = list(pool.map(is_passed, CHECKS))
    failed = [name for (name, _), well in zip(CHECKS, passed, strict=True) if not well]
    if not chosen.checks_only:
        prepare_for_tests()
        if failed:
            print(f"Failed before the tests: {', '.join(failed)} (see above)", flush=True)
        failed += run_pytest(chosen.workers)
    return 1 if failed else 0


def is_passed(check):
    """Run one check, show its output only when it fails."""
    name, command = check
    began = time.monotonic()
    environment = {**os.environ, "RIGHTPLACE_NO_DATABASE": "1"}
    done = subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    verdict = "passed" if done.returncode == 0 else "FAILED"
    said = [f"{name:<10} {verdict} in {time.monotonic() - began:.1f} s"]
    # A check that could not be made says so, and is not passed over in silence.
    said += [line for line in done.stdout.splitlines() if line.startswith("NOT RUN")]
    print("\n".join([*said, done.stdout + done.stderr] if done.returncode else said), flush=True)
    return done.returncode == 0


def prepare_for_tests():
    """The front-end files that pages link to, and Chromium."""
    subprocess.run([sys.executable, "-m", "rightplace.site.assets"], cwd=ROOT, check=False)
    subprocess.run([sys.executable, "tools/find_chromium.py", "--install"], cwd=ROOT, check=False)


def run_pytest(workers):
    """Every test; pytest writes straight to the terminal."""
    LAST_FAILED.unlink(missing_ok=True)
    pytest = [BIN / "pytest", "-q"]
    code = subprocess.run([*pytest, "-n", workers], cwd=ROOT, check=False).returncode
    again = (
        looked_at_again(list(json.loads(LAST_FAILED.read_text())))
        if code == 1 and LAST_FAILED.exists()
        else []
    )
    if again:
        print("Failed beside others, and tried once more alone:", *again, sep="\n  ", flush=True)
        code = subprocess.run([*pytest, *again], cwd=ROOT, check=False).returncode
    return ["tests"] if code else []


def looked_at_again(failed):
    """The tests that failed, where all of them wait for processes beside our own and they are few; otherwise none."""
    is_of_processes = all(one.startswith(OF_PROCESSES) for one in failed)
    return failed if is_of_processes and len(failed) <= MOST_LOOKED_AT_AGAIN else []


if __name__ == "__main__":
    sys.exit(main())
