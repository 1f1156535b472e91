"""The policies that are compared: how one home is chosen among those that say yes."""

from __future__ import annotations

import numpy as np

from rightplace.core.simulation.chance import Floats, Ints
from rightplace.core.simulation.figures import figure
from rightplace.core.simulation.running import LOOKS_AGAIN_AFTER, Choice
from rightplace.core.simulation.world import World


class OneByOne:
    """Telephone the list in its order; the first yes is taken."""

    name = "one_by_one"
    waits_for_answers = False
    is_one_offer = True
    learns_every = 0.0

    def learn(self, now: float, free: Ints) -> None:
        """Nothing to learn."""

    def prepare(self, world: World) -> None:
        """The list: the homes in an order of their own, the same for everybody."""
        self.order: Ints = np.random.default_rng([world.seed, 21]).permutation(len(world.homes))
        start, asked = world.pairs.start, world.pairs.asked
        self.says_yes: Floats = np.maximum(np.diff(start), 1) / np.maximum(asked, 1)

    def choose(self, choice: Choice) -> int:
        """The first home of the list that says yes and has room."""
        return int(np.where(choice.usable, self.order[choice.home], len(self.order)).argmin())

    def days_to_say(self, choice: Choice, chosen: int) -> float:
        """Calls so far, those to homes that said no or were full among them."""
        earlier = int(np.count_nonzero(self.order[choice.home] < self.order[choice.home[chosen]]))
        calls = (1 + (1 - figure("list_is_right")) * earlier) / float(self.says_yes[choice.search.referral])
        return float(calls * figure("call_days"))

    def next_look(self, choice: Choice) -> float:
        """Tomorrow."""
        return choice.now + LOOKS_AGAIN_AFTER


class FirstOffer:
    """Ask all homes at once; the first answer is taken."""

    name = "first_offer"
    waits_for_answers = False
    is_one_offer = True
    learns_every = 0.0

    def learn(self, now: float, free: Ints) -> None:
        """Nothing to learn."""

    def prepare(self, world: World) -> None:
        """Nothing to learn."""

    def choose(self, choice: Choice) -> int:
        """The home that answered first among those in hand."""
        return int(np.where(choice.usable, choice.delay, np.inf).argmin())

    def days_to_say(self, choice: Choice, chosen: int) -> float:
        """None: the offer is in hand."""
        return 0.0

    def next_look(self, choice: Choice) -> float:
        """When the next home with room answers, at the latest tomorrow."""
        waiting = choice.delay[choice.room & ~choice.usable]
        soonest = choice.search.began_on + float(waiting.min()) + 1e-6 if len(waiting) else np.inf
        return min(max(soonest, choice.now + 1e-6), choice.now + LOOKS_AGAIN_AFTER)


class RankedChoice:
    """Ask all homes at once, weigh the offers at the closing time, and take the best match."""

    name = "ranked_choice"
    waits_for_answers = True
    is_one_offer = False
    learns_every = 0.0

    def learn(self, now: float, free: Ints) -> None:
        """Nothing to learn."""

    def prepare(self, world: World) -> None:
        """Nothing to learn."""

    def choose(self, choice: Choice) -> int:
        """The first usable one: pairs stand best value first."""
        return int(choice.usable.argmax())

    def days_to_say(self, choice: Choice, chosen: int) -> float:
        """None: the offer is in hand."""
        return 0.0

    def next_look(self, choice: Choice) -> float:
        """Tomorrow."""
        return choice.now + LOOKS_AGAIN_AFTER


class OwnAuthorityFirst(RankedChoice):
    """The best of the homes in the authority's own area; only when there is none, the best elsewhere."""

    name = "own_authority_first"

    def prepare(self, world: World) -> None:
        """Where each home lies and whose each referral is."""
        self.of_home, self.of_referral = world.homes.authority, world.referrals.authority

    def choose(self, choice: Choice) -> int:
        """The best usable one in the area, else the best of all."""
        inside = choice.usable & (self.of_home[choice.home] == self.of_referral[choice.search.referral])
        return int(inside.argmax() if inside.any() else choice.usable.argmax())
