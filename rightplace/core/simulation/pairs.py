"""Which home could take which referral, what the match is worth, and what each home would answer.

The musts and the value are those of `core/matching` in a compact form: a home that fails a must is no pair. What a home
answers, when, and whether a stay there breaks down is drawn for the pair, so that it is the same under every policy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rightplace.core.matching.policy import DEFAULT_WEIGHTS
from rightplace.core.matching.shoulds import FULL, HALF, KIND_SHARES
from rightplace.core.matching.vocabulary import Suitability
from rightplace.core.simulation.chance import Bools, Floats, Floats32, Ints, Ints32, pair_uniforms
from rightplace.core.simulation.figures import SUPPORTED, figure
from rightplace.core.simulation.homes import Homes
from rightplace.core.simulation.referrals import SUPPORTED_FROM_AGE, Referrals

BLOCK = 256
ANSWERS, DELAYS, BREAKS, WHEN = 1, 2, 3, 4
MOST_IN_FOSTER_HOME = 3
FULL_MILES, NO_MILES = 2.0, 30.0
SUITABLE = KIND_SHARES[Suitability.SUITABLE] / FULL
APPROVED = HALF / FULL
"""What an approved provider earns for the order of preference, own carers all of it."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """For each referral (rows `start[i]` to `start[i + 1]`) the homes that would say yes, best value first.

    `asked` counts the homes that could take the referral, willing or not. `breaks` is the share of the stay after which
    it breaks down there, 1 when it lasts.
    """

    start: Ints
    home: Ints32
    value: Floats32
    miles: Floats32
    delay: Floats32
    breaks: Floats32
    asked: Ints

    def of(self, row: int) -> slice:
        """The pairs of one referral."""
        return slice(int(self.start[row]), int(self.start[row + 1]))


def made_pairs(seed: int, homes: Homes, referrals: Referrals, farthest: float | None = None) -> Pairs:
    """All pairs of a market; `seed` names its chance."""
    blocks = [
        _pairs_of_block(seed, homes, referrals, np.arange(first, min(first + BLOCK, len(referrals))))
        for first in range(0, len(referrals), BLOCK)
    ]
    asked = np.concatenate([block[0] for block in blocks])
    row, home, value, miles, delay, breaks = (
        np.concatenate([block[at] for block in blocks]) for at in range(1, 7)
    )
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(referrals)))])
    return Pairs(start, home, value, miles, delay, breaks, asked)


def _pairs_of_block(seed: int, homes: Homes, referrals: Referrals, rows: Ints) -> tuple[np.ndarray, ...]:
    may = musts_met(homes, referrals.taken(rows))
    at, home = np.nonzero(may)
    row = rows[at]
    own = homes.authority[home] == referrals.authority[row]
    own_carer = own & (homes.kind[home] == 0)
    chance = figure("says_yes")
    says_yes = pair_uniforms(seed, ANSWERS, row, home) < np.where(own_carer, chance["own"], chance["other"])
    row, home, own_carer = row[says_yes], home[says_yes], own_carer[says_yes]
    miles = np.hypot(homes.east[home] - referrals.east[row], homes.north[home] - referrals.north[row])
    value = match_value(homes, referrals, row, home, miles)
    order = np.lexsort((-value, row))
    row, home, value, miles, own_carer = row[order], home[order], value[order], miles[order], own_carer[order]
    mean = figure("answer_days")
    delay = -np.log1p(-pair_uniforms(seed, DELAYS, row, home)) * np.where(
        own_carer, mean["own"], mean["other"]
    )
    breaks = _breaks(seed, row, home, value)
    small = (one.astype(np.float32) for one in (value, miles, delay, breaks))
    return may.sum(axis=1), row, home.astype(np.int32), *small


def musts_met(homes: Homes, referrals: Referrals) -> Bools:
    """Whether each home (columns) meets each referral's musts (rows), but for room, which changes by the day."""

    def of(values: Ints | Floats | Bools) -> np.ndarray:
        return values[:, None]

    age, size = np.floor(referrals.age), referrals.size
    may = (of(referrals.suits) == homes.suits) | (of(referrals.also) == homes.suits)
    may &= (of(age) >= homes.youngest) & (of(age) <= homes.oldest) & (of(size) <= homes.places)
    may &= (of(age) >= SUPPORTED_FROM_AGE) | (homes.suits != SUPPORTED)
    may &= (of(referrals.sexes) & ~homes.sexes) == 0
    may &= (of(referrals.essential) & ~homes.skills) == 0
    may &= ~of(referrals.needs_adapted) | homes.adapted
    may &= (homes.kind != 0) | (homes.authority == of(referrals.authority)) | SHARES_OWN_CARERS
    near = np.hypot(homes.east - of(referrals.east), homes.north - of(referrals.north))
    may &= near <= figure("reach_miles")["no_further"]
    unsafe = np.hypot(homes.east - of(referrals.unsafe_east), homes.north - of(referrals.unsafe_north))
    found: Bools = may & (unsafe >= figure("unsafe_area")["miles"])
    return found


SHARES_OWN_CARERS = False
"""Whether an authority's own carers take other authorities' children: they do not."""


def match_value(homes: Homes, referrals: Referrals, row: Ints, home: Ints, miles: Floats) -> Floats:
    """What each pair is worth, 0 to 1: the criteria of matching that every simulated referral has, by its default weights."""
    needs, skills = referrals.needs[row], homes.skills[home]
    met = np.bitwise_count(needs & skills) / np.maximum(np.bitwise_count(needs), 1)
    ours, theirs = referrals.ethnicity[row], homes.ethnicity[home]
    parts = {
        "needs": np.where(needs == 0, 1.0, met),
        "distance": np.clip((NO_MILES - miles) / (NO_MILES - FULL_MILES), 0, 1),
        "kind": np.where(referrals.suits[row] == homes.suits[home], 1.0, SUITABLE),
        "belonging": np.where(ours == theirs, 1.0, np.where((ours == 1) | (theirs == 1), 0.5, 0.0)),
        "grade": homes.grade[home],
        "own": np.where(homes.kind[home] == 0, 1.0, APPROVED),
    }
    weights = np.array([DEFAULT_WEIGHTS[name] for name in parts])
    found: Floats = weights / weights.sum() @ np.array(list(parts.values()))
    return found


def _breaks(seed: int, row: Ints, home: Ints, value: Floats) -> Floats:
    """The share of the stay after which it breaks down; poorer matches do so more often."""
    chance = figure("breaks_down") * (1 + figure("breaks_down_slope") * (0.5 - value))
    breaks = pair_uniforms(seed, BREAKS, row, home) < chance
    return np.where(breaks, 0.02 + 0.98 * pair_uniforms(seed, WHEN, row, home), 1.0)
