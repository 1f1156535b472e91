"""Children who went missing."""

from __future__ import annotations

from datetime import date

import numpy as np

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape, share
from rightplace.core.indicators.record import Record, Stated, day
from rightplace.core.periods import Period


def measure(record: Record, period: Period, stated: Stated) -> Measured:
    """Of the children looked after at any time in the period, those told missing from their home within it."""
    care, rows = record.care, record.happened
    within = (care.starts_on < day(period.closed_end)) & (care.ends_on > day(period.start))
    children = np.unique(care.child[within])
    return share(children, children, np.isin(children, rows.child[rows.within("missing", period)]))


INDICATOR = Indicator(
    "missing", "Went missing", Shape.SHARE, "child", False,
    (
        Definition(
            date(2014, 4, 1),
            "Of the children looked after at any time in the period, those of whom the home or the social worker told at least"
            " once that they were missing.",
            "Children looked after in England, children who were missing",
        ),
    ),
    measure,
)  # fmt: skip
