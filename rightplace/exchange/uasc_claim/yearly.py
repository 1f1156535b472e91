"""The net cost of asylum work by financial year: staffing, placements, running costs, less the grant; and what is to come.

A month that was claimed counts as claimed (less refused lines), or as received once it is settled; a month that is over and
not claimed yet, as the record gives it. Months to come: as many unaccompanied children as the forecast of children has
them, at the rate of each night, and care leavers who are known already; placements at what one of these children costs a night
now. The interval is that of the forecast, nine times in ten. Staffing and running costs are finance's own, carried on where a
year has none yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

from django.db.models import F, Sum

from rightplace.core.forecasting.kinds import UASC
from rightplace.core.money import round_half_up
from rightplace.core.periods import Period, financial_year, financial_year_period
from rightplace.exchange.uasc_claim.actions import person_of
from rightplace.exchange.uasc_claim.awards import awards, year_costs
from rightplace.exchange.uasc_claim.models import YEAR_COSTS, GrantClaim
from rightplace.exchange.uasc_claim.nights import Person, claimed
from rightplace.exchange.uasc_claim.rates import (
    night_rate,
    nightly_rates,
    transfer_threshold,
    until_age,
    weekly_rate,
)
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.organisations.models import Authority
from rightplace.oversight.budgets.cohorts import asylum_spend
from rightplace.oversight.sufficiency.forecasting import forecast_of, groups_of
from rightplace.register.children.models import Child

Rate = Callable[[date], int | None]


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many unaccompanied children there are now and in each month to come, with low and high, nine times in ten.

    `people` are everyone who is or was unaccompanied, of whom they are counted.
    """

    now: float
    by_month: Mapping[date, tuple[float, float, float]]
    people: Sequence[Person]


@dataclass(frozen=True, slots=True)
class Amount:
    """Pence with low and high."""

    pence: int
    low: int
    high: int

    @classmethod
    def certain(cls, pence: int) -> Amount:
        """What is known."""
        return cls(pence, pence, pence)


@dataclass(frozen=True, slots=True)
class NetYear:
    """A year's costs and grant in pence; `carried` names the costs that are an earlier year's or nobody's."""

    financial_year: str
    staffing: int
    running: int
    placements: Amount
    grant: Amount
    carried: tuple[str, ...]
    is_forecast: bool

    @property
    def net(self) -> int:
        """Costs less the grant."""
        return self.staffing + self.running + self.placements.pence - self.grant.pence

    @property
    def interval(self) -> tuple[int, int]:
        """Low and high of the net cost: children come with their cost and their grant together."""
        ends = [
            self.staffing + self.running + cost - grant
            for cost, grant in (
                (self.placements.low, self.grant.low),
                (self.placements.high, self.grant.high),
            )
        ]
        return min(*ends, self.net), max(*ends, self.net)


def net_years(actor: Actor, today: date, years: int = 3, ahead: Ahead | None = None) -> list[NetYear]:
    """Last year, this one and the next (or more), in order."""
    authority = Authority.objects.get(pk=actor.authority_id)
    ahead = ahead or children_ahead(actor, today)
    first = financial_year_period(financial_year(today)).start.replace(year=_begins(today) - 1)
    names = [financial_year(first.replace(year=first.year + after)) for after in range(years)]
    span = Period(first, first.replace(year=first.year + years))
    known = _Known(
        authority.gss_code, ahead, _claims(authority.pk, span), nightly_rates(authority, span), cache(weekly_rate),
        cache(until_age), asylum_spend(authority.pk, span), today,
    )  # fmt: skip
    costs, awarded = _year_costs(actor, names), _awarded(actor)
    return [_net_year(name, known, *costs[name], awarded.get(name, 0)) for name in names]


def threshold_now(actor: Actor, today: date) -> int | None:
    """How many unaccompanied children the transfer scheme's share comes to for the actor's authority."""
    return transfer_threshold(Authority.objects.get(pk=actor.authority_id).gss_code, today)


