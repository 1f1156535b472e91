"""Bank holidays of England, 2015 to 2030, for clocks that run in working days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType

from rightplace.foundation.reference.packaged import read_rows


@cache
def holidays() -> frozenset[date]:
    """The bank holidays of England, with substitute and one-off days."""
    return frozenset(holiday_names())


@cache
def holiday_names() -> Mapping[date, str]:
    """What each bank holiday is called, by its date."""
    rows = read_rows("calendar/bank_holidays.csv")
    return MappingProxyType({date.fromisoformat(row["on"]): row["name"] for row in rows})
