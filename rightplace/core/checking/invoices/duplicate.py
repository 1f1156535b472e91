"""The same nights billed again: on the same invoice or another, under any number, with the same or re-keyed dates.

The number of an invoice is no evidence and is not looked at. What counts is that an earlier line of the contract asks the
same for a night, for nights of this line, and that the stretch is above what is expected by as much. So two halves of a
shared cost, or a fee and a support line, are not taken for duplicates, and a charge that was credited may come again.
"""

from __future__ import annotations

import numpy as np

from rightplace.core.checking.invoices.columns import Findings, Outcome
from rightplace.core.checking.invoices.unexplained import Unexplained
from rightplace.core.pricing.running import Ints

CLAUSE = "payment.once"
ALIKE = 50
"""One part in so many by which two prices of a night may differ and be the same (2%)."""


def find(left: Unexplained) -> tuple[Findings, Unexplained]:
    """What the later line asks for nights already billed is at stake: all of it where that is most of them."""
    billed, other = np.zeros(len(left.row), dtype=np.int64), np.full(len(left.row), -1, dtype=np.int64)
    for back in range(left.longest - 1, 0, -1):
        later, earlier = left.pairs(back)
        shared = _billed_before(left, later, earlier)
        is_again = shared > 0
        billed[later[is_again]] += shared[is_again]
        is_named = is_again & ((other[later] < 0) | (2 * shared >= left.nights[later]))
        other[later[is_named]] = left.row[earlier[is_named]]
    nights = np.maximum(left.nights, 1)
    asked = np.where(2 * billed >= nights, left.left, left.left * billed // nights)
    pence = _within_excess(left, np.where(billed > 0, asked, 0))
    return left.found(Outcome.DUPLICATE, pence > 0, pence, other), left.without(pence)


def _billed_before(left: Unexplained, later: Ints, earlier: Ints) -> Ints:
    """The nights of each line for which an earlier line asked as much; 0 for the others."""
    shared = np.minimum(left.end[later], left.end[earlier]) - np.maximum(
        left.start[later], left.start[earlier]
    )
    nights = np.maximum(left.nights, 1)
    own, theirs = left.left[later] * nights[earlier], left.left[earlier] * nights[later]
    is_alike = (shared > 0) & (own > 0) & (theirs > 0) & (np.abs(own - theirs) * ALIKE <= theirs)
    return np.where(is_alike, shared, 0).astype(np.int64)


def _within_excess(left: Unexplained, pence: Ints) -> Ints:
    """The same, no more in a stretch than it is above what is expected; nothing where it is less than half above.

    A re-keyed duplicate may name a few nights that were not billed before, so it need not be above by all that it asks.
    """
    many = len(left.expected)
    asked = np.bincount(left.group, pence, many).astype(np.int64)
    above = left.group_left - left.expected
    is_above = asked <= 2 * above
    before = np.cumsum(pence) - pence
    first = np.searchsorted(left.group, np.arange(many))
    before = before - before[first][left.group] if len(pence) else before
    within = np.clip(above[left.group] - before, 0, pence)
    return np.where(is_above[left.group], within, 0)
