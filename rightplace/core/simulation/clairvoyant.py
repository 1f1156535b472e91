"""A plan by somebody who knows every arrival, every answer and every stay: real, no home ever over its places.

Beside the upper bound (`bound.py`) it says how much of the bound anybody could reach: the best plan lies between the two.
Children are placed in the order in which they come, each in the best home that is free; then the plan is improved, those who
fall furthest short of their best home first: a referral goes where it would do better, those in its way go to the best that
is free, and the change stays when all of them together are worth more. A child is placed from the closing time on, as by a
policy, when the home has answered and as long as it may wait; it may be left out for others, which no policy of the
product does.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rightplace.core.simulation.chance import Floats
from rightplace.core.simulation.figures import figure
from rightplace.core.simulation.world import World, counted

MOST_PAIRS = 120
TRIES = 15
PASSES = 2
MOST_MOVED = 3
NOBODY = -1
_EVER = -1e9
ENOUGH_GAIN = 1e-9


class Stay(NamedTuple):
    """A stay in a home: from, until, places taken, and of which referral (`NOBODY`: one who was there before)."""

    begin: float
    end: float
    size: int
    referral: int


@dataclass(frozen=True, slots=True)
class Planned:
    """What a plan comes to: the value of all children who count, the share of them placed, and the mean days they wait."""

    value: float
    placed: float
    days: float


def clairvoyant_plan(world: World, passes: int = PASSES) -> Planned:
    """The best plan found for a world, in which no stay breaks down (`world.steady`)."""
    plan = _Plan(world)
    for row in range(len(plan.chosen)):
        plan.place_at_best(row)
    for _ in range(passes):
        for row in np.argsort(-plan.short(), kind="stable").tolist():
            plan.improve(row)
    return plan.comes_to()


class _Plan:
    """Who is planned where and when."""

    def __init__(self, world: World) -> None:
        referrals, pairs, urgency = world.referrals, world.pairs, figure("urgency")
        made = referrals.made_on
        self.places: list[int] = world.homes.places.tolist()
        self.counts: list[int] = (referrals.size * counted(world)).tolist()
        self.size: list[int] = referrals.size.tolist()
        self.is_solo: list[bool] = referrals.is_solo.tolist()
        self.made: list[float] = made.tolist()
        self.end: list[float] = np.minimum(referrals.ends_on, world.days).tolist()
        self.first: list[float] = (made + np.array(urgency["closes"])[referrals.urgency]).tolist()
        self.limit: list[float] = (made + np.array(urgency["waits"])[referrals.urgency]).tolist()
        self.start: list[int] = pairs.start.tolist()
        self.home: list[int] = pairs.home.tolist()
        self.value: list[float] = pairs.value.tolist()
        self.delay: list[float] = pairs.delay.tolist()
        self.there: list[list[Stay]] = [[] for _ in self.places]
        for home, day in zip(world.frees_home.tolist(), world.frees_on.tolist(), strict=True):
            self.there[home].append(Stay(_EVER, day, 1, NOBODY))
        self.chosen = [NOBODY] * len(self.size)
        self.begin = [0.0] * len(self.size)

    def comes_to(self) -> Planned:
        """What the plan is worth."""
        rows, children = range(len(self.chosen)), max(sum(self.counts), 1)
        placed = sum(self.counts[row] for row in rows if self.chosen[row] >= 0)
        until = (self.begin[row] if self.chosen[row] >= 0 else self.limit[row] for row in rows)
        days = sum(
            count * (day - made) for count, day, made in zip(self.counts, until, self.made, strict=True)
        )
        return Planned(sum(self.worth(row) for row in rows), placed / children, days / children)

    def short(self) -> Floats:
        """By referral, how far its children fall short of their best home."""
        best = [self.value[first] if first < last else 0.0 for first, last in pairwise(self.start)]
        return np.array(
            [
                count * one - self.worth(row)
                for row, (count, one) in enumerate(zip(self.counts, best, strict=True))
            ]
        )

    def worth(self, row: int) -> float:
        """What a referral's children have."""
        pair = self.chosen[row]
        return self.value[pair] * self.counts[row] if pair >= 0 else 0.0

    def place_at_best(self, row: int) -> None:
        """The best home with room, at the soonest."""
        for pair in self._pairs(row):
            begin = self._soonest(row, pair)
            if begin is not None:
                return self._put(row, pair, begin)
        return None

    def improve(self, row: int) -> None:
        """The first better home to which the referral can go so that all who must move are together worth more."""
        have = self.worth(row)
        for pair in self._pairs(row)[:TRIES]:
            if self.value[pair] * self.counts[row] <= have + ENOUGH_GAIN or self._goes(row, pair):
                return

    def _pairs(self, row: int) -> range:
        return range(self.start[row], min(self.start[row + 1], self.start[row] + MOST_PAIRS))

    def _goes(self, row: int, pair: int) -> bool:
        """Whether the referral goes to this home, others making room; all is as before when it does not pay."""
        before = {row: (self.chosen[row], self.begin[row])}
        worth = self.worth(row)
        self._out(row)
        begin = self._begin_after_those_before(row, pair)
        in_the_way = [] if begin is None else self._in_the_way(row, pair, begin)
        if begin is not None and in_the_way is not None:
            for one in in_the_way:
                before[one] = (self.chosen[one], self.begin[one])
                worth += self.worth(one)
                self._out(one)
            self._put(row, pair, begin)
            for one in in_the_way:
                self.place_at_best(one)
            if sum(self.worth(one) for one in before) > worth + ENOUGH_GAIN:
                return True
        for one in before:
            self._out(one)
        for one, (chosen, began) in before.items():
            if chosen >= 0:
                self._put(one, chosen, began)
        return False

    def _begin_after_those_before(self, row: int, pair: int) -> float | None:
        """The soonest day on which nobody who was there before the first day is in the way; None: not while it may wait."""
        home, size = self.home[pair], self._takes(row, self.home[pair])
        begin, limit = self._earliest(row, pair), min(self.limit[row], self.end[row])
        old = [one for one in self.there[home] if one.referral == NOBODY and one.end > begin]
        for day in sorted({begin, *(one.end for one in old)}):
            if day >= limit:
                return None
            if sum(one.size for one in old if one.end > day) + size <= self.places[home]:
                return day
        return None

    def _in_the_way(self, row: int, pair: int, begin: float) -> list[int] | None:
        """Those who must leave for the referral to have room, the least worth first; None when they are too many."""
        home, size = self.home[pair], self._takes(row, self.home[pair])
        stays = [one for one in self.there[home] if one.begin < self.end[row] and one.end > begin]
        movable = sorted(
            (one for one in stays if one.referral >= 0), key=lambda one: self.worth(one.referral)
        )
        gone: list[int] = []
        while not _fits(stays, begin, self.places[home] - size):
            if len(gone) == MOST_MOVED or len(gone) == len(movable):
                return None
            stays.remove(movable[len(gone)])
            gone.append(movable[len(gone)].referral)
        return gone

    def _earliest(self, row: int, pair: int) -> float:
        return max(self.first[row], self.made[row] + self.delay[pair])

    def _takes(self, row: int, home: int) -> int:
        return self.places[home] if self.is_solo[row] else self.size[row]

    def _soonest(self, row: int, pair: int) -> float | None:
        """The first day on which there is room for the whole stay, while the child may wait."""
        home, begin, end = self.home[pair], self._earliest(row, pair), self.end[row]
        limit, most = min(self.limit[row], end), self.places[home] - self._takes(row, home)
        if begin >= limit or most < 0:
            return None
        stays = [one for one in self.there[home] if one.begin < end and one.end > begin]
        for day in sorted({begin, *(one.end for one in stays if one.end < limit)}):
            if _fits([one for one in stays if one.end > day], day, most):
                return day
        return None

    def _put(self, row: int, pair: int, begin: float) -> None:
        home = self.home[pair]
        self.chosen[row], self.begin[row] = pair, begin
        self.there[home].append(Stay(begin, self.end[row], self._takes(row, home), row))

    def _out(self, row: int) -> None:
        if self.chosen[row] >= 0:
            home = self.home[self.chosen[row]]
            self.there[home] = [one for one in self.there[home] if one.referral != row]
            self.chosen[row] = NOBODY


def _fits(stays: list[Stay], begin: float, most: int) -> bool:
    """Whether these stays never take more than so many places from a day on."""
    if sum(one.size for one in stays) <= most:
        return True
    days = [begin, *(one.begin for one in stays if one.begin > begin)]
    return all(sum(one.size for one in stays if one.begin <= day < one.end) <= most for day in days)
