"""The days of a simulated market: referrals arrive, homes answer, a policy chooses, children move in, on and out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Protocol

import numpy as np

from rightplace.core.simulation.chance import Bools, Floats, Floats32, Ints, Ints32
from rightplace.core.simulation.figures import figure
from rightplace.core.simulation.world import World

FREES, LOOKS, LEARNS = 0, 1, 2
OUTSIDE = -1
LOOKS_AGAIN_AFTER = 1.0


@dataclass(slots=True)
class Search:
    """One search: for a referral, or for the rest of a stay that broke down (`barred` is the home that it left)."""

    referral: int
    began_on: float
    ends_on: float
    closes: float
    waits_until: float
    barred: int = -1
    offers: int = -1
    held: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """What a policy may choose from: the homes that said yes, as pairs of the world, best value first.

    `usable` marks those with room whose answer is there by `now`, `room` those with room whether or not they have answered.
    """

    search: Search
    now: float
    home: Ints32
    value: Floats32
    delay: Floats32
    room: Bools
    usable: Bools
    size: int


class Policy(Protocol):
    """How a home is chosen. A new policy is a class with these; `POLICIES` names those that there are.

    `waits_for_answers`: whether offers are weighed at their closing time (else the policy looks at once).
    `learns_every`: days between looks at the vacancies of all homes; 0 for never. `is_one_offer`: whether the first yes ends the
    search, so that there is never more than one offer to choose from.
    """

    name: str
    is_one_offer: bool
    waits_for_answers: bool
    learns_every: float

    def learn(self, now: float, free: Ints) -> None:
        """See the free places of every home on a day."""

    def prepare(self, world: World) -> None:
        """Learn what may be known before the first day."""

    def choose(self, choice: Choice) -> int:
        """The position of the chosen home among the choice's, or -1 to go on looking."""

    def days_to_say(self, choice: Choice, chosen: int) -> float:
        """Days of work that the choice took beyond the looking, such as telephone calls."""

    def next_look(self, choice: Choice) -> float:
        """When to look again after choosing none."""


@dataclass(frozen=True, slots=True)
class Record:
    """Every search of a run in columns: who, when, where (`OUTSIDE`: no home of the market), and how it ended.

    `offers` counts suitable offers in hand when the choice was made, `held` the suitable willing homes with room in the whole
    market. `is_again` marks searches after a breakdown.
    """

    referral: Ints
    began_on: Floats
    placed_on: Floats
    left_on: Floats
    home: Ints
    value: Floats
    miles: Floats
    offers: Ints
    held: Ints
    broke: Bools
    is_again: Bools


Watch = Callable[[float], None]


def run(world: World, policy: Policy, watch: Watch | None = None) -> Record:
    """One policy in one world, from the first day to the last. `watch` hears of the passing days now and then."""
    policy.prepare(world)
    running = _Running(world, policy)
    heapify(running.events)
    next_word = 0.0
    while running.events:
        now, kind, one, many = heappop(running.events)
        if now >= world.days:
            break
        running.happens(kind, one, many, now)
        if watch and now >= next_word:
            watch(now)
            next_word = now + 90
    return running.record()


