"""Which nights and weeks of a month are claimed, from a person's record: pure, no database.

UASC by the night: looked after, unaccompanied and under 18, at the rate that the authority's number gives on the night.
Former UASC care leavers by the week, from 18 until the age that the instructions of the day give, a week counted as seven
nights and paid by differences of rounded running totals from the day on which the person turned 18, so that no week is
claimed twice. Rates and that age are asked for each night, so a change within a month cuts the line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from rightplace.core.money import round_half_up
from rightplace.core.periods import Period, joined

ADULT, WEEK = 18, 7
"""A child is under eighteen (Children Act 1989, section 105)."""
Rate = Callable[[date], int | None]


@dataclass(frozen=True, slots=True)
class Person:
    """What the record says: born, in care when (as nights), unaccompanied until (None: still), looked after before 18."""

    born_on: date
    in_care: tuple[Period, ...]
    uasc_ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """Nights at one rate, in pence a night or a week."""

    grant: str
    nights: Period
    rate_pence: int
    pence: int


def claimed(
    person: Person, month: Period, *, nightly: Rate, weekly: Rate, until_age: Rate
) -> tuple[Claimed, ...]:
    """What is claimed for a person for a month; nothing for nights without a known rate. Never more than the nights.

    `until_age` gives the age at which the grant for care leavers ends, by the instructions of the night.
    """
    adult = birthday(person.born_on, ADULT)
    known = [part.until(month.closed_end) for part in person.in_care if part.start < month.closed_end]
    child_nights = _within(joined(known), month, adult, person.uasc_ends_on)
    found = [each for part in child_nights for each in _by_night(part, nightly)]
    if _was_uasc_at(person, adult):
        after = Period(adult, None).intersection(month)
        found += list(_by_week(after, adult, _until(person.born_on, weekly, until_age))) if after else []
    return tuple(found)


def birthday(born_on: date, age: int) -> date:
    """The day of an age; 1 March for those born on a leap day, in other years."""
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 3, 1)


def _until(born_on: date, weekly: Rate, until_age: Rate) -> Rate:
    """The weekly rate of a night; none from the age that ends the grant by the instructions of that night."""

    def rate(on: date) -> int | None:
        age = until_age(on)
        return weekly(on) if age and on < birthday(born_on, age) else None

    return rate


def _within(parts: Iterable[Period], month: Period, adult: date, until: date | None) -> Iterator[Period]:
    end = min(adult, until) if until else adult
    if end <= month.start:
        return
    for part in parts:
        closed = part.until(min(end, month.closed_end)) if part.start < end else None
        shared = closed.intersection(month) if closed else None
        if shared and not shared.is_empty:
            yield shared


def _by_night(part: Period, rate: Rate) -> Iterator[Claimed]:
    for piece in _at_one_rate(part, rate):
        pence = rate(piece.start) or 0
        yield Claimed("uasc", piece, pence, pence * piece.nights)


def _by_week(part: Period, since: date, rate: Rate) -> Iterator[Claimed]:
    for piece in _at_one_rate(part, rate):
        pence = rate(piece.start) or 0
        totals = [
            round_half_up(Fraction(pence * (day - since).days, WEEK))
            for day in (piece.start, piece.closed_end)
        ]
        yield Claimed("leaving_care", piece, pence, totals[1] - totals[0])


def _at_one_rate(part: Period, rate: Rate) -> Iterator[Period]:
    """The part cut where the rate changes; nights without a rate are left out."""
    days = [part.start + timedelta(days=day) for day in range(part.nights)]
    rates = [(day, rate(day)) for day in days]
    cuts = [day for (_, before), (day, after) in pairwise(rates) if before != after]
    return (piece for piece in part.split_at(cuts) if rate(piece.start))


def _was_uasc_at(person: Person, adult: date) -> bool:
    """Whether the person was looked after as unaccompanied on the last night before 18."""
    eve = adult - timedelta(days=1)
    is_uasc = person.uasc_ends_on is None or person.uasc_ends_on > eve
    return is_uasc and any(part.contains(eve) for part in person.in_care)
