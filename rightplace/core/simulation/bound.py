"""What could be reached by somebody who knew every arrival: an upper bound on the value of any policy, and its prices.

It is held against worlds in which no stay breaks down (`world.steady`): a bound that knew which stay breaks down would gain
by placing children where it does, because that frees the bed. Children count one each, brothers and sisters too, and those
whose search is over when the world ends (`world.counted`).

The clairvoyant problem gives each referral at most one home (or none) so that no home is ever over its places. Its
Lagrangian dual puts a price on a place of each home in each fortnight; a referral then takes the pair with the best value
after prices. For any prices at all,

    sum over homes and fortnights of price × places free  +  sum over referrals of the best value after prices (or 0)

is at least the value of every plan that keeps within the places (weak duality), so an early stop only makes the bound larger,
never wrong. A stay takes its place from the last day on which it may begin; within a fortnight the mean is held to the places.
The prices are found by quasi-Newton steps (L-BFGS-B) on the sum with its maximum rounded off (a soft maximum), first
much, then little, over the pairs that matter; the bound itself is always worked out sharply and over every pair.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rightplace.core.simulation.chance import Bools, Floats, Ints
from rightplace.core.simulation.figures import figure
from rightplace.core.simulation.world import World, counted, steady

FORTNIGHT = 14.0
ROUNDINGS = (0.05, 0.02, 0.006)
STEPS = 60
FEW = 30
UNIT = 1e-3


@dataclass(frozen=True, slots=True)
class Stays:
    """The pairs of a world as stays in homes, with cells (home × fortnight) for prices and places.

    `value` counts every child; `first`, `last` are positions in units of fortnights; `cells` counts fortnights for each
    home; `places` are free place-days by cell.
    """

    start: Ints
    home: Ints
    value: Floats
    first: Floats
    last: Floats
    size: Floats
    cells: int
    places: Floats

    @property
    def many(self) -> int:
        """How many referrals."""
        return len(self.start) - 1

    @property
    def row(self) -> Ints:
        """The referral of each pair."""
        return np.repeat(np.arange(self.many), np.diff(self.start))

    def taken(self, kept: Bools) -> Stays:
        """Only these pairs."""
        start = np.concatenate([[0], np.cumsum(np.bincount(self.row[kept], minlength=self.many))])
        return replace(
            self, start=start, home=self.home[kept], value=self.value[kept], first=self.first[kept],
            last=self.last[kept], size=self.size[kept],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bound:
    """The upper bound, and the prices of a place for a day by home (rows) and fortnight that show it."""

    value: float
    prices: Floats


def stays_of(world: World) -> Stays:
    """The stays of a world, none of them broken: pairs whose answer comes while the child may wait."""
    even = steady(world)
    pairs, referrals = even.pairs, even.referrals
    row = np.repeat(np.arange(len(referrals)), np.diff(pairs.start))
    waits = np.array(figure("urgency")["waits"])[referrals.urgency]
    kept = (pairs.delay <= waits[row]) & counted(world)[row]
    row, home = row[kept], pairs.home[kept].astype(np.int64)
    last = np.minimum(referrals.ends_on[row], world.days)
    first = np.minimum(referrals.made_on[row] + waits[row], last)
    size = np.where(referrals.is_solo[row], world.homes.places[home], referrals.size[row])
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(referrals)))])
    cells = int(np.ceil(world.days / FORTNIGHT))
    return Stays(
        start, home, pairs.value[kept].astype(float) * referrals.size[row], first / FORTNIGHT, last / FORTNIGHT,
        size.astype(float), cells, free_place_days(world, cells),
    )  # fmt: skip


def free_place_days(world: World, cells: int) -> Floats:
    """Place-days of each home by fortnight that those who were there at the start leave."""
    edges = np.arange(cells + 1) * FORTNIGHT
    taken = np.zeros((len(world.homes), cells))
    ends = np.minimum(edges[1:], world.days)
    np.add.at(taken, world.frees_home, np.clip(world.frees_on[:, None], edges[:-1], ends) - edges[:-1])
    length = ends - edges[:-1]
    free: Floats = world.homes.places[:, None] * length - taken
    return free


def clairvoyant_bound(stays: Stays, steps: int = STEPS) -> Bound:
    """The least bound found: prices over few pairs, those with the best value, then those with the best value after prices."""
    prices, best = np.zeros_like(stays.places), Bound(np.inf, stays.places)
    few = stays.taken(_best_few(stays, stays.value))
    for rounding in ROUNDINGS:
        prices = _improved(few, prices, rounding, steps)
        found = bound_at(stays, prices)
        if found < best.value:
            best = Bound(found, prices)
        few = stays.taken(_best_few(stays, stays.value - stays.size * cost_of(stays, prices)))
    return best


def bound_at(stays: Stays, prices: Floats) -> float:
    """The bound that these prices show."""
    return float((prices * stays.places).sum()) + best_pairs(stays, prices)[0]


def _best_few(stays: Stays, by: Floats) -> Bools:
    """The best so many pairs of each referral."""
    order = np.lexsort((-by, stays.row))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    kept: Bools = place - stays.start[stays.row] < FEW
    return kept


def _improved(stays: Stays, prices: Floats, rounding: float, steps: int) -> Floats:
    from scipy.optimize import minimize  # slow to import

    units = _units(stays)
    found = minimize(
        lambda at: _rounded(stays, at.reshape(prices.shape), units, rounding), (prices / units).ravel(), jac=True,
        method="L-BFGS-B", bounds=[(0, None)] * prices.size, options={"maxiter": steps, "maxcor": 12},
    )  # fmt: skip
    better: Floats = found.x.reshape(prices.shape) * units
    return better


def _units(stays: Stays) -> Floats:
    """By cell, a price of which a step is of like size everywhere: more where few places are free, and prices stand high.

    Without it the steps come to a halt far above the least bound; with it sixty a round come near it.
    """
    found: Floats = UNIT * FORTNIGHT / np.maximum(np.sqrt(stays.places * FORTNIGHT), 1.0)
    return found


def _rounded(stays: Stays, at: Floats, units: Floats, rounding: float) -> tuple[float, Floats]:
    """The sum with each referral's maximum rounded off, and its slope: what is free less what is wanted."""
    prices = at * units
    left = stays.value - stays.size * cost_of(stays, prices)
    has = np.flatnonzero(np.diff(stays.start))
    first, many = stays.start[has], np.diff(stays.start)[has]
    top = np.maximum(np.maximum.reduceat(left, first), 0.0)
    each = np.exp((left - np.repeat(top, many)) / rounding)
    total = np.add.reduceat(each, first) + np.exp(-top / rounding)
    value = float((prices * stays.places).sum() + (top + rounding * np.log(total)).sum())
    wanted = usage(stays, np.arange(len(left)), each / np.repeat(total, many))
    return value, ((stays.places - wanted) * units).ravel()


