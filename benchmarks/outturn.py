"""How quickly a year's outturn is worked out with its bridge, many contracts over three years, against the same in SQL.

Run `python -m benchmarks.outturn [--quick] [--json] [--contracts 80000]`. Two frozen versions are priced month by month (36
months), what was paid is taken off, and they are bridged contract by contract. The same is asked of PostgreSQL in one
statement; both must agree to the penny, contract by contract and cause by cause, before anything is timed.
Made contracts are synthetic.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import psycopg

from benchmarks.charging import best_of, core_seconds
from benchmarks.report import Measured, show, wants_json
from rightplace.core.forecasting.bridge import CAUSES, Bridge, bridge
from rightplace.core.forecasting.commitments import Commitments, commitments
from rightplace.core.forecasting.outturn import Book
from rightplace.core.pricing import Per, Segments, day_number, months_between
from rightplace.core.pricing.running import Ints

CONTRACTS, MONTHS, SECONDS, TIMES = 80_000, 36, 2.0, 10.0
FIRST, LAST = day_number(date(2024, 4, 1)), day_number(date(2027, 4, 1))
CUTS = months_between(FIRST, LAST)
SQL = """
WITH held AS (
  SELECT v.version, v.contract, v.rate, greatest(v.starts, %(first)s) AS starts,
         greatest(least(v.ends, %(last)s), greatest(v.starts, %(first)s)) AS ends, v.starts AS anchor
  FROM made v),
months AS (
  SELECT h.version, h.contract, c.place,
         (2 * h.rate * (least(greatest(c.until, h.anchor), greatest(h.ends, h.anchor)) - h.anchor) + 7) / 14
         - (2 * h.rate * (least(greatest(c.since, h.anchor), greatest(h.ends, h.anchor)) - h.anchor) + 7) / 14 AS due
  FROM held h CROSS JOIN cuts c),
known AS (
  SELECT m.version, m.contract, m.place, m.due, coalesce(p.pence, 0) AS paid,
         greatest(m.due - coalesce(p.pence, 0), 0) AS committed
  FROM months m LEFT JOIN paid p USING (contract, place)),
books AS (
  SELECT k.version, k.contract, sum(k.paid + k.committed)::bigint AS outturn, sum(k.due)::bigint AS pence
  FROM known k GROUP BY 1, 2),
pairs AS (
  SELECT a.contract AS one, b.contract AS two, a.pence AS old, b.pence AS new, a.rate AS old_rate, b.rate AS new_rate,
         a.ends - a.starts AS held, greatest(a.ends - b.starts, 0) - (a.ends - a.starts) AS began,
         (b.ends - b.starts) - greatest(a.ends - b.starts, 0) AS ended, a.outturn AS old_outturn, b.outturn AS new_outturn
  FROM (SELECT * FROM books JOIN held USING (version, contract) WHERE version = 1) a
  FULL JOIN (SELECT * FROM books JOIN held USING (version, contract) WHERE version = 2) b ON a.contract = b.contract),
weighed AS (
  SELECT *, CASE WHEN held > 0 THEN floor((2 * old::numeric * began + held) / (2 * held))::bigint ELSE 0 END AS timing,
         CASE WHEN held > 0 THEN floor((2 * old::numeric * ended + held) / (2 * held))::bigint ELSE 0 END AS stop
  FROM pairs)
SELECT coalesce(one, two), one IS NULL, two IS NULL, held = 0 AND old = 0, new - old, timing, stop, began, ended,
       old_rate <> new_rate, coalesce(old, new), old_outturn, new_outturn
FROM weighed ORDER BY 1
"""


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """One version: contracts with a weekly rate from a day up to another, in columns."""

    contract: Ints
    start: Ints
    end: Ints
    rate: Ints


def main(arguments: Sequence[str] | None = None) -> int:
    """Check that both agree, measure, print; exit code 1 when an aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contracts", type=int, default=CONTRACTS)
    parser.add_argument(
        "--quick", action="store_true", help="a tenth of the contracts, and no aim in seconds"
    )
    chosen = parser.parse_known_args(arguments)[0]
    many = chosen.contracts // 10 if chosen.quick else chosen.contracts
    return show(measure(many, is_full=not chosen.quick), as_json=wants_json(arguments))


def measure(many: int, *, is_full: bool) -> list[Measured]:
    """Equal answers first, then the time of each."""
    before, after = versions(many)
    paid = paid_of(before)
    ours = worked_out(before, after, paid)
    theirs, sql = by_sql(before, after, paid)
    off = differing(ours, theirs)
    if off:
        raise SystemExit(f"{off} contracts differ between ours and SQL")
    core = core_seconds(3, lambda: worked_out(before, after, paid))
    _, clock = best_of(3, lambda: worked_out(before, after, paid))
    words = f"{many:,} contracts, {MONTHS} months, two versions; {clock:.2f} s by the clock; SQL {sql:.1f} s"
    return [
        Measured("outturn of two versions with their bridge", core, "s", SECONDS if is_full else None, words),
        Measured("times faster than the same in SQL", sql / clock, "times", TIMES if is_full else None, is_higher_better=True),
        Measured("contracts that differ", float(off), "", 0.0),
    ]  # fmt: skip


def versions(many: int, seed: int = 9) -> tuple[Made, Made]:
    """A version, and the next month's: one in ten is dearer or cheaper, ends sooner, came later, is new or gone."""
    rng = np.random.default_rng(seed)
    start = rng.integers(FIRST - 700, LAST - 60, many)
    end = start + rng.integers(30, 900, many)
    rate = rng.integers(30_000, 900_000, many)
    numbers = np.arange(1, many + 1)
    draw = rng.random(many)
    later = Made(
        numbers, np.where(draw < 0.02, start + 9, start), np.where((draw > 0.03) & (draw < 0.06), end - 25, end),
        np.where(draw > 0.96, rate + 2_500, rate),
    )  # fmt: skip
    return _taken(Made(numbers, start, end, rate), draw < 0.98), _taken(later, draw > 0.01)


