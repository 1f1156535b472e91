"""Quantity times rate is not the amount of the line."""

from __future__ import annotations

import numpy as np

from rightplace.core.checking.invoices.columns import Findings, Outcome, stated_amount
from rightplace.core.checking.invoices.matching import Claims
from rightplace.core.pricing.columns import HUNDREDTHS
from rightplace.core.pricing.running import Ints

CLAUSE = "invoice.arithmetic"


def find(claims: Claims) -> tuple[Findings, Ints]:
    """What the line asks beyond its own arithmetic is at stake (or falls short of it); and that excess for every line.

    Quantities are rounded to hundredths, so that a week's rate may be off by half a hundredth of it.
    """
    lines = claims.lines
    off = np.abs(lines.net) - stated_amount(lines)
    allowed = claims.tolerance.pence + (lines.rate + 2 * HUNDREDTHS - 1) // (2 * HUNDREDTHS)
    is_wrong = (lines.quantity > 0) & (lines.rate > 0) & (np.abs(off) > allowed)
    rows = np.flatnonzero(is_wrong)
    excess = np.where(is_wrong & (off > 0), off * np.sign(lines.net), 0)
    found = Findings.of(
        Outcome.ARITHMETIC_WRONG, rows, np.abs(off[rows]), contract=lines.contract[rows],
        start=lines.start[rows], end=lines.end[rows],
    )  # fmt: skip
    return found, excess
