"""One simulated market: its homes, its referrals, every possible pair of them, and who lives where at the start."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rightplace.core.simulation.chance import Bools, Floats, Ints
from rightplace.core.simulation.figures import figure
from rightplace.core.simulation.homes import Homes, made_homes
from rightplace.core.simulation.pairs import Pairs, made_pairs
from rightplace.core.simulation.referrals import Referrals, made_referrals, steady_state

SLACK, TIGHT = 0.80, 1.05
"""Children who need a place over places: four in five filled; one child in twenty without a place."""
FULLEST = 0.97


@dataclass(frozen=True, slots=True)
class World:
    """A market of so many days. `load` is the children who need a place over the places.

    `free` places of each home are free on day 0; `frees_home`, `frees_on` say which home gets one more place on which day
    as those who were there leave.
    """

    seed: int
    days: float
    load: float
    homes: Homes
    referrals: Referrals
    pairs: Pairs
    free: Ints
    frees_home: Ints
    frees_on: Floats


def made_world(seed: int, years: float, load: float = SLACK) -> World:
    """The market of a seed: the same seed gives the same homes, children and answers, on any machine."""
    rng = np.random.default_rng([seed, 7])
    days = years * 365.0
    homes = made_homes(rng, steady_state()[1] / load)
    referrals, there = made_referrals(rng, days)
    free, frees_home, frees_on = _moved_in(rng, homes, there)
    pairs = made_pairs(seed, homes, referrals)
    return World(seed, days, load, homes, referrals, pairs, free, frees_home, frees_on)


def another_future(world: World, seed: int, days: float) -> World:
    """Other referrals on the same homes: what past arrivals say may come, without knowing what does come."""
    rng = np.random.default_rng([world.seed, seed, 11])
    referrals, there = made_referrals(rng, days)
    free, frees_home, frees_on = _moved_in(rng, world.homes, there)
    pairs = made_pairs(world.seed * 1_000 + seed + 500_000, world.homes, referrals)
    return World(seed, days, world.load, world.homes, referrals, pairs, free, frees_home, frees_on)


def steady(world: World) -> World:
    """The same world in which no stay breaks down: what a policy is measured in against perfect foresight."""
    return replace(world, pairs=replace(world.pairs, breaks=np.ones_like(world.pairs.breaks)))


def counted(world: World) -> Bools:
    """The referrals that count against perfect foresight: those whose search is over when the world ends, under any policy.

    In a world of less than nine weeks those of its first two thirds.
    """
    longest = min(max(figure("urgency")["waits"]), world.days / 3)
    found: Bools = world.referrals.made_on + longest <= world.days
    return found


def _moved_in(rng: np.random.Generator, homes: Homes, there: Referrals) -> tuple[Ints, Ints, Floats]:
    """Who is there at the start, one child to a place, in homes of the kind that suits; the rest live outside the market."""
    free, home, leaves = homes.places.copy(), [], []
    for kind in range(3):
        slots = rng.permutation(
            np.repeat(np.arange(len(homes)), np.where(homes.suits == kind, homes.places, 0))
        )
        rows = np.flatnonzero(there.suits == kind)
        stays = np.repeat(there.ends_on[rows], there.size[rows])[: int(len(slots) * FULLEST)]
        home.append(slots[: len(stays)])
        leaves.append(stays)
    homes_taken, leaves_on = np.concatenate(home), np.concatenate(leaves)
    np.subtract.at(free, homes_taken, 1)
    return free, homes_taken, leaves_on
