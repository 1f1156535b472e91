"""The forecast flow: what children who have not come yet will cost in the rest of the year, by kind of home, with its interval.

Who comes is the answer of the forecast of children, without those who are here, whom contracts name. They cost what a place
of their kind costs, with the rises that the forecast of costs has. The interval holds chance and what is not known of how
many come, nine times in ten. A contract that changes or ends moves it through the record and mean prices alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

from rightplace.core.forecasting.kinds import K
from rightplace.core.periods import Period
from rightplace.foundation.access.actor import Actor
from rightplace.oversight.sufficiency.costs import prices_of
from rightplace.oversight.sufficiency.forecasting import still_to_come_of

NINE_TENTHS = 1.645


@dataclass(frozen=True, slots=True)
class Flow:
    """By month of the year: pence, low and high; by kind: nights and pence of the whole. Months sum to kinds, to the penny."""

    pence: tuple[int, ...]
    interval: tuple[tuple[int, int], ...]
    by_kind: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class MonthAhead:
    """A month to come: its nights, how many of those to come are there by kind, what a week costs by kind, and the spread."""

    nights: int
    there: Sequence[float]
    weekly: Sequence[float]
    spread: float


def flow_of(actor: Actor, months: Sequence[Period], today: date) -> Flow:
    """The flow of an authority's year; nothing for months that have begun."""
    ahead = [part for part in months if part.start > today]
    coming = still_to_come_of(actor, today, len(ahead))
    if coming is None:
        return flow_from(len(months), ())
    prices = prices_of(actor, today)
    grown = prices.grown(len(ahead)).tolist()
    told = [
        MonthAhead(part.nights, there, [pence * factor for pence in prices.weekly_pence], spread)
        for part, there, factor, spread in zip(
            ahead, coming.there.tolist(), grown, coming.spread.tolist(), strict=True
        )
    ]
    return flow_from(len(months) - len(ahead), told)


def flow_from(begun: int, ahead: Sequence[MonthAhead]) -> Flow:
    """The same from values: nothing for months that have begun, then those to come."""
    pence, interval = [0] * begun, [(0, 0)] * begun
    kinds = [[0, 0] for _ in range(K)]
    for month in ahead:
        each = [weekly * month.nights / 7 for weekly in month.weekly]
        cells = [round(there * cost) for there, cost in zip(month.there, each, strict=True)]
        for kind, (there, cost) in enumerate(zip(month.there, cells, strict=True)):
            kinds[kind][0] += round(there * month.nights)
            kinds[kind][1] += cost
        middle = sum(cells)
        chance = sum(there * cost**2 for there, cost in zip(month.there, each, strict=True))
        half = round(NINE_TENTHS * sqrt(chance + (middle * month.spread) ** 2))
        pence.append(middle)
        interval.append((max(middle - half, 0), middle + half))
    return Flow(tuple(pence), tuple(interval), tuple((held, cost) for held, cost in kinds))
