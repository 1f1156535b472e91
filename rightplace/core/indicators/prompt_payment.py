"""Invoices paid on time."""

from __future__ import annotations

from datetime import date

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape, share
from rightplace.core.indicators.record import Record, Stated
from rightplace.core.periods import Period


def measure(record: Record, period: Period, stated: Stated) -> Measured:
    """Of the invoices paid in the period, those paid within the days that the law allows."""
    rows = record.happened
    within = rows.within("payment", period)
    return share(rows.key[within], rows.child[within], rows.value[within] > 0)


INDICATOR = Indicator(
    "prompt_payment", "Invoices paid on time", Shape.SHARE, "payment", True,
    (
        Definition(
            date(2015, 2, 26),
            "Of the payments of invoices sent in the period, those sent within 30 days of the invoice’s receipt; where it was"
            " disputed, of the day on which the dispute was settled.",
            "Public Contracts Regulations 2015, regulation 113",
        ),
        Definition(
            date(2025, 2, 24),
            "Of the payments of invoices sent in the period, those sent within 30 days of the invoice’s receipt; where it was"
            " disputed, of the day on which the dispute was settled.",
            "Procurement Act 2023, section 68; before 24 February 2025 Public Contracts Regulations 2015, regulation 113",
        ),
    ),
    measure,
)  # fmt: skip
