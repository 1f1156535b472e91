"""What became of services and applicants: met in time, kept out of care, and how many of those who began got how far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from rightplace.core.calendar import add_months

FOLLOWED_UP = (3, 6, 12)
"""Months after the end at which support at the edge of care is followed up."""


@dataclass(frozen=True, slots=True)
class InTime:
    """How many milestones of one kind were met by their day, how many late, and how many are late and open."""

    in_time: int
    late: int
    open_late: int

    @property
    def share(self) -> float | None:
        """Met in time, of all that should be met by now; None where there are none."""
        due = self.in_time + self.late + self.open_late
        return self.in_time / due if due else None


def in_time(rows: Iterable[tuple[date, date | None]], today: date) -> InTime:
    """Count milestones from (due, done or None); what is open and not yet due is no part of it."""
    met = late = open_late = 0
    for due_on, done_on in rows:
        if done_on is not None:
            met, late = (met + 1, late) if done_on <= due_on else (met, late + 1)
        elif due_on < today:
            open_late += 1
    return InTime(met, late, open_late)


def kept_out(ended_on: date, came_in: Sequence[date], today: date, months: int) -> bool | None:
    """Whether somebody had not come into care so many months after support ended; None while that day is to come.

    `came_in` are the days on which periods of care began after the end.
    """
    by_then = add_months(ended_on, months)
    if any(ended_on <= day <= by_then for day in came_in if day <= today):
        return False
    return True if by_then <= today else None


@dataclass(frozen=True, slots=True)
class Reached:
    """How many came to a step, what share of those at the step before, and how long it took them."""

    step: str
    number: int
    share: float | None
    median_days: float | None


def conversion(journeys: Iterable[Mapping[str, date]], steps: Sequence[str]) -> list[Reached]:
    """How many of those who began came to each step in turn, from the days on which each was reached.

    Somebody who reached a later step without a day for an earlier one counts at both; times are taken only between days
    that are known.
    """
    furthest = [
        (journey, max((place for place, step in enumerate(steps) if step in journey), default=-1))
        for journey in journeys
    ]
    found: list[Reached] = []
    for place, step in enumerate(steps):
        there = sum(far >= place for _, far in furthest)
        before = found[-1].number if found else 0
        pairs = [
            (journey[step] - journey[steps[place - 1]]).days
            for journey, _ in furthest
            if place and step in journey and steps[place - 1] in journey
        ]
        share = there / before if before else None
        found.append(Reached(step, there, share, float(median(pairs)) if pairs else None))
    return found
