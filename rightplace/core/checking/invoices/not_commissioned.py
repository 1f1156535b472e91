"""Nobody agreed to this: no contract of the provider for the child, or a contract that is another provider's."""

from __future__ import annotations

import numpy as np

from rightplace.core.checking.invoices.columns import Findings, Outcome
from rightplace.core.checking.invoices.matching import Claims

CLAUSE = "parties"


def find(claims: Claims) -> Findings:
    """The whole line is at stake."""
    rows = np.flatnonzero(~claims.is_placed)
    lines = claims.lines
    return Findings.of(
        Outcome.NOT_COMMISSIONED, rows, lines.net[rows], contract=lines.contract[rows],
        start=lines.start[rows], end=lines.end[rows],
    )  # fmt: skip
