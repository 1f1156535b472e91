"""The contract is for another child than the one that the line names."""

from __future__ import annotations

import numpy as np

from rightplace.core.checking.invoices.columns import UNKNOWN, Findings, Outcome
from rightplace.core.checking.invoices.matching import Claims

CLAUSE = "child"


def find(claims: Claims) -> Findings:
    """The whole line is at stake until somebody says which child was meant."""
    lines = claims.lines
    if not len(claims.contracts):
        return Findings.of(Outcome.WRONG_CHILD, [], [])
    is_other = (lines.child != UNKNOWN) & (claims.contracts.child[lines.contract] != lines.child)
    rows = np.flatnonzero(claims.is_placed & is_other)
    return Findings.of(
        Outcome.WRONG_CHILD, rows, lines.net[rows], contract=lines.contract[rows],
        start=lines.start[rows], end=lines.end[rows],
    )  # fmt: skip
