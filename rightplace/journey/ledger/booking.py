"""Booking: one entry of the journal with its postings, once for each key; what was booked already is left as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from rightplace.core.periods import financial_year
from rightplace.journey.ledger.models import JournalEntry, MonthClose, Posting
from rightplace.journey.ledger.payees import Payee

LOCK = 7410
"""The key under which the books of an authority are locked, as in the triggers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of an entry before it is booked: debits above zero, credits below."""

    account: str
    pence: int
    payee: Payee | None = None
    contract_id: int | None = None
    cost_code_id: int | None = None
    payable_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry before it is booked. `key` says what it is for: the same key is booked once."""

    key: str
    source: str
    source_id: int
    words: str
    sides: Sequence[Side]


def book(
    *, authority_id: int, on: date, now: datetime, entries: Sequence[Entry], made_by_id: int | None = None
) -> int:
    """Book entries on a day and say how many were new. Sides of nothing are left out; an entry of nothing is not booked.

    ValueError when an entry does not balance: that is our mistake and nobody's refusal. The database refuses it, too, and
    a day of a closed month.
    """
    wanted = {one.key: one for one in entries if any(side.pence for side in one.sides)}
    for one in wanted.values():
        if sum(side.pence for side in one.sides):
            raise ValueError(f"{one.key} does not balance")
    held = JournalEntry.objects.filter(authority_id=authority_id, key__in=wanted).values_list(
        "key", flat=True
    )
    new = [one for key, one in wanted.items() if key not in set(held)]
    rows = JournalEntry.objects.bulk_create(
        _entry(one, authority_id=authority_id, on=on, now=now, made_by_id=made_by_id) for one in new
    )
    Posting.objects.bulk_create(
        _posting(row, side) for row, one in zip(rows, new, strict=True) for side in one.sides if side.pence
    )
    return len(rows)


def _entry(one: Entry, *, authority_id: int, on: date, now: datetime, made_by_id: int | None) -> JournalEntry:
    sides = [side.pence for side in one.sides if side.pence]
    return JournalEntry(
        authority_id=authority_id, on=on, made_at=now, made_by_id=made_by_id, source=one.source, source_id=one.source_id,
        key=one.key, words=one.words[:300], lines=len(sides), pence=sum(pence for pence in sides if pence > 0),
    )  # fmt: skip


def _posting(entry: JournalEntry, side: Side) -> Posting:
    payee = side.payee or Payee()
    return Posting(
        authority_id=entry.authority_id, entry=entry, account=side.account, provider_id=payee.provider_id,
        household_id=payee.household_id, contract_id=side.contract_id, cost_code_id=side.cost_code_id,
        payable_id=side.payable_id, financial_year=financial_year(entry.on), pence=side.pence,
    )  # fmt: skip


def open_day(authority_id: int, wanted: date) -> date:
    """The day itself while its month is open, else the first day of the next month that is: an adjustment is booked there."""
    closed = set(
        MonthClose.objects.filter(
            authority_id=authority_id, state="closed", month__gte=wanted.replace(day=1)
        ).values_list("month", flat=True)
    )
    day = wanted
    while day.replace(day=1) in closed:
        day = next_month(day)
    return day


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def hold_books_alone(authority_id: int) -> None:
    """Wait until nobody else books for this authority, and keep others waiting to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, authority_id])


def today_of(now: datetime) -> date:
    """The day on which something is booked."""
    return timezone.localdate(now)
