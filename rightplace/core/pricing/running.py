"""The one rounding rule of money over time, and the clocks that it runs on; everything about charges calls it.

**The rule.** A rate is counted from its *anchor*, the day on which it begins. Up to any day it has come to an exact amount;
that running total is rounded to the penny. What a stretch of nights costs is the rounded total at its end less the rounded
total at its start. So every night has a price in whole pence that depends on its rate and its anchor alone, and:

- the parts of any division add up to the whole: charge(a, c) = charge(a, b) + charge(b, c), to the penny;
- a later end, an absence, a variation or another line never moves a penny of a night that it does not touch.

There are two clocks. On the clock of nights a day is 1. On the clock of months a day is its share of its month, counted in
parts of 1/377,580 (the least common multiple of 28, 29, 30 and 31), so that both are whole numbers and nothing is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Days = NDArray[np.int32]
Floats = NDArray[np.float64]

PARTS_OF_A_MONTH = 377_580
"""The least common multiple of the lengths of months: each night is a whole number of these parts."""

EPOCH = date(1970, 1, 1)
FIRST_DAY = (date(1900, 1, 1) - EPOCH).days
LAST_DAY = (date(2200, 1, 1) - EPOCH).days
NO_END = LAST_DAY
"""The end of a segment that has none, as a day."""

CLOCK_LENGTH = LAST_DAY - FIRST_DAY + 1

_LARGEST = 2**53
"""Below it every whole number is exact in floating point."""


@dataclass(frozen=True, slots=True)
class RoundingRule:
    """How a running total becomes whole pence when its anchor lies on or after a day.

    `halves` is what is added, in halves of a penny, before the rest is dropped: 1 rounds to the nearest penny and a half
    penny upwards. Amounts below zero are the mirror of those above, so a reversal undoes a charge exactly.
    """

    starts_on: date
    halves: int
    source: str


ROUNDING_RULES: tuple[RoundingRule, ...] = (
    RoundingRule(
        date(1900, 1, 1), 1, "House rule: nearest penny, half up, as HM Revenue and Customs has it for VAT"
    ),
)
"""By date. A new rule is a new row and rules the totals that begin under it; what was charged stays as it was."""


def day_number(day: date) -> int:
    """A date as days since 1970, as columns hold it; ValueError outside 1900 to 2199."""
    number = (day - EPOCH).days
    if not FIRST_DAY <= number <= LAST_DAY:
        raise ValueError(f"{day} is outside 1900 to 2199")
    return number


def date_of(number: int) -> date:
    """The date of a day as columns hold it."""
    return date.fromordinal(EPOCH.toordinal() + int(number))


def day_numbers(days: list[date]) -> Days:
    """Many dates as columns hold them."""
    return np.array([day_number(day) for day in days], dtype=np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class RunningTotals:
    """Rates ready to be counted: the rounded total of each before any day. One division for each answer.

    In floating point, where whole numbers below 2**53 are exact, and so is the floor of their quotient: it lies at least
    1 / per below the next whole number and is off by less. Rows that could come to more (`large`) are counted in Python's
    own whole numbers.
    """

    sign: Floats
    doubled: Floats
    offset: Floats
    twice: Floats
    place: Ints
    large: tuple[_Rate, ...]

    @classmethod
    def of(cls, *, rate: Ints, per: Ints, clock: NDArray[np.int8], anchor: Days, last: int) -> Self:
        """For rates of `rate / per` exact pence for each position of a clock (0 nights, 1 months) since `anchor`.

        `last` is the latest day that will be asked for: it decides which rows could grow too large.
        """
        place = clock.astype(np.int64) * CLOCK_LENGTH - FIRST_DAY
        halves = _halves(anchor)
        doubled, twice = 2.0 * np.abs(rate).astype(np.float64), 2.0 * per.astype(np.float64)
        base = positions()[place + anchor]
        offset = halves * per - doubled * base
        furthest = np.abs(positions()[place + max(last, FIRST_DAY)])
        is_large = (doubled * furthest + np.abs(offset) >= _LARGEST) | (twice >= _LARGEST)
        large = tuple(
            _Rate(int(row), int(rate[row]), int(per[row]), int(base[row]), int(halves[row]))
            for row in np.flatnonzero(is_large)
        )
        return cls(np.sign(rate).astype(np.float64), doubled, offset, twice, place, large)

    def before(self, day: NDArray[Any]) -> Floats:
        """The pence, in whole numbers, that each rate has come to before its day, which is not before its anchor.

        One day for each rate, or rows of them: shape (…, rates).
        """
        position = positions()[self.place + day]
        total: Floats = self.sign * np.floor((self.doubled * position + self.offset) / self.twice)
        for rate in self.large:
            own = position[..., rate.row]
            total[..., rate.row] = np.vectorize(rate.before, otypes=[float])(own)
        return total

    def between(self, rows: NDArray[Any], start: NDArray[Any], end: NDArray[Any]) -> Ints:
        """The pence of some of the rates (by place, any number of times) from a day up to another; one answer each."""
        doubled, offset, twice = self.doubled[rows], self.offset[rows], self.twice[rows]
        place = self.place[rows]
        totals = []
        for day in (start, end):
            total = positions()[place + day]
            total *= doubled
            total += offset
            total /= twice
            totals.append(np.floor(total, out=total))
        pence = (totals[1] - totals[0]) * self.sign[rows]
        if self.large:
            large = {rate.row: rate for rate in self.large}
            for at in np.flatnonzero(np.isin(rows, list(large))):
                rate = large[int(rows[at])]
                first, last = (positions()[place[at] + day[at]] for day in (start, end))
                pence[at] = rate.before(last) - rate.before(first)
        found: Ints = pence.astype(np.int64)
        return found

    def by_night(self, rows: slice, start: Days, nights: Ints, day: Days, pence: NDArray[Any]) -> None:
        """Write each night from `start` of some of the rates (by place), one rate after another: its day, and its pence."""
        many = np.cumsum(nights)
        first = many - nights
        place = np.arange(len(day))
        place += np.repeat(start - first, nights)
        day[:] = place
        place += np.repeat(self.place[rows] + 1, nights)
        total = positions()[place]
        total *= np.repeat(self.doubled[rows], nights)
        total += np.repeat(self.offset[rows], nights)
        total /= np.repeat(self.twice[rows], nights)
        np.floor(total, out=total)
        sign = self.sign[rows]
        if (sign < 0).any():
            total *= np.repeat(sign, nights)
        np.subtract(total[1:], total[:-1], out=pence[1:], casting="unsafe")
        filled = nights > 0
        at = np.arange(rows.start, rows.stop)[filled]
        pence[first[filled]] = self.between(at, start[filled], start[filled] + 1)
        for rate in self.large:
            if rows.start <= rate.row < rows.stop:
                own = slice(int(first[rate.row - rows.start]), int(many[rate.row - rows.start]))
                pence[own] = rate.by_night(int(self.place[rate.row]), day[own])


@dataclass(frozen=True, slots=True)
class _Rate:
    """A rate whose totals do not fit: counted in Python's own whole numbers."""

    row: int
    rate: int
    per: int
    base: int
    halves: int

    def before(self, position: float) -> int:
        exact = 2 * abs(self.rate) * (int(position) - self.base) + self.halves * self.per
        whole = exact // (2 * self.per)
        return -whole if self.rate < 0 else whole

    def by_night(self, place: int, days: Days) -> list[int]:
        at = positions()[place + np.append(days, days[-1:] + 1)]
        totals = [self.before(position) for position in at]
        return [after - before for before, after in pairwise(totals)]


@lru_cache(maxsize=1)
def positions() -> Floats:
    """Where each day from FIRST_DAY stands: first on the clock of nights, then on the clock of months, in one column.

    The place of day d on clock k is `positions()[k * CLOCK_LENGTH + d - FIRST_DAY]`, whole numbers counted from 2020.
    """
    days = np.arange(FIRST_DAY, LAST_DAY + 1)
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    begins = months.astype("datetime64[D]")
    lengths = ((months + 1).astype("datetime64[D]") - begins).astype(np.int64)
    gone = (dates - begins).astype(np.int64)
    since = (months - np.datetime64("2020-01", "M")).astype(np.int64)
    parts = since * PARTS_OF_A_MONTH + gone * (PARTS_OF_A_MONTH // lengths)
    nights = days - day_number(date(2020, 1, 1))
    both = np.concatenate([nights, parts]).astype(np.float64)
    both.flags.writeable = False
    return both


def _halves(anchor: NDArray[Any]) -> Ints:
    starts = np.array([day_number(rule.starts_on) for rule in ROUNDING_RULES])
    place = np.searchsorted(starts, anchor, side="right") - 1
    return np.array([rule.halves for rule in ROUNDING_RULES], dtype=np.int64)[place]
