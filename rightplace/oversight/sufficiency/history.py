"""An authority's record of children looked after, as the forecast takes it: from the placements the product holds.

Whoever looks, restricted cases are counted: the figures name nobody, and sums must be right. What is held of returns
(SSDA903) are placements too, so one record serves both.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from django.db.models import BigIntegerField, Count, F, Func, Sum

from rightplace.core.forecasting.episodes import OPEN, Episodes
from rightplace.core.forecasting.kinds import Ints, first_month_from, kind_of, month_of
from rightplace.foundation.access.scope import as_system
from rightplace.journey.placements.models import LIVED, Placement

DAY_ZERO = date(1970, 1, 1)
MOST_YEARS = 9
TOLD = ("child_id", "child__born_on", "period", "place_code", "provider_code", "child__is_uasc")


def days(of: date) -> int:
    """Days since 1970-01-01."""
    return (of - DAY_ZERO).days


def record_of(authority_id: int, today: date) -> Episodes:
    """The episodes of an authority up to the month of a day; from when imports begin, or the first placement."""
    with as_system():
        rows = list(
            Placement.objects.filter(LIVED, authority_id=authority_id)
            .order_by("child_id", "id")
            .values_list(*TOLD)
        )
    columns = [
        (
            child,
            born.year * 12 + born.month - 1,
            days(period.lower),
            days(period.upper) if period.upper else OPEN,
            kind_of(place, provider),
            int(uasc),
        )
        for child, born, period, place, provider, uasc in rows
    ]
    until = int(month_of(days(today)))
    if not columns:
        return Episodes(*_six(np.zeros((6, 0), np.int64)), since=until, until=until)
    arrays = np.array(columns, np.int64).T
    since = max(_since(arrays[2], arrays[3]), until - MOST_YEARS * 12)
    return Episodes(*_six(arrays), since=min(since, until), until=until)


def _six(of: Ints) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
    return of[0], of[1], of[2], of[3], of[4], of[5]


def _since(start: Ints, end: Ints) -> int:
    """The month from which the record looks whole: the first in which any episode ended, or the first month of all.

    A return holds whoever was there in its first year, with starts long before: those starts are no full record.
    """
    ended = end[end < OPEN]
    first = int(first_month_from(start).min())
    return max(first, int(month_of(ended).min())) if len(ended) else first


class _Told(Func):
    """What a row tells the forecast, as one number."""

    template = "hashtextextended(concat_ws(' ', %(expressions)s), 0)"
    output_field = BigIntegerField()


def fingerprint(authority_id: int, today: date) -> tuple[object, ...]:
    """What changes whenever the record does: a forecast made before is good as long as this is the same."""
    told = _Told(*(F(name) for name in ("id", *TOLD)))
    with as_system():
        rows = Placement.objects.filter(LIVED, authority_id=authority_id)
        counted = rows.aggregate(many=Count("id"), which=Sum(told))
    return (authority_id, today.year, today.month, *counted.values())
