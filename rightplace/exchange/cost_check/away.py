"""Nights away in the list of placements: how many are paid in full, and which share of the price after them.

A row with "Away from" is an absence of its stay: from the first night away up to the first night back ("Back on"; blank: still
away). So many nights are paid in full ("Paid in full for"), and after them the share that the contract gives ("Paid while
away"): a retainer, or nothing. What is charged once is touched by no absence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rightplace.core.pricing.running import NO_END, Ints
from rightplace.exchange.cost_check.columns import NOT_GIVEN, Columns

WHOLE = 10_000
HUNDRED = 100


@dataclass(frozen=True, slots=True, order=True)
class Away:
    """Nights that are paid in part: days from `start` up to `end`, and the share in basis points."""

    start: int
    end: int
    share: int


def absences(placements: Columns) -> list[Away | None]:
    """The nights of each row that are paid in part; None where a row has no absence, or all of it is paid in full."""
    first, back = placements.number("away_from"), placements.number("back_on")
    full, share = placements.number("away_full"), placements.number("away_share")
    begins = first + np.where(full == NOT_GIVEN, 0, full // HUNDRED)
    ends = np.where(back == NOT_GIVEN, NO_END, back)
    rows = zip(first.tolist(), begins.tolist(), ends.tolist(), share.tolist(), strict=True)
    return [
        Away(start, end, part) if at != NOT_GIVEN and start < end and part != WHOLE else None
        for at, start, end, part in rows
    ]


def contradictions(placements: Columns) -> dict[int, tuple[str, str]]:
    """Rows that name an absence by halves: no share, back before it began, or a share without a first night."""
    first, back = placements.number("away_from"), placements.number("back_on")
    share, full = placements.number("away_share"), placements.number("away_full")
    has, gives = first != NOT_GIVEN, (share != NOT_GIVEN) | (full != NOT_GIVEN) | (back != NOT_GIVEN)
    found = dict.fromkeys(
        np.flatnonzero(has & (share == NOT_GIVEN)).tolist(),
        ("away_share", "Say which share of the price is paid while away, such as 50% or 0%."),
    )
    found |= dict.fromkeys(
        np.flatnonzero(has & (back != NOT_GIVEN) & (back <= first)).tolist(),
        ("back_on", "The first night back is after the first night away."),
    )
    found |= dict.fromkeys(
        np.flatnonzero(~has & gives).tolist(),
        ("away_from", "Say from which night the child was away."),
    )
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Rates cut where nights away begin and end: `of` is the row of each piece, `share` what is paid, in basis points."""

    of: Ints
    start: Ints
    end: Ints
    share: Ints


def cut(
    contract: Ints, start: Ints, end: Ints, untouched: Ints, away: Mapping[int, Sequence[Away]]
) -> Pieces:
    """Rates (rows of a contract, from `start` up to `end`) in pieces by what is paid; pieces of a share of nothing stay out.

    `untouched` is above zero for rows that no absence touches.
    """
    touched = np.flatnonzero((untouched == 0) & np.isin(contract, list(away)))
    whole = np.ones(len(contract), dtype=bool)
    whole[touched] = False
    rows = np.flatnonzero(whole)
    pieces = [
        (row, *piece)
        for row in touched.tolist()
        for piece in _cut(int(start[row]), int(end[row]), away[int(contract[row])])
    ]
    more = np.array(pieces, dtype=np.int64).reshape(-1, 4)
    return Pieces(
        np.concatenate([rows, more[:, 0]]), np.concatenate([start[rows], more[:, 1]]),
        np.concatenate([end[rows], more[:, 2]]), np.concatenate([np.full(len(rows), WHOLE), more[:, 3]]),
    )  # fmt: skip


def _cut(start: int, end: int, away: Sequence[Away]) -> list[tuple[int, int, int]]:
    """One rate in pieces: in full but for the nights away. Where absences overlap the earlier one decides."""
    found: list[tuple[int, int, int]] = []
    at = start
    for one in sorted(away):
        first, last = max(one.start, at), min(one.end, end)
        if first < last:
            found += [(at, first, WHOLE), (first, last, one.share)]
            at = last
    found.append((at, end, WHOLE))
    return [piece for piece in found if piece[0] < piece[1] and piece[2]]
