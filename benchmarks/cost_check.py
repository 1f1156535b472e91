"""How well and how quickly the cost check works the whole way, from spreadsheets: found, missed and false alarms of each kind.

Run `python -m benchmarks.cost_check [--quick] [--json] [--lines 100000] [--million]`. A synthetic year with planted errors is
written as three spreadsheets (CSV), read by meaning and checked. So what is measured is what a council gets that gives its
lists: reading of headings, dates and amounts, names of providers in several spellings, references exact and mistyped, lines
for several children. `--million` reads a million lines once, and prints time and memory.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from benchmarks.planted import Counted, Planted, counted, planted, typed_references
from benchmarks.report import Measured, show, wants_json
from rightplace.core.checking.invoices import UNKNOWN, Outcome
from rightplace.core.pricing import Per, date_of
from rightplace.core.pricing.running import NO_END

LINES_EACH = 10.33
ERROR_RATES = (0.005, 0.02, 0.05)
MISTYPED = (0.02, 0.1)
UNITS = {
    Per.NIGHT: "night",
    Per.WEEK: "week",
    Per.FOUR_WEEKS: "four weeks",
    Per.MONTH: "month",
    Per.HOUR: "hour",
}
SPELLINGS = ("Provider {} Ltd", "PROVIDER {} LIMITED", "The Provider {} Limited", "Provider {}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print; exit code 1 when an aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--quick", action="store_true", help="a tenth of the lines")
    parser.add_argument("--million", action="store_true", help="also a million lines once: time and memory")
    chosen = parser.parse_known_args(arguments)[0]
    _ready()
    lines = chosen.lines // 10 if chosen.quick else chosen.lines
    measured = [*measure_found(lines), *measure_mistyped(lines), *measure_siblings(lines)]
    if chosen.million:
        measured += measure_speed(1_000_000)
    return show(measured, as_json=wants_json(arguments))


def _ready() -> None:
    """Only readers of files are needed; no database is asked."""
    os.environ.setdefault("RIGHTPLACE_NO_DATABASE", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rightplace.site.settings")
    import django

    django.setup()


def measure_found(lines: int) -> list[Measured]:
    """With exact references, at several error rates; each kind at the highest."""
    measured: list[Measured] = []
    for rate in ERROR_RATES:
        made = planted(round(lines / LINES_EACH), rate, seed=21)
        kinds = checked_from_files(made)
        measured += _recall_and_precision(f"{rate:.1%} wrong, references exact", kinds, 99, 95)
    measured += [_of_kind(kind) for kind in kinds]
    return measured


def measure_mistyped(lines: int) -> list[Measured]:
    """With some references mistyped, where the line names the child too and where it does not."""
    measured: list[Measured] = []
    made = planted(round(lines / LINES_EACH), 0.02, seed=22)
    unnamed = (made.lines.contract >= 0) & (made.truth != Outcome.WRONG_CHILD)
    without = replace(made, lines=replace(made.lines, child=np.where(unnamed, UNKNOWN, made.lines.child)))
    for words, year in (("child named", made), ("no child named", without)):
        for rate in MISTYPED:
            typed, _ = typed_references(year, rate)
            kinds = checked_from_files(year, typed)
            measured += _recall_and_precision(
                f"{rate:.0%} of references mistyped, {words}", kinds, None, None
            )
    return measured


def measure_siblings(lines: int) -> list[Measured]:
    """Lines of two children of one provider put into one: named both, or only the first; they must be let pass."""
    from rightplace.exchange.cost_check.checking import Given, check_costs, read_files

    measured = []
    made = planted(round(lines / LINES_EACH), 0.0, seed=23)
    for words, names_both in (("both named", True), ("one named", False)):
        content, pairs = merged_payments(made, names_both=names_both)
        read = read_files(
            Given(
                contracts_csv(made),
                content,
                starts_on=date_of(made.window[0]),
                ends_on=date_of(made.window[1]),
            )
        )
        assert not isinstance(read, list), read
        found = check_costs(read).findings
        wrong = len([one for one in found if one.kind in {"overcharged", "missed_payment"}])
        told = f"{pairs:,} lines for two children; {wrong:,} findings of overcharging or missed payments"
        measured.append(
            Measured(
                f"lines for two children, {words}: let pass",
                100 * (1 - wrong / max(pairs, 1)),
                "%",
                95,
                told,
                is_higher_better=True,
            )
        )
    return measured


def measure_speed(lines: int) -> list[Measured]:
    """A million lines once: reading, checking, and the most memory that this process has taken."""
    from rightplace.exchange.cost_check.checking import Given, check_costs, read_files
    from rightplace.exchange.cost_check.columns import FILE_LIMITS

    made = planted(round(lines / LINES_EACH), 0.02, seed=24)
    contracts, payments = (
        contracts_csv(made),
        payments_csv(made, exact_references(made)),
    )
    many = len(made.lines)
    del made
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    read = read_files(Given(contracts, payments), limits=FILE_LIMITS)
    assert not isinstance(read, list), read
    reading = time.perf_counter() - start
    result = check_costs(read)
    whole = time.perf_counter() - start
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    words = f"{many:,} lines, {len(payments) / 1e6:.0f} MB of CSV; {len(result.findings):,} findings; reading {reading:.1f} s"
    memory = f"before: {before / 1e6:.2f} GB, with the files in memory"
    return [
        Measured("a million payments, from files to findings", whole, "s", 60, words),
        Measured("the most memory taken", most / 1e6, "GB", 4, memory),
    ]


def exact_references(made: Planted) -> list[str]:
    """The reference on each line; "" where it names none."""
    known = made.references
    return [known[place] if place >= 0 else "" for place in made.lines.contract.tolist()]


def checked_from_files(made: Planted, typed: Sequence[str] | None = None) -> list[Counted]:
    """Write, read, check and count."""
    from rightplace.exchange.cost_check.checking import Given, check_costs, read_files

    first, last = (date_of(day) for day in made.window)
    given = Given(
        contracts_csv(made),
        payments_csv(made, typed or exact_references(made)),
        starts_on=first,
        ends_on=last,
    )
    read = read_files(given)
    assert not isinstance(read, list), read
    assert read.rows_bad == 0, [one.bad[:3] for one in read.files]
    return counted(made, check_costs(read).checked)


def contracts_csv(made: Planted) -> bytes:
    """The contracts with their rates, in the order of the planted set, as a council may list them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(
        (
            "IPC",
            "Provider name",
            "Child ID",
            "Start date",
            "End date",
            "Price",
            "Per",
            "Hours",
            "Element",
            "Price from",
            "VAT",
        )
    )
    contracts, segments, references = made.contracts, made.contracts.segments, made.references
    for row in range(len(segments)):
        place = int(segments.placement[row])
        per, amount, quantity = _price(made, row)
        end = int(contracts.end[place])
        writer.writerow((
            references[place], SPELLINGS[place % 2].format(_letters(int(contracts.provider[place]))),
            _child(int(contracts.child[place])),
            _day(int(contracts.start[place])), "" if end >= NO_END else _day(end), f"{amount / 100:.2f}", UNITS[per], quantity,
            f"line {int(segments.line[row])}", _day(int(segments.start[row])), f"{int(contracts.vat[place]) // 100}%",
        ))  # fmt: skip
    return text.getvalue().encode()


