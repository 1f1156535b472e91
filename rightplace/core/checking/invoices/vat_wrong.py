"""The VAT on the line is not what the contract's treatment gives."""

from __future__ import annotations

import numpy as np

from rightplace.core.checking.invoices.columns import Findings, Outcome
from rightplace.core.checking.invoices.matching import Claims
from rightplace.core.money import WHOLE_IN_BASIS_POINTS

CLAUSE = "price.vat"


def find(claims: Claims) -> Findings:
    """The difference is at stake; a penny of rounding on either side is none."""
    lines = claims.lines
    if not len(claims.contracts):
        return Findings.of(Outcome.VAT_WRONG, [], [])
    points = claims.contracts.vat[lines.contract]
    is_any = (points != 0) | (lines.vat != 0)
    rows = np.flatnonzero(is_any & claims.is_placed)
    exact = lines.net[rows] * points[rows]
    due = (2 * exact + WHOLE_IN_BASIS_POINTS) // (2 * WHOLE_IN_BASIS_POINTS)
    off = np.abs(lines.vat[rows] - due)
    is_wrong = off > 1 + claims.tolerance.pence
    rows, off = rows[is_wrong], off[is_wrong]
    return Findings.of(
        Outcome.VAT_WRONG,
        rows,
        off,
        contract=lines.contract[rows],
        start=lines.start[rows],
        end=lines.end[rows],
    )
