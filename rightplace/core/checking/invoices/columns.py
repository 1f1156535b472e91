"""Invoice lines, contracts and findings as columns, and the tolerance of an authority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import IntEnum
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rightplace.core.pricing.agreements import Agreement
from rightplace.core.pricing.columns import HUNDREDTHS, Per, Segments
from rightplace.core.pricing.running import (
    CLOCK_LENGTH,
    FIRST_DAY,
    LAST_DAY,
    NO_END,
    Days,
    Ints,
    RunningTotals,
    day_number,
)
from rightplace.core.pricing.segmenting import segments_of

UNKNOWN = -1
"""A contract, child or unit that is not given or not known."""


class Outcome(IntEnum):
    """What a check finds about an invoice line (missed: about a contract)."""

    MATCHED = 0
    NOT_COMMISSIONED = 1
    WRONG_CHILD = 2
    ARITHMETIC_WRONG = 3
    VAT_WRONG = 4
    TOO_MANY_NIGHTS = 5
    BEFORE_THE_START = 6
    AFTER_THE_END = 7
    DUPLICATE = 8
    OVERCHARGED_RATE = 9
    UNDERCHARGED = 10
    DOUBLE_PLACEMENT = 11
    MISSED = 12
    NIGHTS_AWAY = 13


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What an authority lets pass: pence for each line, and basis points of what is expected."""

    pence: int = 2
    basis_points: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class InvoiceLines:
    """Invoice lines in the order in which they came, one row each.

    `invoice` and `provider` are the caller's numbers; `contract` and `child` are places in the lists of contracts and
    children (UNKNOWN: not given, or nobody's). `start` up to `end` are the nights charged, as days since 1970. `quantity`
    (hundredths) of `per` (a Per, or UNKNOWN) at `rate` pence is what the line says that it is for; `net` and `vat` in pence
    are what it asks; a credit is below zero.
    """

    invoice: Ints
    provider: Ints
    contract: Ints
    child: Ints
    start: Days
    end: Days
    quantity: Ints
    per: Ints
    rate: Ints
    net: Ints
    vat: Ints

    def __len__(self) -> int:
        return len(self.net)

    @classmethod
    def of(cls, **columns: ArrayLike) -> Self:
        """From any columns; those left out are not given. ValueError without `net` or dates, or for days outside 1900 to 2199."""
        if missing := {"net", "start", "end"} - set(columns):
            raise ValueError(f"invoice lines need {', '.join(sorted(missing))}")
        many = len(np.asarray(columns["net"]))
        empty = {"quantity": 0, "rate": 0, "vat": 0}
        made: dict[str, Any] = {
            each.name: np.asarray(
                columns.get(each.name, np.full(many, empty.get(each.name, UNKNOWN))),
                dtype=np.int32 if each.name in ("start", "end") else np.int64,
            )
            for each in fields(cls)
        }
        for name in ("start", "end"):
            if many and not FIRST_DAY <= made[name].min() <= made[name].max() <= LAST_DAY:
                raise ValueError("invoice lines are for days from 1900 to 2199")
        return cls(**made)

    @classmethod
    def joined(cls, many: Sequence[Self]) -> Self:
        """All rows, one after another."""
        return cls(
            **{each.name: np.concatenate([getattr(part, each.name) for part in many]) for each in fields(cls)}
        )

    def taken(self, rows: NDArray[Any] | slice) -> Self:
        """Some of the rows."""
        return type(self)(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})

    @property
    def nights(self) -> Ints:
        """The nights between the dates."""
        return (self.end - self.start).astype(np.int64)

    @property
    def stated_nights(self) -> Ints:
        """The hundredths of a night that the quantity comes to; -1 where it is not in nights, weeks or four weeks."""
        return np.where(self.quantity > 0, self.quantity * _NIGHTS[self.per], UNKNOWN).clip(min=UNKNOWN)


