"""How quickly a year of charges is totalled by month and budget code, written out by the night, and changed.

Run `python -m benchmarks.charging [--quick] [--json] [--placements 80000]`. The same charges are made by expanding every
rate segment to nights in Polars and in DuckDB (both with all cores; ours uses one), and, for a part of the placements, by
a loop over nights with Decimal. All must agree to the penny before anything is timed. Data are synthetic and seeded.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.report import Measured, show, wants_json
from benchmarks.timing import best_of, core_seconds
from rightplace.core.periods import Period
from rightplace.core.pricing import (
    Absence,
    AgreedLine,
    Agreement,
    AwayRule,
    Per,
    Segments,
    Uplift,
    rate_segments,
)
from rightplace.core.pricing.budget import Budget
from rightplace.core.pricing.columns import months_between
from rightplace.core.pricing.running import (
    CLOCK_LENGTH,
    FIRST_DAY,
    Days,
    Ints,
    date_of,
    day_number,
    positions,
)
from rightplace.core.pricing.totals import night_rows, totals_by_code

T = TypeVar("T")
PLACEMENTS = 80_000
SEGMENTS_EACH = 1.7
CODES = 40
YEAR = (day_number(date(2025, 4, 1)), day_number(date(2026, 4, 1)))
CUTS = months_between(*YEAR)
IN_DECIMALS = 400


def main(arguments: Sequence[str] | None = None) -> int:
    """Check that all ways agree, measure, print; exit code 1 when an aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--placements", type=int, default=PLACEMENTS)
    parser.add_argument(
        "--quick", action="store_true", help="a tenth of the placements, and no aims in seconds"
    )
    chosen = parser.parse_known_args(arguments)[0]
    many = chosen.placements // 10 if chosen.quick else chosen.placements
    segments = made_segments(many)
    measured = [
        *measure_totals(segments),
        *measure_growth(many),
        *measure_nights(segments),
        *measure_change(segments),
    ]
    return show(measured, as_json=wants_json(arguments))


def made_segments(many: int, seed: int = 4, longer: int = 1) -> Segments:
    """So many placements with 1.7 rate segments each, of all units; `longer` stays, with the same number of rates."""
    rng = np.random.default_rng(seed)
    rows = round(many * SEGMENTS_EACH)
    place = np.sort(np.concatenate([np.arange(many), rng.integers(0, many, rows - many)]))
    of_place = np.bincount(place, minlength=many)[place]
    turn = np.arange(rows) - np.searchsorted(place, place)
    start = (YEAR[0] + rng.integers(-300, 100, many) * longer)[place]
    length = (rng.integers(150, 500, many) * longer)[place]
    return Segments.priced(
        placement=place, line=np.zeros(rows, dtype=int), code=rng.integers(0, CODES, rows),
        start=start + length * turn // of_place, end=start + length * (turn + 1) // of_place,
        amount_pence=rng.integers(5_000, 600_000, rows),
        per=rng.choice([Per.NIGHT, Per.WEEK, Per.FOUR_WEEKS, Per.MONTH, Per.HOUR], rows, p=[0.1, 0.6, 0.1, 0.1, 0.1]),
    )  # fmt: skip


def measure_totals(segments: Segments) -> list[Measured]:
    """A year by month and budget code: closed form, by nights in Polars and DuckDB, and with Decimal."""
    ours, seconds = best_of(5, lambda: totals_by_code(segments, CUTS, CODES))
    measured = []
    many = f"{len(np.unique(segments.placement)):,} placements, {len(segments):,} rate segments"
    many = f"{many}; {seconds * 1000:.0f} ms by the clock"
    core = core_seconds(5, lambda: totals_by_code(segments, CUTS, CODES))
    goal = 150.0 if len(segments) >= PLACEMENTS else None
    measured.append(Measured("a year's totals by month and code", core * 1000, "ms", goal, many))
    for name, work in (("Polars", in_polars(segments)), ("DuckDB", in_duckdb(segments))):
        same(name, ours, work())
        _, slow = best_of(2, work)
        words = f"{slow:.2f} s by nights in {name}, equal to the penny"
        measured.append(
            Measured(f"times faster than {name}", slow / seconds, "×", 10, words, is_higher_better=True)
        )
    measured.append(_against_decimals(segments, seconds))
    _, floor = best_of(5, lambda: _divided(segments))
    words = f"one floored division for each segment and cut alone takes {floor * 1000:.1f} ms"
    measured.append(Measured("times the divisions alone", seconds / floor, "×", None, words))
    return measured


