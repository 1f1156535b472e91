"""The outturn of a year: paid, approved and committed by contract, the forecast flow of those to come, and the run rate beside.

A `Book` is what one frozen month knows, in columns, one row for each contract, so that two of them can be bridged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from rightplace.core.money import round_half_up
from rightplace.core.pricing.running import Days, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """What was known of a year when a month was frozen. Pence and nights are those that fall within the year.

    `start` and `end` are days since 1970 of the stay as then expected, cut to the year; `rate` is what a week costs by what
    was agreed for the year's last day (a known uplift is no change of price); `kind` is the kind of home. Rows are in order
    of contract. The forecast flow of those not yet named stands by kind.
    """

    contract: Ints
    kind: Ints
    start: Days
    end: Days
    rate: Ints
    recurring: Ints
    one_off: Ints
    flow_nights: tuple[int, ...] = ()
    flow_pence: tuple[int, ...] = ()

    @classmethod
    def of(
        cls,
        *,
        contract: ArrayLike,
        kind: ArrayLike,
        start: ArrayLike,
        end: ArrayLike,
        rate: ArrayLike,
        recurring: ArrayLike,
        one_off: ArrayLike,
        flow: Sequence[tuple[int, int]] = (),
    ) -> Self:
        """A book from columns in any order; `flow` is (nights, pence) by kind. ValueError when a contract stands twice."""
        numbers = np.asarray(contract, dtype=np.int64)
        order = np.argsort(numbers, kind="stable")
        if len(numbers) > 1 and (np.diff(numbers[order]) == 0).any():
            raise ValueError("a contract stands in a book once")
        kinds, rates, often, once = (
            np.asarray(column, dtype=np.int64)[order] for column in (kind, rate, recurring, one_off)
        )
        starts, ends = (np.asarray(column, dtype=np.int32)[order] for column in (start, end))
        return cls(
            numbers[order], kinds, starts, np.maximum(ends, starts), rates, often, once,
            tuple(nights for nights, _ in flow), tuple(pence for _, pence in flow),
        )  # fmt: skip

    @property
    def nights(self) -> Ints:
        """Nights of each contract within the year."""
        found: Ints = self.end.astype(np.int64) - self.start
        return found

    @property
    def total(self) -> int:
        """The outturn in pence: every contract and the flow."""
        return int(self.recurring.sum() + self.one_off.sum()) + sum(self.flow_pence)


@dataclass(frozen=True, slots=True)
class OutturnMonth:
    """One month in pence; `low` and `high` are its flow's interval (nine times in ten)."""

    paid: int
    approved: int
    committed: int
    flow: int
    low: int
    high: int

    @property
    def known(self) -> int:
        """What stands by name of a contract."""
        return self.paid + self.approved + self.committed

    @property
    def total(self) -> int:
        """With the flow."""
        return self.known + self.flow


@dataclass(frozen=True, slots=True)
class Outturn:
    """A year month by month; `elapsed` months of it are over. Amounts in pence."""

    months: tuple[OutturnMonth, ...]
    elapsed: int
    budget: int = 0

    @property
    def total(self) -> int:
        """The outturn of the year."""
        return sum(month.total for month in self.months)

    @property
    def low(self) -> int:
        """The outturn with the flow's low end."""
        return sum(month.known + month.low for month in self.months)

    @property
    def high(self) -> int:
        """The outturn with the flow's high end."""
        return sum(month.known + month.high for month in self.months)

    @property
    def overspend(self) -> int:
        """Above the budget; below zero when it is under."""
        return self.total - self.budget

    @property
    def run_rate(self) -> int | None:
        """The months that are over, at their mean for the whole year; None while none is over."""
        if not self.elapsed:
            return None
        known = sum(month.known for month in self.months[: self.elapsed])
        return round_half_up_of(known * len(self.months), self.elapsed)


def round_half_up_of(amount: int, parts: int) -> int:
    """An amount divided by a whole number, rounded once, halves up."""
    return (2 * amount + parts) // (2 * parts)


def outturn(
    known: Ints,
    flow: Sequence[float],
    spread: Sequence[tuple[float, float]],
    *,
    elapsed: int,
    budget: int = 0,
) -> Outturn:
    """Months from `known` (3 rows: paid, approved, committed) and the flow in pence with its interval.

    The flow of months that are over is none: whoever came is named by then. ValueError when the lengths differ.
    """
    months = []
    for place, (paid, approved, committed) in enumerate(known.T.tolist()):
        over = place < elapsed
        middle, low, high = (
            (0, 0, 0) if over else (round_half_up(Fraction(one)) for one in (flow[place], *spread[place]))
        )
        months.append(OutturnMonth(paid, approved, committed, middle, min(low, middle), max(high, middle)))
    if not len(months) == len(flow) == len(spread):
        raise ValueError("known, flow and interval must be of the same months")
    return Outturn(tuple(months), elapsed, budget)
