"""What many rate segments come to: by part, by month and budget code, by night. Closed forms, no loop over days.

For each segment and cut date there is one division; so the work grows with segments and cuts, never with nights.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from rightplace.core.money import WHOLE_IN_BASIS_POINTS
from rightplace.core.pricing.columns import Segments
from rightplace.core.pricing.running import FIRST_DAY, PARTS_OF_A_MONTH, Days, Floats, Ints, RunningTotals

_CELLS_AT_ONCE = 1 << 15
"""Totals worked out together: what is between two steps stays in the processor's cache."""
_NIGHTS_AT_ONCE = 1 << 16


@dataclass(frozen=True, slots=True, eq=False)
class NightRows:
    """One row for each night of each segment: the segment's place, the day, and the pence."""

    segment: NDArray[np.int32]
    day: Days
    pence: NDArray[np.int32] | Ints


def charged(segments: Segments, cuts: Days) -> Ints:
    """The pence of each segment in each part between successive cuts: shape (segments, parts).

    Cuts are days in rising order; what runs before the first or after the last is in no part.
    """
    return _in_rows(segments, cuts, segments.rate, segments.per)


def vat_charged(segments: Segments, cuts: Days) -> Ints:
    """The VAT on each segment in each part, by the same rule: a running total of its own, so its parts add up too."""
    common = np.gcd(segments.vat, WHOLE_IN_BASIS_POINTS)
    per = segments.per * (WHOLE_IN_BASIS_POINTS // common)
    return _in_rows(segments, cuts, segments.rate * (segments.vat // common), per)


def charged_by_share(segments: Segments, cuts: Days, shares: Sequence[int]) -> Ints:
    """The pence of each segment in each part, divided between shares (whole numbers): shape (segments, parts, shares).

    Each share takes its part of the rounded running total, as the difference of rounded totals of the shares before it and
    with it. So the shares add up to the charge and the parts of each share to its whole, to the penny, for any split.
    ValueError when a share is below zero or none is above it.
    """
    whole = sum(shares)
    if whole <= 0 or min(shares) < 0:
        raise ValueError("shares must not be negative and at least one must be above zero")
    running = _running(segments, int(cuts[-1]))
    end = np.maximum(np.minimum(segments.end, cuts[-1]), segments.start)
    totals = running.before(np.minimum(np.maximum(segments.start, cuts[:, None]), end))
    upto = np.array([0, *accumulate(shares)], dtype=np.float64)
    halves = np.floor((2 * np.abs(totals)[..., None] * upto + whole) / (2 * whole))
    divided = np.diff(np.sign(totals)[..., None] * halves, axis=2)
    return np.diff(divided, axis=0).transpose(1, 0, 2).astype(np.int64)


def totals_by_group(segments: Segments, cuts: Days, groups: Ints, many: int) -> Ints:
    """The pence of each group of segments in each part: shape (groups, parts). `groups` numbers each row from 0."""
    sums = np.zeros((len(cuts) - 1, many))
    for rows, pence in _charged(segments, cuts, segments.rate, segments.per):
        for place, part in enumerate(pence):
            # Sums of whole pence stay exact in floating point up to 2**53: ninety thousand billion pounds.
            sums[place] += np.bincount(groups[rows], part, many)
    return sums.T.astype(np.int64)


def totals_by_code(segments: Segments, cuts: Days, many: int) -> Ints:
    """The pence of each budget code in each part: shape (codes, parts)."""
    return totals_by_group(segments, cuts, segments.code, many)


def night_rows(segments: Segments, first: int, last: int) -> NightRows:
    """Every night from day `first` up to `last` of every segment, with its pence, in order of segment and day."""
    start = np.clip(segments.start, first, last)
    nights = np.maximum(np.clip(segments.end, first, last) - start, 0).astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(nights)])
    rows = _empty_rows(int(offsets[-1]), _is_large(segments))
    running = _running(segments, last)
    for block in _blocks_of_nights(offsets):
        here = slice(int(offsets[block.start]), int(offsets[block.stop]))
        running.by_night(block, start[block], nights[block], rows.day[here], rows.pence[here])
        places = np.arange(block.start, block.stop, dtype=np.int32)
        rows.segment[here] = np.repeat(places, nights[block])
    return rows


def _running(segments: Segments, last: int) -> RunningTotals:
    latest = max(last, int(segments.start.max(initial=FIRST_DAY)))
    return RunningTotals.of(
        rate=segments.rate, per=segments.per, clock=segments.clock, anchor=segments.anchor, last=latest
    )


def _in_rows(segments: Segments, cuts: Days, rate: Ints, per: Ints) -> Ints:
    pence = np.empty((len(segments), len(cuts) - 1), dtype=np.int64)
    for rows, found in _charged(segments, cuts, rate, per):
        pence[rows] = found.T
    return pence


def _charged(segments: Segments, cuts: Days, rate: Ints, per: Ints) -> Iterator[tuple[slice, Floats]]:
    """Block by block, the pence of each part of each segment: shape (parts, segments of the block)."""
    latest = max(int(cuts[-1]), int(segments.start.max(initial=FIRST_DAY)))
    for rows in _blocks(len(segments), _CELLS_AT_ONCE // len(cuts)):
        start, clock, anchor = segments.start[rows], segments.clock[rows], segments.anchor[rows]
        running = RunningTotals.of(rate=rate[rows], per=per[rows], clock=clock, anchor=anchor, last=latest)
        end = np.maximum(np.minimum(segments.end[rows], cuts[-1]), start)
        total = running.before(np.minimum(np.maximum(start, cuts[:, None]), end))
        yield rows, total[1:] - total[:-1]


def _empty_rows(many: int, is_large: bool) -> NightRows:
    pence = np.empty(many, np.int64) if is_large else np.empty(many, np.int32)
    return NightRows(np.empty(many, np.int32), np.empty(many, np.int32), pence)


def _is_large(segments: Segments) -> bool:
    """Whether a night may cost more than 32 bits hold (£21 million)."""
    most = np.abs(segments.rate) / segments.per * np.array([1, PARTS_OF_A_MONTH / 28])[segments.clock]
    return bool(most.max(initial=0) >= 2**31 - 2)


def _blocks(many: int, size: int) -> Iterator[slice]:
    return (slice(at, min(at + size, many)) for at in range(0, many, size))


def _blocks_of_nights(offsets: Ints) -> Iterator[slice]:
    at, many = 0, len(offsets) - 1
    while at < many:
        after = int(np.searchsorted(offsets, offsets[at] + _NIGHTS_AT_ONCE, side="right")) - 1
        after = max(after, at + 1)
        yield slice(at, after)
        at = after
