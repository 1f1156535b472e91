"""Placed outside the authority's area."""

from __future__ import annotations

from datetime import date

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape, share
from rightplace.core.indicators.record import Record, Stated, last_day, living
from rightplace.core.periods import Period


def measure(record: Record, period: Period, stated: Stated) -> Measured:
    """Of the placements on the last day whose area is known, those outside the authority's own."""
    stays, now = record.stays, living(record, last_day(period))
    now = now[stays.is_outside[now] >= 0]
    return share(stays.key[now], stays.child[now], stays.is_outside[now] == 1)


INDICATOR = Indicator(
    "outside_area", "Placed outside the area", Shape.SHARE, "placement", False,
    (
        Definition(
            date(2011, 4, 1),
            "Of the placements on the last day whose postcode is known, those outside the authority’s own area.",
            "Children looked after in England, locality of placement",
        ),
    ),
    measure,
)  # fmt: skip
