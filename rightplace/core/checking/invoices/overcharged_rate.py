"""More for a night than was agreed: what is left of a stretch once nights and duplicates are explained."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rightplace.core.checking.invoices.columns import Findings, Outcome
from rightplace.core.checking.invoices.unexplained import Unexplained
from rightplace.core.pricing.running import Ints

CLAUSE = "price.rate"
_NEVER = -(2**62)


def find(left: Unexplained) -> tuple[Findings, Unexplained]:
    """The excess of the stretch is at stake: put to the line that is most above its own nights' price.

    Where no line alone is above it (fee and support apart), to the largest.
    """
    own = left.left - left.contracts.expected(left.contract, left.start, left.end)
    is_worst = _first_of_most(left, np.where(left.left > 0, own, _NEVER))
    is_over = is_worst & (left.excess > 0)
    pence = np.where(is_over, left.excess, 0)
    return left.found(Outcome.OVERCHARGED_RATE, is_over, pence), left.without(pence)


def _first_of_most(left: Unexplained, column: Ints) -> NDArray[np.bool_]:
    """For each stretch, the line with the most; the first of equals, the largest line before that."""
    order = np.lexsort((left.row, -left.left, -column, left.group))
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = left.group[order][1:] != left.group[order][:-1]
    worst = np.zeros(len(order), dtype=bool)
    worst[order[is_first]] = True
    return worst
