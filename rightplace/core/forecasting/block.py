"""How many beds to buy together, at what price, and who bears what: sizing a shared block under uncertain need.

A bed of the block costs its price every night, filled or not; a child without one is bought a place at the market's price. With
need D, b beds, price p and market price s, the cost is p·b + s·E[max(D - b, 0)]. One more bed is worth having as
long as the chance
that it is needed is at least p/s, so the best number is the smallest b with P(D > b) < p/s: the newsvendor's critical ratio
1 - p/s (Arrow, Harris and Marschak, 1951).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, factorial

import numpy as np
import numpy.typing as npt

from rightplace.core.forecasting.kinds import Floats

MOST_EXACT = 12
"""Up to so many authorities Shapley values are exact (4,096 coalitions); above, over sampled orders."""


@dataclass(frozen=True, slots=True)
class Sized:
    """One number of beds: the mean weekly cost in pence, share of bed nights empty, mean children without a bed."""

    beds: int
    cost_pence: float
    empty: float
    without: float


def need_of(children: npt.ArrayLike, share: float, seed: int) -> Floats:
    """How many of the drawn numbers of children a block could serve: each child with the chance `share`, so whole children."""
    chance = np.random.default_rng([seed, 12])
    found: Floats = chance.binomial(np.rint(np.asarray(children)).astype(np.int64), share).astype(float)
    return found


def sizes(need: npt.ArrayLike, price_pence: float, market_pence: float, most: int) -> list[Sized]:
    """Every number of beds from 0 to `most` against drawn needs."""
    drawn = np.asarray(need, float).ravel()
    found = []
    for beds in range(most + 1):
        without = float(np.maximum(drawn - beds, 0).mean())
        empty = float(np.maximum(beds - drawn, 0).mean()) / beds if beds else 0.0
        found.append(Sized(beds, price_pence * beds + market_pence * without, empty, without))
    return found


def best_beds(need: npt.ArrayLike, price_pence: float, market_pence: float) -> int:
    """The best number of beds: the smallest b with P(D > b) < price / market. Needs are whole children."""
    drawn = np.sort(np.asarray(need, float).ravel())
    if price_pence >= market_pence:
        return 0
    beds = np.arange(int(drawn[-1]) + 1)
    above = 1 - np.searchsorted(drawn, beds, side="right") / len(drawn)
    return int(beds[np.argmax(above < price_pence / market_pence)])


def break_even_price(need: npt.ArrayLike, beds: int, market_pence: float) -> float:
    """The highest price at which a block of so many beds costs no more than buying each place by itself."""
    drawn = np.asarray(need, float).ravel()
    return market_pence * float(np.minimum(drawn, beds).mean()) / beds if beds else 0.0


def break_even_filling(price_pence: float, market_pence: float) -> float:
    """The share of bed nights that must be filled for a block to pay."""
    return price_pence / market_pence if market_pence else 0.0


@dataclass(frozen=True, slots=True)
class Buyer:
    """An authority of the block: children under 18 in it, and its drawn need by run."""

    name: str
    population: int
    need: Floats


RULES = {
    "equal": "Equal parts",
    "use": "By use: the beds each is expected to fill",
    "population": "By children under 18",
    "shapley": "By what each adds (Shapley value)",
}


def shares(
    buyers: Sequence[Buyer], beds: int, price_pence: float, market_pence: float, rule: str
) -> list[float]:
    """Each authority's part of the whole weekly cost of meeting need together, in pence; the parts add up to it."""
    whole = _joint_cost(buyers, beds, price_pence, market_pence)
    if rule == "shapley":
        return shapley(len(buyers), _cost_of(buyers, beds, price_pence, market_pence))
    weights = {
        "equal": [1.0] * len(buyers),
        "use": [float(one.need.mean()) for one in buyers],
        "population": [float(one.population) for one in buyers],
    }[rule]
    return [whole * weight / sum(weights) for weight in weights]


def shapley(
    number: int, cost: Callable[[frozenset[int]], float], orders: int = 2_000, seed: int = 1
) -> list[float]:
    """Each one's mean addition to the cost over all orders of joining (Shapley, 1953); the parts sum to the cost of all."""
    if number > MOST_EXACT:
        return _sampled_shapley(number, cost, orders, seed)
    everyone, found = range(number), [0.0] * number
    costs = {
        frozenset(s): cost(frozenset(s)) for size in range(number + 1) for s in combinations(everyone, size)
    }
    for coalition, value in costs.items():
        size = len(coalition)
        if size < number:
            weight = factorial(size) * factorial(number - size - 1) / factorial(number)
            for one in everyone:
                if one not in coalition:
                    found[one] += weight * (costs[coalition | {one}] - value)
    return found


def _sampled_shapley(
    number: int, cost: Callable[[frozenset[int]], float], orders: int, seed: int
) -> list[float]:
    chance, found = np.random.default_rng(seed), np.zeros(number)
    for _ in range(orders):
        joined: frozenset[int] = frozenset()
        before = cost(joined)
        for one in chance.permutation(number):
            joined |= {int(one)}
            after = cost(joined)
            found[one] += after - before
            before = after
    return list(found / orders)


def _joint_cost(buyers: Sequence[Buyer], beds: int, price_pence: float, market_pence: float) -> float:
    return _cost_of(buyers, beds, price_pence, market_pence)(frozenset(range(len(buyers))))


def _cost_of(
    buyers: Sequence[Buyer], beds: int, price_pence: float, market_pence: float
) -> Callable[[frozenset[int]], float]:
    """The cost of any of them together: as many beds of the block as are best for them, at most those agreed."""

    def cost(members: frozenset[int]) -> float:
        if not members:
            return 0.0
        need = np.sum([buyers[one].need for one in members], axis=0)
        kept = beds if len(members) == len(buyers) else min(beds, best_beds(need, price_pence, market_pence))
        return price_pence * kept + market_pence * float(np.maximum(need - kept, 0).mean())

    return cost


@dataclass(frozen=True, slots=True)
class Year:
    """What each authority pays in a year as need turns out: mean, a good year (a tenth are better) and a bad one."""

    name: str
    share_pence: float
    good_pence: float
    bad_pence: float


def good_and_bad(
    buyers: Sequence[Buyer], parts: Sequence[float], beds: int, prices: tuple[float, float]
) -> list[Year]:
    """The whole cost of each run divided by the agreed parts: mean, one year in ten as good, one in ten as bad."""
    need = np.sum([one.need for one in buyers], axis=0)
    runs = prices[0] * beds + prices[1] * np.maximum(need - beds, 0)
    whole = sum(parts) or 1.0
    good, bad = np.quantile(runs, [0.1, 0.9])
    return [
        Year(b.name, part, part / whole * good, part / whole * bad)
        for b, part in zip(buyers, parts, strict=True)
    ]


def number_of_coalitions(number: int) -> int:
    """How many coalitions an exact Shapley value asks: 2 to the number of authorities."""
    return sum(comb(number, size) for size in range(number + 1))
