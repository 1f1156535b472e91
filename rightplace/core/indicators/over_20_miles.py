"""Placed over 20 miles from home."""

from __future__ import annotations

from datetime import date

import numpy as np

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape, share
from rightplace.core.indicators.record import Record, Stated, last_day, living
from rightplace.core.periods import Period


def measure(record: Record, period: Period, stated: Stated) -> Measured:
    """Of the placements on the last day whose distance is known, those farther from home than stated."""
    stays, now = record.stays, living(record, last_day(period))
    now = now[~np.isnan(stays.miles[now])]
    return share(stays.key[now], stays.child[now], stays.miles[now] > stated.far_over_miles)


INDICATOR = Indicator(
    "over_20_miles", "Over 20 miles from home", Shape.SHARE, "placement", False,
    (
        Definition(
            date(2008, 4, 1),
            "Of the placements on the last day whose distance from home is known, those more than 20 miles from it. Published"
            " figures count placements of unknown distance among all; here they are left out of both.",
            "Children looked after in England, distance between home and placement",
        ),
    ),
    measure,
)  # fmt: skip
