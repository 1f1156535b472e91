"""Children looked after for each 10,000 children of the area: all, and without unaccompanied asylum-seeking children."""

from __future__ import annotations

from datetime import date

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape, every
from rightplace.core.indicators.record import Record, Stated, last_day, looked_after
from rightplace.core.periods import Period

SOURCE = "Children looked after in England, rate per 10,000 children; population: ONS mid-year estimates"


def measure(record: Record, period: Period, stated: Stated) -> Measured:
    """Children looked after on the last day over the population aged 0 to 17."""
    child = looked_after(record, last_day(period))
    return every(Shape.RATE, child, child, record.population)


def measure_local(record: Record, period: Period, stated: Stated) -> Measured:
    """The same without unaccompanied asylum-seeking children."""
    child = looked_after(record, last_day(period))
    child = child[~record.children.is_uasc[record.children.at(child)]]
    return every(Shape.RATE, child, child, record.population)


def measure_uasc(record: Record, period: Period, stated: Stated) -> Measured:
    """Unaccompanied asylum-seeking children alone."""
    child = looked_after(record, last_day(period))
    child = child[record.children.is_uasc[record.children.at(child)]]
    return every(Shape.RATE, child, child, record.population)


INDICATOR = Indicator(
    "looked_after_rate", "Looked after, for each 10,000 children", Shape.RATE, "child", None,
    (
        Definition(
            date(2008, 4, 1),
            "Children looked after on the last day, for each 10,000 children under 18 who live in the area. Series of short"
            " breaks are left out.",
            SOURCE,
        ),
    ),
    measure,
)  # fmt: skip
LOCAL = Indicator(
    "looked_after_rate_local", "Looked after, local children, for each 10,000", Shape.RATE, "child", None,
    (
        Definition(
            date(2008, 4, 1),
            "The same, without children who came unaccompanied and seek asylum.",
            SOURCE,
        ),
    ),
    measure_local,
)  # fmt: skip
UASC = Indicator(
    "looked_after_rate_uasc", "Looked after, unaccompanied children, for each 10,000", Shape.RATE, "child", None,
    (
        Definition(
            date(2016, 7, 1),
            "The same for children who came unaccompanied and seek asylum. Since July 2016 the national transfer scheme looks"
            " for another authority where they are more than its threshold of an area’s children.",
            f"{SOURCE}; National Transfer Scheme protocol",
        ),
    ),
    measure_uasc,
)  # fmt: skip
