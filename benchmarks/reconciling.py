"""How quickly a year's invoice lines are checked against what was commissioned, and each day's new lines.

Run `python -m benchmarks.reconciling [--quick] [--json] [--lines 1000000] [--postgres]`. The same year is reconciled with
as-of joins and windows in Polars and DuckDB (both with all cores; ours uses one) and, with `--postgres`, in plain SQL. Those
only find which stretches of nights are off, and whose lines; ours also explains them, and reads transposed dates first. All
must agree line by line before anything is timed. Planted errors are counted: found, missed, false alarms of each kind.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from benchmarks.charging import best_of, core_seconds
from benchmarks.engines import Answer, by_duckdb, by_polars, by_postgres
from benchmarks.planted import Counted, Planted, counted, planted, typed_references
from benchmarks.report import Measured, show, wants_json
from rightplace.core.checking.invoices import (
    UNKNOWN,
    Checked,
    InvoiceLines,
    Outcome,
    References,
    Tolerance,
    Year,
    check_invoices,
    read_references,
)
from rightplace.core.checking.invoices.billed import balanced, stretches_of
from rightplace.core.checking.invoices.matching import claims_of

LINES = 1_000_000
LINES_EACH = 10.33
NEW_LINES = 5_000
ERRORS = 0.02
SECONDS = 1.0
ERROR_RATES = ((0.005, True), (0.02, True), (0.05, True), (0.1, False))
"""The part of the lines that is wrong, and whether a contract has one error at most."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Check that all ways agree, measure, print; exit code 1 when an aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--quick", action="store_true", help="a tenth of the lines, and no aims in seconds")
    parser.add_argument(
        "--postgres", action="store_true", help="also in plain SQL, in PostgreSQL (a minute or more)"
    )
    chosen = parser.parse_known_args(arguments)[0]
    many = chosen.lines // 10 if chosen.quick else chosen.lines
    made = planted(round(many / LINES_EACH), ERRORS)
    measured = [
        *measure_checks(made, is_full=not chosen.quick, with_postgres=chosen.postgres),
        *measure_growth(many),
        *measure_day(made),
        *measure_found(20_000 if chosen.quick else 100_000),
        *measure_mistyped(20_000 if chosen.quick else 100_000),
    ]
    return show(measured, as_json=wants_json(arguments))


def measure_checks(made: Planted, *, is_full: bool, with_postgres: bool) -> list[Measured]:
    """All checks of a year at once, and the others' time for less."""
    _, seconds = best_of(4, lambda: check_invoices(made.lines, made.contracts, window=made.window))
    words = f"{len(made.lines):,} lines, {len(made.contracts):,} contracts, {len(made.contracts.segments):,} rate segments"
    core = core_seconds(4, lambda: check_invoices(made.lines, made.contracts, window=made.window))
    measured = [
        Measured(
            "all checks of a year",
            core,
            "s",
            SECONDS if is_full else None,
            f"{words}; {seconds:.2f} s by the clock",
        )
    ]
    ours = our_answer(made)
    meant = claims_of(made.lines, made.contracts, Tolerance()).lines
    engines = [("Polars", by_polars, 2.5), ("DuckDB", by_duckdb, 2.5)]
    if with_postgres:
        engines.append(("plain SQL in PostgreSQL", by_postgres, 15))
    for name, prepare, goal in engines:
        work = prepare(made.contracts, _with_dates(made.lines, meant), made.window)
        same(name, ours, work())
        _, slow = best_of(1 if goal > 10 else 3, work)
        against = f"{slow:.2f} s to find what is off, the same to the penny"
        measured.append(
            Measured(f"times faster than {name}", slow / seconds, "×", goal, against, is_higher_better=True)
        )
    numbers = np.random.default_rng(1).integers(0, 2**62, len(made.lines))
    _, floor = best_of(5, lambda: np.sort(numbers))
    measured.append(
        Measured("times one sort of as many numbers", seconds / floor, "×", None, f"{floor * 1000:.0f} ms")
    )
    return measured


def our_answer(made: Planted) -> Answer:
    """What the others find too: stretches that are off, and what was missed."""
    claims = claims_of(made.lines, made.contracts, Tolerance())
    stretches = stretches_of(claims)
    is_off = ~balanced(claims, stretches)
    checked = check_invoices(made.lines, made.contracts, window=made.window)
    missed = checked.findings.outcome == Outcome.MISSED
    return Answer(
        not_commissioned=_many(checked, Outcome.NOT_COMMISSIONED), wrong_child=_many(checked, Outcome.WRONG_CHILD),
        vat_wrong=_many(checked, Outcome.VAT_WRONG), arithmetic_wrong=_many(checked, Outcome.ARITHMETIC_WRONG),
        stretches_off=int(is_off.sum()), pence_off=int((stretches.net - stretches.expected)[is_off].sum()),
        missed=int(missed.sum()), missed_pence=int(checked.findings.pence[missed].sum()),
    )  # fmt: skip


