"""The value of rows for a referral: the share of each soft criterion, weighed by the policy, in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rightplace.core.matching.asked import Asked
from rightplace.core.matching.market import Rows
from rightplace.core.matching.shoulds import SHOULDS, Shares, Should

Values = NDArray[np.int64]
_LAST_RANK = np.int64(2**31 - 1)
_VALUE_BITS, _OWN_BITS = np.int64(32), np.int64(31)


@dataclass(frozen=True, slots=True, eq=False)
class Valued:
    """Rows with their shares (one array per criterion in use, thousandths) and their value: weights times shares."""

    asked: Asked
    rows: Rows
    used: tuple[Should, ...]
    weights: tuple[int, ...]
    shares: tuple[Shares, ...]
    values: Values

    @property
    def of(self) -> int:
        """The sum of the weights in use."""
        return sum(self.weights)

    def tenths(self, places: Rows | slice = slice(None)) -> Values:
        """Scores of these places in `rows`, or of all, in tenths of a point, half up."""
        of = max(self.of, 1)
        found: Values = (2 * self.values[places] + of) // (2 * of)
        return found

    def order(self, values: Values | None = None) -> Values:
        """One number per row that puts them in order: value, then own carers, then the order of the keys."""
        market = self.asked.market
        found = (self.values if values is None else values) << _VALUE_BITS
        found |= market.is_own.take(self.rows).astype(np.int64) << _OWN_BITS
        found |= _LAST_RANK - market.key_rank.take(self.rows)
        return found

    def best(self, many: int) -> Rows:
        """The places in `rows` of the best so many, best first."""
        order = self.order()
        if many < len(order):
            top = np.argpartition(order, len(order) - many)[len(order) - many :]
            return top[np.argsort(-order[top])]
        return np.argsort(-order)

    def value_without(self, code: str) -> Values:
        """Values with one criterion left out."""
        values = self.values
        for should, weight, shares in zip(self.used, self.weights, self.shares, strict=True):
            if should.code == code:
                values = values - shares.astype(np.int64) * weight
        return values


def used_by(asked: Asked) -> tuple[tuple[Should, ...], tuple[int, ...]]:
    """The criteria that a referral uses and a policy weighs, with their weights in hundredths of a point."""
    pairs = [(should, asked.policy.steps(should.code)) for should in SHOULDS if should.is_used(asked)]
    weighed = [(should, weight) for should, weight in pairs if weight]
    return tuple(should for should, _ in weighed), tuple(weight for _, weight in weighed)


def value_rows(asked: Asked, rows: Rows) -> Valued:
    """The value of these rows of the market."""
    used, weights = used_by(asked)
    shares = tuple(should.earned(asked, rows) for should in used)
    values = np.zeros(len(rows), dtype=np.int32)
    for weight, share in zip(weights, shares, strict=True):
        values += share * np.int32(weight)
    return Valued(asked, rows, used, weights, shares, values.astype(np.int64))
