"""Charges as rows, and what sets right those that were made before: nothing charged or paid is ever edited.

Charges are worked out from the agreement as it stands. Where they differ from the sum of what the books hold for the same
placement, line, budget code and part, a *difference* is added, with its reason. So after any number of variations, in any
order and from any date, the books add up to what would have been charged had all been known from the start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from rightplace.core.pricing.agreements import Agreement
from rightplace.core.pricing.columns import Segments, keys_of, months_between
from rightplace.core.pricing.running import Days, Ints, day_number
from rightplace.core.pricing.segmenting import rate_segments
from rightplace.core.pricing.totals import charged, vat_charged


@dataclass(frozen=True, slots=True, eq=False)
class Charges:
    """What is charged, one row per placement, line, budget code and part (a month, unless the caller cuts otherwise).

    `part` is the first day of the part and `until` its end, as days since 1970; `pence` is net, `vat_pence` on top of it.
    Rows that come to nothing are left out.
    """

    placement: Ints
    line: Ints
    code: Ints
    part: Days
    until: Days
    pence: Ints
    vat_pence: Ints

    def __len__(self) -> int:
        return len(self.placement)

    @property
    def total_pence(self) -> int:
        """All of it, without VAT."""
        return int(self.pence.sum())

    @classmethod
    def joined(cls, many: Sequence[Self]) -> Self:
        """All rows, one after another."""
        return cls(
            **{each.name: np.concatenate([getattr(part, each.name) for part in many]) for each in fields(cls)}
        )

    def taken(self, rows: NDArray[Any]) -> Self:
        """Some of the rows."""
        return type(self)(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})

    def summed(self) -> Self:
        """One row for each key, in order of key; those that come to nothing are left out."""
        group, first = keys_of((self.placement, self.line, self.code, self.part))
        found = self.taken(first)
        net, vat = (_sums(group, column, len(first)) for column in (self.pence, self.vat_pence))
        until = found.until.copy()
        np.maximum.at(until, group, self.until)
        made = type(self)(found.placement, found.line, found.code, found.part, until, net, vat)
        return made.taken((net != 0) | (vat != 0))

    def reversed(self) -> Self:
        """The same rows with the opposite sign: what undoes them."""
        return type(self)(
            self.placement, self.line, self.code, self.part, self.until, -self.pence, -self.vat_pence
        )


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """What is added to the books after a change: rows, the reason in words, and the day on which it is put down.

    The rows say which nights they are for, also in closed months; `on` says in which open month they are put down.
    """

    charges: Charges
    reason: str
    on: date


def charges_of(segments: Segments, cuts: Days) -> Charges:
    """The charges of all segments between successive cuts, one row for each line and part that comes to anything."""
    net, vat = charged(segments, cuts), vat_charged(segments, cuts)
    row, part = np.nonzero((net != 0) | (vat != 0))
    return Charges(
        segments.placement[row], segments.line[row], segments.code[row], cuts[part], cuts[part + 1],
        net[row, part], vat[row, part],
    ).summed()  # fmt: skip


def charges_until(agreement: Agreement, until: date, cuts: Days | None = None) -> Charges:
    """The charges of one agreement before a day, by month or between the caller's cuts (the last of which is the limit)."""
    if cuts is None:
        start = min(agreement.stay.start, agreement.starts_on or agreement.stay.start)
        first, last = day_number(start), day_number(until)
        cuts = months_between(first, max(last, first))
        cuts = np.append(cuts[cuts < last], np.int32(max(last, int(cuts[0]))))
    return charges_of(rate_segments(agreement), cuts)


def difference(wanted: Charges, held: Charges, reason: str, on: date) -> Difference | None:
    """What must be added to the held charges so that they come to what is wanted; None when nothing must.

    Both are cut in the same parts. Held rows may be any number of charges and earlier differences.
    """
    rows = Charges.joined([wanted, held.reversed()]).summed()
    return Difference(rows, reason, on) if len(rows) else None


def _sums(group: Ints, pence: Ints, many: int) -> Ints:
    sums = np.zeros(many, dtype=np.int64)
    np.add.at(sums, group, pence)
    return sums
