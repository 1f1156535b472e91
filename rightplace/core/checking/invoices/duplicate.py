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
    pence, other = np.zeros(len(left.row), dtype=np.int64), np.full(len(left.row), -1, dtype=np.int64)
    for back in range(left.longest - 1, 0, -1):
        later, earlier = left.pairs(back)
        again = _billed_again(left, later, earlier)
        is_again = again > 0
        pence[later[is_again]] = np.maximum(pence[later[is_again]], again[is_again])
        other[later[is_again]] = left.row[earlier[is_again]]
    pence = _within_excess(left, pence)
    return left.found(Outcome.DUPLICATE, pence > 0, pence, other), left.without(pence)


def _billed_again(left: Unexplained, later: Ints, earlier: Ints) -> Ints:
    """What each line asks for nights that an earlier line asked as much for; 0 for the others."""
    shared = np.minimum(left.end[later], left.end[earlier]) - np.maximum(
        left.start[later], left.start[earlier]
    )
    shared = shared.astype(np.int64)
    nights = np.maximum(left.nights, 1)
    own, theirs = left.left[later] * nights[earlier], left.left[earlier] * nights[later]
    is_alike = (shared > 0) & (own > 0) & (theirs > 0) & (np.abs(own - theirs) * ALIKE <= theirs)
    asked = np.where(
        2 * shared >= nights[later], left.left[later], left.left[later] * shared // nights[later]
    )
    return np.where(is_alike, asked, 0)


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
