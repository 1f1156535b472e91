"""Which children are likely to have a third placement this year: a stated rule with its reasons, no prediction.

A child is told of who has lived in one placement fewer than the indicator counts (two, of three) within the twelve months
that end today, and whose present one is younger than six months or has signs that add up to the stability watch. Both are
published as what goes before another move: an earlier move in the year, and a young placement. Source of the count: national
indicator 62; of the signs: the stability watch (docs/how-it-works/quality.md).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from rightplace.core.indicators.record import Record, Stated, day, last_day, looked_after
from rightplace.core.periods import Period


@dataclass(frozen=True, slots=True)
class LikelyMove:
    """A child who may be counted soon: placements so far in the year, nights in the present one, and why."""

    child: int
    placements: int
    nights: int
    why: tuple[str, ...]


def likely_moves(record: Record, year: Period, stated: Stated, watched: Collection[int]) -> list[LikelyMove]:
    """Children one placement short of the indicator who have at least one reason; `watched` are children with signs.

    The most reasons first, then the youngest placement.
    """
    on, stays = last_day(year), record.stays
    last, began = record.homes
    within = (began < day(year.closed_end)) & (stays.ends_on[last] > day(year.start))
    child, many = np.unique(stays.child[last[within]], return_counts=True)
    short = child[many == stated.placements_from - 1]
    now = np.flatnonzero((stays.ends_on[last] > on) & (began <= on))
    since = dict(zip(stays.child[last[now]].tolist(), began[now], strict=True))
    found = []
    for one in np.intersect1d(short, looked_after(record, on)).tolist():
        nights = int((on - since[one]).astype(int)) if one in since else 0
        why = _reasons(is_young=nights < stated.young_days, is_placed=one in since, is_watched=one in watched)
        if why:
            found.append(LikelyMove(one, stated.placements_from - 1, nights, why))
    return sorted(found, key=lambda row: (-len(row.why), row.nights, row.child))


def _reasons(*, is_young: bool, is_placed: bool, is_watched: bool) -> tuple[str, ...]:
    if not is_placed:
        return ("has no placement on record today",)
    young = ("lives there for less than six months",) if is_young else ()
    return (*young, "the home or the social worker told of signs") if is_watched else young
