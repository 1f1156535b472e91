"""Children in homes that are not registered though they must be."""

from __future__ import annotations

from datetime import date

import numpy as np

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape, share
from rightplace.core.indicators.record import Record, Stated, last_day, living
from rightplace.core.periods import Period

HOMES = ("K1", "K2")
SUPPORTED = ("H5",)


def measure(record: Record, period: Period, stated: Stated) -> Measured:
    """Of the placements on the last day in homes that must be registered, those in one that is not."""
    stays, on = record.stays, last_day(period)
    must = HOMES + (SUPPORTED if on >= np.datetime64(stated.supported_registered_from, "D") else ())
    now = living(record, on)
    now = now[np.isin(stays.place[now], must)]
    return share(
        stays.key[now], stays.child[now], (stays.registered_on[now] > on) | (stays.closed_on[now] <= on)
    )


INDICATOR = Indicator(
    "unregistered", "In homes that are not registered", Shape.SHARE, "placement", False,
    (
        Definition(
            date(2000, 4, 1),
            "Of the placements on the last day in children’s homes (K1, K2), those in a home that is on no register, or was not"
            " registered on that day.",
            "Care Standards Act 2000, section 11",
        ),
        Definition(
            date(2023, 10, 28),
            "Of the placements on the last day in children’s homes (K1, K2) and supported accommodation (H5), those in a home"
            " that is on no register, or was not registered on that day.",
            "Care Standards Act 2000, section 11; Supported Accommodation (England) Regulations 2023",
        ),
    ),
    measure,
)  # fmt: skip
