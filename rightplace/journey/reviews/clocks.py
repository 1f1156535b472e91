"""The limits of reviews and of the stability watch, read from the rules that hold on a day."""

from __future__ import annotations

from datetime import date

from rightplace.core.quality.reviewing import ReviewLimits
from rightplace.core.quality.stability import SIGNS, StabilityRule
from rightplace.foundation.reference.clocks import number_of


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
