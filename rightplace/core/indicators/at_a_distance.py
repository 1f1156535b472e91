"""Placed at a distance: outside the authority's area and outside every area that adjoins it."""

from __future__ import annotations

from datetime import date

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape, share
from rightplace.core.indicators.record import Record, Stated, last_day, living
from rightplace.core.periods import Period


def measure(record: Record, period: Period, stated: Stated) -> Measured:
    """Of the placements on the last day whose area is known, those at a distance."""
    stays, now = record.stays, living(record, last_day(period))
    now = now[stays.is_far[now] >= 0]
    return share(stays.key[now], stays.child[now], stays.is_far[now] == 1)


INDICATOR = Indicator(
    "at_a_distance", "Placed at a distance", Shape.SHARE, "placement", False,
    (
        Definition(
            date(2014, 1, 27),
            "Of the placements on the last day whose area is known, those outside the authority’s area and outside the area of"
            " every authority that adjoins it. A director approves such a placement.",
            "Care Planning, Placement and Case Review (England) Regulations 2010, regulation 11, as amended in 2013",
        ),
    ),
    measure,
)  # fmt: skip
