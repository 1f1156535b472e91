"""How quickly one referral is ranked against the whole market, and a whole list against it.

Run `python -m benchmarks.ranking [--quick] [--json] [--places 60000]`. A referral is ranked with fifty homes explained
and the count per failed hard criterion. The floor is reading every column of the market once from memory. PostgreSQL
and DuckDB answer the same question (fifty best, counts; no words) from one table of the same columns; a loop over
Django objects checks the hard criteria of a few homes and is scaled up. All must agree before anything is timed.
Data are synthetic and seeded.
"""

from __future__ import annotations

import argparse
import gc
import resource
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from benchmarks.ranking_market import made_options, made_referrals
from benchmarks.ranking_orm import in_loop
from benchmarks.ranking_sql import Answer, in_duckdb, in_postgres
from benchmarks.report import Measured, show, wants_json
from benchmarks.timing import best_of, core_seconds
from rightplace.core.matching.asked import Asked
from rightplace.core.matching.living import NAMES
from rightplace.core.matching.market import COLUMNS, Market, market_of, with_changes
from rightplace.core.matching.profile import Referral
from rightplace.core.matching.ranking import Ranking, rank_many, rank_market, value_matrix

T = TypeVar("T")
PLACES = 60_000
LISTED = 1_000
ASKED = 12
IN_LOOP = 2_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Check that all ways agree, measure, print; exit code 1 when an aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=PLACES)
    parser.add_argument("--quick", action="store_true", help="a tenth of the places, and a tenth of the list")
    chosen = parser.parse_known_args(arguments)[0]
    many = chosen.places // 10 if chosen.quick else chosen.places
    small = market_of(made_options(many))
    # As a server does with what it keeps: it need not be looked through for rubbish again.
    gc.freeze()
    measured = measure_list(small, LISTED // 10 if chosen.quick else LISTED)
    first, seconds = measure_one(small)
    measured += first
    measured += measure_change(small)
    more, longer = measure_one(market_of(made_options(many * 10)))
    measured += more
    measured.append(Measured("time for ten times the homes", longer / seconds, "×", 12))
    gc.unfreeze()
    return show(measured, as_json=wants_json(arguments))


def measure_one(market: Market) -> tuple[list[Measured], float]:
    """One referral against a market: against the floor, against SQL, and against a loop."""
    referrals, homes = made_referrals(ASKED), f"{len(market):,} homes"
    times = [best_of(9, lambda one=one: rank_market(one, market))[1] for one in referrals]
    seconds, columns = float(np.mean(times)), columns_of(market)
    core = float(np.mean([core_seconds(9, lambda one=one: rank_market(one, market)) for one in referrals]))
    size = sum(column.nbytes for column in columns)
    floor = core_seconds(25, lambda: read(columns))
    eligible = np.mean([len(rank_market(one, market).valued.rows) for one in referrals])
    words = f"{homes}, {eligible:,.0f} eligible on average, 50 explained; slowest {max(times) * 1000:.1f} ms"
    floor_words = (
        f"{len(columns)} columns, {size / len(market):.0f} bytes a home, read in {floor * 1000:.2f} ms"
    )
    more = [
        Measured(f"rank one referral, {homes}", seconds * 1000, "ms", None, words),
        Measured(f"times reading the columns, {homes}", core / floor, "×", 5, floor_words),
    ]
    return more + against_others(market, referrals, seconds), seconds


def against_others(market: Market, referrals: Sequence[Referral], seconds: float) -> list[Measured]:
    """The same referrals in DuckDB, in PostgreSQL and in a loop over objects; all answers are compared first."""
    from django.db import connection

    connection.ensure_connection()
    pg = connection.connection
    ways = {"DuckDB": in_duckdb(market), "PostgreSQL": in_postgres(market, pg)}
    measured = []
    for name, answer in ways.items():
        times = [_checked(name, market, one, answer) for one in referrals]
        words = f"{np.mean(times) * 1000:.0f} ms, the same fifty homes, values and counts, without words"
        ratio = float(np.mean(times)) / seconds
        measured.append(
            Measured(
                f"times faster than {name}, {len(market):,} homes",
                ratio,
                "×",
                15,
                words,
                is_higher_better=True,
            )
        )
    return [*measured, _against_loop(market, referrals[0], seconds, pg)]


def _checked(name: str, market: Market, referral: Referral, answer: Callable[[Asked], Answer]) -> float:
    """Seconds of one answer, after it was found to be the same as ours."""
    ranking = rank_market(referral, market)
    if answer(ranking.asked) != answer_of(ranking):
        raise SystemExit(f"{name} ranks otherwise: this must never be seen.")
    return best_of(3, lambda: answer(ranking.asked))[1]


def answer_of(ranking: Ranking) -> Answer:
    """Our answer as the others give it."""
    market, valued = ranking.asked.market, ranking.valued
    best = valued.best(len(ranking.first))
    ranks, values = market.key_rank[valued.rows[best]].tolist(), valued.values[best].tolist()
    return {code: many for code, many in ranking.failed.items() if many}, list(
        zip(ranks, values, strict=True)
    )


def _against_loop(market: Market, referral: Referral, seconds: float, connection: Any) -> Measured:
    few = market.taken(np.sort(market.row_at_rank[: min(IN_LOOP, len(market))]))
    loop = in_loop(connection, len(few))
    ranking = rank_market(referral, few)
    expected = (len(ranking.valued.rows), {code: many for code, many in ranking.failed.items() if many})
    if loop(ranking.asked) != expected:
        raise SystemExit("The loop finds others: this must never be seen.")
    _, slow = best_of(2, lambda: loop(ranking.asked))
    whole = slow * len(market) / len(few)
    words = f"{slow:.2f} s for {len(few):,} homes, hard criteria only, so {whole:.1f} s for all"
    name = f"times faster than a loop over objects, {len(market):,} homes"
    return Measured(name, whole / seconds, "×", 500, words, is_higher_better=True)


def measure_list(market: Market, many: int) -> list[Measured]:
    """A whole list of referrals, against each of it alone, with the memory at its highest."""
    referrals = made_referrals(many)
    single = core_seconds(2, lambda: [rank_market(one, market) and None for one in referrals])
    together = core_seconds(2, lambda: sum(len(one.first) for one in rank_many(referrals, market)))
    valued = core_seconds(2, lambda: value_matrix(referrals, market))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    words = f"{many:,} referrals × {len(market):,} homes: {together:.2f} s of processor time together, {single:.2f} s one by one"
    return [
        Measured("whole list, times single rankings", together / single, "×", 0.7, words),
        Measured("best fifty for assignment, times single", valued / single, "×", None, f"{valued:.2f} s, no words"),
        Measured("memory at its highest, with the market", peak, "MB", 1_500, "whole process, its options kept as objects"),
    ]  # fmt: skip


def measure_change(market: Market) -> list[Measured]:
    """One home changed in the market."""
    changed = market.options[len(market) // 2]
    _, seconds = best_of(5, lambda: with_changes(market, [changed]))
    _, built = best_of(1, lambda: market_of(market.options))
    words = f"building {len(market):,} homes from options takes {built:.2f} s"
    return [Measured("one changed home", seconds * 1000, "ms", 100, words)]


def columns_of(market: Market) -> list[np.ndarray[Any, Any]]:
    """Every column of the market."""
    names = (*COLUMNS, "key_rank")
    return [getattr(market, name) for name in names] + [getattr(market.living, name) for name in NAMES]


def read(columns: Sequence[np.ndarray[Any, Any]]) -> int:
    """Every byte of these columns once, eight at a time."""
    total = 0
    for column in columns:
        whole = column.view(np.uint8)[: column.nbytes // 8 * 8]
        total ^= int(np.bitwise_xor.reduce(whole.view(np.uint64)))
    return total


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rightplace.site.settings")
    import django

    django.setup()
    sys.exit(main())
