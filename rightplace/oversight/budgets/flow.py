"""The forecast flow: what children who have not come yet will cost in the rest of the year, by kind of home, with its interval.

As many come by kind in each month to come as came a month over the year before, in the middle of their month, and stay to
the year's end at what a place of their kind costs. The interval is that of counts that come at random (nine times in ten).
A contract that changes or ends does not move it: only who comes, and prices, do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

from rightplace.core.forecasting.kinds import K, kind_of
from rightplace.core.periods import Period
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.journey.contracts.models import Contract
from rightplace.oversight.sufficiency.costs import prices_of

NINE_TENTHS = 1.645
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Flow:
    """By month of the year: pence, low and high; by kind: nights and pence of the whole. Months sum to kinds, to the penny."""

    pence: tuple[int, ...]
    interval: tuple[tuple[int, int], ...]
    by_kind: tuple[tuple[int, int], ...]


def flow_of(actor: Actor, months: Sequence[Period], today: date) -> Flow:
    """The flow of an authority's year; nothing for months that have begun."""
    came = _came(actor, today)
    weekly = prices_of(actor, today).weekly_pence
    return flow_from(came, weekly, [(part.nights, part.start > today) for part in months])


def flow_from(came: Sequence[int], weekly: Sequence[int], months: Sequence[tuple[int, bool]]) -> Flow:
    """The same from values: how many came in a year by kind, what a week costs in pence, and nights of each month to come."""
    pence, interval = [], []
    kinds = [[0, 0] for _ in came]
    ahead = 0
    for nights, is_ahead in months:
        ahead += is_ahead
        cells = [
            _cell(many, price, nights, ahead if is_ahead else 0)
            for many, price in zip(came, weekly, strict=True)
        ]
        for kind, (held, cost, _) in enumerate(cells):
            kinds[kind][0] += held
            kinds[kind][1] += cost
        middle, half = sum(cost for _, cost, _ in cells), round(sqrt(sum(wide**2 for _, _, wide in cells)))
        pence.append(middle)
        interval.append((max(middle - half, 0), middle + half))
    return Flow(tuple(pence), tuple(interval), tuple((held, cost) for held, cost in kinds))


def _cell(came: int, weekly: int, nights: int, ahead: int) -> tuple[int, int, float]:
    """Nights, pence and half of the interval of a kind in the `ahead`th month to come."""
    if not ahead:
        return 0, 0, 0.0
    there = came / 12 * (ahead - 0.5)
    each = weekly * nights / 7
    return round(there * nights), round(there * each), NINE_TENTHS * sqrt(there) * each


def _came(actor: Actor, today: date) -> list[int]:
    """How many contracts began in the year before today, by kind."""
    with as_system():
        rows = Contract.objects.filter(
            authority_id=actor.authority_id, starts_on__gt=today - YEAR, starts_on__lte=today,
            state__in=["in_force", "varying", "ended"],
        )  # fmt: skip
        codes = list(rows.values_list("placement__place_code", "placement__provider_code"))
    counted = Counter(kind_of(place, provider) for place, provider in codes)
    return [counted[kind] for kind in range(K)]
