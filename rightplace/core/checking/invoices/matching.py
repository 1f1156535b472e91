"""Which contract a line is for, and which nights it means.

By the contract that it names; else by provider and child, taking of the child's contracts with that provider the latest
that begins on or before the line's first night (or else the first). Dates that were transposed, start with end or day with
month, are read as meant where that alone makes the amount right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rightplace.core.checking.invoices.columns import UNKNOWN, Contracts, InvoiceLines, Tolerance
from rightplace.core.pricing.columns import HUNDREDTHS
from rightplace.core.pricing.running import FIRST_DAY, LAST_DAY, Days, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Claims:
    """Invoice lines put to their contracts: with dates as they are meant, and which rows had their dates transposed.

    `is_placed` says that a line has a contract, and that it is the provider's own.
    """

    lines: InvoiceLines
    contracts: Contracts
    tolerance: Tolerance
    is_placed: NDArray[np.bool_]
    transposed: Ints

    def allowed(self, expected: Ints, lines: Ints | int = 1) -> Ints:
        """The pence by which so many lines may differ from what is expected."""
        return allowed(self.tolerance, expected, lines)


def claims_of(lines: InvoiceLines, contracts: Contracts, tolerance: Tolerance) -> Claims:
    """The lines with their contracts found and their dates read as meant."""
    if (unplaced := np.flatnonzero(lines.contract < 0)).size and len(contracts):
        contract = lines.contract.copy()
        contract[unplaced] = contract_of_child(lines.taken(unplaced), contracts)
        lines = replace(lines, contract=contract)
    none = np.zeros(0, dtype=np.int64)
    return _read_as_meant(Claims(lines, contracts, tolerance, _is_placed(lines, contracts), none))


def _is_placed(lines: InvoiceLines, contracts: Contracts) -> NDArray[np.bool_]:
    if not len(contracts):
        return np.zeros(len(lines), dtype=bool)
    is_own: NDArray[np.bool_] = contracts.provider[lines.contract] == lines.provider
    is_own |= lines.provider == UNKNOWN
    is_own &= lines.contract >= 0
    return is_own


def contract_of_child(lines: InvoiceLines, contracts: Contracts) -> Ints:
    """For each line the child's contract with its provider that had begun, the latest; or else the first."""
    known = (lines.child >= 0) & (lines.child < len(contracts.first_of_child) - 1)
    child = np.where(known, lines.child, len(contracts.first_of_child) - 2)
    at, many = contracts.first_of_child[child], np.diff(contracts.first_of_child)[child] * known
    found = np.full(len(lines), UNKNOWN, dtype=np.int64)
    for turn in range(int(many.max(initial=0))):
        rows = np.flatnonzero(many > turn)
        contract = contracts.by_child[at[rows] + turn]
        is_own = contracts.provider[contract] == lines.provider[rows]
        has_begun = (contracts.start[contract] <= lines.start[rows]) | (found[rows] == UNKNOWN)
        rows, contract = rows[is_own & has_begun], contract[is_own & has_begun]
        found[rows] = contract
    return found


def _read_as_meant(claims: Claims) -> Claims:
    doubtful = np.flatnonzero(_is_doubtful(claims))
    if not doubtful.size:
        return claims
    start, end = claims.lines.start.copy(), claims.lines.end.copy()
    part = claims.lines.taken(doubtful)
    is_open = ~_fits(claims, part, part.start, part.end)
    for begins, ends in _readings(part):
        fits = is_open & _fits(claims, part, begins, ends)
        start[doubtful[fits]], end[doubtful[fits]] = begins[fits], ends[fits]
        is_open &= ~fits
    changed = (start != claims.lines.start) | (end != claims.lines.end)
    lines = replace(claims.lines, start=start, end=np.maximum(end, start))
    return replace(claims, lines=lines, transposed=np.flatnonzero(changed))


def _is_doubtful(claims: Claims) -> NDArray[np.bool_]:
    """Lines whose dates cannot be as meant: backwards, not as many nights as they say, or, where they say none, outside
    the stay."""
    lines, contracts = claims.lines, claims.contracts
    is_backwards: NDArray[np.bool_] = lines.end <= lines.start
    if not len(contracts):
        return is_backwards
    stated, contract = lines.stated_nights, lines.contract
    is_other = np.abs(lines.nights * HUNDREDTHS - stated) >= HUNDREDTHS // 2
    is_outside = (lines.start < contracts.start[contract]) | (lines.end > contracts.end[contract])
    is_doubtful: NDArray[np.bool_] = np.where(stated < 0, is_outside, is_other) & (contract >= 0)
    return is_doubtful | is_backwards


def comes_to(
    lines: InvoiceLines, contract: Ints, contracts: Contracts, tolerance: Tolerance
) -> NDArray[np.bool_]:
    """Whether each line asks, within the tolerance, what the contract comes to for its nights, within the stay."""
    is_dated = (lines.start < lines.end) & (lines.start >= FIRST_DAY) & (lines.end <= LAST_DAY)
    rows = np.flatnonzero((contract >= 0) & is_dated)
    named, start, end = contract[rows], lines.start[rows], lines.end[rows]
    expected = contracts.expected(named, start, end)
    is_right = np.abs(lines.net[rows] - expected) <= allowed(tolerance, expected)
    is_right &= (start >= contracts.start[named]) & (end <= contracts.end[named])
    fits = np.zeros(len(lines), dtype=bool)
    fits[rows[is_right]] = True
    return fits


def allowed(tolerance: Tolerance, expected: Ints, lines: Ints | int = 1) -> Ints:
    """The pence by which so many lines may differ from what is expected."""
    return tolerance.pence * lines + np.abs(expected) * tolerance.basis_points // 10_000


def _fits(claims: Claims, part: InvoiceLines, start: Days, end: Days) -> NDArray[np.bool_]:
    """Whether these dates make the amounts right."""
    return comes_to(replace(part, start=start, end=end), part.contract, claims.contracts, claims.tolerance)


def _readings(part: InvoiceLines) -> Iterator[tuple[Days, Days]]:
    """What transposed dates may have meant, the likeliest first: end before start; day for month, in both (a whole file in
    the other order) or in either; the end as the day of leaving, or as the last night."""
    start, end = part.start, part.end
    yield end, start
    yield (end - 1).astype(np.int32), (start + 1).astype(np.int32)
    other_start, other_end = _day_for_month(start), _day_for_month(end)
    last_night = (_day_for_month((end - 1).astype(np.int32)) + 1).astype(np.int32)
    yield other_start, other_end
    yield other_start, last_night
    yield other_start, end
    yield start, other_end
    yield start, last_night


def _day_for_month(days: NDArray[Any]) -> Days:
    """The dates with day and month exchanged; as they are where the day is no month."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    day = (dates - months.astype("datetime64[D]")).astype(np.int64)
    month = months.astype(np.int64) % 12
    other = (months.astype(np.int64) - month + day).astype("datetime64[M]").astype("datetime64[D]") + month
    return np.where(day < 12, other.astype(np.int32), days).astype(np.int32)
