"""Outcomes of contracts that were achieved."""

from __future__ import annotations

from datetime import date

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape, share
from rightplace.core.indicators.record import Record, Stated
from rightplace.core.periods import Period


def measure(record: Record, period: Period, stated: Stated) -> Measured:
    """Of the outcomes that reviewing officers scored in the period, those achieved in full."""
    rows = record.happened
    within = rows.within("outcome", period)
    return share(rows.key[within], rows.child[within], rows.value[within] >= 1)


INDICATOR = Indicator(
    "outcomes_achieved", "Outcomes achieved", Shape.SHARE, "outcome", True,
    (
        Definition(
            date(2015, 4, 1),
            "Of the outcomes of contracts that the reviewing officer scored in the period, those achieved in full; partly"
            " achieved counts as not. One that is scored at two reviews counts twice.",
            "Individual placement contracts of this product; no published statistic",
        ),
    ),
    measure,
)  # fmt: skip
