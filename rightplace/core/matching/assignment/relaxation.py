"""The relaxation of a market: what a bed is worth, the bound, and the ways that are worth looking at.

Prices of beds are found roughly first, by raising what is asked for too often and lowering what stays free. At these prices
each group keeps its best ways, HiGHS solves the relaxation over them (interior point, then a vertex), and its duals are held
against every way of the market: what would do better is taken in, and it is solved again. The bound holds over all ways,
whether they were taken in or not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rightplace.core.matching.assignment.columns import Apart, Columns, Room
from rightplace.core.matching.assignment.problem import Floats, Ints
from rightplace.core.matching.assignment.programme import (
    CUT_AT,
    Programme,
    Relaxed,
    at_least,
    programme_of,
    relax,
)

ROUGHLY = 60
"""Ways of each group by which prices are found roughly."""
ROUGH_ROUNDS = 200
KEPT = 12
"""Ways of each group in the first relaxation."""
TAKEN_IN = 5
"""Ways of each group that are taken in at a time."""
ROUNDS = 6
CLOSE = 1e-6
ENOUGH = 1e-4
"""A bound is good enough when it is no further from its own relaxation, as a share of all points."""


@dataclass(frozen=True, slots=True, eq=False)
class Bounded:
    """A solved relaxation over the whole market.

    `amounts` has how much of each column is taken, `short` by how much each falls short of being worth its beds (0: worth
    them), `unit_worth` what placing each unit adds, `bed_worth` what a bed more in each home adds. No choice gains more than
    `bound`. `place_worth` is what placing one child more counts, in points.
    """

    amounts: Floats
    short: Floats
    unit_worth: Floats
    bed_worth: Floats
    bound: float
    place_worth: float


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """What every step needs: open columns (by unit), room, groups apart, how many groups, and the price of a split."""

    columns: Columns
    room: Room
    apart: Apart
    groups: int
    split_penalty: float

    def programme(self, part: Columns) -> Programme:
        """The programme over some of the columns."""
        return programme_of(part, self.room, self.apart, self.groups, self.split_penalty)


def relax_market(
    market: Market,
    place_worth: float,
    least: int | None = None,
    seconds: float | None = None,
    like: Bounded | None = None,
) -> Bounded | None:
    """The relaxation for most points, a child placed counting `place_worth` besides; None when the time runs out.

    With `least`, at least so many children are placed, and `place_worth` becomes what that row says it is worth. The first
    columns are those that were good in the relaxation `like`, or else those that are good at rough prices.
    """
    columns = market.columns
    gains = columns.points + place_worth * columns.size
    kept = _worth_a_look(market, gains) if like is None else _good_in(like, columns)
    scale = float(np.abs(columns.points).max(initial=1.0)) * market.groups
    found = None
    for _ in range(ROUNDS):
        solved = _solved(market, kept, place_worth, least, seconds)
        if solved is None:
            return found
        found, optimum = solved
        missed = np.flatnonzero(found.short < -CLOSE * (1.0 + np.abs(gains)))
        missed = missed[~np.isin(missed, kept)]
        if not len(missed) or found.bound - optimum < ENOUGH * scale:
            break
        kept = np.union1d(kept, missed[best_of_each(columns.unit[missed], -found.short[missed], TAKEN_IN)])
    return found


def place_worth_of(market: Market) -> float:
    """Points for each child placed that outweigh what placing it may cost: ten times the largest and the spread of all points."""
    columns = market.columns
    each = columns.points / columns.size
    largest = float(np.abs(each).max(initial=0.0)) + (float(np.ptp(each)) if len(columns) else 0.0)
    return 10.0 * (largest + market.split_penalty + 1.0)


def best_of_each(unit: Ints, rank: Floats, many: int) -> Ints:
    """The rows of the `many` highest ranks of each unit; rows must stand unit by unit."""
    start = np.flatnonzero(np.concatenate([[True], unit[1:] != unit[:-1]])) if len(unit) else unit
    end = np.append(start[1:], len(unit))
    large = np.flatnonzero(end - start > many)
    chosen = np.ones(len(unit), dtype=bool)
    for first, last in zip(start[large].tolist(), end[large].tolist(), strict=True):
        worst = np.argpartition(rank[first:last], last - first - many)[: last - first - many]
        chosen[first + worst] = False
    return np.flatnonzero(chosen)


def _worth_a_look(market: Market, gains: Floats) -> Ints:
    """The best ways of each unit at rough prices of beds."""
    columns = market.columns
    near = best_of_each(columns.unit, gains, ROUGHLY)
    price = rough_prices(columns.taken(near), market.room, gains[near])
    return best_of_each(columns.unit, gains - columns.size * price[columns.home], KEPT)


def _good_in(like: Bounded, columns: Columns) -> Ints:
    """The best ways of each unit in another relaxation, and all that it took."""
    return np.union1d(best_of_each(columns.unit, -like.short, KEPT), np.flatnonzero(like.amounts > 0))


def rough_prices(columns: Columns, room: Room, gains: Floats) -> Floats:
    """Prices at which about as many beds are asked for as there are: a subgradient, averaged, with falling steps."""
    price = np.zeros(len(room.beds))
    if not len(columns):
        return price
    start = np.flatnonzero(np.concatenate([[True], columns.unit[1:] != columns.unit[:-1]]))
    many = np.diff(np.append(start, len(columns)))
    size, home = columns.size.astype(np.float64), columns.home
    step, pull = float(np.ptp(columns.points / size)) / 10, np.zeros(len(price))
    for _ in range(ROUGH_ROUNDS):
        net = gains - size * price[home]
        best = np.maximum(np.maximum.reduceat(net, start), CLOSE)
        asked = np.flatnonzero(net >= np.repeat(best, many))
        pull = 0.7 * pull + 0.3 * (np.bincount(home[asked], size[asked], len(price)) - room.beds)
        price = np.maximum(price + step * pull, 0.0)
        step *= 0.98
    return price


def _solved(
    market: Market, kept: Ints, place_worth: float, least: int | None, seconds: float | None
) -> tuple[Bounded, float] | None:
    """The relaxation over the kept columns, with its duals held against all; and its own optimum."""
    columns = market.columns
    part = columns.taken(kept)
    programme = market.programme(part)
    if least is None:
        programme = replace(programme, points=programme.points + place_worth * programme.children)
    else:
        programme = replace(programme, blocks=(*programme.blocks, at_least(programme, least)))
    relaxed = relax(programme, programme.points, seconds)
    if relaxed is None:
        return None
    worth = _by_owner(programme, relaxed, market)
    if least is not None:
        place_worth = float(worth["placed"][0])
    left = columns.points + place_worth * columns.size - worth["units"][columns.unit] - _rent(worth, columns)
    left[kept] = (programme.points - programme.paid(relaxed.worth))[: len(kept)]
    over = np.zeros(len(worth["units"]))
    np.maximum.at(over, columns.unit, left)
    bound = programme.fixed(relaxed.worth) + float(over.sum())
    amounts = np.zeros(len(columns))
    amounts[kept] = relaxed.amounts[: len(kept)]
    found = Bounded(amounts, -left, worth["units"], worth["beds"] + worth["open_beds"], bound, place_worth)
    return found, relaxed.optimum


def _by_owner(programme: Programme, relaxed: Relaxed, market: Market) -> dict[str, Floats]:
    """What limits are worth, spread over their owners: units and homes; rows that are not there are worth nothing."""
    homes = len(market.room.beds)
    many = {"units": int(market.columns.unit.max(initial=-1)) + 1, "placed": 1}
    spread: dict[str, Floats] = {}
    for block, each in zip(programme.blocks, relaxed.worth, strict=True):
        if block.kind in ("boys", "girls", "apart"):
            continue  # these belong to columns, which carry them in what they pay
        spread[block.kind] = np.zeros(many.get(block.kind, homes))
        spread[block.kind][block.owner] = each
    return spread


def _rent(worth: dict[str, Floats], columns: Columns) -> Floats:
    """What the beds of each column are worth to others."""
    home = columns.home
    rent: Floats = columns.size * (
        worth["beds"][home] + np.where(columns.is_emergency, 0.0, worth["open_beds"][home])
    )
    for at in CUT_AT:
        rent += (columns.size // at) * worth[f"cut_{at}"][home]
    return rent
