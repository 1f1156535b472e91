"""One child, one bed: the optimum over a whole table, with a certificate that anyone can check.

Each child keeps only its best beds, the small problem is solved, and its prices are held against the whole table: where a bed
that was left out would do better at these prices, it is taken in and the problem solved again. When none is left,
the prices prove the optimum (linear programming duality): for every child and bed, value ≤ child's worth + bed's worth,
with equality where they are paired, and a bed that stays free is worth nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rightplace.core.matching.assignment.problem import NOWHERE, Floats, Ints
from rightplace.core.problems import Problem

KEEP = 32
"""About so many beds are kept for each child at first."""
RUN = 8
"""Values that lie side by side in one line of the processor's cache: samples are drawn in such runs."""
SAMPLE = 16
"""One run in so many is looked at to see where a child's best beds begin."""
LOWEST = float(np.finfo(np.float64).min)
TOLERANCE = 1e-9
ROWS_AT_ONCE = 64


@dataclass(frozen=True, slots=True, eq=False)
class PairAssignment:
    """The bed of each child (`NOWHERE`: none left), and the certificate.

    `child_worth` and `bed_worth` are the prices; `excess` is the most by which any value in the whole table exceeds their sum
    (at most rounding). `rounds` is how often the small problem was solved, `kept` how many values it held at last.
    """

    bed: Ints
    value: float
    placed: int
    child_worth: Floats
    bed_worth: Floats
    excess: float
    rounds: int
    kept: int


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """The kept values, child by child: `start` of each, beds and values. Values left out of a child are below its `floor`."""

    start: Ints
    bed: Ints
    value: Floats
    floor: Floats

    @property
    def child(self) -> Ints:
        return np.repeat(np.arange(len(self.floor)), np.diff(self.start))


def assign_pairs(values: ArrayLike) -> PairAssignment | list[Problem]:
    """The pairing of greatest value among those that place the most children.

    `values`: children by beds, in points; what is minus infinity or not a number is no candidate. ValueError unless it has two
    dimensions; a Problem for a value without bounds.
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError("Values must be a table of children by beds.")
    kept = _best_beds(table)
    if np.isposinf(kept.value).any():
        return [Problem("not_a_number", "A value is without bounds.", "values")]
    return _paired(table, kept)


def _paired(table: Floats, kept: _Kept) -> PairAssignment:
    """Solve, price, take in what was missed, until nothing was."""
    tolerance = TOLERANCE * max(1.0, float(np.abs(kept.value).max(initial=0.0)))
    missing = _worth_of_a_place(kept, table.shape)
    rounds = 0
    while True:
        rounds += 1
        bed = _solve(kept, table.shape, missing)
        child_worth, bed_worth = _prices(kept, bed, table.shape, missing)
        missed, excess = _missed(table, kept, child_worth, bed_worth, tolerance)
        if missed is None:
            break
        kept = missed
    placed = bed < table.shape[1]
    own = table[np.flatnonzero(placed), bed[placed]]
    return PairAssignment(
        bed=np.where(placed, bed, NOWHERE),
        value=float(own.sum()),
        placed=int(placed.sum()),
        child_worth=child_worth,
        bed_worth=bed_worth[: table.shape[1]],
        excess=excess,
        rounds=rounds,
        kept=len(kept.bed),
    )


def _best_beds(table: Floats) -> _Kept:
    """About `KEEP` best beds of each child: those from a value on that a sample of the table gives."""
    floor = _floors(table)
    child, bed = np.divmod(np.flatnonzero(table >= floor[:, None]), max(table.shape[1], 1))
    start = np.searchsorted(child, np.arange(len(table) + 1))
    return _Kept(start, bed, table[child, bed], floor)


def _floors(table: Floats) -> Floats:
    """For each child the value from which its best beds begin."""
    children, beds = table.shape
    runs = beds // (RUN * SAMPLE)
    if runs * RUN < 4 * KEEP // SAMPLE or beds <= 4 * KEEP:
        return np.full(children, LOWEST)
    sample = table[:, : runs * RUN * SAMPLE].reshape(children, runs, RUN * SAMPLE)[:, :, :RUN]
    sample = -sample.reshape(children, -1)
    place = max(1, KEEP * sample.shape[1] // beds)
    floor = -np.partition(sample, place, axis=1)[:, place]
    return np.where(np.isfinite(floor), floor, LOWEST)


def _worth_of_a_place(kept: _Kept, shape: tuple[int, ...]) -> float:
    """What being left without a bed counts: less than any values together, so that it never pays."""
    if not len(kept.value):
        return -1.0
    ranks = np.abs(kept.value).max() * 2.0
    return -float(ranks * (min(shape) + 1) + 1.0)


def _solve(kept: _Kept, shape: tuple[int, ...], missing: float) -> Ints:
    """The best pairing over the kept values; a bed numbered from the count of beds on means none."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    children, beds = shape
    if not children:
        return np.zeros(0, dtype=np.int64)
    ends = kept.start[1:]
    top = kept.value.max(initial=0.0) + 1.0
    cost = np.insert(top - kept.value, ends, top - missing)
    used = np.flatnonzero(np.bincount(kept.bed, minlength=beds))
    numbers = np.zeros(beds, dtype=np.int64)
    numbers[used] = np.arange(len(used))
    place = np.insert(numbers[kept.bed], ends, len(used) + np.arange(children)).astype(np.int32)
    start = (kept.start + np.arange(children + 1)).astype(np.int32)
    graph = csr_array((cost, place, start), shape=(children, len(used) + children))
    child, bed = min_weight_full_bipartite_matching(graph)
    found = np.empty(children, dtype=np.int64)
    found[child] = np.append(used, beds + np.arange(children))[bed]
    return found


