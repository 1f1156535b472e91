"""Less than was agreed for the nights billed: a line that is missing in part, or an old rate."""

from __future__ import annotations

import numpy as np

from rightplace.core.checking.invoices.columns import Findings, Outcome
from rightplace.core.checking.invoices.unexplained import Unexplained

CLAUSE = "price.rate"


def find(left: Unexplained) -> Findings:
    """What falls short of the stretch is at stake, put to its first line. Nothing for nights that were credited in full."""
    short = left.expected - left.group_left
    is_short = (short > left.allowed) & (left.group_left > 0)
    is_first = np.ones(len(left.row), dtype=bool)
    is_first[1:] = left.group[1:] != left.group[:-1]
    return left.found(Outcome.UNDERCHARGED, is_first & is_short[left.group], short[left.group])
