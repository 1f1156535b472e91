"""The spans of time that figures are of: twelve months, months and weeks that end with a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from rightplace.core.indicators import FLOWS, INDICATORS, Indicator
from rightplace.core.periods import Period

DAY = timedelta(days=1)
MONTHS, WEEKS = 13, 13


@dataclass(frozen=True, slots=True)
class Span:
    """A year, month or week (`kind`) that ends with a day, the day in it."""

    kind: str
    ends_on: date

    @property
    def period(self) -> Period:
        """The days of it; a month or week that is not over yet ends with its last day so far."""
        end = self.ends_on + DAY
        if self.kind == "year":
            return Period(year_before(end), end)
        if self.kind == "month":
            return Period(self.ends_on.replace(day=1), end)
        return Period(self.ends_on - timedelta(days=self.ends_on.weekday()), end)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """What is counted over such a span."""
        return INDICATORS if self.kind == "year" else FLOWS


def year_before(on: date) -> date:
    """The same day a year before; 28 February for the 29th."""
    return on.replace(year=on.year - 1, day=28 if (on.month, on.day) == (2, 29) else on.day)


def month_ends(on: date, many: int = 12) -> tuple[date, ...]:
    """A day and the last days of the whole months before it, `many` in all, the oldest first."""
    found, end = [on], on.replace(day=1) - DAY
    while len(found) < many:
        found.append(end)
        end = end.replace(day=1) - DAY
    return tuple(reversed(found))


def week_ends(on: date, many: int = WEEKS) -> tuple[date, ...]:
    """A day and the Sundays before its week, `many` in all, the oldest first."""
    sunday = on - timedelta(days=on.weekday() + 1)
    return (*reversed([sunday - timedelta(weeks=back) for back in range(many - 1)]), on)


def spans_kept(on: date) -> tuple[Span, ...]:
    """Every span that is kept ready on a day: what dashboards of that day ask for."""
    years = {*month_ends(on, MONTHS), year_before(on)}
    return (
        *(Span("year", end) for end in sorted(years)),
        *(Span("month", end) for end in month_ends(on, MONTHS)),
        *(Span("week", end) for end in week_ends(on)),
    )
