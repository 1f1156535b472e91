"""The quality framework: the areas that a visit looks at, the same for every kind of provision, as in force on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rightplace.foundation.reference.packaged import read_rows


@dataclass(frozen=True, slots=True)
class QualityArea:
    """One area with its question and where it comes from."""

    code: str
    area: str
    question: str
    source: str


def quality_areas(on: date) -> tuple[QualityArea, ...]:
    """The areas in force on a day, in their order."""
    day = on.isoformat()
    return tuple(
        QualityArea(row["code"], row["area"], row["question"], row["source"])
        for row in read_rows("quality/framework.csv")
        if row["starts_on"] <= day and (not row["ends_on"] or day < row["ends_on"])
    )
