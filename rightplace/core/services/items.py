"""The priced items of a service: so many hours a week, an overnight a month and miles, each by its unit, from a day until one.

Worked example: ten hours a week at £22.50, one overnight a month at £310 from the fifth week on, forty miles a week at 45p
for the first four weeks, over twelve weeks from 2 November 2026. A week comes to £225.00, to £296.34 with the overnight
and to £243.00 with the miles; the whole to £2,700.00, £570.72 and £72.00: £3,342.72.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from rightplace.core.money import pounds, round_half_up
from rightplace.core.periods import Period
from rightplace.core.pricing import PriceUnit
from rightplace.core.problems import Problem
from rightplace.core.services.kinds import UNIT_WORDS
from rightplace.core.services.packages import weekly_pence

ITEM_UNIT_WORDS = {**UNIT_WORDS, PriceUnit.MILE.value: "a mile"}
"""By which units an item of a service is paid, whatever its kind is paid by."""
BY_TIME = frozenset({"week", "four_weeks", "month", "one_off"})
"""Units of which there is one each time, unless it is said how many."""
MOST_ITEMS = 20
MOST_PENCE = 10_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that is paid for: `quantity` of a unit a week at `amount_pence` each (of a month or four weeks: each time).

    It runs from `starts_on` (None: the first day) up to and not including `ends_on` (None: as long as the service).
    """

    unit: str
    amount_pence: int
    quantity: Decimal = Decimal(1)
    words: str = ""
    starts_on: date | None = None
    ends_on: date | None = None

    def runs_on(self, day: date) -> bool:
        """Whether it is provided on a day."""
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or day < self.ends_on
        )

    @property
    def weekly_pence(self) -> int:
        """What a whole week of it comes to; what is paid once is none."""
        return weekly_pence(self.unit, self.amount_pence, self.quantity, self.starts_on or date.min)


def week_of(items: Iterable[Item], on: date) -> int:
    """What a week of everything that runs on a day comes to, in pence."""
    return sum(one.weekly_pence for one in items if one.runs_on(on))


def dearest_week(items: Sequence[Item], over: Period) -> int:
    """The most that a week comes to within a period: limits that are set by the week are held against this one."""
    begins = {over.start, *(one.starts_on for one in items if one.starts_on and over.contains(one.starts_on))}
    return max(week_of(items, day) for day in begins)


def whole_of(items: Iterable[Item], over: Period) -> int:
    """What the items come to over a period: each week by week for its own part of it, rounded once an item.

    What is paid once is paid for each of its quantity on its first day, where that lies within the period.
    """
    return sum(_whole(one, over) for one in items)


def _whole(item: Item, over: Period) -> int:
    start = max(item.starts_on or over.start, over.start)
    if item.unit == PriceUnit.ONE_OFF:
        is_due = over.contains(item.starts_on or over.start)
        return round_half_up(Fraction(item.amount_pence) * Fraction(item.quantity)) if is_due else 0
    if item.ends_on is not None and item.ends_on <= start:
        return 0
    shared = Period(start, item.ends_on).intersection(over)
    return round_half_up(Fraction(item.weekly_pence * shared.nights, 7)) if shared else 0


def weeks_from(starts_on: date, weeks: int) -> Period:
    """So many weeks from a day on."""
    return Period(starts_on, starts_on + timedelta(weeks=weeks))


def whole_as_agreed(prices: Sequence[tuple[date, Sequence[Item]]], over: Period) -> int:
    """What prices come to over a period, in order of their days, each up to the next; the first from the period's start."""
    begins = [over.start, *(day for day, _ in prices[1:])]
    ends = [*begins[1:], over.closed_end]
    return sum(
        whole_of(items, shared)
        for (_, items), start, end in zip(prices, begins, ends, strict=True)
        if start < end and (shared := Period(start, end).intersection(over))
    )


def item_words(item: Item) -> str:
    """What an item is, its price and how many: “Overnights: £310.00 a month”, “£22.50 an hour, 10 a week”."""
    is_by_time = item.unit in BY_TIME
    many = (
        ""
        if is_by_time and item.quantity == 1
        else f", {item.quantity.normalize():f}{'' if is_by_time else ' a week'}"
    )
    named = f"{item.words}: " if item.words else ""
    return f"{named}{pounds(item.amount_pence)} {ITEM_UNIT_WORDS[item.unit]}{many}"


def item_problems(items: Sequence[Item], first_day: date) -> list[Problem]:
    """What is wrong with items as entered, each at its row and entry (“items.0.quantity”)."""
    if len(items) > MOST_ITEMS:
        return [Problem("too_many", f"Enter at most {MOST_ITEMS} items.", "items")]
    return [
        Problem(one.code, one.sentence, f"items.{place}.{one.field}")
        for place, item in enumerate(items)
        for one in _problems(item, first_day)
    ]


def _problems(item: Item, first_day: date) -> Iterator[Problem]:
    if not item.words.strip():
        yield Problem("empty", "Say what it is.", "words")
    if item.unit not in ITEM_UNIT_WORDS:
        yield Problem("unit", "Choose what the price is for.", "unit")
    if not 0 <= item.amount_pence <= MOST_PENCE:
        yield Problem("amount", "Enter a price from £0 to £100,000,000.", "amount_pence")
    if item.quantity <= 0 or item.quantity != round(item.quantity, 2):
        yield Problem("amount", "Enter how many, with at most two decimals.", "quantity")
    if item.ends_on is not None and item.ends_on <= (item.starts_on or first_day):
        yield Problem("ends_on", "Enter a day after its first.", "ends_on")
