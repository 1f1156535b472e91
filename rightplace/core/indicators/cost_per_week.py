"""What a week costs, by kind of home."""

from __future__ import annotations

from datetime import date

import numpy as np

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape
from rightplace.core.indicators.record import Record, Stated, last_day, living
from rightplace.core.periods import Period

FOSTERING = ("U1", "U2", "U3", "U4", "U5", "U6")
HOMES = ("K1", "K2")
SUPPORTED = ("H5", "P2")


def _measure(places: tuple[str, ...], record: Record, period: Period) -> Measured:
    """The weekly price, in pounds, of each placement of a kind on the last day whose price is agreed with a provider."""
    stays, rows, on = record.stays, record.happened, last_day(period)
    now = living(record, on)
    wanted = stays.key[now[np.isin(stays.place[now], places)]]
    standing = (rows.kind == "price") & (rows.on <= on) & (rows.until > on) & np.isin(rows.key, wanted)
    at = np.flatnonzero(standing)
    return Measured(Shape.MEAN, rows.key[at], rows.child[at], rows.value[at])


def measure_fostering(record: Record, period: Period, stated: Stated) -> Measured:
    """Foster homes of agencies."""
    return _measure(FOSTERING, record, period)


def measure_homes(record: Record, period: Period, stated: Stated) -> Measured:
    """Children's homes."""
    return _measure(HOMES, record, period)


def measure_supported(record: Record, period: Period, stated: Stated) -> Measured:
    """Supported accommodation."""
    return _measure(SUPPORTED, record, period)


def _definition(words: str) -> tuple[Definition, ...]:
    text = f"The mean price a week, in pounds, of placements on the last day in {words} with a price agreed with a provider."
    return (Definition(date(2015, 4, 1), text, "Agreed prices of contracts; no published statistic"),)


FOSTER_HOMES = Indicator(
    "cost_fostering", "Pounds a week, agencies’ foster homes", Shape.MEAN, "placement", None,
    _definition("foster homes of agencies (U1 to U6)"), measure_fostering,
)  # fmt: skip
CHILDRENS_HOMES = Indicator(
    "cost_homes", "Pounds a week, children’s homes", Shape.MEAN, "placement", None,
    _definition("children’s homes (K1, K2)"), measure_homes,
)  # fmt: skip
SUPPORTED_HOMES = Indicator(
    "cost_supported", "Pounds a week, supported accommodation", Shape.MEAN, "placement", None,
    _definition("supported accommodation (H5, P2)"), measure_supported,
)  # fmt: skip
