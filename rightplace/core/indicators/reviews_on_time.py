"""Statutory reviews on time."""

from __future__ import annotations

from datetime import date

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape, share
from rightplace.core.indicators.record import Record, Stated
from rightplace.core.periods import Period


def measure(record: Record, period: Period, stated: Stated) -> Measured:
    """Of the reviews that were due in the period, those held by the day."""
    rows = record.happened
    within = rows.within("review", period)
    return share(rows.key[within], rows.child[within], rows.value[within] > 0)


INDICATOR = Indicator(
    "reviews_on_time", "Reviews on time", Shape.SHARE, "review", True,
    (
        Definition(
            date(2011, 4, 1),
            "Of the statutory reviews whose last day on time lies in the period, those held by that day. A review that is still"
            " open on that day counts as late.",
            "Care Planning, Placement and Case Review (England) Regulations 2010, regulation 33",
        ),
    ),
    measure,
)  # fmt: skip
