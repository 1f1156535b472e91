"""The record that indicators are counted from, in columns: who was looked after when, where each child lived, who waited.

Days are NumPy days (`datetime64[D]`), periods half-open; what has no end yet ends on `OPEN`. Children are numbers; nothing here
names anybody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rightplace.core.periods import Period

Keys = NDArray[np.int64]
Days = NDArray[np.datetime64]
Texts = NDArray[np.str_]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

OPEN = np.datetime64("9999-01-01", "D")
"""The end of what has not ended."""
TEMPORARY = ("T0", "T1", "T2", "T3", "T4")
"""Codes of placements that are temporary by their nature (SSDA903): a holiday or a stay in hospital is no move."""
SERIES = ("V3", "V4")
"""Legal statuses of series of short breaks: left out of the published statistics of placements."""


@dataclass(frozen=True, slots=True)
class Children:
    """Each child once, in the order of `key`."""

    key: Keys
    born_on: Days
    is_uasc: Bools

    def at(self, keys: Keys) -> NDArray[np.intp]:
        """Where these children stand."""
        return np.searchsorted(self.key, keys)


@dataclass(frozen=True, slots=True)
class Care:
    """Stretches for which a child was looked after under one legal status."""

    child: Keys
    starts_on: Days
    ends_on: Days
    status: Texts


@dataclass(frozen=True, slots=True)
class Stays:
    """Placements that were lived in. `home` is the same number for the same carer or home; `miles` is NaN where unknown.

    `is_outside` is 1 outside the authority's area, 0 inside it and -1 where unknown; `is_far` the same for outside it and
    every adjoining area. `change` is the reason for a change, `school_miles` the way to the child's school (NaN: unknown),
    `registered_on` and `closed_on` for which days the home is registered; one that is on no register begins on `OPEN`.
    """

    key: Keys
    child: Keys
    starts_on: Days
    ends_on: Days
    home: Keys
    place: Texts
    is_own: Bools
    miles: Floats
    is_outside: NDArray[np.int8]
    change: Texts
    is_far: NDArray[np.int8]
    school_miles: Floats
    registered_on: Days
    closed_on: Days


@dataclass(frozen=True, slots=True)
class Searches:
    """Requests that were searched for: when they were sent, when the child moved in (NaT: not yet), how many offers came."""

    key: Keys
    child: Keys
    sent_on: Days
    placed_on: Days
    offers: Keys


@dataclass(frozen=True, slots=True)
class Happened:
    """Whatever else is recorded, told apart by `kind`: a review, a child's words, a score, a visit, a payment, a price.

    `key` is the row's own number, `child` the child's (0 where it is about none), `value` what it says, and `until` the day
    after the last for what lasts (a price); for the rest it is `OPEN`.
    """

    kind: Texts
    key: Keys
    child: Keys
    on: Days
    value: Floats
    until: Days

    @classmethod
    def nothing(cls) -> Self:
        """Where nothing of it is recorded."""
        none = np.zeros(0)
        days = np.zeros(0, dtype="datetime64[D]")
        return cls(none.astype(str), none.astype(np.int64), none.astype(np.int64), days, none, days)

    def within(self, kind: str, period: Period) -> NDArray[np.intp]:
        """Where the rows of a kind within a period stand."""
        of_kind = (self.kind == kind) & (self.on >= day(period.start)) & (self.on < day(period.closed_end))
        return np.flatnonzero(of_kind)


@dataclass(frozen=True, slots=True)
class Stated:
    """The numbers that definitions turn on, which are data with dates."""

    placements_from: int = 3
    far_over_miles: float = 20.0
    long_term_days: int = 913
    same_placement_days: int = 730
    adult_at: int = 16
    school_within_miles: float = 6.0
    supported_registered_from: date = date(2023, 10, 28)
    few_answers: int = 5
    young_days: int = 183


def day(on: date) -> np.datetime64:
    """A date as NumPy's."""
    return np.datetime64(on, "D")


def last_day(period: Period) -> np.datetime64:
    """The last day of a period: 31 March of a year."""
    return day(period.closed_end) - np.timedelta64(1, "D")


def spells(care: Care) -> Care:
    """Legal statuses that follow each other without a day between as one stretch; series of short breaks are left out."""
    kept = ~np.isin(care.status, SERIES)
    order = np.lexsort((care.starts_on[kept], care.child[kept]))
    child, start, end = care.child[kept][order], care.starts_on[kept][order], care.ends_on[kept][order]
    if not len(child):
        return Care(child, start, end, care.status[:0])
    begins = np.append(True, (child[1:] != child[:-1]) | (start[1:] > end[:-1]))
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(child)) - 1
    return Care(child[first], start[first], end[last], care.status[kept][order][last])


def homes_lived(stays: Stays) -> tuple[NDArray[np.intp], Days]:
    """Placements without the temporary ones, and from when each ran: back at the same home afterwards is the same placement.

    Gives the place in `stays` of the last part of each, and its first day, in the order of child and start.
    """
    kept = np.flatnonzero(~np.isin(stays.place, TEMPORARY))
    order = kept[np.lexsort((stays.starts_on[kept], stays.child[kept]))]
    if not len(order):
        return order, stays.starts_on[:0]
    child, home = stays.child[order], stays.home[order]
    moves = np.append(True, (child[1:] != child[:-1]) | (home[1:] != home[:-1]) | (home[1:] == 0))
    first = np.flatnonzero(moves)
    last = np.append(first[1:], len(order)) - 1
    return order[last], stays.starts_on[order[first]]


@dataclass(frozen=True, slots=True)
class Record:
    """All that indicators are counted from; made by `Record.of`. `population` is aged 0 to 17.

    `siblings` are pairs of children, each pair once; `care` are whole stretches (`spells`), `homes` what `homes_lived` gives.
    """

    children: Children
    care: Care
    stays: Stays
    homes: tuple[NDArray[np.intp], Days]
    siblings: NDArray[np.int64]
    searches: Searches
    population: int = 0
    happened: Happened = field(default_factory=Happened.nothing)

    @classmethod
    def of(
        cls,
        children: Children,
        care: Care,
        stays: Stays,
        siblings: NDArray[np.int64],
        searches: Searches,
        population: int = 0,
        happened: Happened | None = None,
    ) -> Self:
        """A record from columns as they are kept: what every indicator asks for is worked out once."""
        others = happened or Happened.nothing()
        return cls(children, spells(care), stays, homes_lived(stays), siblings, searches, population, others)


def looked_after(record: Record, on: np.datetime64) -> Keys:
    """Children looked after on a day, each once; series of short breaks are left out."""
    care = record.care
    return np.unique(care.child[(care.starts_on <= on) & (care.ends_on > on)])


def living(record: Record, on: np.datetime64) -> NDArray[np.intp]:
    """Places in `stays` of where children who are looked after on a day live then, temporary stays left out."""
    stays = record.stays
    now = (stays.starts_on <= on) & (stays.ends_on > on) & ~np.isin(stays.place, TEMPORARY)
    return np.flatnonzero(now & np.isin(stays.child, looked_after(record, on)))