def measure_growth(many: int) -> list[Measured]:
    """Twice the lines take twice as long."""
    times = []
    for size in (many // 2, many):
        made = planted(round(size / LINES_EACH), ERRORS, seed=5)
        times.append(
            best_of(3, lambda year=made: check_invoices(year.lines, year.contracts, window=year.window))[1]
        )
    return [Measured("time for twice the lines", times[1] / times[0], "×", 2.5, f"{times[0]:.2f} s for half")]


def measure_day(made: Planted) -> list[Measured]:
    """A day's new lines, of any contracts and months, against the rest of the year."""
    chosen = np.zeros(len(made.lines), dtype=bool)
    chosen[
        np.random.default_rng(9).choice(len(made.lines), min(NEW_LINES, len(made.lines) // 3), replace=False)
    ] = True
    year = Year.prepared(made.lines.taken(~chosen), made.contracts)
    new = made.lines.taken(chosen)
    checked, seconds = best_of(15, lambda: year.check(new))
    core = core_seconds(15, lambda: year.check(new))
    planted_here = made.truth[chosen]
    named = np.isin(
        planted_here,
        [Outcome.AFTER_THE_END, Outcome.WRONG_CHILD, Outcome.VAT_WRONG, Outcome.OVERCHARGED_RATE],
    )
    assert np.array_equal(checked.outcome[named], planted_here[named])
    words = f"{len(new):,} new lines against {len(year.lines):,} accepted ones; {seconds * 1000:.1f} ms by the clock"
    return [Measured("a day's new lines", core * 1000, "ms", 20, words)]


def measure_found(lines: int) -> list[Measured]:
    """Found, missed and false alarms of planted errors at several error rates, over all kinds and for each."""
    measured = []
    for rate, apart in ERROR_RATES:
        made = planted(round(lines / LINES_EACH), rate, seed=11, apart=apart)
        kinds = counted(made, check_invoices(made.lines, made.contracts, window=made.window))
        measured.extend(_recall_and_precision(f"{rate:.1%} wrong{'' if apart else ', side by side'}", kinds))
        if not apart:
            measured.extend(_of_kind(kind) for kind in kinds)
    return measured


def measure_mistyped(lines: int) -> list[Measured]:
    """The same with references as typed, some of them mistyped, where the line names the child too and where it does not."""
    measured = []
    made = planted(round(lines / LINES_EACH), ERRORS, seed=12)
    unnamed = (made.lines.contract >= 0) & (made.truth != Outcome.WRONG_CHILD)
    without = replace(made, lines=replace(made.lines, child=np.where(unnamed, UNKNOWN, made.lines.child)))
    for words, year in (("child named", made), ("no child named", without)):
        for rate in (0.02, 0.1):
            measured.extend(_with_mistyped(f"{rate:.0%} of references mistyped, {words}", year, rate))
    return measured


def _with_mistyped(name: str, made: Planted, rate: float) -> list[Measured]:
    typed, is_mistyped = typed_references(made, rate)
    read, _ = read_references(made.lines, typed, References.of(made.references), made.contracts, Tolerance())
    checked = check_invoices(read, made.contracts, window=made.window)
    is_right = checked.contract[is_mistyped] == made.lines.contract[is_mistyped]
    right = Measured(
        f"{name}: put right", 100 * float(is_right.mean()), "%", None, f"{int(is_mistyped.sum()):,} mistyped"
    )
    return [right, *(replace(one, goal=None) for one in _recall_and_precision(name, counted(made, checked)))]


def _recall_and_precision(name: str, kinds: Sequence[Counted]) -> list[Measured]:
    found, missed, false = (
        sum(getattr(kind, each) for kind in kinds) for each in ("found", "missed", "false_alarms")
    )
    words = f"{found:,} found, {missed:,} missed, {false:,} false alarms"
    recall, precision = 100 * found / (found + missed), 100 * found / (found + false)
    return [
        Measured(f"{name}: found of what was planted", recall, "%", 99, words, is_higher_better=True),
        Measured(f"{name}: planted of what was found", precision, "%", 95, words, is_higher_better=True),
    ]


def _of_kind(kind: Counted) -> Measured:
    words = f"{kind.found:,} found, {kind.missed:,} missed, {kind.false_alarms:,} false alarms"
    return Measured(f"  {kind.kind.name.lower().replace('_', ' ')}", 100 * kind.recall, "%", None, words)


def _many(checked: Checked, outcome: Outcome) -> int:
    return int((checked.findings.outcome == outcome).sum())


def _with_dates(lines: InvoiceLines, meant: InvoiceLines) -> InvoiceLines:
    """The lines as given, but for dates already read as meant: the others are spared that."""
    return replace(lines, start=meant.start, end=meant.end)


def same(name: str, ours: Answer, theirs: Answer) -> None:
    """Stop when two ways differ."""
    if ours != theirs:
        raise SystemExit(f"{name} finds something else: this must never be seen.\n{ours}\n{theirs}")


if __name__ == "__main__":
    sys.exit(main())
