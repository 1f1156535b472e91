"""A file of a return as it was given, and the collection year of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file of a return as given: where it stood and its bytes."""

    name: str
    content: bytes
    folder: str = ""


def collection_year(day: date) -> int:
    """The year in which the collection year of a day ends: 2 April 2017 is in 2018."""
    return day.year + (1 if (day.month, day.day) >= (4, 1) else 0)
