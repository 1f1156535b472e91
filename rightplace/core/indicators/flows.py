"""What happened along the child's journey within a week, a month or a year: counts without a target."""

from __future__ import annotations

from datetime import date

import numpy as np

from rightplace.core.indicators.measuring import Definition, Indicator, Measure, Measured, Shape, every
from rightplace.core.indicators.record import TEMPORARY, Days, Record, Stated, day
from rightplace.core.periods import Period

SOURCE = "Counted by this product; no published statistic"


def measure_requests(record: Record, period: Period, stated: Stated) -> Measured:
    """Children for whom a request was sent in the period."""
    rows = record.searches
    within = (rows.sent_on >= day(period.start)) & (rows.sent_on < day(period.closed_end))
    return every(Shape.COUNT, rows.key[within], rows.child[within])


def measure_offers(record: Record, period: Period, stated: Stated) -> Measured:
    """Offers received in the period; one for two children counts for each."""
    return _happened(record, "offer", period)


def measure_decisions(record: Record, period: Period, stated: Stated) -> Measured:
    """Homes chosen in the period, one for each child."""
    return _happened(record, "decision", period)


def measure_starts(record: Record, period: Period, stated: Stated) -> Measured:
    """Placements that began in the period, temporary ones left out."""
    return _stays(record, record.stays.starts_on, period)


def measure_endings(record: Record, period: Period, stated: Stated) -> Measured:
    """Placements that ended in the period, temporary ones left out."""
    return _stays(record, record.stays.ends_on, period)


def measure_paid(record: Record, period: Period, stated: Stated) -> Measured:
    """Pounds paid to providers and carers in the period."""
    rows = record.happened
    within = rows.within("paid", period)
    return Measured(Shape.SUM, rows.key[within], rows.child[within], rows.value[within])


def _happened(record: Record, kind: str, period: Period) -> Measured:
    rows = record.happened
    within = rows.within(kind, period)
    return every(Shape.COUNT, rows.key[within], rows.child[within])


def _stays(record: Record, on: Days, period: Period) -> Measured:
    stays = record.stays
    within = (on >= day(period.start)) & (on < day(period.closed_end)) & ~np.isin(stays.place, TEMPORARY)
    return every(Shape.COUNT, stays.key[within], stays.child[within])


def _flow(
    code: str, name: str, of: str, words: str, measure: Measure, shape: Shape = Shape.COUNT
) -> Indicator:
    return Indicator(code, name, shape, of, None, (Definition(date(2008, 4, 1), words, SOURCE),), measure)


REQUESTS = _flow(
    "requests", "Children referred", "request", "Children for whom a request was sent.", measure_requests
)
OFFERS = _flow(
    "offers", "Offers received", "offer", "Offers received, one for each child they are for.", measure_offers
)
DECISIONS = _flow(
    "decisions", "Homes chosen", "decision", "Offers chosen, one for each child.", measure_decisions
)
STARTS = _flow(
    "starts",
    "Placements begun",
    "placement",
    "Placements that began, temporary ones left out.",
    measure_starts,
)
ENDINGS = _flow(
    "endings",
    "Placements ended",
    "placement",
    "Placements that ended, temporary ones left out.",
    measure_endings,
)
PAID = _flow(
    "paid",
    "Pounds paid",
    "payment",
    "Pounds paid to providers and carers, by the day sent.",
    measure_paid,
    Shape.SUM,
)
