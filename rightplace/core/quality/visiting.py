"""When a home is visited next, and why: the shortest of the stated intervals that apply to it, one framework for all provision.

An interval runs from the last visit; a home that was never visited counts from the day on which the reason began. Own, block,
framework and spot provision are planned by the same rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

REASONS = {
    "usual": "every home that we use",
    "children_there": "children of ours live there",
    "not_inspected": "not inspected yet",
    "requires_improvement": "its grade requires improvement",
    "inadequate": "its grade is inadequate",
    "concern": "a concern stands",
    "actions_late": "actions are late",
    "first_placement": "a child was placed there for the first time",
}


@dataclass(frozen=True, slots=True)
class HomeSeen:
    """What is known of a home on a day: when visited last, since when each reason holds (by its code in `REASONS`)."""

    visited_on: date | None
    since: Mapping[str, date]


@dataclass(frozen=True, slots=True)
class VisitDue:
    """When the next visit is due and every reason with its interval in days, the one that counts first."""

    due_on: date
    reasons: tuple[tuple[str, int], ...]

    @property
    def why(self) -> str:
        """The reason that counts, in words."""
        code, days = self.reasons[0]
        return f"{REASONS[code]}: within {days} days"


def next_visit(home: HomeSeen, days: Mapping[str, int]) -> VisitDue | None:
    """The next visit of a home by the intervals in `days`; None where no reason applies to it.

    A reason that began after the last visit counts from its own day, as nobody has looked since.
    """
    found: list[tuple[date, int, str]] = []
    for code, since in home.since.items():
        if code in days:
            begins = since if home.visited_on is None else max(home.visited_on, since)
            found.append((begins + timedelta(days=days[code]), days[code], code))
    if not found:
        return None
    found.sort()
    return VisitDue(found[0][0], tuple((code, number) for _, number, code in found))
