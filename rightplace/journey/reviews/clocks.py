"""The clocks of this stage, read from the rules that hold on a day."""

from __future__ import annotations

from datetime import date, timedelta

from rightplace.core.calendar import add_working_days
from rightplace.core.quality.reviewing import ReviewLimits
from rightplace.core.quality.stability import SIGNS, StabilityRule
from rightplace.foundation.reference.calendar import holidays
from rightplace.foundation.reference.rules import rule


def number_of(name: str, on: date) -> int:
    """The whole number of a rule on a day; LookupError where no such rule held then."""
    found = rule(name, on)
    if found is None:
        raise LookupError(f"no rule {name} on {on}")
    return int(found.value)


def review_limits(on: date) -> ReviewLimits:
    """The limits of statutory reviews on a day."""
    return ReviewLimits(
        number_of("first_review_within", on), number_of("second_review_within", on), number_of("later_reviews_within", on)
    )  # fmt: skip


def stability_rule(on: date) -> StabilityRule:
    """By which points placements are watched on a day."""
    points = {code: number_of(f"stability_points_{code}", on) for code in SIGNS}
    return StabilityRule(
        points, number_of("stability_counts_for", on), number_of("stability_watch_from", on),
        number_of("stability_meet_from", on),
    )  # fmt: skip


def within_working_days(name: str, day: date) -> date:
    """The last day on time, so many working days after a day by a rule."""
    return add_working_days(day, number_of(name, day), holidays())


def within_days(name: str, day: date) -> date:
    """The day so many days after a day by a rule."""
    return day + timedelta(days=number_of(name, day))
