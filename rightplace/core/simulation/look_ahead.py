"""Ranked choice that looks ahead: to children still to come, and to answers still to come.

**Children still to come.** An offer's value is lessened by what its place would be worth to others. That is learned from
referrals like those of past years, never from the ones that do come. For a past referral whose willing homes stand in order of
value, the k-th of them being free is worth

    (no better one is free) × (value of the k-th − what the children would expect from the rest),

every child counted, summed over the past referrals of a day: the *worth of a place for a day*. Homes are taken as free as they
are now for as long as today's vacancies last, and then as often as they are free in the long run, which follows from how often
they are chosen. Children expected to stay D days in a home are charged its worth over D days. The advice never leaves a child
without a home that it could have: the best offer is taken even when all are worth more to others.

**Answers still to come.** Offers are looked at before the closing time, at it, and twice after it. The best one is taken as
soon as it is as good as children like these usually find (`usual.py`), less a little more at each look; so a child with a
good offer waits less, and one without may wait a little longer. Children with high needs and disabled children find fewer
offers: for them the best is taken at the closing time at the latest, or they would wait longest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rightplace.core.simulation.chance import Floats, Ints
from rightplace.core.simulation.figures import figure, lasted
from rightplace.core.simulation.policies import RankedChoice
from rightplace.core.simulation.referrals import DAYS_PER_YEAR, Referrals
from rightplace.core.simulation.running import LOOKS_AGAIN_AFTER, Choice, Search
from rightplace.core.simulation.usual import usual_values
from rightplace.core.simulation.world import World, another_future

PAST_DAYS = 365.0
ROUNDS = 20
EVERY_DAYS = 7.0
MOST_HOMES = 100
SURE = 0.85
FACTOR = 0.3
"""The part of the worth that is charged: all of it would trust one year's referrals, and today's vacancies, too far."""
NEVER_QUITE = 0.999
LOOKS = (0.5, 1.0, 1.5, 2.0)
"""When offers are looked at, over the closing time of the request; the last look takes the best there is."""
AT_CLOSING = 1
HIGH = 2
LESS = ((0.02, 0.06, 0.10), (0.0, 0.03, 0.06), (0.0, 0.03, 0.06))
"""By urgency and look: how far below the usual value an offer may be and still be taken."""
FIRST_GAP, RATE = -0.03, 0.03
"""What children get over what the past would have given them, at the start, and how quickly it is learned anew."""


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
    """Value less the worth of the place to children still to come, as soon as it is worth no more waiting."""

    name = "look_ahead"
    waits_for_answers = False
    learns_every = EVERY_DAYS

    def __init__(self, factor: float = FACTOR, sure: float = SURE) -> None:
        self.factor, self.sure = factor, sure

    def prepare(self, world: World) -> None:
        """Learn the long-run worth of each home's place, how long each referral may stay, and what it may usually find."""
        before = another_future(world, 1, PAST_DAYS)
        referrals = world.referrals
        self.places, self.is_solo = world.homes.places, referrals.is_solo
        self.days, self.past = expected_days(referrals), past_of(before)
        self.usual, self.gap = usual_values(before, referrals), FIRST_GAP
        self.waits_no_longer = referrals.disabled | (referrals.severity == HIGH)
        self.urgency, self.closes = referrals.urgency.tolist(), figure("urgency")["closes"]
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
        self.soon = float(np.clip(free.sum() / a_day / 4, 3.0, 30.0))
        self.now = worth * (1 - np.exp(-taken * self.soon)) / np.maximum(taken * self.soon, 1e-9)

    def choose(self, choice: Choice) -> int:
        """The best after the worth of the place to others, or none while it is worth waiting for answers."""
        search, turn = choice.search, self._turn(choice)
        if turn < 0:
            return -1
        chosen = self._best(choice)
        value, usual = float(choice.value[chosen]), self.usual[search.referral] + self.gap
        last = AT_CLOSING if self.waits_no_longer[search.referral] else len(LOOKS) - 1
        if turn < last and value < usual - LESS[self._urgency(search)][turn]:
            return -1
        self.gap += RATE * (value - usual)
        return chosen

    def next_look(self, choice: Choice) -> float:
        """The next of the looks; after the last of them tomorrow."""
        turn = self._turn(choice) + 1
        if turn >= len(LOOKS):
            return choice.now + LOOKS_AGAIN_AFTER
        return choice.search.began_on + LOOKS[turn] * float(self.closes[self._urgency(choice.search)])

    def _urgency(self, search: Search) -> int:
        """After a breakdown a place is needed the same day."""
        return 0 if search.barred >= 0 else int(self.urgency[search.referral])

    def _turn(self, choice: Choice) -> int:
        """How many looks there have been with this one, less one."""
        since = choice.now - choice.search.began_on
        closes = float(self.closes[self._urgency(choice.search)])
        return sum(since >= look * closes - 1e-6 for look in LOOKS) - 1

    def _best(self, choice: Choice) -> int:
        row = choice.search.referral
        days = float(self.days[row])
        soon = min(self.soon, days)
        worth = self.now[choice.home] * soon + self.later[choice.home] * (days - soon)
        size = self.places[choice.home] if self.is_solo[row] else choice.size
        left = choice.value * choice.size - self.factor * size * worth
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
    free, value = np.minimum(is_free, NEVER_QUITE), past.value * past.size
    taken = np.cumsum(np.log1p(-free))
    before = taken - np.log1p(-free)
    reached = np.exp(before - before[past.first][past.row])
    gains = np.cumsum(reached * free * value)
    last = np.append(past.first[1:], len(free)) - 1
    beyond = gains[last][past.row] - gains
    rest = beyond / np.maximum(reached * (1 - free), 1e-9)
    margin = np.maximum(value - rest, 0) * reached * matters
    worth = np.bincount(past.home, margin, homes) / PAST_DAYS
    used = np.bincount(past.home, reached * free * past.size * past.days, homes) / PAST_DAYS
    taken_a_day = np.bincount(past.home, reached * matters, homes) / PAST_DAYS
    return worth, used, taken_a_day


def past_of(before: World) -> Past:
    """The referrals of another year to the same homes, with the homes that would have answered by the closing time."""
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
