"""Placed near enough to keep the school."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape, share
from rightplace.core.indicators.record import Record, Stated, last_day, living
from rightplace.core.periods import Period


def keeps_school(miles: Any, within: float) -> Any:
    """Whether a child can go on at school from a place so many miles away in a straight line: of one, or of each of many."""
    return miles <= within


def measure(record: Record, period: Period, stated: Stated) -> Measured:
    """Of the placements on the last day of children whose school is known, those within the stated miles of it."""
    stays, now = record.stays, living(record, last_day(period))
    now = now[~np.isnan(stays.school_miles[now])]
    return share(
        stays.key[now], stays.child[now], keeps_school(stays.school_miles[now], stated.school_within_miles)
    )


INDICATOR = Indicator(
    "school_kept", "Near enough to keep the school", Shape.SHARE, "placement", True,
    (
        Definition(
            date(2014, 4, 1),
            "Of the placements on the last day of children whose school is known, those from which it is no more than six miles"
            " in a straight line, so that the child can go on there. Whether the child does is not recorded here.",
            "Children Act 1989, section 22C(8)(b); six miles: Education Act 1996, schedule 35B; no published statistic",
        ),
    ),
    measure,
)  # fmt: skip
