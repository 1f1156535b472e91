"""The bridge between two frozen months of one year: why the outturn moved, contract by contract, summing exactly in pence.

For a contract in both books, in this order: its one-off costs; the start that moved (timing) and the end that moved (ended
when it is earlier, volume when it is later), both in nights at the earlier rate; what is then left is price where the
agreed rate changed (mix where the kind of home changed), or belongs to the nights that moved (to volume where none did, as
after an absence). Only in the later book: new; only in the earlier one: ended. The flow of those not yet named moves in
nights at the mean rate (volume), between kinds at the earlier rates (mix), and in rates (price).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from rightplace.core.forecasting.outturn import Book
from rightplace.core.money import round_half_up
from rightplace.core.pricing.running import Ints


class Cause(IntEnum):
    """Why an outturn moved."""

    PRICE = 0
    VOLUME = 1
    MIX = 2
    TIMING = 3
    ONE_OFF = 4
    NEW = 5
    ENDED = 6


CAUSES = len(Cause)


@dataclass(frozen=True, slots=True, eq=False)
class Bridge:
    """From one total to another: `pence` has a row for each contract and a column for each cause; `flow` a cause each."""

    before: int
    after: int
    contract: Ints
    pence: Ints
    flow: tuple[int, ...]

    def total(self, cause: Cause) -> int:
        """What a cause comes to, contracts and flow together."""
        return int(self.pence[:, cause].sum()) + self.flow[cause]

    def contracts(self, cause: Cause) -> list[tuple[int, int]]:
        """The contracts behind a cause with their pence, the largest first."""
        rows = np.flatnonzero(self.pence[:, cause])
        order = rows[np.argsort(-np.abs(self.pence[rows, cause]), kind="stable")]
        return [(int(self.contract[row]), int(self.pence[row, cause])) for row in order]


def bridge(before: Book, after: Book) -> Bridge:
    """The bridge between two books of the same year. Its causes add up to the difference of the totals, to the penny."""
    numbers = np.union1d(before.contract, after.contract)
    pence = np.zeros((len(numbers), CAUSES), dtype=np.int64)
    was, now = np.isin(numbers, before.contract), np.isin(numbers, after.contract)
    old, new = (_rows(book, numbers[was & now]) for book in (before, after))
    pence[was & now] = _moved(before, after, old, new)
    pence[~was, Cause.NEW] = _whole(after, _rows(after, numbers[~was]))
    pence[~now, Cause.ENDED] = -_whole(before, _rows(before, numbers[~now]))
    return Bridge(before.total, after.total, numbers, pence, flow_moved(before, after))


def flow_moved(before: Book, after: Book) -> tuple[int, ...]:
    """Volume, mix and price of the flow between two books, at their places among the causes."""
    kinds = max(len(before.flow_nights), len(after.flow_nights))
    nights = [_padded(book.flow_nights, kinds) for book in (before, after)]
    pence = [_padded(book.flow_pence, kinds) for book in (before, after)]
    found = [0] * CAUSES
    whole = sum(pence[1]) - sum(pence[0])
    if not sum(nights[0]):
        found[Cause.VOLUME] = whole
        return tuple(found)
    counted = sum(amount for amount, held in zip(pence[0], nights[0], strict=True) if held)
    mean = Fraction(counted, sum(nights[0]))
    at_old = sum((_rate(k, nights, pence) * nights[1][k] for k in range(kinds)), Fraction(0))
    found[Cause.VOLUME] = round_half_up(mean * (sum(nights[1]) - sum(nights[0])))
    found[Cause.MIX] = round_half_up(at_old - mean * sum(nights[1]))
    found[Cause.PRICE] = whole - found[Cause.VOLUME] - found[Cause.MIX]
    return tuple(found)


def _rate(kind: int, nights: Sequence[Sequence[int]], pence: Sequence[Sequence[int]]) -> Fraction:
    """The earlier rate of a kind; the later one where there was none earlier."""
    for then in (0, 1):
        if nights[then][kind]:
            return Fraction(pence[then][kind], nights[then][kind])
    return Fraction(0)


def _padded(values: Sequence[int], many: int) -> tuple[int, ...]:
    return (*values, *([0] * (many - len(values))))


def _rows(book: Book, numbers: Ints) -> Ints:
    return np.searchsorted(book.contract, numbers)


def _whole(book: Book, rows: Ints) -> Ints:
    found: Ints = book.recurring[rows] + book.one_off[rows]
    return found


def _moved(before: Book, after: Book, old: Ints, new: Ints) -> Ints:
    """The causes of contracts that stand in both books: shape (contracts, causes)."""
    found = np.zeros((len(old), CAUSES), dtype=np.int64)
    found[:, Cause.ONE_OFF] = after.one_off[new] - before.one_off[old]
    whole = after.recurring[new] - before.recurring[old]
    held = before.nights[old]
    began, ended = _nights_moved(before, after, old, new)
    timing, end = (_at_rate(before.recurring[old], moved, held) for moved in (began, ended))
    end_cause = np.where(ended < 0, Cause.ENDED, Cause.VOLUME)
    found[:, Cause.TIMING] = timing
    each = np.arange(len(old))
    found[each, end_cause] += end
    rest = whole - timing - end
    found[each, _cause_of_rest(before, after, old, new)] += rest
    was_none = (held == 0) & (before.recurring[old] == 0) & (whole != 0)
    found[was_none] = 0
    found[was_none, Cause.NEW] = whole[was_none]
    found[was_none, Cause.ONE_OFF] = (after.one_off[new] - before.one_off[old])[was_none]
    return found


def _nights_moved(before: Book, after: Book, old: Ints, new: Ints) -> tuple[Ints, Ints]:
    """By how many nights the start and the end moved the stay within the year."""
    start, end = before.start[old].astype(np.int64), before.end[old].astype(np.int64)
    began = np.maximum(end - after.start[new], 0) - (end - start)
    return began, after.nights[new] - np.maximum(end - after.start[new], 0)


def _at_rate(pence: Ints, moved: Ints, held: Ints) -> Ints:
    """Nights that moved at the mean of the nights held, halves up; nothing where none were held."""
    per = np.maximum(held, 1)
    found: Ints = np.where(held > 0, (2 * pence * moved + per) // (2 * per), 0)
    return found


def _cause_of_rest(before: Book, after: Book, old: Ints, new: Ints) -> NDArray[np.int64]:
    """Where what is left belongs: mix, price, or the nights that moved."""
    began, ended = _nights_moved(before, after, old, new)
    nights = np.select(
        [ended < 0, ended > 0, began != 0], [Cause.ENDED, Cause.VOLUME, Cause.TIMING], Cause.VOLUME
    )
    is_price, is_mix = before.rate[old] != after.rate[new], before.kind[old] != after.kind[new]
    found: NDArray[np.int64] = np.select([is_mix, is_price], [Cause.MIX, Cause.PRICE], nights).astype(
        np.int64
    )
    return found


def foot(steps: Sequence[tuple[int, bool]]) -> int:
    """Where the bars of steps begin: nought; a round amount below them all, where they move little and high above nought.

    Steps as in `spans`. Little is less than a third of the lowest; what is left under the lowest is as high as the moves or more.
    """
    ends = _levels(steps)
    low, room = min(ends, default=0), max(ends, default=0) - min(ends, default=0)
    if room == 0 or room * 3 > low:
        return 0
    step: int = 10 ** (len(str(room)) - 1)
    return (low - room) // step * step


def spans(steps: Sequence[tuple[int, bool]]) -> list[tuple[float, float]]:
    """Start and length of the bar of each step drawn, as shares of the whole width.

    A step is its amount and whether it is a total: a total stands from the foot, any other starts where the one before ended.
    """
    ends, low = _levels(steps), foot(steps)
    found = []
    for place, (amount, is_total) in enumerate(steps):
        start = low if is_total else ends[place] - amount
        found.append((min(start, ends[place]), max(start, ends[place])))
    low = min([low, *(least for least, _ in found)])
    whole = max([1, *(most for _, most in found)]) - low
    return [((start - low) / whole, (end - start) / whole) for start, end in found]


def _levels(steps: Sequence[tuple[int, bool]]) -> list[int]:
    """Where each step ends."""
    found: list[int] = []
    for amount, is_total in steps:
        found.append(amount if is_total or not found else found[-1] + amount)
    return found
