"""Two homes billed for one child on the same nights: both contracts run, so each bill matches its own.

It happens when a child has moved and nobody ended the first stay. The earlier home's nights from the day on which the later
one begins are at stake.
"""

from __future__ import annotations

import numpy as np

from rightplace.core.checking.invoices.billed import Stretches
from rightplace.core.checking.invoices.columns import Findings, Outcome
from rightplace.core.checking.invoices.matching import Claims
from rightplace.core.pricing.running import Days, Ints

CLAUSE = "placement.one"


def find(claims: Claims, stretches: Stretches) -> Findings:
    """The lines of the earlier home for shared nights, with a line of the later home that bills for them too."""
    one, other, start, end = claims.contracts.at_once
    contract = claims.lines.contract[stretches.order]
    pair, row = _lines_within(claims, stretches, contract, one, start, end)
    pair_other, row_other = _lines_within(claims, stretches, contract, other, start, end)
    witness = np.full(len(one), -1, dtype=np.int64)
    witness[pair_other[::-1]] = row_other[::-1]
    billed_twice = witness[pair] >= 0
    pair, row = pair[billed_twice], row[billed_twice]
    lines = claims.lines
    begins, ends = np.maximum(lines.start[row], start[pair]), np.minimum(lines.end[row], end[pair])
    pence = lines.net[row] * (ends - begins) // np.maximum(lines.nights[row], 1)
    return Findings.of(
        Outcome.DOUBLE_PLACEMENT, row, pence, other=witness[pair], contract=one[pair], start=begins, end=ends
    )


def _lines_within(
    claims: Claims, stretches: Stretches, owners: Ints, contract: Ints, start: Days, end: Days
) -> tuple[Ints, Ints]:
    """The lines of each contract for nights between two days: which pair they are for, and their rows."""
    firsts = np.searchsorted(owners, contract)
    many = np.searchsorted(owners, contract, side="right") - firsts
    pair = np.repeat(np.arange(len(contract)), many)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(many) - many, many)
    row = stretches.order[firsts[pair] + within]
    lines = claims.lines
    meets = (lines.start[row] < end[pair]) & (lines.end[row] > start[pair]) & (lines.net[row] > 0)
    return pair[meets], row[meets]
