"""Synthetic, seeded markets for the assignment benchmark: who waits, which homes have beds, and how well each would do."""

from __future__ import annotations

import numpy as np

from rightplace.core.matching.assignment import AssignmentProblem, Candidates, Prices, Sex, Vacancies, Waiting
from rightplace.core.matching.assignment.problem import Floats, Ints

GROUPS_OF = (0.853, 0.118, 0.029)
"""Shares of groups of one, two and three children: 1,700 groups are 2,000 children."""
HOMES_WITH = (0.45, 0.3, 0.15, 0.1)
"""Shares of homes with one to four free beds."""
SKILLS = 6


def made_market(groups: int, beds: int, seed: int = 5) -> AssignmentProblem:
    """So many groups, about so many beds, on a square of 60 miles; homes qualify by size, age, need and danger."""
    rng = np.random.default_rng(seed)
    sizes = 1 + rng.choice(3, groups, p=GROUPS_OF)
    homes = _beds(rng, beds)
    many = len(homes)
    value = made_values(rng, groups, many)
    value[~_is_eligible(rng, sizes, homes)] = -np.inf
    waiting = Waiting.groups(
        sizes,
        sex=rng.choice([Sex.MALE, Sex.FEMALE], int(sizes.sum())),
        waited_days=rng.integers(0, 60, groups),
        is_emergency=rng.random(groups) < 0.05,
    )
    vacancies = Vacancies.homes(
        homes,
        kept_back=rng.random(many) < 0.01,
        is_own=rng.random(many) < 0.3,
        takes_one_sex=rng.random(many) < 0.1,
        scarcity=np.where(rng.random(many) < 0.1, 8.0, 0.0),
    )
    apart = rng.integers(0, groups, (groups // 10, 2))
    apart = apart[apart[:, 0] != apart[:, 1]]
    return AssignmentProblem(
        waiting, vacancies, Candidates.table(value), Prices(own_bonus=5.0, wait_bonus=0.05), apart=apart
    )


def _beds(rng: np.random.Generator, beds: int) -> Ints:
    drawn = 1 + rng.choice(4, beds, p=HOMES_WITH)
    return drawn[: int(np.searchsorted(np.cumsum(drawn), beds))]


def made_values(rng: np.random.Generator, groups: int, homes: int) -> Floats:
    """Points: nearness (40), skills for the needs (30), the home's grade (20), and what only people see (10)."""
    at, of = rng.random((groups, 2)) * 60, rng.random((homes, 2)) * 60
    miles = np.hypot(at[:, None, 0] - of[None, :, 0], at[:, None, 1] - of[None, :, 1])
    needs, skills = rng.random((groups, SKILLS)) < 0.3, rng.random((homes, SKILLS)) < 0.4
    met = (needs.astype(float) @ skills.T) / np.maximum(needs.sum(axis=1), 1)[:, None]
    points = 40 * np.maximum(1 - miles / 40, 0) + 30 * met + 20 * rng.random(homes)
    return points + 10 * rng.random((groups, homes))


def _is_eligible(rng: np.random.Generator, sizes: Ints, beds: Ints) -> np.ndarray:
    """Ages within the home's terms, room for all brothers and sisters, and nothing else in the way (three in four)."""
    age, youngest = rng.integers(0, 18, len(sizes)), rng.integers(0, 12, len(beds))
    fits = (age[:, None] >= youngest) & (age[:, None] <= youngest + 8) & (sizes[:, None] <= beds)
    return fits & (rng.random(fits.shape) < 0.75)