def best_pairs(stays: Stays, prices: Floats) -> tuple[float, Ints]:
    """The sum of the best values after prices, and the pairs that reach them (none where none is above 0)."""
    left = stays.value - stays.size * cost_of(stays, prices)
    has = np.flatnonzero(np.diff(stays.start))
    best = np.maximum.reduceat(left, stays.start[has])
    found = np.flatnonzero(left == np.repeat(best, np.diff(stays.start)[has]))
    row = np.searchsorted(stays.start, found, side="right")
    first = np.concatenate([[True], row[1:] != row[:-1]])
    chosen = found[first]
    chosen = chosen[left[chosen] > 0]
    return float(left[chosen].sum()), chosen


def cost_of(stays: Stays, prices: Floats) -> Floats:
    """What each stay costs at prices by the day: the area under its home's prices."""
    running = np.zeros((len(prices), stays.cells + 1))
    np.cumsum(prices * FORTNIGHT, axis=1, out=running[:, 1:])
    flat, base = running.ravel(), stays.home * (stays.cells + 1)
    return _area(flat, base, stays.last) - _area(flat, base, stays.first)


def _area(flat: Floats, base: Ints, at: Floats) -> Floats:
    cell = at.astype(np.int64)
    below = flat[base + cell]
    above = flat[np.minimum(base + cell + 1, len(flat) - 1)]
    found: Floats = below + (above - below) * (at - cell)
    return found


def usage(stays: Stays, chosen: Ints, shares: Floats | float = 1.0) -> Floats:
    """Place-days by home and fortnight that the chosen stays take, or these shares of them."""
    width = stays.cells + 2
    size, base = stays.size[chosen] * shares, stays.home[chosen] * width
    changes = np.zeros(len(stays.places) * width)
    for at, sign in ((stays.first[chosen], 1.0), (stays.last[chosen], -1.0)):
        cell = at.astype(np.int64)
        inside = cell + 1 - at
        changes += np.bincount(base + cell, sign * size * inside, len(changes))
        changes += np.bincount(base + cell + 1, sign * size * (1 - inside), len(changes))
    found: Floats = np.cumsum(changes.reshape(-1, width), axis=1)[:, : stays.cells] * FORTNIGHT
    return found
