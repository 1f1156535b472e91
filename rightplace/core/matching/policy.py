"""An authority's matching policy: how much each soft criterion counts, and which hard criteria it switches on.

A weight is points; only their proportion matters. The default adds up to 100. Cost enters as a band against the band
for the need, with little weight, and a home below the band earns no more than one within it: never cheapest-first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from types import MappingProxyType

from rightplace.core.problems import Problem

WEIGHT_NAMES: Mapping[str, str] = MappingProxyType({
    "needs": "Needs met, by severity",
    "distance": "Near home, school and family",
    "kind": "The kind of home preferred",
    "siblings": "Brothers and sisters together",
    "belonging": "Language, faith and culture",
    "grade": "Quality grade and its age",
    "school": "School kept",
    "essential": "Essential criteria known to be met",
    "experience": "Experience with like needs",
    "alongside": "Other children to live alongside",
    "desirable": "Desirable criteria",
    "cost": "Expected whole cost in the band for the need",
    "own": "Order of preference: own carers first",
})  # fmt: skip
"""Each soft criterion by its code, in the order in which it is explained."""

DEFAULT_WEIGHTS: Mapping[str, float] = MappingProxyType({
    "needs": 25, "distance": 15, "kind": 8, "siblings": 8, "belonging": 8, "grade": 8, "school": 6, "essential": 6,
    "experience": 4, "alongside": 3, "desirable": 3, "cost": 3, "own": 3,
})  # fmt: skip

SWITCHED_MUSTS: Mapping[str, str] = MappingProxyType({
    "above_ceiling": "Within the request’s ceiling price",
    "not_approved": "On a framework of the consortium",
    "too_far": "Within the miles of a place to live near",
    "need_unmet": "Able to meet every high need",
})  # fmt: skip
"""Hard criteria that count only where the authority's policy says so."""

HEAVIEST = 1_000
STEPS = 100
"""Weights count to a hundredth of a point."""


@dataclass(frozen=True, slots=True)
class CostBands:
    """Bands of weekly cost of one child: `edges` in pence, and the highest band expected at each level of need.

    Levels are 1 some, 2 significant, 3 high: the severity of the child's worst need, or 1 without needs.
    """

    edges: tuple[int, ...] = (60_000, 100_000, 180_000, 400_000, 650_000)
    expected: tuple[int, int, int] = (1, 2, 4)

    def band_of(self, pence: int) -> int:
        """0 below the first edge, and one more for each edge that is reached."""
        return sum(pence >= edge for edge in self.edges)


@dataclass(frozen=True, slots=True)
class Policy:
    """Weights by criterion (missing counts 0), the switched hard criteria in force, and the bands of cost."""

    weights: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))
    must_codes: frozenset[str] = frozenset({"above_ceiling", "not_approved"})
    bands: CostBands = CostBands()

    def steps(self, code: str) -> int:
        """The weight of a criterion in hundredths of a point."""
        return round(self.weights.get(code, 0) * STEPS)


DEFAULT_POLICY = Policy()


def policy_problems(weights: Mapping[str, object], must_codes: Iterable[str] = ()) -> list[Problem]:
    """Everything that is wrong with a policy, each with its field; empty when it may be used.

    Weights are numbers from 0 to 1,000 for known criteria, at least one above 0; `must_codes` are switched ones.
    """
    problems = [found for code, weight in weights.items() if (found := _weight_problem(code, weight))]
    if not problems and not any(Policy(_numbers(weights)).steps(code) for code in weights):
        problems.append(Problem("all_zero", "Give at least one criterion a weight above 0.", "weights"))
    problems += [
        Problem(
            "unknown_must",
            f"There is no hard criterion called {code} that a policy may switch.",
            "must_codes",
        )
        for code in sorted(set(must_codes) - set(SWITCHED_MUSTS))
    ]
    return problems


def _weight_problem(code: str, weight: object) -> Problem | None:
    if code not in WEIGHT_NAMES:
        return Problem("unknown_criterion", f"There is no criterion called {code}.", code)
    name = WEIGHT_NAMES[code]
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not isfinite(weight):
        return Problem("not_a_number", f"“{name}”: enter a number.", code)
    if weight < 0:
        return Problem("negative", f"“{name}”: a weight must not be below 0.", code)
    if weight > HEAVIEST:
        return Problem("too_heavy", f"“{name}”: a weight must not be above {HEAVIEST:,}.", code)
    return None


def _numbers(weights: Mapping[str, object]) -> dict[str, float]:
    return {code: weight for code, weight in weights.items() if isinstance(weight, int | float)}