def _prices(kept: _Kept, bed: Ints, shape: tuple[int, ...], missing: float) -> tuple[Floats, Floats]:
    """The lowest prices of beds (and with them the highest worth of children) at which nobody would rather move.

    A bed must cost what the child who wants it most would gain by it; each rise may make its present child look further.
    """
    children, beds = shape
    child = kept.child
    own = np.full(children, missing)
    is_own = kept.bed == bed[child]
    own[child[is_own]] = kept.value[is_own]
    price = np.zeros(beds + children)
    gain = kept.value - own[child]
    order = np.argsort(kept.bed, kind="stable")
    by_bed, heads = np.unique(kept.bed[order], return_index=True)
    gain, mover = gain[order], bed[child[order]]
    slack = TOLERANCE * max(1.0, float(np.abs(gain).max(initial=0.0)))
    for _ in range(children + 1):
        asked = np.maximum.reduceat(gain + price[mover], heads) if len(heads) else np.zeros(0)
        rising = asked > price[by_bed] + slack
        if not rising.any():
            break
        price[by_bed[rising]] = asked[rising]
    return own - price[bed], price


def _missed(
    table: Floats, kept: _Kept, child_worth: Floats, bed_worth: Floats, tolerance: float
) -> tuple[_Kept | None, float]:
    """What was left out and would do better at these prices; only children whose worth lies below their floor can have any."""
    excess = float((kept.value - child_worth[kept.child] - bed_worth[kept.bed]).max(initial=0.0))
    found: list[tuple[Ints, Ints]] = []
    for rows, over in _over(table, np.flatnonzero(child_worth < kept.floor), child_worth, bed_worth):
        excess = max(excess, float(over.max(initial=0.0)))
        cut = np.maximum(_at_place(over, KEEP), tolerance)
        child, bed = np.nonzero(over > cut[:, None])
        found.append((rows[child], bed))
    child = np.concatenate([each for each, _ in found]) if found else np.zeros(0, dtype=np.int64)
    if not len(child):
        return None, excess
    return _with(table, kept, child, np.concatenate([each for _, each in found])), excess


def _over(table: Floats, rows: Ints, child_worth: Floats, bed_worth: Floats) -> Iterator[tuple[Ints, Floats]]:
    """By how much each value exceeds the prices, a block of children at a time."""
    prices = bed_worth[: table.shape[1]]
    for first in range(0, len(rows), ROWS_AT_ONCE):
        block = rows[first : first + ROWS_AT_ONCE]
        over = table[block] - prices
        over -= child_worth[block][:, None]
        yield block, np.nan_to_num(over, copy=False, nan=-np.inf, neginf=-np.inf)


def _at_place(over: Floats, place: int) -> Floats:
    """The value at a place from the top of each row."""
    if over.shape[1] <= place:
        return np.full(len(over), -np.inf)
    at: Floats = -np.partition(-over, place, axis=1)[:, place]
    return at


def _with(table: Floats, kept: _Kept, child: Ints, bed: Ints) -> _Kept:
    """The kept values and more."""
    beds = max(table.shape[1], 1)
    keys = np.unique(np.concatenate([kept.child * beds + kept.bed, child * beds + bed]))
    children, places = np.divmod(keys, beds)
    start = np.searchsorted(children, np.arange(len(table) + 1))
    return _Kept(start, places, table[children, places], kept.floor)
