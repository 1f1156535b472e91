"""Questions about indicators: all of an authority's now and a year ago, one over time, and who is behind a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from rightplace.core.indicators import INDICATORS, Indicator, Measured, Moved, Record, Stated, moved
from rightplace.core.matching.fairness import Interval
from rightplace.core.periods import Period
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.published import beside, published, years_of
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.oversight.performance.reading import record_of, stated
from rightplace.register.children.models import Child

MONTHS = 12
BY_CODE: Mapping[str, Indicator] = {one.code: one for one in INDICATORS}


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator now, a year ago and each month between, with the printed figures beside it (per cent, rate or count)."""

    indicator: Indicator
    now: Measured
    before: Measured
    trend: tuple[float | None, ...]
    printed: Mapping[str, float | None]
    printed_year: int | None

    @property
    def interval(self) -> Interval:
        """The figure now, with its interval."""
        return self.now.interval


@dataclass(frozen=True, slots=True)
class Behind:
    """A child behind a figure, by the local number: whether the child is in the numerator, and the value of a mean."""

    child_id: int
    local_number: str
    born_on: date
    counts: bool
    value: float | None
    change: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One indicator opened: its months, who moved it within a year, and the children that this reader may open."""

    row: Row
    months: tuple[date, ...]
    why: Moved
    children: Sequence[Behind]
    unseen: int


def year_to(on: date) -> Period:
    """The twelve months that end with a day."""
    end = on + timedelta(days=1)
    return Period(_year_before(end), end)


def _year_before(on: date) -> date:
    return on.replace(year=on.year - 1, day=28 if (on.month, on.day) == (2, 29) else on.day)


def month_ends(on: date) -> tuple[date, ...]:
    """The last days of the eleven whole months before a day, and the day itself."""
    found, end = [on], on.replace(day=1) - timedelta(days=1)
    while len(found) < MONTHS:
        found.append(end)
        end = end.replace(day=1) - timedelta(days=1)
    return tuple(reversed(found))


def indicators(actor: Actor, on: date) -> list[Row]:
    """Every indicator of the actor's authority for the year that ends with a day."""
    record, numbers, area = record_of(actor.authority_id, on), stated(on), _area(actor)
    return [_row(one, record, numbers, on, area) for one in INDICATORS]


def opened(actor: Actor, code: str, on: date) -> Detail | None:
    """One indicator of the actor's authority with who is behind it; None when there is none of this code."""
    indicator = BY_CODE.get(code)
    if indicator is None:
        return None
    record, numbers = record_of(actor.authority_id, on), stated(on)
    row = _row(indicator, record, numbers, on, _area(actor))
    why = moved(row.before, row.now)
    children, unseen = _behind(actor, row.now, why)
    return Detail(row, month_ends(on), why, children, unseen)


def _area(actor: Actor) -> str:
    return Authority.objects.values_list("gss_code", flat=True).get(pk=actor.authority_id)


def _row(indicator: Indicator, record: Record, numbers: Stated, on: date, area: str) -> Row:
    now = indicator.measure(record, year_to(on), numbers)
    before = indicator.measure(record, year_to(_year_before(on)), numbers)
    ends = month_ends(on)[:-1]
    trend = (*(indicator.measure(record, year_to(end), numbers).figure for end in ends), now.figure)
    years = years_of(indicator.code)
    last = years[-1] if years else None
    return Row(indicator, now, before, trend, beside(indicator.code, area, last) if last else {}, last)


def _behind(actor: Actor, now: Measured, why: Moved) -> tuple[list[Behind], int]:
    """The children of the denominator that this actor may open, those who count first, and how many more there are."""
    keys = sorted(set(now.child.tolist()))
    rows = without_hidden(actor, Child.objects.filter(authority_id=actor.authority_id, pk__in=keys), "pk")
    known = {row.pk: row for row in rows.only("local_number", "born_on")}
    began = set(why.began.tolist())
    is_share = now.counts.dtype == np.bool_
    made = [
        Behind(
            child, known[child].local_number, known[child].born_on, bool(value), None if is_share else float(value),
            "new" if key in began else "",
        )
        for key, child, value in zip(now.key.tolist(), now.child.tolist(), now.counts.tolist(), strict=True)
        if child in known
    ]  # fmt: skip
    return sorted(made, key=lambda one: (not one.counts, one.local_number, one.child_id)), len(
        set(keys) - set(known)
    )


def printed_over_time(code: str, area: str) -> list[tuple[int, float | None]]:
    """An area's printed figures, year by year."""
    rows = [(year, published(code, area, year)) for year in years_of(code)]
    return [(year, row.figure if row else None) for year, row in rows]
