"""Today's forecast of an authority, kept in memory as long as its record is the same; scenarios beside it; prices
from contracts."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import mean, pstdev
from threading import Lock

from rightplace.core.forecasting.business_case import Case, business_case
from rightplace.core.forecasting.kinds import K, kind_of
from rightplace.core.forecasting.scenarios import TODAY, Outcome, Prices, Scenario
from rightplace.core.forecasting.shown import MONTHS, RUNS, SEED, Baseline, baseline, published_prices, under
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.journey.contracts.models import Contract
from rightplace.oversight.sufficiency.history import fingerprint, record_of
from rightplace.register.prices.models import AgreedPrice
from rightplace.register.prices.queries import standing

KEPT = 40
ENOUGH_PRICES = 3
_kept: OrderedDict[tuple[object, ...], Baseline | None] = OrderedDict()
_lock = Lock()


def forecast_of(
    actor: Actor, today: date, months: int = MONTHS, runs: int = RUNS, seed: int = SEED
) -> Baseline | None:
    """Today's forecast of the actor's authority; None where no child was ever placed."""
    key = (*fingerprint(actor.authority_id, today), months, runs, seed)
    with _lock:
        if key not in _kept:
            episodes = record_of(actor.authority_id, today)
            _kept[key] = baseline(episodes, months, runs, seed) if len(episodes.child) else None
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
        return _kept[key]


def prices_of(actor: Actor, today: date) -> Prices:
    """Weekly prices by kind: of the authority's contracts in force where three or more say, else published ones."""
    published = published_prices()
    of: dict[int, list[int]] = defaultdict(list)
    with as_system():
        agreed = standing(AgreedPrice.objects.filter(authority_id=actor.authority_id), today)
        prices = dict(agreed.values_list("contract_number", "weekly_pence"))
        places = Contract.objects.filter(pk__in=prices).values_list(
            "pk", "placement__place_code", "placement__provider_code"
        )
        for number, place, provider in places:
            of[kind_of(place, provider)].append(prices[number])
    weekly = list(published.weekly_pence)
    deviation = list(published.deviation_pence)
    for kind in range(K):
        if len(of[kind]) >= ENOUGH_PRICES:
            weekly[kind], deviation[kind] = round(mean(of[kind])), round(pstdev(of[kind]))
    return Prices(tuple(weekly), tuple(deviation), published.growth)


@dataclass(frozen=True, slots=True)
class Beside:
    """A scenario beside today's forecast: its outcome, and what it saves."""

    scenario: Scenario
    outcome: Outcome
    case: Case


def compare(base: Baseline, scenarios: Sequence[Scenario], prices: Prices) -> list[Beside]:
    """Today first, then each scenario, all from the same chance."""
    today = under(base, TODAY, prices)
    found = [Beside(TODAY, today, business_case(today.cost, today.cost))]
    for one in scenarios:
        outcome = under(base, one, prices)
        found.append(Beside(one, outcome, business_case(today.cost, outcome.cost)))
    return found
