"""What a place of each kind costs: the spread of the authority's contracts, uplifts by date, published prices otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import mean, pstdev

import numpy as np

from rightplace.core.forecasting.explained import Bill, Explained, explain
from rightplace.core.forecasting.kinds import KINDS, K, kind_of
from rightplace.core.forecasting.scenarios import Prices
from rightplace.core.forecasting.shown import Baseline, published_prices
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.journey.contracts.models import Contract
from rightplace.register.prices.models import AgreedPrice
from rightplace.register.prices.queries import standing

ENOUGH_PRICES = 3
MONTHS_AHEAD = 60
APRIL = 4


@dataclass(frozen=True, slots=True)
class KindCost:
    """A kind's weekly prices in pence: how many contracts say, the price below which one in ten, half and nine in ten lie."""

    kind: str
    contracts: int
    low_pence: int
    middle_pence: int
    high_pence: int
    mean_pence: int


def weekly_prices(actor: Actor, on: date) -> dict[int, list[int]]:
    """What the authority pays a week on a day, by kind, a price for each contract."""
    of: dict[int, list[int]] = defaultdict(list)
    with as_system():
        agreed = standing(AgreedPrice.objects.filter(authority_id=actor.authority_id), on)
        prices = dict(agreed.values_list("contract_number", "weekly_pence"))
        places = Contract.objects.filter(pk__in=prices).values_list(
            "pk", "placement__place_code", "placement__provider_code"
        )
        for number, place, provider in places:
            of[kind_of(place, provider)].append(prices[number])
    return of


def prices_of(actor: Actor, today: date) -> Prices:
    """Weekly prices by kind: of the authority's contracts in force where three or more say, else published ones."""
    published, of = published_prices(), weekly_prices(actor, today)
    weekly, deviation = list(published.weekly_pence), list(published.deviation_pence)
    known = [0] * K
    for kind in range(K):
        if len(of[kind]) >= ENOUGH_PRICES:
            weekly[kind], deviation[kind] = round(mean(of[kind])), round(pstdev(of[kind]))
            known[kind] = len(of[kind])
    path = _path(actor, today, published.growth)
    return Prices(tuple(weekly), tuple(deviation), published.growth, tuple(known), path)


def cost_by_kind(actor: Actor, today: date) -> list[KindCost]:
    """The spread of prices by kind, published ones where too few contracts say (none of them counted)."""
    published, of = published_prices(), weekly_prices(actor, today)
    return [_kind_cost(kind, of[kind], published) for kind in range(K)]


def _kind_cost(kind: int, prices: Sequence[int], published: Prices) -> KindCost:
    if len(prices) >= ENOUGH_PRICES:
        low, middle, high = (round(one) for one in np.quantile(prices, [0.1, 0.5, 0.9]))
        return KindCost(KINDS[kind], len(prices), low, middle, high, round(mean(prices)))
    pence, wide = published.weekly_pence[kind], 1.2816 * published.deviation_pence[kind]
    return KindCost(KINDS[kind], 0, max(round(pence - wide), 0), pence, round(pence + wide), pence)


def _path(actor: Actor, today: date, growth: float) -> tuple[float, ...]:
    """Factors on prices by month ahead: uplifts agreed already on their dates, then growth every April that has none agreed."""
    with as_system():
        rows = AgreedPrice.objects.filter(authority_id=actor.authority_id, starts_on__gt=today)
        later = list(
            rows.values_list("contract_number", "starts_on", "weekly_pence").order_by("starts_on", "id")
        )
        now = dict(
            standing(AgreedPrice.objects.filter(authority_id=actor.authority_id), today).values_list(
                "contract_number", "weekly_pence"
            )
        )
    return path_of(today, growth, now, [one for one in later if one[0] in now])


def path_of(
    today: date, growth: float, now: dict[int, int], later: Sequence[tuple[int, date, int]]
) -> tuple[float, ...]:
    """The same from values: today's weekly price of each contract, and agreed later ones by date."""
    whole, held, factor = sum(now.values()), dict(now), 1.0
    agreed_until = max((on for _, on, _ in later), default=today)
    found = []
    for ahead in range(1, MONTHS_AHEAD + 1):
        number = today.year * 12 + today.month - 1 + ahead
        first = date(number // 12, number % 12 + 1, 1)
        held |= {contract: pence for contract, on, pence in later if on <= first}
        if first.month == APRIL and first > agreed_until:
            factor *= 1 + growth
        found.append(factor * sum(held.values()) / whole if whole else factor)
    return tuple(found)


def explained_ahead(base: Baseline, prices: Prices, months: int) -> Explained:
    """Volume, mix and price between a week now and a week so many months ahead."""
    children, at = base.combined.mean[:, :K], min(months, len(base.combined.mean) - 1)
    factor = float(prices.grown(max(at, 1))[-1]) if at else 1.0
    later = [pence * factor for pence in prices.weekly_pence]
    before = Bill(children[0].tolist(), list(prices.weekly_pence))
    return explain(before, Bill(children[at].tolist(), later))


def explained_since(actor: Actor, base: Baseline, today: date, months: int) -> Explained | None:
    """The same between a week so many months ago and one now, at what the contracts of each day said.

    None where the record does not go so far back.
    """
    stock = base.panel.stock().sum(axis=1)
    if len(stock) <= months:
        return None
    then = date(today.year - months // 12, today.month, 1)
    was, now = (list(prices_of(actor, on).weekly_pence) for on in (then, today))
    return explain(Bill(stock[-1 - months].tolist(), was), Bill(stock[-1].tolist(), now))
