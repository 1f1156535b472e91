"""Placements that ended otherwise than planned."""

from __future__ import annotations

from datetime import date

import numpy as np

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape, share
from rightplace.core.indicators.record import TEMPORARY, Record, Stated, day
from rightplace.core.periods import Period

PLANNED = ("CARPL",)
NO_MOVE = ("", "PLACE")


def measure(record: Record, period: Period, stated: Stated) -> Measured:
    """Of the placements that changed within the period for a stated reason, those not changed to carry out the care plan."""
    stays = record.stays
    ended = (stays.ends_on >= day(period.start)) & (stays.ends_on < day(period.closed_end))
    counted = ended & ~np.isin(stays.change, NO_MOVE) & ~np.isin(stays.place, TEMPORARY)
    at = np.flatnonzero(counted)
    return share(stays.key[at], stays.child[at], ~np.isin(stays.change[at], PLANNED))


INDICATOR = Indicator(
    "unplanned_endings", "Placements ended unplanned", Shape.SHARE, "placement", False,
    (
        Definition(
            date(2015, 4, 1),
            "Of the placements that changed in the period, those that changed for any other reason than to carry out the care"
            " plan (code CARPL). Where only the status of a placement changed (PLACE) nobody moved, and it is not counted.",
            "SSDA903, reason for placement change",
        ),
    ),
    measure,
)  # fmt: skip
