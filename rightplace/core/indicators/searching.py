"""How searches went: days until the child moved in, and offers for each request."""

from __future__ import annotations

from datetime import date

import numpy as np

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape
from rightplace.core.indicators.record import Record, Stated, day
from rightplace.core.periods import Period

SOURCE = "Sector studies of brokerage; counted by this product, no published statistic"


def measure_days(record: Record, period: Period, stated: Stated) -> Measured:
    """Days from the request until the child moved in, of those who moved in within the period."""
    rows = record.searches
    within = ~np.isnat(rows.placed_on)
    within[within] = (rows.placed_on[within] >= day(period.start)) & (
        rows.placed_on[within] < day(period.closed_end)
    )
    days = (rows.placed_on[within] - rows.sent_on[within]).astype(np.float64)
    return Measured(Shape.MEAN, rows.key[within], rows.child[within], days)


def measure_offers(record: Record, period: Period, stated: Stated) -> Measured:
    """Offers for each request that was sent in the period."""
    rows = record.searches
    within = (rows.sent_on >= day(period.start)) & (rows.sent_on < day(period.closed_end))
    return Measured(Shape.MEAN, rows.key[within], rows.child[within], rows.offers[within].astype(np.float64))


DAYS_TO_PLACE = Indicator(
    "days_to_place", "Days from request to placement", Shape.MEAN, "request", False,
    (Definition(date(2015, 4, 1), "Days from the day a request was sent until the child moved in, of the children who moved in"
                " within the period. Children who still wait are on the page Who waits.", SOURCE),),
    measure_days,
)  # fmt: skip
OFFERS = Indicator(
    "offers_per_request", "Offers for each request", Shape.MEAN, "request", True,
    (Definition(date(2015, 4, 1), "Offers received for each request that was sent in the period, those without any among them.",
                SOURCE),),
    measure_offers,
)  # fmt: skip
