"""A credit note and the charge that it undoes: neither is owed, and neither is a duplicate of what is billed after it."""

from __future__ import annotations

import numpy as np

from rightplace.core.checking.invoices.unexplained import Unexplained


def settle(left: Unexplained) -> Unexplained:
    """The same with each credit set against the nearest earlier charge of the same nights and amount."""
    owed = left.left.copy()
    for back in range(1, left.longest):
        later, earlier = left.pairs(back)
        is_undone = (owed[later] < 0) & (np.abs(owed[later] + owed[earlier]) <= left.claims.tolerance.pence)
        is_undone &= (left.start[later] == left.start[earlier]) & (left.end[later] == left.end[earlier])
        owed[later[is_undone]] = 0
        owed[earlier[is_undone]] = 0
    return left.without(left.left - owed)
