"""From episodes of care to monthly cells: who was there on the first day of each month, of what age, where, how
long, and what next."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rightplace.core.forecasting.kinds import ADULT, Floats, G, Ints, K, first_month_from

OPEN = 4_000_000
"""The end, in days, of an episode that goes on."""
LEFT, GREW_UP, UNKNOWN = -1, -2, -3
"""What came next where it was no kind of placement: left care, turned 18, or after the record."""


@dataclass(frozen=True, slots=True)
class Episodes:
    """Episodes of one authority as columns; days since 1970-01-01, half-open; `born` is the month of birth.

    `since` and `until` are the months from which and up to which the record is whole.
    """

    child: Ints
    born: Ints
    start: Ints
    end: Ints
    kind: Ints
    group: Ints
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What was wrong with episodes and how many there were: each is left out or cut, never guessed."""

    overlapping: int = 0
    no_night: int = 0
    not_born: int = 0
    adults: int = 0
    gaps: int = 0

    @property
    def sentences(self) -> tuple[str, ...]:
        """In words, one for each kind of fault that was found."""
        words = (
            (self.overlapping, "overlap the child’s next one: cut short where the next begins"),
            (self.no_night, "have no night: left out"),
            (self.not_born, "begin before the child is born: left out"),
            (self.adults, "begin at 18 or later: left out"),
            (self.gaps, "follow a gap of less than a month: taken as leaving and coming back"),
        )
        return tuple(f"{count:,} episodes {of}." for count, of in words if count)


@dataclass(frozen=True, slots=True)
class Panel:
    """A row for each child and month: month, kind, group, age and time in care in months, and the kind next month
    (or LEFT, …)."""

    month: Ints
    kind: Ints
    group: Ints
    age: Ints
    stay: Ints
    after: Ints
    since: int
    until: int

    def stock(self) -> Floats:
        """Children by month, group and kind: shape (months, 2, 7), the first month being `since`."""
        months = self.until - self.since + 1
        flat = ((self.month - self.since) * G + self.group) * K + self.kind
        return np.bincount(flat, minlength=months * G * K).reshape(months, G, K).astype(float)

    def entries(self) -> Floats:
        """Children who came into care between a first of a month and the next, by the later month: shape (months - 1, 2)."""
        months = self.until - self.since
        new = (self.stay == 0) & (self.month > self.since)
        flat = (self.month[new] - self.since - 1) * G + self.group[new]
        return np.bincount(flat, minlength=months * G).reshape(months, G).astype(float)

    def upto(self, until: int, since: int | None = None) -> Panel:
        """The record as it stood at an earlier month: nothing after it is known."""
        since = self.since if since is None else since
        rows = (self.month <= until) & (self.month >= since)
        after = np.where(self.month[rows] == until, UNKNOWN, self.after[rows])
        return Panel(
            self.month[rows],
            self.kind[rows],
            self.group[rows],
            self.age[rows],
            self.stay[rows],
            after,
            since,
            until,
        )


def tidy(episodes: Episodes) -> tuple[Episodes, Findings]:
    """Episodes in order of child and start, without those that cannot be and with overlaps cut; and what was found."""
    first = first_month_from(episodes.start)
    no_night = episodes.end <= episodes.start
    unborn = first < episodes.born
    adults = first >= episodes.born + ADULT
    keep = ~(no_night | unborn | adults)
    order = np.lexsort((episodes.start, episodes.child))
    order = order[keep[order]]
    rows = {
        name: getattr(episodes, name)[order] for name in ("child", "born", "start", "end", "kind", "group")
    }
    follows = rows["child"][1:] == rows["child"][:-1]
    next_start = np.where(follows, rows["start"][1:], OPEN)
    over = rows["end"][:-1] > next_start
    apart = next_start - rows["end"][:-1]
    gaps = follows & (apart > 0) & (apart < 31)
    rows["end"] = np.append(np.where(over, next_start, rows["end"][:-1]), rows["end"][-1:])
    counts = (int(x.sum()) for x in (over, no_night, unborn & ~no_night, adults & ~no_night, gaps))
    return replace(episodes, **rows), Findings(*counts)


def panel(episodes: Episodes) -> Panel:
    """The monthly cells of tidy episodes between `since` and `until`.

    Periods of care go on while the next episode stands on the next first of a month: a child who comes back later
    has entered again.
    """
    begin = first_month_from(episodes.start)
    end = first_month_from(np.minimum(episodes.end, OPEN))
    end = np.minimum(np.minimum(end, episodes.born + ADULT), episodes.until + 1)
    rows = end > begin
    child, born, kind, group = (getattr(episodes, n)[rows] for n in ("child", "born", "kind", "group"))
    begin, end = begin[rows], end[rows]
    goes_on = np.zeros(len(child), bool)
    goes_on[1:] = (child[1:] == child[:-1]) & (begin[1:] == end[:-1])
    entered = (
        begin[np.maximum.accumulate(np.where(goes_on, 0, np.arange(len(child))))] if len(child) else begin
    )
    after = np.full(len(child), LEFT, np.int64)
    after[:-1] = np.where(goes_on[1:], kind[1:], LEFT)
    after = np.where(end == born + ADULT, GREW_UP, after)
    after = np.where(end == episodes.until + 1, UNKNOWN, after)
    begin = np.maximum(begin, episodes.since)
    length = np.maximum(end - begin, 0)
    row = np.repeat(np.arange(len(child)), length)
    month = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length) + begin[row]
    is_last = month == end[row] - 1
    return Panel(
        month, kind[row], group[row], month - born[row], month - entered[row],
        np.where(is_last, after[row], kind[row]), episodes.since, episodes.until,
    )  # fmt: skip
