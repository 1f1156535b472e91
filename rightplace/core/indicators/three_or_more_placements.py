"""NI62: children with three or more placements in the year."""

from __future__ import annotations

from datetime import date

import numpy as np

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape, share
from rightplace.core.indicators.record import Record, Stated, day, last_day, looked_after
from rightplace.core.periods import Period


def measure(record: Record, period: Period, stated: Stated) -> Measured:
    """Of the children looked after on the period's last day, those who lived in three or more placements within it."""
    children, stays = looked_after(record, last_day(period)), record.stays
    last, began = record.homes
    within = (began < day(period.closed_end)) & (stays.ends_on[last] > day(period.start))
    known, many = np.unique(stays.child[last[within]], return_counts=True)
    return share(children, children, np.isin(children, known[many >= stated.placements_from]))


INDICATOR = Indicator(
    "three_or_more_placements", "Three or more placements in the year", Shape.SHARE, "child", False,
    (
        Definition(
            date(2008, 4, 1),
            "Of the children looked after on the last day of the year, those who had three or more placements in it. Temporary"
            " placements (codes T0 to T4) are not counted, coming back to the same carer after one is no new placement, and"
            " series of short breaks are left out.",
            "National indicator 62; Children looked after in England, methodology",
        ),
    ),
    measure,
)  # fmt: skip
