"""Expected, and not invoiced: nights of a contract that no line has billed, or whose billing was credited in full."""

from __future__ import annotations

import numpy as np

from rightplace.core.checking.invoices.billed import Stretches
from rightplace.core.checking.invoices.columns import UNKNOWN, Findings, Outcome
from rightplace.core.checking.invoices.matching import Claims
from rightplace.core.pricing.running import Days, Ints

CLAUSE = "payment.all"


def find(claims: Claims, stretches: Stretches, first: int, last: int) -> Findings:
    """The nights of each stay from day `first` up to `last` outside every stretch; what they come to is at stake."""
    covering = stretches.net > 0
    contract, start, end = stretches.contract[covering], stretches.start[covering], stretches.end[covering]
    owner, begins, ends = _gaps(claims, contract, start, end, first, last)
    expected = claims.contracts.expected(owner, begins, ends)
    is_missed = expected > claims.tolerance.pence
    return Findings.of(
        Outcome.MISSED, np.full(int(is_missed.sum()), UNKNOWN), expected[is_missed],
        contract=owner[is_missed], start=begins[is_missed], end=ends[is_missed],
    )  # fmt: skip


def _gaps(
    claims: Claims, contract: Ints, start: Days, end: Days, first: int, last: int
) -> tuple[Ints, Days, Days]:
    """For each contract, what lies between its stretches within its stay and the days asked for."""
    contracts = claims.contracts
    opens, closes = np.clip(contracts.start, first, last), np.clip(contracts.end, first, last)
    every = np.arange(len(contracts))
    # Each stretch closes the gap before it; the end of the stay closes the last.
    owner = np.concatenate([contract, every])
    until = np.concatenate([start, closes])
    after = np.concatenate([end, closes])
    order = np.argsort(owner, kind="stable")
    owner, until, after = owner[order], until[order], after[order]
    since = np.empty_like(until)
    since[1:] = after[:-1]
    is_first = np.ones(len(owner), dtype=bool)
    is_first[1:] = owner[1:] != owner[:-1]
    since[is_first] = opens[owner[is_first]]
    since, until = np.maximum(since, opens[owner]), np.minimum(until, closes[owner])
    is_gap = since < until
    return owner[is_gap], since[is_gap].astype(np.int32), until[is_gap].astype(np.int32)
