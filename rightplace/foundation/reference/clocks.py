"""Limits in days and working days, read from the rules that hold on a day."""

from __future__ import annotations

from datetime import date, timedelta

from rightplace.core.calendar import add_working_days
from rightplace.foundation.reference.calendar import holidays
from rightplace.foundation.reference.rules import rule


def number_of(name: str, on: date) -> int:
    """The whole number of a rule on a day; LookupError where no such rule held then."""
    found = rule(name, on)
    if found is None:
        raise LookupError(f"no rule {name} on {on}")
    return int(found.value)


def within_working_days(name: str, day: date) -> date:
    """The last day on time, so many working days after a day by a rule."""
    return add_working_days(day, number_of(name, day), holidays())


def within_days(name: str, day: date) -> date:
    """The day so many days after a day by a rule."""
    return day + timedelta(days=number_of(name, day))
