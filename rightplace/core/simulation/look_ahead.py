"""Ranked choice that looks ahead: an offer's value less what its place would be worth to children still to come.

What a place is worth to others is learned from referrals like those of past years, never from the ones that do come.
For a past referral whose willing homes stand in order of value, the k-th of them being free is worth

    (no better one is free) × (value of the k-th − what the child would expect from the rest),

summed over the past referrals of a day: the *worth of a place for a day*. Homes are taken as free as they are now for as
long as today's vacancies last, and then as often as they are free in the long run, which follows from how often they are
chosen. A child expected to stay D days in a home is charged its worth over D days. The advice never leaves a child
without a home that it could have: the best offer is taken even when all are worth more to others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rightplace.core.simulation.chance import Floats, Ints
from rightplace.core.simulation.figures import figure, lasted
from rightplace.core.simulation.policies import RankedChoice
from rightplace.core.simulation.referrals import DAYS_PER_YEAR, Referrals
from rightplace.core.simulation.running import Choice
from rightplace.core.simulation.world import World, another_future

PAST_DAYS = 365.0
ROUNDS = 20
EVERY_DAYS = 7.0
MOST_HOMES = 100
SURE = 0.85
FACTOR = 0.4
"""The part of the worth that is charged: all of it would trust one year's referrals, and today's vacancies, too far."""
NEVER_QUITE = 0.999


@dataclass(frozen=True, slots=True)
class Past:
    """A year of other referrals with their willing homes, best first: rows of pairs; `first` marks each referral's best."""

    home: Ints
    value: Floats
    size: Ints
    days: Floats
    first: Ints
    row: Ints


class LookAhead(RankedChoice):
    """Value less the worth of the place to children still to come."""

    name = "look_ahead"
    learns_every = EVERY_DAYS

    def __init__(self, factor: float = FACTOR, sure: float = SURE, near_days: float = 0.0) -> None:
        self.factor, self.sure, self.near_days = factor, sure, near_days

    def prepare(self, world: World) -> None:
        """Learn the long-run worth of each home's place, and how many days each referral may be expected to stay."""
        self.places = world.homes.places
        self.days = expected_days(world.referrals)
        self.past = past_of(world)
        self.is_free = np.full(len(self.places), 0.2)
        for _ in range(ROUNDS):
            free, matters = self._in_the_long_run()
            worth, used, _ = worth_of_places(self.past, free, matters, len(self.places))
            self.is_free = 0.6 * self.is_free + 0.4 * (1 - np.minimum(used / self.places, 0.995))
        self.later = self.is_free * worth
        self.now = self.later
        self.soon = 0.0

    def learn(self, now: float, free: Ints) -> None:
        """Once a week: the worth of places in the vacancies of the day."""
        past = self.past
        there, last = free[past.home], self.sure * (free[past.home] >= past.size)
        long_free, long_matters = self._in_the_long_run()
        is_free = last + (1 - self.sure) * long_free
        matters = self.sure * (there <= past.size) + (1 - self.sure) * long_matters
        worth, _, taken = worth_of_places(past, is_free, matters, len(free))
        a_day = len(past.first) / PAST_DAYS
        self.soon = self.near_days or float(np.clip(free.sum() / a_day / 4, 3.0, 30.0))
        self.now = worth * (1 - np.exp(-taken * self.soon)) / np.maximum(taken * self.soon, 1e-9)

    def choose(self, choice: Choice) -> int:
        """The best after the worth of the place to others."""
        days = float(self.days[choice.search.referral])
        soon = min(self.soon, days)
        worth = self.now[choice.home] * soon + self.later[choice.home] * (days - soon)
        left = choice.value - self.factor * choice.size * worth
        return int(np.where(choice.usable, left, -np.inf).argmax())

    def _in_the_long_run(self) -> tuple[Floats, Floats]:
        """By pair: how often there is room for the referral, and how often one place more or less decides that."""
        past, many = self.past, self.places[self.past.home]
        a_place: Floats = self.is_free[past.home]
        others = a_place ** (past.size - 1)
        room: Floats = (1 - (1 - a_place) ** many) * others
        matters: Floats = np.where(past.size > 1, others, (1 - a_place) ** (many - 1))
        return room, matters


def worth_of_places(
    past: Past, is_free: Floats, matters: Floats, homes: int
) -> tuple[Floats, Floats, Floats]:
    """What one more place of each home is worth a day while it is free, the places used, how often it is taken a day.

    `is_free`: the chance, by pair, that the home has room; `matters`: that the one place decides it.
    """
    free = np.minimum(is_free, NEVER_QUITE)
    taken = np.cumsum(np.log1p(-free))
    before = taken - np.log1p(-free)
    reached = np.exp(before - before[past.first][past.row])
    gains = np.cumsum(reached * free * past.value)
    last = np.append(past.first[1:], len(free)) - 1
    beyond = gains[last][past.row] - gains
    rest = beyond / np.maximum(reached * (1 - free), 1e-9)
    margin = np.maximum(past.value - rest, 0) * reached * matters
    worth = np.bincount(past.home, margin, homes) / PAST_DAYS
    used = np.bincount(past.home, reached * free * past.size * past.days, homes) / PAST_DAYS
    taken_a_day = np.bincount(past.home, reached * matters, homes) / PAST_DAYS
    return worth, used, taken_a_day


def past_of(world: World) -> Past:
    """A year of referrals to the same homes, other than those that come."""
    before = another_future(world, 1, PAST_DAYS)
    pairs, referrals = before.pairs, before.referrals
    row = np.repeat(np.arange(len(referrals)), np.diff(pairs.start))
    closes = np.array(figure("urgency")["closes"])[referrals.urgency]
    kept = (pairs.delay <= closes[row]) & (np.arange(len(row)) - pairs.start[row] < MOST_HOMES)
    row = row[kept]
    begins = np.concatenate([[True], row[1:] != row[:-1]])
    return Past(
        home=pairs.home[kept].astype(np.int64), value=pairs.value[kept].astype(float), size=referrals.size[row],
        days=expected_days(referrals)[row], first=np.flatnonzero(begins), row=np.cumsum(begins) - 1,
    )  # fmt: skip


def expected_days(referrals: Referrals) -> Floats:
    """The mean stay for a child of that age in the kind of home that suits, breakdowns included: known when asking."""
    days = np.zeros(len(referrals))
    steps = (np.arange(10) + 0.5) / 10
    for kind in range(3):
        rows, bands = referrals.suits == kind, lasted(kind)
        points = (bands.low[:, None] + steps * (bands.high - bands.low)[:, None]) * figure("stay_scale")[kind]
        longest = np.maximum((18 - referrals.age[rows]) * DAYS_PER_YEAR, 7.0)
        days[rows] = (np.minimum(points, longest[:, None, None]).mean(axis=2) * bands.share).sum(axis=1)
    found: Floats = days * (1 - figure("breaks_down") / 2)
    return found
