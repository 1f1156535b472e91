"""Which failures `make test` looks at a second time: docs/decisions/0041-a-second-look-at-processes.md."""

from __future__ import annotations

from tools.run_tests import looked_at_again

PORT = "tests/cli/test_serve.py::test_serve_prints_its_address_answers_and_stops[9]"


def test_a_few_failures_of_tests_that_wait_for_processes_are_tried_again() -> None:
    assert looked_at_again([PORT]) == [PORT]
    assert looked_at_again([PORT, "tests/browser/test_keys.py::test_one"])


def test_no_other_failure_is_and_none_beside_one_or_among_many() -> None:
    assert looked_at_again(["tests/core/test_money.py::test_pence"]) == []
    assert looked_at_again([PORT, "tests/core/test_money.py::test_pence"]) == []
    assert looked_at_again([PORT, f"{PORT}a", f"{PORT}b", f"{PORT}c"]) == []
    assert looked_at_again([]) == []
