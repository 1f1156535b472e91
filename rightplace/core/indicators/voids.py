"""Nights of block beds that stood empty."""

from __future__ import annotations

from datetime import date

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape
from rightplace.core.indicators.record import Record, Stated
from rightplace.core.periods import Period


def measure(record: Record, period: Period, stated: Stated) -> Measured:
    """Of every hundred nights of block beds in the months settled within the period, how many nobody used."""
    rows = record.happened
    within = rows.within("void", period)
    return Measured(Shape.MEAN, rows.key[within], rows.child[within], rows.value[within])


INDICATOR = Indicator(
    "voids", "Empty nights in a hundred, block beds", Shape.MEAN, "month of a block", False,
    (
        Definition(
            date(2015, 4, 1),
            "Of a hundred nights of beds in a block that the authority leads, those that no member used: the mean of the months"
            " that were worked out for the period.",
            "Settlements of shared blocks; no published statistic",
        ),
    ),
    measure,
)  # fmt: skip
