"""Nights in the middle of a line that are not paid, or not in full: the child was away, and the line asks the full price."""

from __future__ import annotations

import numpy as np

from rightplace.core.checking.invoices.columns import Findings, Outcome
from rightplace.core.checking.invoices.unexplained import Unexplained

CLAUSE = "nights.away"


def find(left: Unexplained) -> tuple[Findings, Unexplained]:
    """What the line asks beyond its nights' price is at stake, where it asks the price of its first night, which is also
    that of its last, for all of them. So a new rate from a date is not taken for an absence."""
    first = left.contracts.expected(left.contract, left.start, left.start + 1)
    last = left.contracts.expected(left.contract, left.end - 1, left.end)
    full = left.nights * np.maximum(first, last)
    is_full = (np.abs(first - last) <= 1) & (first > 0) & (np.abs(left.left - full) <= left.nights)
    own = left.contracts.expected(left.contract, left.start, left.end)
    pence = np.where(is_full, np.minimum(left.left - own, left.excess), 0)
    is_away = pence > left.nights
    return left.found(Outcome.NIGHTS_AWAY, is_away, pence), left.without(np.where(is_away, pence, 0))
