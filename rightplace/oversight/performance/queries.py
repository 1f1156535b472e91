"""Questions about indicators: all of an authority's now and a year ago, one over time, and who is behind a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from rightplace.core.indicators import BY_CODE, INDICATORS, Indicator, Measured, Moved, Record, moved
from rightplace.core.indicators.sums import Counted, Sums, sums_of
from rightplace.core.matching.fairness import Interval
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.reference.authorities import children as population_of
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.oversight.performance.any_of import AnyOf
from rightplace.oversight.performance.asked import asked_by
from rightplace.oversight.performance.models import FrozenFigure
from rightplace.oversight.performance.publishing import Printed, printed_beside, printed_of
from rightplace.oversight.performance.reading import gss_code, record_of, stated
from rightplace.oversight.performance.spans import Span, month_ends, year_before
from rightplace.oversight.performance.summaries import Figures, figures
from rightplace.register.children.models import Child


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator now, a year ago and each month between, with the printed figures beside it (per cent, rate or count).

    `frozen` is the figure of the last month that is frozen, as it stood when that was over (`frozen_on`).
    """

    indicator: Indicator
    now: Counted
    before: Counted
    trend: tuple[float | None, ...]
    printed: Mapping[str, float | None]
    printed_year: int | None
    frozen: Counted | None = None
    frozen_on: date | None = None

    @property
    def interval(self) -> Interval:
        """The figure now, with its interval."""
        return self.now.interval


@dataclass(frozen=True, slots=True)
class Behind:
    """A child behind a figure, by the local number: whether the child is in the numerator, and the value of a mean or sum.

    `change` is "came" (newly counted), "went" (no longer counted) or empty.
    """

    child_id: int
    local_number: str
    born_on: date
    counts: bool
    value: float | None
    change: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One indicator opened: its months, who moved it within a year, the children that this reader may open, and all areas.

    `unseen` are children that this reader may not open; `of_nobody` rows are about no single child (visits, answers).
    """

    row: Row
    area: str
    months: tuple[date, ...]
    why: Moved
    children: Sequence[Behind]
    unseen: int
    of_nobody: int
    everywhere: Printed


def indicators(actor: Actor, on: date, months: int = 0) -> list[Row]:
    """Every indicator of the actor's authority for the year that ends with a day: from the figures kept ready.

    `months` are how many of the months before stand in the trend, two at least; all where none is said.
    """
    *known, before = _years(on)
    spans = (*known[-max(months, 2) if months else 0 :], before)
    found = figures(actor.authority_id, spans)
    printed = printed_beside(found.area)
    return [_row(one, found, spans, printed) for one in INDICATORS]


def _years(on: date) -> tuple[Span, ...]:
    """The year to a day, the years to the months before it, and the year to the same day a year before."""
    return (*(Span("year", end) for end in month_ends(on)), Span("year", year_before(on)))


def _row(indicator: Indicator, found: Figures, spans: Sequence[Span], printed: Printed) -> Row:
    *years, before = (_counted(indicator, found, span) for span in spans)
    # The year that is asked for where its month is over, or else the year to the month before.
    last = next((at for at in (-1, -2) if (indicator.code, spans[at - 1]) in found.frozen), None)
    row = _beside(indicator, years[-1], before, tuple(one.figure for one in years), printed, found.area)
    if last is None:
        return row
    span = spans[last - 1]
    stood = Counted(indicator.shape, found.frozen[indicator.code, span], years[last].per)
    return replace(row, frozen=stood, frozen_on=span.ends_on)


def _counted(indicator: Indicator, found: Figures, span: Span) -> Counted:
    return Counted(
        indicator.shape, found.of(indicator.code, span), population_of(found.area, span.ends_on.year)
    )


def _beside(
    indicator: Indicator, now: Counted, before: Counted, trend: tuple[float | None, ...], printed: Printed, area: str
) -> Row:  # fmt: skip
    last = printed.last_year(indicator.code)
    beside = printed.beside(indicator.code, area, last) if last else {}
    return Row(indicator, now, before, trend, beside, last)


def opened(actor: Actor, code: str, on: date, span_of: str = "year") -> Detail | None:
    """One indicator or flow of the actor's authority with who is behind it, counted from the record; None without such a code.

    `span_of`: over the year, month or week that ends with the day. Three reads of its own beside the record's.
    """
    indicator = BY_CODE.get(code)
    if indicator is None:
        return None
    ends = month_ends(on)
    now, before = Span(span_of, on), Span(span_of, year_before(on))
    area = gss_code(actor.authority_id)
    since = min(before.period.start, Span(span_of, ends[0]).period.start)
    record = record_of(actor.authority_id, on, since=since, code=area, asked=asked_by(code))
    counted, earlier = (_measured(indicator, record, span) for span in (now, before))
    trend = (*(_as_counted(indicator, record, Span(span_of, end), area).figure for end in ends[:-1]),)
    everywhere = printed_of(code)
    shown, was = (_summed(one, indicator, span, area) for one, span in ((counted, now), (earlier, before)))
    row = _beside(indicator, shown, was, (*trend, shown.figure), everywhere, area)
    row = _with_frozen(row, actor.authority_id, now, area)
    why = moved(earlier, counted)
    children, unseen = _behind(actor, counted, earlier, why)
    return Detail(row, area, ends, why, children, unseen, int((counted.child == 0).sum()), everywhere)


def _with_frozen(row: Row, authority_id: int, span: Span, area: str) -> Row:
    """The row with what was frozen of the span's own month, or of the one before."""
    ends = month_ends(span.ends_on, 2)
    kept = FrozenFigure.objects.filter(
        authority_id=authority_id, code=row.indicator.code, span=span.kind, ends_on__in=ends
    )
    one = kept.order_by("-ends_on").first()
    if one is None:
        return row
    sums = Sums(int(one.numerator), int(one.denominator), one.total, one.squares)
    stood = Counted(row.indicator.shape, sums, population_of(area, one.ends_on.year))
    return replace(row, frozen=stood, frozen_on=one.ends_on)


