"""How social workers, carers and children answer the short surveys."""

from __future__ import annotations

from datetime import date

import numpy as np

from rightplace.core.indicators.measuring import Definition, Indicator, Measured, Shape
from rightplace.core.indicators.record import Record, Stated
from rightplace.core.periods import Period

SOURCE = "Surveys of this product; no published statistic"
ASKED = {
    "social_workers": "social workers",
    "carers": "own foster carers",
    "children": "children and young people",
}


def _measure(audience: str, record: Record, period: Period, stated: Stated) -> Measured:
    """The mean answer to surveys that closed in the period; a survey with few answers is left out, so that nobody is known."""
    rows = record.happened
    within = rows.within(f"answer:{audience}", period)
    surveys, many = np.unique(rows.key[within], return_counts=True)
    within = within[np.isin(rows.key[within], surveys[many >= stated.few_answers])]
    return Measured(Shape.MEAN, rows.key[within], rows.child[within], rows.value[within])


def measure_social_workers(record: Record, period: Period, stated: Stated) -> Measured:
    """How social workers answered."""
    return _measure("social_workers", record, period, stated)


def measure_carers(record: Record, period: Period, stated: Stated) -> Measured:
    """How the authority's own foster carers answered."""
    return _measure("carers", record, period, stated)


def measure_children(record: Record, period: Period, stated: Stated) -> Measured:
    """How children and young people answered."""
    return _measure("children", record, period, stated)


def _definition(audience: str) -> tuple[Definition, ...]:
    words = (
        f"The mean answer of {ASKED[audience]} to all questions of the surveys that closed in the period, from 1 (disagree"
        " strongly) upwards. A survey with fewer than five answers is left out."
    )
    return (Definition(date(2020, 4, 1), words, SOURCE),)


SOCIAL_WORKERS = Indicator(
    "satisfaction_social_workers", "Survey of social workers", Shape.MEAN, "answer", True, _definition("social_workers"),
    measure_social_workers,
)  # fmt: skip
CARERS = Indicator(
    "satisfaction_carers", "Survey of own carers", Shape.MEAN, "answer", True, _definition("carers"), measure_carers,
)  # fmt: skip
CHILDREN = Indicator(
    "satisfaction_children", "Survey of children", Shape.MEAN, "answer", True, _definition("children"), measure_children,
)  # fmt: skip
