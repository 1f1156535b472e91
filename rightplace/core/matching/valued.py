"""The value of rows for a referral: the share of each soft criterion, weighed by the policy, in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rightplace.core.matching.asked import Asked
from rightplace.core.matching.market import Rows
from rightplace.core.matching.shoulds import FULL, SHOULDS, Shares, Should

Values = NDArray[np.int64]
_LAST_RANK = np.int64(2**31 - 1)
_VALUE_BITS, _OWN_BITS = np.int64(32), np.int64(31)
MOST_LEFT = 0.3
WORTH_IT = 10
BLOCK = 16_384
"""Rows are left out once at most three tenths of the weights are to come, while a block holds ten times the best asked for."""


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
    shares = tuple(should.shares(asked, rows) for should in used)
    values = np.zeros(len(rows), dtype=np.int32)
    for weight, share in zip(weights, shares, strict=True):
        values += share * np.int32(weight)
    return Valued(asked, rows, used, weights, shares, values.astype(np.int64))


def contenders(asked: Asked, rows: Rows, many: int, block: int = BLOCK) -> Valued:
    """Those of these rows that can come among the best so many, valued; few more than those, and all that tie.

    Rows are looked at in blocks that stay in the processor's nearest memory. The best so many of the blocks before are what a
    row of the next must reach.
    """
    parts: list[Valued] = []
    reached = 0
    for first in range(0, max(len(rows), 1), block):
        part = _contenders(asked, rows[first : first + block], many, reached)
        parts.append(part)
        if len(part.rows) >= many:
            reached = max(reached, _last_of_best(part.values, many))
    return parts[0] if len(parts) == 1 else _joined(parts)


def _contenders(asked: Asked, rows: Rows, many: int, reached: int) -> Valued:
    """Those of a block that can; so many have `reached` this value already.

    The heaviest criteria are looked at first. A row whose value so far, with full marks in all that is left, stays below what
    the last of the best so many has already cannot come among them: it is looked at no further.
    """
    used, weights = used_by(asked)
    left = sum(weights)
    shares: dict[int, Shares] = {}
    values = np.zeros(len(rows), dtype=np.int32)
    for place in sorted(range(len(used)), key=lambda place: -weights[place]):
        if len(rows) > WORTH_IT * many and left <= sum(weights) * MOST_LEFT:
            reached = max(reached, _last_of_best(values, many))
            kept = np.flatnonzero(values >= np.int32(reached - left * FULL))
            if len(kept) < len(rows):
                rows, values = asked.narrowed(rows, kept), values[kept]
                shares = {known: share[kept] for known, share in shares.items()}
        shares[place] = used[place].shares(asked, rows)
        values += shares[place] * np.int32(weights[place])
        left -= weights[place]
    told = tuple(shares[place] for place in range(len(used)))
    return Valued(asked, rows, used, weights, told, values.astype(np.int64))


def _last_of_best(values: NDArray[Any], many: int) -> int:
    """The value of the last of the best so many."""
    return int(np.partition(values, len(values) - many)[len(values) - many])


def _joined(parts: list[Valued]) -> Valued:
    first = parts[0]
    shares = tuple(np.concatenate(each) for each in zip(*(part.shares for part in parts), strict=True))
    rows, values = (
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.values for part in parts]),
    )
    return Valued(first.asked, rows, first.used, first.weights, shares, values)
