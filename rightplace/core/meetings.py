"""Meetings of a panel: on which days they fall, when papers are due, and whether those present may decide."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from rightplace.core.calendar import Holidays, add_months, add_working_days, is_working_day

WEEKLY, FORTNIGHTLY, MONTHLY = "weekly", "fortnightly", "monthly"
SKIP, NEXT_WORKING_DAY = "skip", "next_working_day"
CHAIRS = frozenset({"chair", "vice_chair"})
VOTING = CHAIRS | {"member", "partner"}
MOST_MEETINGS = 400


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a panel meets: every week, every second week from its first day, or on one weekday of each month.

    `weekday` is 0 for Monday. `week_of_month` is 1 to 4, or 5 for the last (monthly only). A meeting that would fall on
    a bank holiday is left out (`skip`) or held on the next working day, as `holiday_rule` says.
    """

    every: str
    weekday: int
    first_on: date
    week_of_month: int = 1
    holiday_rule: str = SKIP

    def days(self, start: date, end: date, holidays: Holidays) -> Iterator[date]:
        """The days of meetings from `start` up to but not including `end`, in order."""
        for day in self._planned(start, end):
            held = self.held_on(day, holidays)
            if held is not None and start <= held < end:
                yield held

    def held_on(self, day: date, holidays: Holidays) -> date | None:
        """The day on which the meeting planned for a day is held; None when it is left out."""
        if is_working_day(day, holidays):
            return day
        return None if self.holiday_rule == SKIP else add_working_days(day, 1, holidays)

    def _planned(self, start: date, end: date) -> Iterator[date]:
        days = self._in_months(start) if self.every == MONTHLY else self._in_weeks(start)
        for day, _ in zip(days, range(MOST_MEETINGS), strict=False):
            if day >= end:
                return
            if day >= self.first_on:
                yield day

    def _in_weeks(self, start: date) -> Iterator[date]:
        step = timedelta(weeks=2 if self.every == FORTNIGHTLY else 1)
        first = self.first_on + timedelta((self.weekday - self.first_on.weekday()) % 7)
        # One step early, for a meeting moved by a holiday into the days asked for.
        passed = max((start - first) // step - 1, 0)
        return (first + step * number for number in count(passed))

    def _in_months(self, start: date) -> Iterator[date]:
        month = max(start, self.first_on).replace(day=1)
        return (
            weekday_of_month(add_months(month, number), self.weekday, self.week_of_month)
            for number in count()
        )


def weekday_of_month(first: date, weekday: int, week: int) -> date:
    """The first to fourth such weekday of the month that begins on `first`; with week 5, the last."""
    if week == 5:
        last = add_months(first, 1) - timedelta(days=1)
        return last - timedelta((last.weekday() - weekday) % 7)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (week - 1))


def papers_due(held_on: date, days_before: int, holidays: Holidays) -> date:
    """The working day by which the papers must be out."""
    return add_working_days(held_on, -days_before, holidays)


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody who takes part in a decision: a member's number, name, part, and for whom they sit."""

    member_id: int
    name: str
    part: str
    sector: str


@dataclass(frozen=True, slots=True)
class QuorumRule:
    """Who must be there: a number of members who vote, the chair or vice chair, and somebody for each sector named."""

    number: int
    sectors: tuple[tuple[str, str], ...] = ()
    needs_chair: bool = True


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether those who sit may decide: how many count, and in words what is missing."""

    counted: int
    needed: int
    missing: tuple[str, ...]

    @property
    def is_met(self) -> bool:
        """Whether they may decide."""
        return not self.missing

    @property
    def words(self) -> str:
        """The quorum in one sentence."""
        first = f"{self.counted} of the {self.needed} members needed"
        return (
            f"Quorate: {first}." if self.is_met else f"Not quorate: {first}; missing {listed(self.missing)}."
        )


def listed(words: Collection[str]) -> str:
    """Words in a row as a sentence has them: a, b and c."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def quorum(rule: QuorumRule, sitting: Collection[Sitting], excluded: Collection[int] = ()) -> Quorum:
    """Whether those sitting reach the quorum. Clerks do not count, nor does who declared an interest (`excluded`)."""
    counted = [one for one in sitting if one.part in VOTING and one.member_id not in excluded]
    missing = []
    if rule.needs_chair and not any(one.part in CHAIRS for one in counted):
        missing.append("a chair or vice chair")
    there = {one.sector for one in counted}
    missing += [f"somebody for {words}" for code, words in rule.sectors if code not in there]
    if len(counted) < rule.number:
        short = rule.number - len(counted)
        missing.append(f"{short} more {'member' if short == 1 else 'members'}")
    return Quorum(len(counted), rule.number, tuple(missing))
