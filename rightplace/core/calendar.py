"""Working days and the clocks that run on them. Holidays are passed in; nothing here knows today's date."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Literal, cast

import numpy as np

from rightplace.core.periods import Period

Holidays = frozenset[date]


class ClockState(StrEnum):
    """How a clock stands on a day, in the words that people see."""

    ON_TIME = "on time"
    DUE_TODAY = "due today"
    LATE = "late"


def is_working_day(day: date, holidays: Holidays) -> bool:
    """Whether a day is Monday to Friday and not a holiday."""
    return bool(np.is_busday(day, busdaycal=_working_week(holidays)))


def working_days_between(start: date, end: date, holidays: Holidays) -> int:
    """The working days after `start` up to and including `end`; negative when `end` is earlier.

    The starting day is day 0, as in "within 20 working days of becoming looked after" (Care Planning,
    Placement and Case Review (England) Regulations 2010), so it undoes `add_working_days`.
    """
    if end < start:
        return -int(np.busday_count(end, start, busdaycal=_working_week(holidays)))
    one = timedelta(days=1)
    return int(np.busday_count(start + one, end + one, busdaycal=_working_week(holidays)))


def add_working_days(day: date, number: int, holidays: Holidays) -> date:
    """The working day that many after `day` (before it, when negative); 0 is the day itself.

    From a weekend or holiday the next working day is the first.
    """
    if number == 0:
        return day
    roll: Literal["backward", "forward"] = "backward" if number > 0 else "forward"
    start = np.datetime64(day, "D")
    return cast(date, np.busday_offset(start, number, roll=roll, busdaycal=_working_week(holidays)).item())


def age_on(born_on: date, day: date) -> int:
    """The age in whole years on a day; whoever was born on 29 February turns a year older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def add_months(day: date, number: int) -> date:
    """The same day of the month that many months later, or the last of that month when it is shorter."""
    month = day.year * 12 + day.month - 1 + number
    first = date(month // 12, month % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit in working days on a piece of work, which may be stopped (sent back) and started again.

    `intervals` are the stretches in which it ran, in order; the last is open while it runs. The day on
    which it starts or starts again is day 0 of that stretch; the day on which it is stopped counts.
    """

    limit: int
    intervals: tuple[Period, ...]
    finished_on: date | None = None

    @classmethod
    def started(cls, on: date, limit: int) -> "Clock":
        """A clock that starts to run on a day with so many working days to go."""
        return cls(limit, (Period(on),))

    @property
    def is_running(self) -> bool:
        """Whether it runs now: neither stopped nor finished."""
        return bool(self.intervals) and self.intervals[-1].is_open

    @property
    def is_stopped(self) -> bool:
        """Whether it was stopped and not started again, and the work is not finished."""
        return not self.is_running and self.finished_on is None

    def stop(self, on: date) -> "Clock":
        """The clock stopped on a day; ValueError when it is not running."""
        if not self.is_running:
            raise ValueError("only a running clock can be stopped")
        *before, last = self.intervals
        return replace(self, intervals=(*before, last.until(on)))

    def restart(self, on: date) -> "Clock":
        """The clock running again from a day; ValueError unless it is stopped, and by that day."""
        if not self.is_stopped or (self.intervals and on < self.intervals[-1].closed_end):
            raise ValueError("only a stopped clock can be started again, and not before it was stopped")
        return replace(self, intervals=(*self.intervals, Period(on)))

    def finish(self, on: date) -> "Clock":
        """The clock with the work done on a day."""
        ended = self.stop(on) if self.is_running else self
        return replace(ended, finished_on=on)

    def elapsed(self, today: date, holidays: Holidays) -> int:
        """The working days that it has run, up to and including today."""
        stretches = (stretch.until(max(today, stretch.start)) for stretch in self.intervals)
        return sum(working_days_between(part.start, part.closed_end, holidays) for part in stretches)

    def remaining(self, today: date, holidays: Holidays) -> int:
        """The working days left; below zero when it is late."""
        return self.limit - self.elapsed(today, holidays)

    def due_on(self, holidays: Holidays) -> date | None:
        """The last day that is on time; None while it is stopped with days to go."""
        left = self.limit
        for stretch in self.intervals:
            if stretch.is_open:
                return add_working_days(stretch.start, left, holidays)
            ran = working_days_between(stretch.start, stretch.closed_end, holidays)
            if ran >= left:
                return add_working_days(stretch.start, left, holidays)
            left -= ran
        return None

    def state(self, today: date, holidays: Holidays) -> ClockState:
        """On time, due today or late; of finished work, whether it was finished on time."""
        due, day = self.due_on(holidays), self.finished_on or today
        if due is None or day < due:
            return ClockState.ON_TIME
        if day > due:
            return ClockState.LATE
        return ClockState.DUE_TODAY if self.finished_on is None else ClockState.ON_TIME


@lru_cache(maxsize=64)
def _working_week(holidays: Holidays) -> np.busdaycalendar:
    return np.busdaycalendar(holidays=sorted(holidays))
