"""Children who began and who ceased to be looked after."""

from __future__ import annotations

from datetime import date

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape, every
from rightplace.core.indicators.record import Days, Record, Stated, day
from rightplace.core.periods import Period

SOURCE = "Children looked after in England, starting and ceasing to be looked after"


def _counted(record: Record, period: Period, at: str) -> Measured:
    care = record.care
    on: Days = getattr(care, at)
    within = (on >= day(period.start)) & (on < day(period.closed_end))
    return every(Shape.COUNT, care.child[within], care.child[within])


def measure_entries(record: Record, period: Period, stated: Stated) -> Measured:
    """Times that a child began to be looked after in the period: coming back counts again."""
    return _counted(record, period, "starts_on")


def measure_exits(record: Record, period: Period, stated: Stated) -> Measured:
    """Times that a child ceased to be looked after in the period."""
    return _counted(record, period, "ends_on")


ENTRIES = Indicator(
    "entries", "Began to be looked after", Shape.COUNT, "child", None,
    (Definition(date(2008, 4, 1), "Times in the period that a child began to be looked after; a change of legal status is none.",
                SOURCE),),
    measure_entries,
)  # fmt: skip
EXITS = Indicator(
    "exits", "Ceased to be looked after", Shape.COUNT, "child", None,
    (Definition(date(2008, 4, 1), "Times in the period that a child ceased to be looked after.", SOURCE),),
    measure_exits,
)  # fmt: skip
