"""How long a record is kept: from which day, how many years, and that a hold always wins.

Sources: the Care Planning, Placement and Case Review (England) Regulations 2010, regulation 50 (a looked-after child's record:
until the seventy-fifth anniversary of birth, or fifteen years from a death before eighteen); the Fostering Services (England)
Regulations 2011, regulation 32 (an approved carer's record: at least ten years after approval ends); the Disclosure of Adoption
Information (Post-Commencement Adoptions) Regulations 2005, regulation 6 (at least one hundred years from the order). Periods
are data and are passed in. Every doubt keeps: a missing date is never due, an anniversary of 29 February falls on 1 March,
and the last day of keeping is itself a day of keeping.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from rightplace.core.calendar import add_months

ADULT_AT = 18
Days = NDArray[np.datetime64]


class Basis(StrEnum):
    """The day from which a period of keeping runs."""

    BIRTH = "birth"
    DEATH_BEFORE_18 = "death_before_18"
    ORDER = "order"
    APPROVAL_END = "approval_end"
    ENDED = "ended"
    CLOSED = "closed"
    MADE = "made"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Keep:
    """One line of a rule: a kind of record is kept for `years` and `days` from its basis, while the rule is in force."""

    kind: str
    basis: Basis
    years: int
    days: int
    starts_on: date
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether this line is in force on a day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True, slots=True)
class Facts:
    """The days that a period can run from, as far as they are known; `is_open` where the matter has not ended."""

    born_on: date | None = None
    died_on: date | None = None
    order_on: date | None = None
    approval_ended_on: date | None = None
    ended_on: date | None = None
    closed_on: date | None = None
    made_on: date | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A hold: from a day, until a day (None: until it is lifted)."""

    starts_on: date
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


def anniversary(day: date, years: int) -> date:
    """The same day that many years later; of a 29 February the 1 March, so that nothing ends a day early."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def due_on(keeps: Iterable[Keep], facts: Facts, *, on: date) -> date | None:
    """The last day of keeping under the lines in force on a day; None: not due at all, or not known.

    A death before eighteen replaces the period from birth. Where several lines apply, the latest day counts; where one of
    them says never, or misses its day, nothing is due.
    """
    lines = _applying([keep for keep in keeps if keep.holds_on(on)], facts)
    if facts.is_open or not lines:
        return None
    days = [_last_day(line, facts) for line in lines]
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None


def _applying(lines: list[Keep], facts: Facts) -> list[Keep]:
    unused = Basis.BIRTH if died_as_a_child(facts) else Basis.DEATH_BEFORE_18
    has_both = {Basis.BIRTH, Basis.DEATH_BEFORE_18} <= {line.basis for line in lines}
    return [line for line in lines if not (has_both and line.basis is unused)]


def died_as_a_child(facts: Facts) -> bool:
    """Whether the person is known to have died before the eighteenth birthday."""
    if facts.died_on is None or facts.born_on is None:
        return False
    return facts.died_on < anniversary(facts.born_on, ADULT_AT)


def _last_day(line: Keep, facts: Facts) -> date | None:
    start = {
        Basis.BIRTH: facts.born_on,
        Basis.DEATH_BEFORE_18: facts.died_on,
        Basis.ORDER: facts.order_on,
        Basis.APPROVAL_END: facts.approval_ended_on,
        Basis.ENDED: facts.ended_on,
        Basis.CLOSED: facts.closed_on,
        Basis.MADE: facts.made_on,
        Basis.NEVER: None,
    }[line.basis]
    return None if start is None else anniversary(start, line.years) + timedelta(days=line.days)


def may_destroy(due: date | None, holds: Iterable[Held], *, on: date) -> bool:
    """Whether a record may be destroyed on a day: its last day of keeping is past, and no hold stands."""
    return due is not None and on > due and not any(hold.holds_on(on) for hold in holds)


def one_month_after(received_on: date, months: int = 1) -> date:
    """The last day to answer a request for one's own data.

    UK GDPR article 12(3): one month from receipt, three where it was extended. It runs to the same day of the month, or to
    the last of a shorter one.
    """
    return add_months(received_on, months)


# Millions of lives at once: the same rule on columns.


def anniversaries(days: Days, years: int) -> Days:
    """`anniversary` for a column of days (datetime64[D]); NaT stays NaT."""
    months = days.astype("datetime64[M]")
    moved = (months + 12 * years).astype("datetime64[D]")
    result = moved + (days - months.astype("datetime64[D]"))
    return np.asarray(result, dtype="datetime64[D]")


def due_column(born: Days, died: Days, *, years: int, years_after_death: int) -> Days:
    """The last day of keeping of many children's records: from birth, or from a death before eighteen.

    `born` and `died` are datetime64[D] of one shape, NaT where not known (or alive); the answer has the same shape.
    """
    as_child = ~np.isnat(died) & (died < anniversaries(born, ADULT_AT))
    return np.where(as_child, anniversaries(died, years_after_death), anniversaries(born, years))


def may_destroy_column(due: Days, held: NDArray[np.bool_], *, on: np.datetime64) -> NDArray[np.bool_]:
    """`may_destroy` for a column: past its last day, and not held."""
    return np.asarray(~np.isnat(due) & (due < on) & ~held)
