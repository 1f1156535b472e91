"""Nights after the child had left: the day of leaving is not paid, nor what follows, unless the contract says so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rightplace.core.checking.invoices.columns import Findings, Outcome
from rightplace.core.checking.invoices.unexplained import Unexplained

CLAUSE = "period.end"


def find(left: Unexplained) -> tuple[Findings, Unexplained]:
    """Those nights, at the line's own price of a night, are at stake; the rest of the line goes on to the next check."""
    ends = np.maximum(np.minimum(left.contracts.end[left.contract], left.end), left.start)
    is_after = (ends < left.end) & (left.left > 0) & (left.excess > 0)
    pence = np.where(is_after, left.left * (left.end - ends) // np.maximum(left.nights, 1), 0)
    found = replace(left, start=ends).found(Outcome.AFTER_THE_END, is_after, pence)
    return found, replace(left.without(pence), end=np.where(is_after, ends, left.end))