class _Running:
    """The state of a run: free places, searches, events to come, and what has happened."""

    def __init__(self, world: World, policy: Policy) -> None:
        self.world, self.policy = world, policy
        self.free = world.free.copy()
        self.places = world.homes.places
        self.suitable = figure("suitable_from")
        referrals, urgency = world.referrals, figure("urgency")
        closes = np.array(urgency["closes"])[referrals.urgency]
        waits = np.array(urgency["waits"])[referrals.urgency]
        self.closes = closes if policy.waits_for_answers else np.zeros(len(closes))
        self.soonest = (urgency["closes"][0] if policy.waits_for_answers else 0.0, urgency["waits"][0])
        rows = zip(
            referrals.made_on.tolist(),
            referrals.ends_on.tolist(),
            self.closes.tolist(),
            waits.tolist(),
            strict=True,
        )
        self.searches = [
            Search(row, made, ends, close, made + wait) for row, (made, ends, close, wait) in enumerate(rows)
        ]
        self.size, self.alone = referrals.size.tolist(), referrals.is_solo.tolist()
        self.events: list[tuple[float, int, int, int]] = [
            (day, FREES, home, 1)
            for day, home in zip(world.frees_on.tolist(), world.frees_home.tolist(), strict=True)
        ]
        self.events += [(one.began_on + one.closes, LOOKS, row, 0) for row, one in enumerate(self.searches)]
        if policy.learns_every:
            self.events.append((0.0, LEARNS, 0, 0))
        self.done: list[tuple[int, float, float, float, int, float, float, int, int, bool, bool]] = []

    def happens(self, kind: int, one: int, many: int, now: float) -> None:
        """One event: a place is free, a search looks at its offers, the policy learns."""
        if kind == FREES:
            self.free[one] += many
        elif kind == LOOKS:
            self.looks(one, now)
        else:
            self.policy.learn(now, self.free)
            heappush(self.events, (now + self.policy.learns_every, LEARNS, 0, 0))

    def looks(self, number: int, now: float) -> None:
        """One look at the offers in hand: place, look again later, or go outside the market."""
        search = self.searches[number]
        if now >= search.ends_on:
            return
        choice, at = self._choice(search, now)
        chosen = self.policy.choose(choice) if choice.usable.any() else -1
        if search.offers < 0 or chosen >= 0:
            self._count_offers(search, choice, chosen)
        if chosen >= 0:
            self._place(search, choice, at, chosen)
            return
        later = self.policy.next_look(choice)
        if later > search.waits_until:
            self._go_outside(search, min(search.waits_until, search.ends_on))
        else:
            heappush(self.events, (later, LOOKS, number, 0))

    def _count_offers(self, search: Search, choice: Choice, chosen: int) -> None:
        """Suitable offers in hand, and homes in the market that have room and would be suitable and willing."""
        suits = choice.value >= self.suitable
        search.held = max(search.held, int(np.count_nonzero(choice.room & suits)))
        if self.policy.is_one_offer:
            search.offers = int(chosen >= 0 and suits[chosen])
        else:
            search.offers = int(np.count_nonzero(choice.usable & suits))

    def _choice(self, search: Search, now: float) -> tuple[Choice, slice]:
        row, pairs = search.referral, self.world.pairs
        at = pairs.of(row)
        home = pairs.home[at]
        free, size = self.free[home], self.size[row]
        room = free == self.places[home] if self.alone[row] else free >= size
        if search.barred >= 0:
            room &= home != search.barred
        usable = room & (pairs.delay[at] <= now - search.began_on)
        return Choice(search, now, home, pairs.value[at], pairs.delay[at], room, usable, size), at

    def _place(self, search: Search, choice: Choice, at: slice, chosen: int) -> None:
        home, row, now = int(choice.home[chosen]), search.referral, choice.now
        position = at.start + chosen
        share = float(self.world.pairs.breaks[position])
        broke = share < 1.0
        left = now + share * (search.ends_on - now)
        many = int(self.places[home]) if self.alone[row] else choice.size
        self.free[home] -= many
        heappush(self.events, (left, FREES, home, many))
        placed = now + self.policy.days_to_say(choice, chosen)
        self.done.append((
            row, search.began_on, placed, left, home, float(choice.value[chosen]),
            float(self.world.pairs.miles[position]), search.offers, search.held, broke,
            search.barred >= 0,
        ))  # fmt: skip
        if broke:
            self._search_again(search, home, left)

    def _search_again(self, search: Search, home: int, now: float) -> None:
        closes, waits = self.soonest
        self.searches.append(Search(search.referral, now, search.ends_on, closes, now + waits, home))
        heappush(self.events, (now + closes, LOOKS, len(self.searches) - 1, 0))

    def _go_outside(self, search: Search, now: float) -> None:
        self.done.append((
            search.referral, search.began_on, now, search.ends_on, OUTSIDE, 0.0, np.nan, max(search.offers, 0),
            search.held, False, search.barred >= 0,
        ))  # fmt: skip

    def record(self) -> Record:
        columns = [np.array(one) for one in zip(*self.done, strict=True)]
        return Record(*columns)
