"""Indicators of how children looked after fare: one definition each, counted from one record, open down to the children.

Worked example: docs/how-it-works/indicators.md.
"""

from collections.abc import Mapping

from rightplace.core.indicators import (
    at_a_distance,
    cost_per_week,
    entries_and_exits,
    flows,
    long_term_stability,
    looked_after_rate,
    missing,
    outcomes_achieved,
    outside_area,
    over_20_miles,
    own_provision,
    prompt_payment,
    reviews_on_time,
    satisfaction,
    school_kept,
    searching,
    siblings_together,
    three_or_more_placements,
    unplanned_endings,
    unregistered,
    visits_made,
    voice_recorded,
    voids,
)
from rightplace.core.indicators.measuring import (
    Definition,
    Indicator,
    Measured,
    Moved,
    Shape,
    byar,
    figure_words,
    moved,
)
from rightplace.core.indicators.record import (
    OPEN,
    Care,
    Children,
    Happened,
    Record,
    Searches,
    Stated,
    Stays,
)

INDICATORS: tuple[Indicator, ...] = (
    three_or_more_placements.INDICATOR,
    long_term_stability.INDICATOR,
    over_20_miles.INDICATOR,
    outside_area.INDICATOR,
    at_a_distance.INDICATOR,
    own_provision.INDICATOR,
    unregistered.INDICATOR,
    siblings_together.INDICATOR,
    school_kept.INDICATOR,
    unplanned_endings.INDICATOR,
    missing.INDICATOR,
    looked_after_rate.INDICATOR,
    looked_after_rate.LOCAL,
    looked_after_rate.UASC,
    entries_and_exits.ENTRIES,
    entries_and_exits.EXITS,
    searching.DAYS_TO_PLACE,
    searching.OFFERS,
    reviews_on_time.INDICATOR,
    voice_recorded.INDICATOR,
    outcomes_achieved.INDICATOR,
    visits_made.INDICATOR,
    satisfaction.SOCIAL_WORKERS,
    satisfaction.CARERS,
    satisfaction.CHILDREN,
    cost_per_week.FOSTER_HOMES,
    cost_per_week.CHILDRENS_HOMES,
    cost_per_week.SUPPORTED_HOMES,
    prompt_payment.INDICATOR,
    voids.INDICATOR,
)
"""In the order in which pages show them; each is of the twelve months that end with a day."""
FLOWS: tuple[Indicator, ...] = (
    flows.REQUESTS,
    flows.OFFERS,
    flows.DECISIONS,
    flows.STARTS,
    flows.ENDINGS,
    entries_and_exits.ENTRIES,
    entries_and_exits.EXITS,
    flows.PAID,
)
"""What happened along the journey within a week or a month."""
BY_CODE: Mapping[str, Indicator] = {one.code: one for one in (*FLOWS, *INDICATORS)}

__all__ = [
    "BY_CODE",
    "FLOWS",
    "INDICATORS",
    "OPEN",
    "Care",
    "Children",
    "Definition",
    "Happened",
    "Indicator",
    "Measured",
    "Moved",
    "Record",
    "Searches",
    "Shape",
    "Stated",
    "Stays",
    "byar",
    "figure_words",
    "moved",
]
