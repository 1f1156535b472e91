"""Row 19 of the assurance table: thousands of requests made up from the document break nothing and pass no door."""

from __future__ import annotations

import os
import sys
import time

import pytest

from tests.api.fuzzing import fuzz
from tests.figures import figure
from tests.world import World

# With each test run; `make fuzz` sets FUZZ_CASES for a long one.
CASES = int(os.environ.get("FUZZ_CASES", "5000"))
NUMBER = int(os.environ.get("FUZZ_SEED", "19"))
SECONDS = float(os.environ.get("FUZZ_SECONDS", "inf"))


@pytest.mark.slow
@pytest.mark.timeout(0 if CASES > 5_000 else 600)
def test_no_request_breaks_the_api_its_document_or_its_doors(world: World) -> None:
    began = time.monotonic()
    run = fuzz(world, cases=CASES, number=NUMBER, seconds=SECONDS)
    took = time.monotonic() - began
    told = f"row 19: {run.cases} cases, seed {NUMBER}, {took:.0f} s; statuses {dict(sorted(run.statuses.items()))}"
    sys.stdout.write(f"\n{told}\n")
    sys.stdout.write(f"by role: {dict(run.by_role.most_common())}\n")
    broken = sum(many for status, many in run.statuses.items() if status >= 500)
    figure(19, "requests made up from the document, sent as eleven roles", run.cases)
    faults = f"{broken}; 0; {len(run.unguarded)}"
    figure(
        19, "server errors; answers that break the document; doors passed", faults, 0, met=faults == "0; 0; 0"
    )
    assert run.unguarded == []
    assert broken == 0
    # Enough of them got through to the actions for the run to mean something.
    assert run.statuses[200] + run.statuses[201] > run.cases / 50
    assert run.cases >= CASES * 0.9 or run.is_out_of_time
