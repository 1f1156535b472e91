"""Why a provider or carer declines: the reasons that can be counted, with room for words besides."""

from __future__ import annotations

DECLINE_REASONS: dict[str, str] = {
    "no_vacancy": "No vacancy on that date",
    "needs_too_high": "We could not meet the needs safely",
    "not_a_match": "Not a match with the children who live here",
    "staffing": "Not enough staff, or not the right skills",
    "location": "Too far from home, school or family",
    "age_or_sex": "Age or sex outside what we take",
    "notice": "Too little notice",
    "information": "Not enough information to decide",
    "price": "Not possible at the expected price",
    "other": "Another reason",
}
"""Code to words. “Another reason” needs words."""
