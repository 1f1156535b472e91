"""What could be reached by somebody who knew every arrival: an upper bound on the value of any policy, and its prices.

The clairvoyant problem gives each referral at most one home (or none) so that no home is ever over its places. Its
Lagrangian dual puts a price on a place of each home in each fortnight; a referral then takes the pair with the best value
after prices. For any prices at all,

    sum over homes and fortnights of price × places free  +  sum over referrals of the best value after prices (or 0)

is at least the value of every plan that keeps within the places (weak duality), so a rounding or an early stop only makes the
bound larger, never wrong. A stay counts as taking its place only from the last day on which it may begin to the first on
which it may end, and within a fortnight only the mean is held to the places: both make the bound larger too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rightplace.core.simulation.chance import Floats, Ints
from rightplace.core.simulation.figures import figure
from rightplace.core.simulation.world import World

FORTNIGHT = 14.0
ITERATIONS = 150


@dataclass(frozen=True, slots=True)
class Stays:
    """The pairs of a world as stays in homes, with cells (home × fortnight) for prices and places.

    `first`, `last` are positions in units of fortnights; `cells` counts fortnights for each home; `places` are free place-days
    by cell.
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


@dataclass(frozen=True, slots=True)
class Bound:
    """The upper bound, the prices of a place for a day by home (rows) and fortnight, and a plan worth `reached`."""

    value: float
    prices: Floats
    iterations: int


def stays_of(world: World, most: int | None = None) -> Stays:
    """The stays of a world; with `most` only the best so many pairs of each referral (for learning, not for bounds)."""
    pairs, referrals = world.pairs, world.referrals
    many = np.diff(pairs.start)
    row = np.repeat(np.arange(len(referrals)), many)
    kept = np.ones(len(row), dtype=bool)
    if most is not None:
        kept = np.arange(len(row)) - pairs.start[row] < most
    row, home = row[kept], pairs.home[kept].astype(np.int64)
    cells = int(np.ceil(world.days / FORTNIGHT))
    made, stays = referrals.made_on[row], referrals.stays[row]
    waits = np.array(figure("urgency")["waits"])[referrals.urgency[row]]
    last = np.minimum(made + pairs.breaks[kept] * stays, world.days)
    first = np.minimum(made + waits, last)
    size = np.where(referrals.is_solo[row], world.homes.places[home], referrals.size[row])
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(referrals)))])
    return Stays(
        start, home, pairs.value[kept].astype(float), first / FORTNIGHT, last / FORTNIGHT, size.astype(float), cells,
        free_place_days(world, cells),
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


def clairvoyant_bound(
    stays: Stays, target: float, prices: Floats | None = None, iterations: int = ITERATIONS
) -> Bound:
    """Prices by subgradient steps of Polyak's length towards `target` (a value known to be reachable), the best bound kept."""
    prices = np.zeros_like(stays.places) if prices is None else prices.copy()
    best, best_prices, scale, since = np.inf, prices, 1.0, 0
    for _ in range(iterations):
        value, chosen = best_pairs(stays, prices)
        bound = float((prices * stays.places).sum() + value)
        if bound < best * (1 - 1e-6) or np.isinf(best):
            best, best_prices, since = bound, prices.copy(), 0
        else:
            since += 1
        if since >= 8:
            scale, since = scale * 0.6, 0
        excess = usage(stays, chosen) - stays.places
        excess[(prices <= 0) & (excess < 0)] = 0
        length = float((excess**2).sum())
        if length == 0:
            break
        prices = np.maximum(prices + scale * (bound - target) / length * excess, 0)
    return Bound(best, best_prices, iterations)


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


def usage(stays: Stays, chosen: Ints) -> Floats:
    """Place-days by home and fortnight that the chosen stays take."""
    changes = np.zeros((len(stays.places), stays.cells + 2))
    home, size = stays.home[chosen], stays.size[chosen]
    for at, sign in ((stays.first[chosen], 1.0), (stays.last[chosen], -1.0)):
        cell = at.astype(np.int64)
        inside = cell + 1 - at
        np.add.at(changes, (home, cell), sign * size * inside)
        np.add.at(changes, (home, cell + 1), sign * size * (1 - inside))
    found: Floats = np.cumsum(changes, axis=1)[:, : stays.cells] * FORTNIGHT
    return found
