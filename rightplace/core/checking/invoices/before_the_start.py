"""Nights before the child arrived."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rightplace.core.checking.invoices.columns import Findings, Outcome
from rightplace.core.checking.invoices.unexplained import Unexplained

CLAUSE = "period.start"


def find(left: Unexplained) -> tuple[Findings, Unexplained]:
    """Those nights, at the line's own price of a night, are at stake; the rest of the line goes on to the next check."""
    begins = np.minimum(np.maximum(left.contracts.start[left.contract], left.start), left.end)
    is_before = (begins > left.start) & (left.left > 0) & (left.excess > 0)
    pence = np.where(is_before, left.left * (begins - left.start) // np.maximum(left.nights, 1), 0)
    found = replace(left, end=begins).found(Outcome.BEFORE_THE_START, is_before, pence)
    return found, replace(left.without(pence), start=np.where(is_before, begins, left.start))
