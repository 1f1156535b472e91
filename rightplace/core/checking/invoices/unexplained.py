"""What is left to explain of lines whose stretch does not come to what is expected. Each check takes away what it explains,
so that no penny is found twice."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rightplace.core.checking.invoices.billed import Stretches
from rightplace.core.checking.invoices.columns import Contracts, Findings, InvoiceLines, Outcome
from rightplace.core.checking.invoices.matching import Claims
from rightplace.core.pricing.running import Days, Ints

MOST_COMPARED = 24
"""How many lines back in a stretch each line is compared: a year of months, each credited once."""


@dataclass(frozen=True, slots=True, eq=False)
class Unexplained:
    """The lines of stretches that are off, in order of stretch and row.

    `row` is the place in the claims; `start` up to `end` the nights, narrowed to the stay once those outside are explained;
    `left` the net pence that no check has explained away. `group` numbers the stretches from 0; `expected`, `allowed` are
    theirs.
    """

    claims: Claims
    row: Ints
    group: Ints
    start: Days
    end: Days
    left: Ints
    expected: Ints
    allowed: Ints

    @property
    def lines(self) -> InvoiceLines:
        """The lines themselves."""
        return self.claims.lines.taken(self.row)

    @property
    def contract(self) -> Ints:
        """Each line's contract."""
        return self.claims.lines.contract[self.row]

    @property
    def contracts(self) -> Contracts:
        """All contracts."""
        return self.claims.contracts

    @property
    def nights(self) -> Ints:
        """The nights between the dates as they stand."""
        return (self.end - self.start).astype(np.int64)

    @property
    def group_left(self) -> Ints:
        """What is left in each stretch."""
        return np.bincount(self.group, self.left, len(self.expected)).astype(np.int64)

    @property
    def excess(self) -> Ints:
        """For each line, by how much its stretch is above what is expected; 0 within the tolerance."""
        above = self.group_left - self.expected
        return np.where(above > self.allowed, above, 0)[self.group]

    @property
    def longest(self) -> int:
        """The most lines of a stretch, as far back as lines are compared."""
        return min(int(np.bincount(self.group).max(initial=0)), MOST_COMPARED)

    def pairs(self, back: int) -> tuple[Ints, Ints]:
        """The places of each line and of the one so many before it in the same stretch."""
        later = np.arange(back, len(self.row))
        later = later[self.group[later] == self.group[later - back]]
        return later, later - back

    def without(self, explained: Ints) -> Unexplained:
        """The same less what was explained of each line. What is then left of it may be a penny off for each night:
        providers round the price of a night."""
        nights = np.where(explained != 0, np.maximum(self.nights, 1), 0)
        allowed = self.allowed + np.bincount(self.group, nights, len(self.expected)).astype(np.int64)
        return replace(self, left=self.left - explained, allowed=allowed)

    def found(
        self, outcome: Outcome, at: NDArray[np.bool_], pence: Ints, other: Ints | None = None
    ) -> Findings:
        """Findings about the lines at a mask, for their nights."""
        return Findings.of(
            outcome, self.row[at], pence[at], other=-1 if other is None else other[at], contract=self.contract[at],
            start=self.start[at], end=self.end[at],
        )  # fmt: skip


def unexplained(claims: Claims, stretches: Stretches, is_off: NDArray[np.bool_]) -> Unexplained:
    """What there is to explain."""
    at = np.flatnonzero(is_off[stretches.stretch])
    numbers = np.cumsum(is_off) - 1
    row, group = stretches.order[at], numbers[stretches.stretch[at]]
    order = np.lexsort((row, group))
    row, group = row[order], group[order]
    expected = stretches.expected[is_off]
    allowed = claims.allowed(expected, stretches.lines[is_off])
    lines = claims.lines
    return Unexplained(
        claims, row, group, lines.start[row], lines.end[row], lines.net[row], expected, allowed
    )
