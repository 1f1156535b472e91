"""Small problems drawn by chance, with everything in them that a problem may have."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from rightplace.core.matching.assignment import (
    WHOLE,
    AssignmentProblem,
    Candidates,
    Prices,
    Vacancies,
    Waiting,
    pairs_of,
)


def drawn_problem(seed: int, groups: int = 4, homes: int = 4, split: bool = True) -> AssignmentProblem:
    """A problem drawn from a seed; values are whole numbers, so that sums are exact."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 4, groups)
    children = int(sizes.sum())
    waiting = Waiting.groups(
        sizes,
        sex=rng.integers(0, 3, children),
        waited_days=rng.integers(0, 30, groups),
        is_emergency=rng.random(groups) < 0.3,
        may_split=(rng.random(groups) < 0.5) & split,
    )
    vacancies = Vacancies.homes(
        rng.integers(0, 4, homes),
        kept_back=rng.random(homes) < 0.3,
        is_own=rng.random(homes) < 0.4,
        takes_one_sex=rng.random(homes) < 0.3,
        scarcity=rng.integers(0, 30, homes) * (rng.random(homes) < 0.3),
    )
    prices = Prices(
        float(rng.integers(0, 10)),
        float(rng.integers(0, 2)),
        float(rng.integers(1, 80)),
        bool(rng.random() < 0.8),
    )
    return AssignmentProblem(
        waiting, vacancies, _candidates(rng, waiting, homes), prices,
        apart=_apart(rng, groups), barred=_pairs(rng, groups, homes),
    )  # fmt: skip


problems = st.builds(
    drawn_problem, st.integers(0, 2**32 - 1), groups=st.integers(1, 4), homes=st.integers(1, 4)
)


def _candidates(rng: np.random.Generator, waiting: Waiting, homes: int) -> Candidates:
    rows = [
        (group, home, WHOLE) for group in range(len(waiting)) for home in range(homes) if rng.random() < 0.6
    ]
    for child, group in enumerate(waiting.group_of.tolist()):
        rows += [(group, home, child) for home in range(homes) if rng.random() < 0.3]
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Candidates.rows(table[:, 0], table[:, 1], rng.integers(0, 100, len(table)), table[:, 2])


def _apart(rng: np.random.Generator, groups: int) -> np.ndarray:
    pairs = [(one, other) for one in range(groups) for other in range(one) if rng.random() < 0.2]
    return pairs_of(pairs)


def _pairs(rng: np.random.Generator, groups: int, homes: int) -> np.ndarray:
    return pairs_of([(group, home) for group in range(groups) for home in range(homes) if rng.random() < 0.1])
