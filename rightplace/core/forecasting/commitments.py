"""What named contracts come to: by month and budget code, and how much of it is paid, approved and only committed.

All in columns: a row for each contract, a column for each month. Charges are core/pricing's, so that a commitment is to the
penny what the schedule will ask. Rule: what is paid or approved for a month counts as it is; the rest of what the contract
says is committed; nothing is committed below zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rightplace.core.pricing.columns import Segments
from rightplace.core.pricing.running import Days, Ints
from rightplace.core.pricing.totals import totals_by_code, totals_by_group


@dataclass(frozen=True, slots=True, eq=False)
class Commitments:
    """Pence of each contract in each month, all of shape (contracts, months); `contract` are their numbers, rising."""

    contract: Ints
    expected: Ints
    paid: Ints
    approved: Ints

    @property
    def committed(self) -> Ints:
        """What is contracted beyond what was paid or approved."""
        rest: Ints = np.maximum(self.expected - self.paid - self.approved, 0)
        return rest

    @property
    def outturn(self) -> Ints:
        """Paid, approved and committed together."""
        return self.paid + self.approved + self.committed

    def by_month(self) -> Ints:
        """Paid, approved and committed of each month: shape (3, months)."""
        return np.stack([part.sum(axis=0) for part in (self.paid, self.approved, self.committed)])


def contracts_in(segments: Segments) -> tuple[Ints, Ints]:
    """The numbers of the contracts in order, and for each segment the row of its contract."""
    is_new = np.ones(len(segments), dtype=bool)
    is_new[1:] = segments.placement[1:] != segments.placement[:-1]
    return segments.placement[is_new], np.cumsum(is_new) - 1


def expected(segments: Segments, cuts: Days) -> tuple[Ints, Ints]:
    """The numbers of the contracts, and what each comes to between successive cuts: shape (contracts, months)."""
    numbers, rows = contracts_in(segments)
    return numbers, totals_by_group(segments, cuts, rows, len(numbers))


def expected_by_code(segments: Segments, cuts: Days, codes: int) -> Ints:
    """What each budget code comes to between successive cuts, in pence: shape (codes, months)."""
    return totals_by_code(segments, cuts, codes)


def commitments(
    segments: Segments, cuts: Days, *, paid: Ints | None = None, approved: Ints | None = None
) -> Commitments:
    """Charges of the contracts with what was paid and approved of them, aligned row by row; none given counts as nothing."""
    numbers, due = expected(segments, cuts)
    nothing = np.zeros_like(due)
    return Commitments(
        numbers, due, nothing if paid is None else paid, nothing if approved is None else approved
    )
