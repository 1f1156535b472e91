"""What the authority pays its own foster carers: a weekly allowance by age, a fee by level, and payments on days.

Rates are dated rows of each authority. A contract with an own household gets its price lines from them, and follows them:
a birthday into the next age band, or rates of a new year, change the amount from their day without a variation. A carer's
own contract may still be varied, and then says what it pays instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from rightplace.core.calendar import age_on
from rightplace.core.periods import Period
from rightplace.core.pricing import AwayRule, every_year
from rightplace.core.pricing.agreements import age_steps
from rightplace.journey.contracts.models import CarerRate, ContractLine, ContractVersion
from rightplace.journey.contracts.rules import Rules, rules_from
from rightplace.journey.contracts.terms import Dated

LEAVES_AT = 18
MOST_MILES_A_WEEK = Decimal(200)
BY_RATES = "By the authority’s rates for carers"
KINDS = {
    "allowance": "Weekly allowance for the child",
    "fee": "Weekly fee for the carer’s skills",
    "birthday": "Birthday payment",
    "festival": "Festival payment",
    "holiday": "Holiday payment",
    "mileage": "Mileage",
    "retainer": "Retainer while the child is away",
}


def rate_on(rates: Iterable[CarerRate], kind: str, age: int, level: int, on: date) -> CarerRate | None:
    """The rate that rules on a day: of the child's own band and the carer's own level before that for any; None for none."""
    fitting = [
        rate
        for rate in rates
        if rate.kind == kind and rate.age_from <= age and rate.level in (0, level) and rate.starts_on <= on
    ]
    found = max(fitting, key=lambda rate: (rate.age_from, rate.level, rate.starts_on), default=None)
    return found if found is not None and (found.amount_pence or found.basis_points) else None


def dated_by_rates(version: ContractVersion, rows: Sequence[ContractLine]) -> tuple[Dated, ...]:
    """For each line that follows rates: what it comes to from which date. Reads the authority's rates through the relation."""
    rules, rates = rules_from(version.rules), list(version.contract.authority.carer_rates.all())
    if rules.born_on is None:
        return ()
    start = min(version.contract.starts_on, version.in_force_from)
    return tuple(_dated(row, rules, rates, start) for row in rows if row.rate_kind)


def _dated(row: ContractLine, rules: Rules, rates: Sequence[CarerRate], start: date) -> Dated:
    own = [rate for rate in rates if rate.kind == row.rate_kind and _is_of(rate, row)]
    born_on = rules.born_on or start
    bands = {rate.age_from for rate in own}
    days = {start, *(rate.starts_on for rate in own)}
    days |= {step.starts_on for step in age_steps(born_on, ((age, "") for age in bands))}
    amounts = []
    for day in sorted(day for day in days if day >= start):
        rate = rate_on(own, row.rate_kind, age_on(born_on, day), rules.level, day)
        amounts.append((day, rate.amount_pence if rate else 0))
    return Dated(row.pk, tuple(amounts), _days_of(row, own, born_on, start))


def _is_of(rate: CarerRate, row: ContractLine) -> bool:
    """Whether a festival's or holiday's rate is for the very day that the line names."""
    return rate.kind not in ("festival", "holiday") or row.words.endswith(_day_words(rate))


def _days_of(row: ContractLine, own: Sequence[CarerRate], born_on: date, start: date) -> tuple[date, ...]:
    whole = Period(start, date(max(born_on.year + LEAVES_AT, start.year) + 1, 12, 31))
    if row.rate_kind == "birthday":
        return every_year(born_on.month, born_on.day, whole)
    if row.rate_kind in ("festival", "holiday") and own:
        return every_year(own[0].in_month, own[0].in_day, whole)
    return ()


def lines_by_rates(
    rates: Sequence[CarerRate], born_on: date, level: int, on: date
) -> Iterator[tuple[str, str, str, int, Decimal, str]]:
    """The price lines of an own carer's contract: kind, unit, rate, pence, quantity and note; none where no rates are kept."""
    age = age_on(born_on, on)
    for kind, line_kind, unit in (("allowance", "allowance", "week"), ("fee", "fee", "week")):
        if (rate := rate_on(rates, kind, age, level, on)) is not None:
            yield line_kind, unit, kind, rate.amount_pence, Decimal(1), BY_RATES
    if (rate := rate_on(rates, "birthday", age, level, on)) is not None:
        yield "one_off", "one_off", "birthday", rate.amount_pence, Decimal(1), "Each birthday"
    for days in sorted({(rate.kind, rate.in_month, rate.in_day) for rate in rates if rate.in_month}):
        own = [rate for rate in rates if (rate.kind, rate.in_month, rate.in_day) == days]
        if (rate := rate_on(own, days[0], age, level, on)) is not None:
            words = f"{rate.words or KINDS[rate.kind]}, each {_day_words(rate)}"
            yield "one_off", "one_off", rate.kind, rate.amount_pence, Decimal(1), words
    if (rate := rate_on(rates, "mileage", age, level, on)) is not None:
        yield "transport", "mile", "mileage", rate.amount_pence, MOST_MILES_A_WEEK, BY_RATES


def rules_by_rates(rates: Sequence[CarerRate], born_on: date, level: int, on: date) -> Rules:
    """The rules of an own carer's contract: by which rates it goes, and the retainer while the child is away."""
    rate = rate_on(rates, "retainer", age_on(born_on, on), level, on)
    away = (AwayRule("", ((rate.nights, rate.basis_points),)),) if rate is not None else ()
    return Rules(away=away, born_on=born_on, level=level)


def _day_words(rate: CarerRate) -> str:
    return f"{date(2000, rate.in_month, rate.in_day):%-d %B}" if rate.in_month else ""