def children_ahead(actor: Actor, today: date) -> Ahead:
    """Unaccompanied children by month to come, as the forecast of children has them; as many as now without one."""
    people = _people(actor)
    there = _there(people, today)
    base = forecast_of(actor, today)
    if base is None:
        return Ahead(there, {}, people)
    line = groups_of(base)[UASC]
    # What is expected is the change from today: the record of tonight says how many there are.
    shift = there - line.now
    found = {}
    for place in range(1, len(line.mean)):
        mean, half = float(line.mean[place]) + shift, float(line.half[place])
        found[_month_after(today, place)] = (max(mean, 0.0), max(mean - half, 0.0), max(mean + half, 0.0))
    return Ahead(there, found, people)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of all the years asked: people, claims by month, rates by the night, spending by month."""

    gss_code: str
    ahead: Ahead
    claims: Mapping[date, int]
    night: Rate
    weekly: Rate
    until_age: Rate
    spend: Mapping[date, int]
    today: date

    @property
    def each_night(self) -> float:
        """What a child costs a night this month, in pence."""
        here = Period(self.today.replace(day=1), _month_after(self.today, 1))
        now = self.spend.get(here.start, 0)
        return now / (self.ahead.now * here.nights) if self.ahead.now else 0.0


def _net_year(
    name: str, known: _Known, costs: Mapping[str, int], carried: tuple[str, ...], awarded: int
) -> NetYear:
    period = financial_year_period(name)
    grant = _summed([*(_grant(known, part) for part in period.by_month()), Amount.certain(awarded)])
    each = known.each_night
    placements = _summed([_placements(known, part, each) for part in period.by_month()])
    is_forecast = period.closed_end > known.today
    return NetYear(name, costs["staffing"], costs["running"], placements, grant, carried, is_forecast)


def _grant(known: _Known, part: Period) -> Amount:
    if part.start in known.claims:
        return Amount.certain(known.claims[part.start])
    if part.start <= known.today:
        return Amount.certain(_from_record(known, part, known.night))
    return _to_come(known, part)


def _from_record(known: _Known, part: Period, night: Rate) -> int:
    rates = {"nightly": night, "weekly": known.weekly, "until_age": known.until_age}
    return sum(one.pence for person in known.ahead.people for one in claimed(person, part, **rates))


def _to_come(known: _Known, part: Period) -> Amount:
    """Nights by the forecast at each night's rate, and the weeks of those who will have turned 18."""
    weeks = _from_record(known, part, lambda on: None)
    counts = known.ahead.by_month.get(part.start, (known.ahead.now,) * 3)
    nights = [_nights_at(known.gss_code, part, many) for many in counts]
    return Amount(*(round_half_up(Fraction(one)) + weeks for one in nights))


def _nights_at(gss_code: str, part: Period, many: float) -> float:
    days = [part.start.replace(day=day + 1) for day in range(part.nights)]
    return sum(many * (night_rate(round(many), gss_code, on) or 0) for on in days)


def _placements(known: _Known, part: Period, each: float) -> Amount:
    """A month begun: as scheduled. A month to come: children of the forecast at what one costs a night this month."""
    if part.start <= known.today:
        return Amount.certain(known.spend.get(part.start, 0))
    counts = known.ahead.by_month.get(part.start, (known.ahead.now,) * 3)
    return Amount(*(round(many * part.nights * each) for many in counts))


def _claims(authority_id: int, period: Period) -> dict[date, int]:
    """Claims by month: what was received once settled, else what was claimed without what was refused."""
    rows = GrantClaim.objects.filter(
        authority_id=authority_id, month__gte=period.start, month__lt=period.closed_end
    ).annotate(kept=Sum(F("lines__pence") - F("lines__refused_pence")))
    return {one.month: one.kept or 0 if one.received_pence is None else one.received_pence for one in rows}


def _year_costs(actor: Actor, names: Sequence[str]) -> dict[str, tuple[dict[str, int], tuple[str, ...]]]:
    """Staffing and running costs of each year, the last one known carried on where a year has none; and what to know of them."""
    held = year_costs(actor)
    found = {}
    for name in names:
        costs, carried = {}, []
        for kind, words in YEAR_COSTS.items():
            before = max((year for year, of in held if of == kind and year <= name), default="")
            costs[kind] = held[before, kind].pence if before else 0
            if before != name:
                carried.append(
                    f"{words} as in {before}" if before else f"{words} not written down, counted as nothing"
                )
        found[name] = (costs, tuple(carried))
    return found


def _awarded(actor: Actor) -> dict[str, int]:
    rows = awards(actor).filter(kind="uasc_other").order_by().values_list("financial_year")
    return dict(rows.annotate(all=Sum("pence")))


def _people(actor: Actor) -> list[Person]:
    """Everyone who is or was unaccompanied; restricted cases too, as sums that name nobody."""
    with as_system():
        rows = Child.objects.filter(authority_id=actor.authority_id, is_uasc=True).prefetch_related(
            "placements"
        )
        return [person_of(one) for one in rows]


def _there(people: Sequence[Person], today: date) -> float:
    return float(
        sum(any(part.contains(today) for part in one.in_care) and _is_child(one, today) for one in people)
    )


def _is_child(one: Person, today: date) -> bool:
    return one.uasc_ends_on is None or today < one.uasc_ends_on


def _summed(amounts: Sequence[Amount]) -> Amount:
    return Amount(*(sum(getattr(one, name) for one in amounts) for name in ("pence", "low", "high")))


def _month_after(today: date, many: int) -> date:
    number = today.year * 12 + today.month - 1 + many
    return date(number // 12, number % 12 + 1, 1)


def _begins(today: date) -> int:
    return int(financial_year(today)[:4])
