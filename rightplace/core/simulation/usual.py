"""What a child like this usually finds: learned from a year of other referrals, by what is known when asking.

For a past referral whose willing homes stand in order of value, each free with the same chance, the best free one has a mean
value; a straight line through the facts of the referrals (least squares) gives it for any referral. It measures offers against
what is usual for such a child, so that a hard search is not told to wait for an offer that never comes.
"""

from __future__ import annotations

import numpy as np

from rightplace.core.simulation.chance import Floats
from rightplace.core.simulation.figures import ETHNIC_GROUPS, authorities
from rightplace.core.simulation.referrals import Referrals
from rightplace.core.simulation.world import World

IS_FREE = 0.25
ENOUGH = 0.3
"""Past referrals that would find a home less often than this say nothing about what homes are worth."""


def usual_values(before: World, referrals: Referrals) -> Floats:
    """The value of the best home that each of these referrals would usually find."""
    pairs = before.pairs
    many = len(before.referrals)
    row = np.repeat(np.arange(many), np.diff(pairs.start))
    chance = IS_FREE * (1 - IS_FREE) ** (np.arange(len(row)) - pairs.start[row])
    finds = np.bincount(row, chance, many)
    value = np.bincount(row, chance * pairs.value, many) / np.maximum(finds, 1e-9)
    enough = finds > ENOUGH
    weights = np.linalg.lstsq(_facts(before.referrals)[enough], value[enough], rcond=None)[0]
    found: Floats = _facts(referrals) @ weights
    return found


def _facts(of: Referrals) -> Floats:
    """What is known of each referral when asking, one column for each fact; the first is 1 throughout."""
    columns = [
        np.ones(len(of)), of.size == 2, of.size == 3, of.suits == 1, of.suits == 2, of.also >= 0, of.severity == 1,
        of.severity == 2, of.is_solo, of.needs_adapted, of.age / 18, (of.age / 18) ** 2, of.sexes == 3, of.essential > 0,
        np.bitwise_count(of.needs), np.isfinite(of.unsafe_east),
    ]  # fmt: skip
    columns += [of.ethnicity == group for group in range(1, len(ETHNIC_GROUPS))]
    columns += [of.authority == where for where in range(1, len(authorities()))]
    return np.stack([np.asarray(column, dtype=float) for column in columns], axis=1)
