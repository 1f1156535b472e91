"""References as people type them: what is the same, what is a slip, and what may be concluded from a slip."""

import numpy as np
import pytest

from benchmarks.planted import counted, planted, typed_references
from rightplace.core.checking.invoices import (
    UNKNOWN,
    Contracts,
    InvoiceLines,
    References,
    Tolerance,
    check_invoices,
    read_references,
)
from rightplace.core.checking.invoices.references import plain
from rightplace.core.pricing import Per, Segments

KNOWN = References.of(["IPC-000123", "IPC-000124", "IPC-000213", "CR/7"])


@pytest.mark.parametrize("typed", ["IPC-000123", "ipc 123", "IPC000123", " Ipc-0123 "])
def test_a_reference_is_the_same_however_it_is_put(typed: str) -> None:
    assert KNOWN.exact([typed]).tolist() == [0]


@pytest.mark.parametrize(
    ("typed", "places"),
    [("IPC-000132", {0}), ("IPC-000122", {0, 1}), ("IPC-00123", {1, 2}), ("IPX-000123", {0}), ("", set()), ("IPC-000999", set())],
    ids=["exchanged", "one wrong", "zeros do not count", "a letter wrong", "empty", "far"],
)  # fmt: skip
def test_what_is_one_slip_away_is_a_candidate(typed: str, places: set[int]) -> None:
    assert KNOWN.near(typed) >= places
    assert typed != "IPC-000999" or KNOWN.near(typed) == set()


def test_a_reference_that_stands_for_two_stands_for_neither() -> None:
    assert References.of(["A-1", "A 01"]).exact(["A1"]).tolist() == [UNKNOWN]


def test_only_the_amount_makes_a_slip_into_a_reference() -> None:
    rates = Segments.priced(
        placement=[0, 1],
        line=[0, 0],
        start=[0, 0],
        end=[300, 300],
        amount_pence=[100_00, 120_00],
        per=Per.NIGHT,
    )
    contracts = Contracts.of(rates, provider=[7, 7], child=[0, 1], start=[0, 0], end=[300, 300])
    known = References.of(["IPC-123", "IPC-124"])
    lines = InvoiceLines.of(net=[1_200_00, 1_100_00], start=[10, 10], end=[20, 20], provider=[7, 7])
    read, mistyped = read_references(lines, ["IPC-125", "IPC-125"], known, contracts, Tolerance())
    assert (read.contract.tolist(), mistyped.tolist()) == ([1, UNKNOWN], [0])


def test_an_exact_reference_is_never_read_as_another() -> None:
    made = planted(600, 0.05, seed=5)
    typed, _ = typed_references(made, 0.0)
    read, mistyped = read_references(
        made.lines, typed, References.of(made.references), made.contracts, Tolerance()
    )
    named = made.lines.contract >= 0
    assert np.mean(read.contract[named] == made.lines.contract[named]) > 0.98
    assert len(mistyped) < 0.005 * len(made.lines)


def test_planted_errors_are_found_though_references_are_mistyped() -> None:
    made = planted(1_500, 0.03, seed=6)
    typed, _ = typed_references(made, 0.05)
    read, mistyped = read_references(
        made.lines, typed, References.of(made.references), made.contracts, Tolerance()
    )
    kinds = counted(made, check_invoices(read, made.contracts, window=made.window))
    found, missed, false = (
        sum(getattr(each, name) for each in kinds) for name in ("found", "missed", "false_alarms")
    )
    assert len(mistyped) > 50
    assert found / (found + missed) > 0.97
    assert found / (found + false) > 0.9


def test_a_reference_of_any_length_is_read() -> None:
    assert plain("x" * 10_000) == "X" * 40


def test_a_reference_is_no_slip_of_itself_and_zeros_that_were_left_out_come_back() -> None:
    assert KNOWN.near("IPC-000123") == {1, 2}
    assert KNOWN.near("IPC-24") == {1}


def _agreed() -> Contracts:
    """Two children of one home at £100 and £120 a night, and a third, of another home, at £100."""
    rates = Segments.priced(
        placement=[0, 1, 2], line=[0] * 3, start=[0] * 3, end=[300] * 3, amount_pence=[100_00, 120_00, 100_00],
        per=Per.NIGHT,
    )  # fmt: skip
    return Contracts.of(rates, provider=[7, 7, 8], child=[0, 1, 2], start=[0] * 3, end=[300] * 3)


@pytest.mark.parametrize(
    ("typed", "child", "pounds", "contract", "is_other"),
    [
        ("CA-1", UNKNOWN, 1_000, 0, False),
        ("CA-1", 0, 999, 0, False),  # known and the child's own: never doubted, whatever it asks
        ("CA-1", 1, 1_000, 0, False),  # of another child, and it comes to the reference's amount
        ("CA-1", 1, 1_200, 1, True),  # of another child, and it comes to that child's amount
        ("CA-1", 1, 50, 0, False),  # of another child, and it comes to neither
        ("CA-3", 0, 1_000, 0, True),  # another provider's
        ("CA-3", UNKNOWN, 50, UNKNOWN, False),  # the same, and nothing tells what is meant
        ("", 0, 1_000, UNKNOWN, False),  # nothing was typed: the child decides, later
    ],
)
def test_what_a_reference_means(typed: str, child: int, pounds: int, contract: int, is_other: bool) -> None:
    known = References.of(["CA-1", "CB-2", "CA-3"])
    line = InvoiceLines.of(net=[pounds * 100], start=[10], end=[20], provider=[7], child=[child])
    read, mistyped = read_references(line, [typed], known, _agreed(), Tolerance())
    assert (read.contract.tolist(), mistyped.tolist()) == ([contract], [0] if is_other else [])


def test_of_two_contracts_that_fit_the_typed_one_stands() -> None:
    rates = Segments.priced(
        placement=[0, 1], line=[0] * 2, start=[0] * 2, end=[300] * 2, amount_pence=[100_00] * 2, per=Per.NIGHT
    )
    both = Contracts.of(rates, provider=[7, 7], child=[0, 1], start=[0] * 2, end=[300] * 2)
    line = InvoiceLines.of(net=[1_000_00], start=[10], end=[20], provider=[7], child=[1])
    read, mistyped = read_references(line, ["CA-1"], References.of(["CA-1", "CB-2"]), both, Tolerance())
    assert (read.contract.tolist(), mistyped.tolist()) == ([0], [])


@pytest.mark.parametrize(
    ("reference", "is_near"),
    [
        ("BA-12", True),
        ("AB-21", True),
        ("AB-1", True),
        ("B-12", True),
        ("AB-123", True),
        ("AB-12C", True),
        ("XAB-12", True),
        ("AB-13", True),
        ("CB-12", True),
        ("AB-123C", False),
        ("BA-21", False),
        ("12-AB", False),
    ],
)
def test_one_slip_at_the_first_sign_at_the_last_or_between_and_never_two(
    reference: str, is_near: bool
) -> None:
    known = References.of([reference, "XYZ-9999"])
    assert known.near("AB-12") == ({0} if is_near else set())