def _measured(indicator: Indicator, record: Record, span: Span) -> Measured:
    return indicator.measure(record, span.period, stated(span.ends_on))


def _as_counted(indicator: Indicator, record: Record, span: Span, area: str) -> Counted:
    return _summed(_measured(indicator, record, span), indicator, span, area)


def _summed(found: Measured, indicator: Indicator, span: Span, area: str) -> Counted:
    return Counted(indicator.shape, sums_of(found), population_of(area, span.ends_on.year))


def _behind(actor: Actor, now: Measured, before: Measured, why: Moved) -> tuple[list[Behind], int]:
    """The children of the denominator that this actor may open, those who count first, and how many more there are.

    Those who counted a year ago and are no longer counted stand at the end: they too moved the figure.
    """
    gone = np.isin(before.key, why.ended)
    keys = sorted({*now.child.tolist(), *before.child[gone].tolist()} - {0})
    rows = without_hidden(
        actor, Child.objects.filter(AnyOf("pk", keys), authority_id=actor.authority_id), "pk"
    )
    known = {row[0]: row for row in rows.values_list("pk", "local_number", "born_on")}
    began, is_share = set(why.began.tolist()), now.counts.dtype == np.bool_
    made = [
        Behind(*known[child], bool(value), None if is_share else float(value), "came" if key in began else "")
        for key, child, value in zip(now.key.tolist(), now.child.tolist(), now.counts.tolist(), strict=True) if child in known
    ]  # fmt: skip
    made.sort(key=lambda one: (not one.counts, one.local_number, one.child_id))
    left = [
        Behind(*known[child], False, None, "went") for child in before.child[gone].tolist() if child in known
    ]
    return [*made, *left], len(set(keys) - set(known))
