"""When a child's review is due. The Care Planning, Placement and Case Review (England) Regulations 2010, regulation 33.

The first review within so many working days of becoming looked after, the second within so many months of the first, each
later one within so many months of the one before. The numbers are passed in, as they may change by date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rightplace.core.calendar import Holidays, add_months, add_working_days


@dataclass(frozen=True, slots=True)
class ReviewLimits:
    """The limits in force: working days to the first, months to the second, months between later ones."""

    first_working_days: int
    second_months: int
    later_months: int


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """The next review: which one it is, the last day on which it is on time, and why that day."""

    number: int
    due_on: date
    why: str


def next_review(
    looked_after_since: date, held: Sequence[date], limits: ReviewLimits, holidays: Holidays
) -> ReviewDue:
    """The review that comes next after those held (in any order), for a child looked after since a day."""
    days = sorted(day for day in held if day >= looked_after_since)
    if not days:
        due = add_working_days(looked_after_since, limits.first_working_days, holidays)
        return ReviewDue(1, due, f"within {limits.first_working_days} working days of becoming looked after")
    if len(days) == 1:
        return ReviewDue(
            2, add_months(days[0], limits.second_months), f"within {limits.second_months} months of the first"
        )
    due = add_months(days[-1], limits.later_months)
    return ReviewDue(len(days) + 1, due, f"within {limits.later_months} months of the one before")


def continuous_since(periods: Sequence[tuple[date, date | None]], on: date) -> date | None:
    """Since when a child has been looked after without a break, of half-open periods of legal status; None if not on that day."""
    since: date | None = None
    until: date | None = None
    is_open = False
    for start, end in sorted(periods, key=lambda one: one[0]):
        if since is None or (not is_open and until is not None and start > until):
            since, until, is_open = start, end, end is None
        elif end is None:
            is_open = True
        elif not is_open and (until is None or end > until):
            until = end
    if since is None or since > on or not (is_open or (until is not None and on < until)):
        return None
    return since