def payments_csv(made: Planted, typed: Sequence[str]) -> bytes:
    """The lines with their references as typed; "to" is the last night, as most invoices have it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(
        (
            "Invoice no",
            "Supplier name",
            "PO number",
            "Child ID",
            "Period from",
            "Period to",
            "Nights",
            "Unit",
            "Unit price",
            "Net amount",
            "VAT amount",
        )
    )
    lines = made.lines
    columns = (
        getattr(lines, name).tolist()
        for name in ("invoice", "provider", "child", "start", "end", "quantity", "rate", "net", "vat")
    )
    for row, (invoice, provider, child, start, end, quantity, rate, net, vat) in enumerate(
        zip(*columns, strict=True)
    ):
        writer.writerow((
            f"N{invoice}", SPELLINGS[row % 4].format(_letters(provider)), typed[row], _child(child), _day(start), _day(end - 1),
            f"{quantity / 100:g}" if quantity else "", "night" if quantity else "", f"{rate / 100:.2f}" if quantity else "",
            f"{net / 100:.2f}", f"{vat / 100:.2f}",
        ))  # fmt: skip
    return text.getvalue().encode()


def merged_payments(made: Planted, *, names_both: bool) -> tuple[bytes, int]:
    """Every whole month of two contracts of one provider on one line, for one provider in five; and how many lines that are."""
    lines = made.lines
    is_plain = (
        (lines.start < lines.end)
        & (lines.net > 0)
        & (lines.contract >= 0)
        & (lines.vat == 0)
        & (lines.provider % 5 == 0)
    )
    seen: dict[tuple[int, int, int], int] = {}
    net, typed, keep, pairs = (
        lines.net.copy(),
        exact_references(made),
        np.ones(len(lines), dtype=bool),
        0,
    )
    for row in np.flatnonzero(is_plain).tolist():
        key = (int(lines.provider[row]), int(lines.start[row]), int(lines.end[row]))
        other = seen.pop(key, -1)
        if other < 0 or lines.contract[other] == lines.contract[row]:
            seen[key] = row
            continue
        net[other] += net[row]
        keep[row] = False
        pairs += 1
        if names_both:
            typed[other] = f"{typed[other]} / {typed[row]}"
    several = replace(lines, net=net, quantity=np.where(net != lines.net, 0, lines.quantity)).taken(keep)
    year = replace(made, lines=several, truth=made.truth[keep])
    return payments_csv(year, [text for text, kept in zip(typed, keep.tolist(), strict=True) if kept]), pairs


def _price(made: Planted, row: int) -> tuple[Per, int, str]:
    """The price of a segment as its contract had it: the unit, pence for one, and the quantity."""
    segments = made.contracts.segments
    rate, per, clock = int(segments.rate[row]), int(segments.per[row]), int(segments.clock[row])
    if int(segments.line[row]) == 1:
        return Per.HOUR, 22_50, f"{round(rate * 7 / per / 22_50 * 100) / 100:g}"
    if clock:
        return Per.MONTH, rate * 377_580 // per, ""
    for unit, nights in ((Per.NIGHT, 1), (Per.WEEK, 7), (Per.FOUR_WEEKS, 28)):
        if rate * nights % per == 0:
            return unit, rate * nights // per, ""
    raise ValueError("a price in no unit")


def _letters(number: int) -> str:
    """A number as a word, so that names differ by more than a figure."""
    syllables = (
        "ba",
        "ce",
        "di",
        "fo",
        "gu",
        "ha",
        "ke",
        "li",
        "mo",
        "nu",
        "pa",
        "re",
        "si",
        "to",
        "vu",
        "wa",
        "xe",
        "yi",
        "zo",
        "cu",
    )
    return (
        "".join(syllables[number // 20**place % 20] for place in range(3)).capitalize()
        + syllables[number * 7 % 20]
    )


def _child(number: int) -> str:
    return f"C-{number:06d}" if number >= 0 else ""


def _day(number: int) -> str:
    return f"{date_of(number):%d/%m/%Y}"


def _recall_and_precision(
    name: str, kinds: Sequence[Counted], recall: float | None, precision: float | None
) -> list[Measured]:
    found, missed, false = (
        sum(getattr(kind, each) for kind in kinds) for each in ("found", "missed", "false_alarms")
    )
    words = f"{found:,} found, {missed:,} missed, {false:,} false alarms"
    return [
        Measured(
            f"{name}: found of what was planted",
            100 * found / (found + missed),
            "%",
            recall,
            words,
            is_higher_better=True,
        ),
        Measured(
            f"{name}: planted of what was found",
            100 * found / (found + false),
            "%",
            precision,
            words,
            is_higher_better=True,
        ),
    ]


def _of_kind(kind: Counted) -> Measured:
    words = f"{kind.found:,} found, {kind.missed:,} missed, {kind.false_alarms:,} false alarms"
    return Measured(f"  {kind.kind.name.lower().replace('_', ' ')}", 100 * kind.recall, "%", None, words)


if __name__ == "__main__":
    sys.exit(main())