_NIGHTS = np.full(len(Per) + 1, UNKNOWN, dtype=np.int64)
_NIGHTS[[Per.NIGHT, Per.WEEK, Per.FOUR_WEEKS]] = [1, 7, 28]
NIGHTS_OF = _NIGHTS
"""The nights of each Per; UNKNOWN for those that are not a number of nights (and, at the end, for UNKNOWN itself)."""


@dataclass(frozen=True, slots=True, eq=False)
class Contracts:
    """What was commissioned, ready to be asked: one row for each contract, and its rate segments.

    `child` is a place in the list of children. `start` up to `end` is the stay. `is_home` says that the child lives there,
    so that two at once cannot both be right: `at_once` has the pairs of such contracts, the earlier and the later, and the
    nights of both. `vat` is in basis points. The segments' `placement` is the contract's place.
    """

    provider: Ints
    child: Ints
    start: Days
    end: Days
    is_home: NDArray[np.bool_]
    vat: Ints
    segments: Segments
    first: Ints
    running: RunningTotals
    by_child: Ints
    first_of_child: Ints
    at_once: tuple[Ints, Ints, Days, Days]

    def __len__(self) -> int:
        return len(self.provider)

    @classmethod
    def of(
        cls,
        segments: Segments,
        *,
        provider: ArrayLike,
        child: ArrayLike,
        start: ArrayLike,
        end: ArrayLike,
        is_home: ArrayLike = True,
        vat: ArrayLike = 0,
        left: ArrayLike | None = None,
    ) -> Self:
        """Contracts with their segments, which name them by place. Prepared once, asked for any number of lines.

        `left` is the day of leaving, where nights after it are paid too (notice, a block): nobody lives there then.
        """
        providers, children = np.asarray(provider, dtype=np.int64), np.asarray(child, dtype=np.int64)
        starts, ends = np.asarray(start, dtype=np.int32), np.asarray(end, dtype=np.int32)
        by_child = np.lexsort((starts, children)).astype(np.int64)
        homes = np.broadcast_to(np.asarray(is_home, dtype=bool), providers.shape)
        most = int(children.max(initial=UNKNOWN)) + 2
        return cls(
            providers, children, starts, ends, homes,
            np.broadcast_to(np.asarray(vat, dtype=np.int64), providers.shape),
            segments,
            np.searchsorted(segments.placement, np.arange(len(providers) + 1)).astype(np.int64),
            RunningTotals.of(
                rate=segments.rate, per=segments.per, clock=segments.clock, anchor=segments.anchor,
                last=FIRST_DAY + CLOCK_LENGTH - 1,
            ),
            by_child,
            np.searchsorted(children[by_child], np.arange(most)).astype(np.int64),
            _at_once(
                by_child[homes[by_child]], children, starts,
                ends if left is None else np.minimum(ends, np.asarray(left, dtype=np.int32)),
            ),
        )  # fmt: skip

    @classmethod
    def agreed(
        cls,
        agreements: Sequence[Agreement],
        *,
        provider: ArrayLike,
        child: ArrayLike,
        is_home: ArrayLike = True,
    ) -> Self:
        """Contracts from agreements, in their order. The nights of each are those that it pays, with notice; its VAT is that
        of its first line."""
        segments = segments_of(agreements, by_place=True)
        first = np.searchsorted(segments.placement, np.arange(len(agreements)))
        start = np.array([day_number(agreement.stay.start) for agreement in agreements], dtype=np.int32)
        end = start.copy()
        np.maximum.at(end, segments.placement, segments.end)
        vat = np.append(segments.vat, 0)[first] if len(agreements) else 0
        left = [NO_END if each.stay.end is None else day_number(each.stay.end) for each in agreements]
        return cls.of(
            segments,
            provider=provider,
            child=child,
            start=start,
            end=end,
            is_home=is_home,
            vat=vat,
            left=left,
        )

    def expected(self, contract: Ints, start: NDArray[Any], end: NDArray[Any]) -> Ints:
        """The pence that each contract comes to for its nights from `start` up to `end`: a closed form for each."""
        pence = np.zeros(len(contract), dtype=np.int64)
        first, many = self.first[contract], self.first[contract + 1] - self.first[contract]
        rows = np.arange(len(contract))
        for turn in range(int(many.max(initial=0))):
            if turn:
                rows = rows[many[rows] > turn]
            segment = first[rows] + turn
            begins = np.maximum(start[rows], self.segments.start[segment])
            ends = np.minimum(end[rows], self.segments.end[segment])
            runs = begins < ends
            if runs.all():
                pence[rows] += self.running.between(segment, begins, ends)
            else:
                pence[rows[runs]] += self.running.between(segment[runs], begins[runs], ends[runs])
        return pence


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What was found, one row each: the outcome, the line (UNKNOWN for missed), another line that it rests on, the contract,
    the nights and the pence at stake."""

    outcome: NDArray[np.int8]
    row: Ints
    other: Ints
    contract: Ints
    start: Days
    end: Days
    pence: Ints

    def __len__(self) -> int:
        return len(self.row)

    @classmethod
    def of(cls, outcome: Outcome, row: ArrayLike, pence: ArrayLike, **columns: ArrayLike) -> Self:
        """Findings of one outcome; what is not given is UNKNOWN."""
        rows = np.asarray(row, dtype=np.int64)
        rest = {"other": UNKNOWN, "contract": UNKNOWN, "start": 0, "end": 0, **columns}
        filled = {
            name: np.broadcast_to(
                np.asarray(column, dtype=np.int32 if name in ("start", "end") else np.int64), rows.shape
            )
            for name, column in rest.items()
        }
        pences = np.broadcast_to(np.asarray(pence, dtype=np.int64), rows.shape)
        return cls(outcome=np.full(rows.shape, outcome, dtype=np.int8), row=rows, pence=pences, **filled)

    @classmethod
    def joined(cls, many: Sequence[Self]) -> Self:
        """All rows, one after another."""
        return cls(
            **{each.name: np.concatenate([getattr(part, each.name) for part in many]) for each in fields(cls)}
        )

    def taken(self, rows: NDArray[Any]) -> Self:
        """Some of the rows."""
        return type(self)(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})

    def totals(self) -> dict[Outcome, tuple[int, int]]:
        """How many findings there are of each outcome, and the pence at stake; outcomes without any are left out."""
        many = np.bincount(self.outcome, minlength=len(Outcome))
        pence = np.zeros(len(Outcome), dtype=np.int64)
        np.add.at(pence, self.outcome, self.pence)
        return {each: (int(many[each]), int(pence[each])) for each in Outcome if many[each]}

    def with_rows(self, names: Ints) -> Self:
        """The same with each line's place replaced by its name in a larger list."""
        named = np.append(names, UNKNOWN)
        return replace(self, row=named[self.row], other=named[self.other])


def _at_once(order: Ints, child: Ints, start: Days, end: Days) -> tuple[Ints, Ints, Days, Days]:
    """Pairs of a child's contracts whose stays overlap: the earlier, the later, and the nights of both."""
    pairs = [(order[:0], order[:0])]
    for apart in range(1, len(order)):
        one, other = order[:-apart], order[apart:]
        same = child[one] == child[other]
        if not same.any():
            break
        is_shared = same & (start[other] < end[one]) & (start[other] < end[other])
        pairs.append((one[is_shared], other[is_shared]))
    one, other = (np.concatenate(column) for column in zip(*pairs, strict=True))
    return one, other, start[other], np.minimum(end[one], end[other])


def stated_amount(lines: InvoiceLines) -> Ints:
    """Quantity times rate, in pence; 0 where either is not given."""
    return (2 * lines.quantity * lines.rate + HUNDREDTHS) // (2 * HUNDREDTHS)