def _against_decimals(segments: Segments, seconds: float) -> Measured:
    """A part of the placements with Decimal, night by night, and how long all would take at that pace."""
    few = segments.taken(segments.placement < IN_DECIMALS)
    theirs, slow = best_of(1, lambda: in_decimals(few))
    same("Decimal", totals_by_code(few, CUTS, CODES), theirs)
    whole = slow * nights_of(segments) / nights_of(few)
    words = f"{slow:.2f} s for {IN_DECIMALS} placements, so {whole:,.0f} s for all; equal to the penny"
    return Measured("times faster than Decimal", whole / seconds, "×", 500, words, is_higher_better=True)


def measure_growth(many: int) -> list[Measured]:
    """Twice the segments take twice as long; ten times the nights take no longer."""
    half, whole, long = made_segments(many // 2), made_segments(many), made_segments(many, longer=10)
    times = [
        best_of(9, lambda rows=rows: totals_by_code(rows, CUTS, CODES))[1] for rows in (half, whole, long)
    ]
    return [
        Measured("time for twice the segments", times[1] / times[0], "×", 2.5, f"{times[0]:.3f} s for half"),
        Measured(
            "time for stays ten times as long",
            times[2] / times[1],
            "×",
            1.5,
            f"{times[2]:.3f} s, as many segments",
        ),
    ]


def measure_nights(segments: Segments) -> list[Measured]:
    """Every night of the year as a row, against writing three columns of that length."""
    rows, seconds = best_of(3, lambda: night_rows(segments, *YEAR))
    assert rows.pence.sum() == totals_by_code(segments, CUTS, CODES).sum()
    many = len(rows.day)
    _, floor = best_of(3, lambda: [np.full(many, 1, dtype=np.int32) for _ in range(3)])
    words = f"{many:,} rows in {seconds:.2f} s; writing as many takes {floor:.2f} s"
    # A short column is written within the cache, which says nothing about memory.
    goal = 8 if many >= 10_000_000 else None
    return [Measured("rows by night, times writing them", seconds / floor, "×", goal, words)]


def measure_change(segments: Segments) -> list[Measured]:
    """One agreement with an absence and an uplift: cut into segments, priced, and put into the year's totals."""
    budget = Budget.of(segments, CUTS, CODES)
    agreement = _agreement(int(segments.placement[len(segments) // 2]))
    _, seconds = best_of(200, lambda: budget.put(agreement.placement, rate_segments(agreement)))
    again = totals_by_code(segments.replaced(agreement.placement, rate_segments(agreement)), CUTS, CODES)
    same("the changed totals", budget.pence, again)
    words = "agreement with absence, retainer and uplift cut, priced and put into the totals"
    return [Measured("one changed placement", seconds * 1000, "ms", 1.0, words)]


def _agreement(placement: int) -> Agreement:
    lines = (
        AgreedLine(1, "core_fee", Per.WEEK, 4_200_00, code=1),
        AgreedLine(2, "support", Per.HOUR, 22_50, 1_000, code=2),
    )
    away = Absence("hospital", Period(date(2025, 7, 3), date(2025, 8, 20)))
    return Agreement(
        placement, Period(date(2025, 5, 6)), lines, absences=(away,),
        away=(AwayRule("", ((0, 10_000), (14, 5_000))),), uplifts=(Uplift(date(2025, 10, 1), 310),),
    )  # fmt: skip


def in_polars(segments: Segments) -> Callable[[], Ints]:
    """The same by expanding to nights in Polars."""
    frame, calendar = pl.DataFrame(_columns(segments)), pl.DataFrame(_calendar())
    pence = _in_polars("month_parts_after", 1) - _in_polars("month_parts", 0)
    nights = frame.lazy().with_columns(day=pl.int_ranges("first", "last")).explode("day", empty_as_null=False)
    query = nights.join(calendar.lazy(), on="day").group_by("code", "month").agg(pence=pence.sum())
    return lambda: _as_table(query.collect().select("code", "month", "pence").to_numpy())


def _in_polars(month_parts: str, days: int) -> pl.Expr:
    """The rounded running total of a rate on a day, so many days on."""
    place = pl.when(pl.col("clock") == 0).then(pl.col("day") + days).otherwise(pl.col(month_parts))
    return (2 * pl.col("rate") * (place - pl.col("base")) + pl.col("per")) // (2 * pl.col("per"))


def in_duckdb(segments: Segments) -> Callable[[], Ints]:
    """The same by expanding to nights in DuckDB."""
    base = duckdb.connect()
    base.register("given_rates", _columns(segments))
    base.register("given_days", _calendar())
    base.execute("create table rates as from given_rates; create table days as from given_days")
    total = "(2 * rate * (case clock when 0 then {} else {} end - base) + per) // (2 * per)"
    pence = f"{total.format('day + 1', 'month_parts_after')} - {total.format('day', 'month_parts')}"
    query = (
        f"select code, month, sum({pence})::bigint as pence from (select *, unnest(range(first, last)) as day from rates)"  # noqa: S608 - our own text
        " join days using (day) group by code, month"
    )
    return lambda: _as_table(np.stack(list(base.execute(query).fetchnumpy().values()), axis=1))


def in_decimals(segments: Segments) -> Ints:
    """The same as one would write it by hand: night by night, with Decimal."""
    sums = np.zeros((CODES, len(CUTS) - 1), dtype=np.int64)
    for row in range(len(segments)):
        _add_decimals(segments, row, sums)
    return sums


def _add_decimals(segments: Segments, row: int, sums: Ints) -> None:
    rate, per = Decimal(int(segments.rate[row])), Decimal(int(segments.per[row]))
    clock = int(segments.clock[row]) * CLOCK_LENGTH - FIRST_DAY
    base = Decimal(int(positions()[clock + segments.anchor[row]]))
    first = max(int(segments.start[row]), YEAR[0])

    def total(day: int) -> Decimal:
        return (rate * (Decimal(int(positions()[clock + day])) - base) / per).quantize(
            Decimal(1), ROUND_HALF_UP
        )

    before = total(first)
    for day in range(first, min(int(segments.end[row]), YEAR[1])):
        after = total(day + 1)
        month = date_of(day)
        sums[segments.code[row], (month.year - 2025) * 12 + month.month - 4] += int(after - before)
        before = after


def _columns(segments: Segments) -> dict[str, NDArray[np.int64]]:
    """The segments with their nights of the year, and where they count from on their clock."""
    clock = segments.clock.astype(np.int64)
    base = np.where(clock == 0, segments.anchor, _month_parts(segments.anchor))
    first = np.clip(segments.start, *YEAR).astype(np.int64)
    last = np.maximum(np.clip(segments.end, *YEAR), first).astype(np.int64)
    of_rates = {name: getattr(segments, name) for name in ("code", "rate", "per")}
    return {**of_rates, "clock": clock, "base": base, "first": first, "last": last}


def _calendar() -> dict[str, NDArray[np.int64]]:
    days = np.arange(*YEAR)
    month = np.searchsorted(CUTS, days, side="right") - 1
    return {
        "day": days,
        "month": month,
        "month_parts": _month_parts(days),
        "month_parts_after": _month_parts(days + 1),
    }


def _month_parts(days: Days | Ints) -> Ints:
    return positions()[CLOCK_LENGTH - FIRST_DAY + days].astype(np.int64)


def _as_table(rows: Ints) -> Ints:
    table = np.zeros((CODES, len(CUTS) - 1), dtype=np.int64)
    table[rows[:, 0], rows[:, 1]] = rows[:, 2]
    return table


def _divided(segments: Segments) -> None:
    """One floored division for each segment and cut, and nothing else, in parts that fit the cache."""
    rate, per = segments.rate.astype(np.float64)[:2_048], segments.per.astype(np.float64)[:2_048]
    for _ in range(len(segments) * len(CUTS) // len(rate)):
        np.floor(rate / per)


def nights_of(segments: Segments) -> int:
    """The nights of the year in all segments."""
    return int(np.maximum(np.clip(segments.end, *YEAR) - np.clip(segments.start, *YEAR), 0).sum())


def same(name: str, ours: Ints, theirs: Ints) -> None:
    """Stop when two ways differ by a penny anywhere."""
    if not np.array_equal(ours, theirs):
        raise SystemExit(f"{name} comes to other totals: this must never be seen.")


if __name__ == "__main__":
    sys.exit(main())
