"""Stretches of days, half-open: the first day is in, the last is not, so nights are counted once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Self

from rightplace.core.problems import Problem

Split = Literal["whole", "month", "financial_year", "week", "four_weeks"]
"""The ways in which a period is usually divided; any other way is a sequence of cut dates."""

_FIRST_MONTH_OF_FINANCIAL_YEAR = 4
_NIGHTS_IN_A_CYCLE: dict[Split, int] = {"week": 7, "four_weeks": 28}


@dataclass(frozen=True, slots=True, order=False)
class Period:
    """Days from `start` up to but not including `end`; with no `end` it is open.

    A night belongs to the day on which it begins, so a stay that starts on the 1st and ends on the
    3rd has two nights. A period that starts and ends on one day has none. An end before the start
    raises ValueError; entries by people go through `read_period`, which answers with a Problem.
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a period cannot end ({self.end}) before it starts ({self.start})")

    @classmethod
    def through_last_night(cls, start: date, last_night: date | None) -> Self:
        """The period whose last night begins on `last_night` (none: it is open)."""
        return cls(start, None if last_night is None else last_night + timedelta(days=1))

    @property
    def is_open(self) -> bool:
        """Whether no end is known."""
        return self.end is None

    @property
    def is_empty(self) -> bool:
        """Whether it has no night at all."""
        return self.end == self.start

    @property
    def closed_end(self) -> date:
        """The end; ValueError when the period is open."""
        if self.end is None:
            raise ValueError(f"the period from {self.start} is open: give it an end first with until()")
        return self.end

    @property
    def nights(self) -> int:
        """The number of nights; ValueError when the period is open."""
        return (self.closed_end - self.start).days

    @property
    def last_night(self) -> date | None:
        """The day on which the last night begins; None when it is open or has no night."""
        if self.end is None or self.is_empty:
            return None
        return self.end - timedelta(days=1)

    def contains(self, day: date) -> bool:
        """Whether the night that begins on `day` is in the period."""
        return self.start <= day and (self.end is None or day < self.end)

    def covers(self, other: "Period") -> bool:
        """Whether every night of `other` is in the period."""
        return other.is_empty or self.intersection(other) == other

    def overlaps(self, other: "Period") -> bool:
        """Whether the two share at least one night."""
        return self.intersection(other) is not None

    def intersection(self, other: "Period") -> "Period | None":
        """The nights that both share, or None when they share none."""
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends) if ends else None
        if end is not None and end <= start:
            return None
        return Period(start, end)

    def until(self, end: date) -> "Period":
        """The period cut short at `end`, or closed there when it was open."""
        return Period(self.start, end if self.end is None else min(self.end, end))

    def split_at(self, cuts: Iterable[date]) -> "tuple[Period, ...]":
        """The period divided at each cut date that falls inside it; the parts follow on from one another.

        An empty period has no parts. The last part of an open period is open.
        """
        if self.is_empty:
            return ()
        inside = sorted({cut for cut in cuts if cut > self.start and self.contains(cut)})
        starts = [self.start, *inside]
        return tuple(Period(start, end) for start, end in zip(starts, [*inside, self.end], strict=True))

    def without(self, taken: "Iterable[Period]") -> "tuple[Period, ...]":
        """What is left of a closed period once other closed periods are taken out of it, in order."""
        cut = tuple(taken)
        parts = self.split_at(day for each in cut for day in (each.start, each.closed_end))
        left = [part for part in parts if not any(each.contains(part.start) for each in cut)]
        return joined(left)

    def by_month(self) -> "tuple[Period, ...]":
        """The period divided at the first of each calendar month; it must be closed."""
        return self.split_at(_firsts_of_months(self))

    def by_financial_year(self) -> "tuple[Period, ...]":
        """The period divided at each 1 April; it must be closed."""
        years = range(self.start.year, self.closed_end.year + 1)
        return self.split_at(date(year, _FIRST_MONTH_OF_FINANCIAL_YEAR, 1) for year in years)

    def every(self, nights: int, anchor: date | None = None) -> "tuple[Period, ...]":
        """The period divided every so many nights, in step with `anchor` (its own start by default).

        With an anchor, the first and the last part may be shorter: payment cycles have fixed dates.
        """
        if nights < 1:
            raise ValueError("a cycle has at least one night")
        first = self.start + timedelta(days=((anchor or self.start) - self.start).days % nights)
        steps = range(0, max((self.closed_end - first).days, 0), nights)
        return self.split_at(first + timedelta(days=step) for step in steps)

    def split(self, by: Split | Sequence[date], anchor: date | None = None) -> "tuple[Period, ...]":
        """The period divided in one of the usual ways, or at the given dates."""
        if not isinstance(by, str):
            return self.split_at(by)
        if by == "month":
            return self.by_month()
        if by == "financial_year":
            return self.by_financial_year()
        if by == "whole":
            return self.split_at(())
        return self.every(_NIGHTS_IN_A_CYCLE[by], anchor)


def joined(parts: Iterable[Period]) -> tuple[Period, ...]:
    """Closed periods in order, those that follow on from one another or overlap made one."""
    found: list[Period] = []
    for part in sorted(parts, key=lambda each: each.start):
        if found and part.start <= found[-1].closed_end:
            found[-1] = Period(found[-1].start, max(found[-1].closed_end, part.closed_end))
        else:
            found.append(part)
    return tuple(found)


def read_period(start: date | None, end: date | None, field: str = "") -> Period | Problem:
    """The period from two entered dates, or what is wrong with them. No end means open."""
    if start is None:
        return Problem("start_missing", "Enter the date on which it starts.", field)
    if end is not None and end < start:
        return Problem(
            "ends_before_start", "The end date must be the same as or after the start date.", field
        )
    return Period(start, end)


def financial_year(day: date) -> str:
    """The local government financial year, 1 April to 31 March, in which a day falls: "2026-27"."""
    first = day.year if day.month >= _FIRST_MONTH_OF_FINANCIAL_YEAR else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def financial_year_period(name: str) -> Period:
    """The period of a financial year named as "2026-27"; ValueError when the name is not one."""
    first = int(name[:4])
    start = date(first, _FIRST_MONTH_OF_FINANCIAL_YEAR, 1)
    if financial_year(start) != name:
        raise ValueError(f"{name!r} is not a financial year such as 2026-27")
    return Period(start, start.replace(year=first + 1))


def _firsts_of_months(period: Period) -> list[date]:
    first = period.start.year * 12 + period.start.month
    last = period.closed_end.year * 12 + period.closed_end.month
    return [date((month - 1) // 12, (month - 1) % 12 + 1, 1) for month in range(first + 1, last + 1)]