def _taken(made: Made, rows: np.ndarray) -> Made:
    return Made(made.contract[rows], made.start[rows], made.end[rows], made.rate[rows])


def paid_of(made: Made) -> tuple[Ints, Ints]:
    """What was paid of the first year of one contract in three: their numbers, and the pence of twelve months each."""
    numbers = made.contract[::3]
    return numbers, np.full((len(numbers), 12), 10_000, dtype=np.int64)


def worked_out(before: Made, after: Made, paid: tuple[Ints, Ints]) -> tuple[Bridge, Commitments, Commitments]:
    """Both versions priced, and bridged."""
    priced = [_committed(made, paid) for made in (before, after)]
    books = [_book(made, found) for made, found in zip((before, after), priced, strict=True)]
    return bridge(*books), priced[0], priced[1]


def _committed(made: Made, paid: tuple[Ints, Ints]) -> Commitments:
    segments = Segments.priced(
        placement=made.contract, line=made.contract, start=made.start, end=made.end, amount_pence=made.rate,
        per=int(Per.WEEK),
    )  # fmt: skip
    held = np.zeros((len(made.contract), MONTHS), dtype=np.int64)
    there = np.isin(paid[0], made.contract)
    held[np.searchsorted(made.contract, paid[0][there]), :12] = paid[1][there]
    return commitments(segments, CUTS, paid=held)


def _book(made: Made, found: Commitments) -> Book:
    start = np.clip(made.start, FIRST, LAST)
    return Book.of(
        contract=made.contract, kind=np.zeros_like(made.contract), start=np.clip(start, FIRST, None),
        end=np.maximum(np.minimum(made.end, LAST), start), rate=made.rate, recurring=found.expected.sum(axis=1),
        one_off=np.zeros_like(made.contract),
    )  # fmt: skip


def by_sql(before: Made, after: Made, paid: tuple[Ints, Ints]) -> tuple[list[tuple[object, ...]], float]:
    """The rows of the same in PostgreSQL, and the seconds of the second run (the first warms)."""
    from rightplace.site.database import database_url

    with psycopg.connect(database_url()) as connection:
        cursor = connection.cursor()
        cursor.execute(
            "CREATE TEMP TABLE made (version int, contract bigint, starts int, ends int, rate bigint)"
        )
        cursor.execute("CREATE TEMP TABLE cuts (place int, since int, until int)")
        cursor.execute("CREATE TEMP TABLE paid (contract bigint, place int, pence bigint)")
        _copied(
            cursor, "made", [row for number, made in ((1, before), (2, after)) for row in _rows(number, made)]
        )
        _copied(cursor, "cuts", [(i, int(CUTS[i]), int(CUTS[i + 1])) for i in range(MONTHS)])
        _copied(
            cursor,
            "paid",
            [(int(n), i, int(row[i])) for n, row in zip(*paid, strict=True) for i in range(12)],
        )
        cursor.execute("ANALYZE made, cuts, paid")
        return _timed(cursor)


def _timed(cursor: psycopg.Cursor[tuple[object, ...]]) -> tuple[list[tuple[object, ...]], float]:
    given = {"first": FIRST, "last": LAST}
    rows: list[tuple[object, ...]] = []
    seconds = 0.0
    for _ in range(2):
        began = time.perf_counter()
        rows = cursor.execute(SQL, given).fetchall()
        seconds = time.perf_counter() - began
    return rows, seconds


def _rows(number: int, made: Made) -> list[tuple[int, ...]]:
    columns = (made.contract, made.start, made.end, made.rate)
    return [(number, *row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _copied(cursor: psycopg.Cursor[tuple[object, ...]], table: str, rows: Sequence[tuple[int, ...]]) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:  # a temporary table of our own
        for row in rows:
            copy.write_row(row)


def differing(ours: tuple[Bridge, Commitments, Commitments], theirs: Sequence[tuple[object, ...]]) -> int:
    """How many contracts differ in a cause or an outturn."""
    found, before, after = ours
    outturns = [
        dict(zip(one.contract.tolist(), one.outturn.sum(axis=1).tolist(), strict=True))
        for one in (before, after)
    ]
    off = 0
    for number, pence, row in zip(found.contract.tolist(), found.pence.tolist(), theirs, strict=True):
        same = row[0] == number and _causes(row) == pence
        off += not (same and outturns[0].get(number) == row[11] and outturns[1].get(number) == row[12])
    return off


def _causes(row: Sequence[object]) -> list[int]:
    """A row of SQL as pence by cause, in the order of `Cause`."""
    _, is_new, is_gone, was_none, change, timing, stop, began, ended, is_price, whole, *_ = row
    causes = [0] * CAUSES
    if is_new or is_gone or was_none:
        causes[5 if not is_gone else 6] = int(
            str(whole if is_new else change if not is_gone else -int(str(whole)))
        )
        return causes
    moved = [int(str(one)) for one in (change, timing, stop, began, ended)]
    causes[3] += moved[1]
    causes[6 if moved[4] < 0 else 1] += moved[2]
    rest = 0 if is_price else 6 if moved[4] < 0 else 1 if moved[4] > 0 else 3 if moved[3] else 1
    causes[rest] += moved[0] - moved[1] - moved[2]
    return causes


if __name__ == "__main__":
    sys.exit(main())
