"""What finance may do with the rates for own carers: add one from a date. A rate is never changed; a later one replaces it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.contracts.carer_rates import KINDS, LEAVES_AT
from rightplace.journey.contracts.events import CarerRatesChanged
from rightplace.journey.contracts.models import CarerRate

HIGHEST_LEVEL = 5
LARGEST_RATE = 10_000_000
ON_A_DAY = ("festival", "holiday")


@dataclass(frozen=True, slots=True)
class RateGiven:
    """A rate as typed: pence a week, a mile or once; of a retainer its part in basis points, after so many nights."""

    kind: str
    starts_on: date
    amount_pence: int = 0
    age_from: int = 0
    level: int = 0
    basis_points: int = 0
    nights: int = 0
    in_month: int = 0
    in_day: int = 0
    words: str = ""


@action
def add_carer_rate(*, by: Actor, now: datetime, rate: RateGiven) -> Outcome[CarerRate]:
    """Add a rate from a day, also a past one: contracts of own carers that go by rates follow it, and nothing paid is edited."""
    if by.role != FINANCE_OFFICER:
        return refuse(Problem("not_yours", "Only finance keeps the rates for carers."))
    if problems := [*_problems(rate), *_taken(by, rate)]:
        return refuse(problems)
    facts = {**asdict(rate), "words": " ".join(rate.words.split())[:80]}
    row = CarerRate.objects.create(authority_id=by.authority_id, **facts, made_at=now, made_by=by.name)
    words = f"{KINDS[rate.kind]} for own carers set from {rate.starts_on:%-d %B %Y}"
    audit(
        by=by, now=now, verb="add_carer_rate", words=words, subject="carer_rate", subject_id=row.pk,
        authority_id=row.authority_id,
    )  # fmt: skip
    publish(CarerRatesChanged(by=by, now=now, authority_id=row.authority_id, words=words))
    return Outcome(row)


def carer_rates(actor: Actor, *, kind: str = "", words: str = "", order: str = "kind") -> QuerySet[CarerRate]:
    """The rates of the actor's authority, by kind, band and level, the latest first."""
    rows = CarerRate.objects.filter(authority_id=actor.authority_id)
    if kind:
        rows = rows.filter(kind=kind)
    if text := words.strip():
        rows = rows.filter(Q(words__icontains=text))
    columns = {"from": "starts_on", "kind": "kind", "level": "level", "age": "age_from"}
    column = columns.get(order.removeprefix("-"), "kind")
    first = f"-{column}" if order.startswith("-") else column
    return rows.order_by(first, "kind", "age_from", "level", "in_month", "in_day", "-starts_on", "pk")


def _problems(rate: RateGiven) -> Iterator[Problem]:
    if rate.kind not in KINDS:
        yield Problem("unknown", "Choose what is paid.", "kind")
    if not 0 <= rate.amount_pence <= LARGEST_RATE:
        yield Problem("amount_out_of_range", "Enter an amount from £0 to £100,000.", "amount_pence")
    if not 0 <= rate.age_from <= LEAVES_AT or not 0 <= rate.level <= HIGHEST_LEVEL:
        yield Problem(
            "out_of_range", f"Enter an age up to {LEAVES_AT} and a level up to {HIGHEST_LEVEL}.", "age_from"
        )
    if rate.kind == "retainer" and not 0 < rate.basis_points <= 10_000:
        yield Problem(
            "percentage_out_of_range", "Enter what part is paid, above 0 and up to 100%.", "percent"
        )
    if (rate.kind in ON_A_DAY) != bool(rate.in_month and rate.in_day):
        yield Problem(
            "day_missing", "Festivals and holidays have a day of the year, nothing else has.", "in_day"
        )
    elif rate.in_month and not _is_a_day(rate.in_month, rate.in_day):
        yield Problem("no_such_day", "There is no such day in the year.", "in_day")


def _is_a_day(month: int, day: int) -> bool:
    try:
        date(2000, month, day)
    except ValueError:
        return False
    return True


def _taken(by: Actor, rate: RateGiven) -> Iterator[Problem]:
    same = ("kind", "age_from", "level", "in_month", "in_day", "starts_on")
    rows = CarerRate.objects.filter(
        authority_id=by.authority_id, **{name: getattr(rate, name) for name in same}
    )
    if rows.exists():
        yield Problem(
            "taken", "There is a rate for this from that day already. Choose another day.", "starts_on"
        )
