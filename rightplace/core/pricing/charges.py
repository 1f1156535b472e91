"""What an agreement comes to in dated rows, by line and part; and price lines alone over a closed period.

One engine: rows are made from the rate segments of `segmenting.py` and rounded as `running.py` says, for offers (lines
without rules) as for contracts with all their rules. A row says its true nights: from the first that is charged in its
part to the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from rightplace.core.periods import Period, Split
from rightplace.core.pricing.agreements import Agreement, agreed_line, as_expected
from rightplace.core.pricing.columns import Segments, months_between
from rightplace.core.pricing.lines import PriceKind, PriceLine
from rightplace.core.pricing.running import Days, Ints, date_of, day_numbers
from rightplace.core.pricing.segmenting import rate_segments
from rightplace.core.pricing.totals import charged, vat_charged


@dataclass(frozen=True, slots=True)
class DatedCharge:
    """What one line (by its number) comes to in the part that begins on `part`; below zero for a discount."""

    line: int
    part: date
    period: Period
    pence: int
    vat_pence: int


@dataclass(frozen=True, slots=True)
class Charge:
    """What one line (by its place in the list) comes to over a period; below zero for a discount."""

    line: int
    kind: PriceKind
    period: Period
    pence: int


def dated_charges(
    agreement: Agreement, cuts: Days | None = None, also: Iterable[date] = ()
) -> tuple[DatedCharge, ...]:
    """All charges of an agreement whose stay is closed, by month or between the caller's cuts; by line, then date.

    Months are cut on the days of `also`, too: their parts add up to the month, to the penny.
    """
    segments = rate_segments(agreement)
    if not len(segments):
        return ()
    if cuts is None:
        cuts = months_between(int(segments.start.min()), int(segments.end.max()))
        further = day_numbers(list(also))
        inside = further[(further > cuts[0]) & (further < cuts[-1])]
        cuts = np.union1d(cuts, inside).astype(np.int32)
    return tuple(_rows(segments, cuts, charged(segments, cuts), vat_charged(segments, cuts)))


def of_lines(lines: Iterable[PriceLine], period: Period) -> Agreement:
    """Price lines over a closed period as an agreement without rules, with as many sessions and miles as they allow.

    Lines are numbered by their place.
    """
    period.closed_end  # noqa: B018  # ValueError when it is open
    numbered = tuple(agreed_line(place, line) for place, line in enumerate(lines))
    return as_expected(Agreement(0, period, numbered, ends_on=period.end))


def charges(lines: Iterable[PriceLine], period: Period, cuts: Sequence[date] = ()) -> tuple[Charge, ...]:
    """What each line comes to over the closed period of an agreement, divided at the cut dates.

    In order of line, then date. Nights count from the first day; the last is not paid. Weekly fees are for seven nights,
    monthly fees follow calendar months.
    """
    priced = tuple(lines)
    inner = sorted({day for day in cuts if period.contains(day)} - {period.start})
    days = day_numbers([period.start, *inner, period.closed_end])
    rows = dated_charges(of_lines(priced, period), days)
    return tuple(Charge(row.line, priced[row.line].kind, row.period, row.pence) for row in rows)


def schedule(
    lines: Iterable[PriceLine],
    period: Period,
    split: Split | Sequence[date] = "month",
    anchor: date | None = None,
) -> tuple[Charge, ...]:
    """The charges of an agreement by month, week, four weeks, financial year or cut dates, by date.

    `anchor` is a day on which a weekly or four-weekly cycle begins (the first day by default).
    """
    cuts = [part.start for part in period.split(split, anchor)]
    return tuple(sorted(charges(lines, period, cuts), key=lambda charge: (charge.period.start, charge.line)))


def cost_within(lines: Iterable[PriceLine], period: Period, part: Period) -> int:
    """The pence of an agreement over `period` that fall in `part` of it, as every schedule has them."""
    cuts = [part.start] if part.end is None else [part.start, part.end]
    return sum(charge.pence for charge in charges(lines, period, cuts) if part.contains(charge.period.start))


def _rows(segments: Segments, cuts: Days, net: Ints, vat: Ints) -> Iterable[DatedCharge]:
    """One row for each line and part that comes to anything, with the nights that it is for."""
    start = np.maximum(segments.start[:, None], cuts[:-1])
    end = np.minimum(segments.end[:, None], cuts[1:])
    found: dict[tuple[int, int], list[int]] = {}
    for row, part in np.argwhere((net != 0) | (vat != 0)).tolist():
        own = found.setdefault(
            (int(segments.line[row]), part), [int(start[row, part]), int(end[row, part]), 0, 0]
        )
        own[0], own[1] = min(own[0], int(start[row, part])), max(own[1], int(end[row, part]))
        own[2], own[3] = own[2] + int(net[row, part]), own[3] + int(vat[row, part])
    for (line, part), (first, last, pence, vat_pence) in sorted(found.items()):
        if pence or vat_pence:
            nights = Period(date_of(first), date_of(last))
            yield DatedCharge(line, date_of(int(cuts[part])), nights, pence, vat_pence)
