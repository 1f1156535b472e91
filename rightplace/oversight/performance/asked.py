"""What of the record each indicator is counted from: opened alone, it reads nothing else.

The tests open every indicator over the whole demonstration and compare it with the count from all of the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from rightplace.oversight.performance.reading import LOOKED_BACK, ONLY_LIVED, Asked

A_MONTH = timedelta(days=31)
"""Statuses and stays that follow each other without a day between are one: what ended just before a period is read too."""


def asked_by(code: str) -> Asked:
    """What is read for one indicator or flow: beside what it asks for, who was looked after and who lived where."""
    return _OF.get(code, _LIVED)


def _stays(*columns: str) -> Asked:
    """Further columns of placements."""
    return replace(_LIVED, stays=frozenset(columns))


def _kind(kind: str) -> Asked:
    """One kind of what happened. It may be told of a price or a plan that began long before."""
    return replace(_LIVED, kinds=(kind,), back=LOOKED_BACK)


_LIVED = replace(ONLY_LIVED, back=A_MONTH)
_SEARCHED = replace(_LIVED, searches=True)
_OF: Mapping[str, Asked] = {
    "long_term_stability": replace(_LIVED, back=LOOKED_BACK),
    "over_20_miles": _stays("miles"),
    "outside_area": _stays("place_postcode"),
    "at_a_distance": _stays("place_postcode"),
    "own_provision": _stays("provider_code"),
    "unplanned_endings": _stays("change_reason"),
    "school_kept": _stays("place_postcode", "child__school_postcode"),
    "unregistered": _stays("setting__registered_on", "setting__closed_on"),
    "siblings_together": replace(_LIVED, siblings=True),
    "requests": _SEARCHED,
    "offers_per_request": _SEARCHED,
    "days_to_place": replace(_SEARCHED, stays=frozenset({"offer__search__request_id"}), back=LOOKED_BACK),
    "reviews_on_time": _kind("review"), "voice_recorded": _kind("voice"), "outcomes_achieved": _kind("outcome"),
    "missing": _kind("missing"), "offers": _kind("offer"), "decisions": _kind("decision"), "paid": _kind("paid"),
    "cost_fostering": _kind("price"), "cost_homes": _kind("price"), "cost_supported": _kind("price"),
    "visits_made": _kind("visit"), "prompt_payment": _kind("payment"), "voids": _kind("void"),
    "satisfaction_social_workers": _kind("answer"), "satisfaction_carers": _kind("answer"),
    "satisfaction_children": _kind("answer"),
}  # fmt: skip
