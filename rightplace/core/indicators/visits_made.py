"""Visits to homes made by the day they were planned for."""

from __future__ import annotations

from datetime import date

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape, share
from rightplace.core.indicators.record import Record, Stated
from rightplace.core.periods import Period


def measure(record: Record, period: Period, stated: Stated) -> Measured:
    """Of the visits to homes planned for the period, those made by the day."""
    rows = record.happened
    within = rows.within("visit", period)
    return share(rows.key[within], rows.child[within], rows.value[within] > 0)


INDICATOR = Indicator(
    "visits_made", "Visits to homes made in time", Shape.SHARE, "visit", True,
    (
        Definition(
            date(2015, 4, 1),
            "Of the quality visits to homes and households planned for a day of the period, those made by that day. The social"
            " worker’s own visits to the child are kept in the social care record and not counted here.",
            "The authority’s plan of visits; no published statistic",
        ),
    ),
    measure,
)  # fmt: skip
