"""Placed with the authority's own carers and homes."""

from __future__ import annotations

from datetime import date

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape, share
from rightplace.core.indicators.record import Record, Stated, last_day, living
from rightplace.core.periods import Period


def measure(record: Record, period: Period, stated: Stated) -> Measured:
    """Of the placements on the last day, those in the authority's own provision."""
    stays, now = record.stays, living(record, last_day(period))
    return share(stays.key[now], stays.child[now], stays.is_own[now])


INDICATOR = Indicator(
    "own_provision", "Placed in own provision", Shape.SHARE, "placement", None,
    (
        Definition(
            date(2014, 4, 1),
            "Of the placements on the last day, those with the authority’s own carers or in its own homes (provider code PR1).",
            "Children looked after in England, placement provider",
        ),
    ),
    measure,
)  # fmt: skip
