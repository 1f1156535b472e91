"""Why a provider or carer declines, why a broker or a rule leaves a home out: the reasons that can be counted."""

from __future__ import annotations

from collections.abc import Mapping

from rightplace.core.matching.eligibility import RULES_BY_CODE

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

RULED_OUT_REASONS: dict[str, str] = {
    "child_said_no": "The child does not want to live there",
    "family": "Family or friends live too near, or too far",
    "not_right": "It would not be right for this child’s needs",
    "who_lives_there": "Who lives there already",
    "carers_cannot": "The carers or the home said that they cannot",
    "too_far": "Too far from home or school",
    "kept_for_another": "Kept for another child",
    "concern": "A concern about the home",
    "price": "The price",
    "other": "Another reason",
}
"""Why a broker rules a home out for a request: code to words. “Another reason” needs words."""

RULED_OUT = "ruled_out"
"""The code under which a home that was ruled out is left out of a search; it may be asked after all, with a reason."""

RULE_NAMES: Mapping[str, str] = {
    **{code: rule.name for code, rule in RULES_BY_CODE.items()}, RULED_OUT: "Not ruled out by a broker",
}  # fmt: skip
"""What each rule is called, by the code that an exclusion carries."""


def ruled_out_words(reason: str) -> str:
    """Why a home that was ruled out is left out."""
    return f"Ruled out for this request: {reason or 'no reason was recorded'}."[:300]
