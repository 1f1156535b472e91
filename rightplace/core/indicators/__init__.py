"""Indicators of how children looked after fare: one definition each, counted from one record, open down to the children.

Worked example: docs/how-it-works/indicators.md.
"""

from rightplace.core.indicators import (
    entries_and_exits,
    long_term_stability,
    looked_after_rate,
    outside_area,
    over_20_miles,
    own_provision,
    searching,
    siblings_together,
    three_or_more_placements,
    unplanned_endings,
)
from rightplace.core.indicators.measuring import (
    Definition,
    Indicator,
    Measured,
    Moved,
    Shape,
    byar,
    moved,
)
from rightplace.core.indicators.record import (
    OPEN,
    Care,
    Children,
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
    own_provision.INDICATOR,
    siblings_together.INDICATOR,
    unplanned_endings.INDICATOR,
    looked_after_rate.INDICATOR,
    looked_after_rate.LOCAL,
    entries_and_exits.ENTRIES,
    entries_and_exits.EXITS,
    searching.DAYS_TO_PLACE,
    searching.OFFERS,
)
"""In the order in which pages show them."""

__all__ = [
    "INDICATORS",
    "OPEN",
    "Care",
    "Children",
    "Definition",
    "Indicator",
    "Measured",
    "Moved",
    "Record",
    "Searches",
    "Shape",
    "Stated",
    "Stays",
    "byar",
    "moved",
]
