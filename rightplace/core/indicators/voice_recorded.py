"""What the child said, recorded for the review."""

from __future__ import annotations

from datetime import date

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape, share
from rightplace.core.indicators.record import Record, Stated
from rightplace.core.periods import Period


def measure(record: Record, period: Period, stated: Stated) -> Measured:
    """Of the reviews held in the period, those for which the child's own words are on record."""
    rows = record.happened
    within = rows.within("voice", period)
    return share(rows.key[within], rows.child[within], rows.value[within] > 0)


INDICATOR = Indicator(
    "voice_recorded", "Child’s voice recorded", Shape.SHARE, "review", True,
    (
        Definition(
            date(2011, 4, 1),
            "Of the reviews held in the period, those for which the child answered at least one question of the child’s page.",
            "Children Act 1989, section 22(4); Independent Reviewing Officers’ Handbook (2010), chapter 3",
        ),
    ),
    measure,
)  # fmt: skip
