"""Many worlds: planned, run one by one, compared; the same whatever runs them (`oversight/simulations/spreading.py`).

A world depends on its number and the plan alone, so worlds run in any order and anywhere give the same figures, and those
already finished are not run again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rightplace.core.problems import Problem
from rightplace.core.simulation.bound import clairvoyant_bound, stays_of
from rightplace.core.simulation.look_ahead import LookAhead
from rightplace.core.simulation.measures import (
    Interval,
    by_group,
    difference,
    interval,
    measured,
    value_reached,
)
from rightplace.core.simulation.policies import FirstOffer, OneByOne, OwnAuthorityFirst, RankedChoice
from rightplace.core.simulation.running import Policy, run
from rightplace.core.simulation.world import SLACK, TIGHT, made_world, steady

CLAIRVOYANT = "clairvoyant"
POLICIES: dict[str, Callable[[], Policy]] = {
    one.name: one for one in (OneByOne, FirstOffer, OwnAuthorityFirst, RankedChoice, LookAhead)
}
POLICY_WORDS = {
    "one_by_one": "One by one, by telephone", "first_offer": "First offer of a broadcast",
    "own_authority_first": "Own authority first", "ranked_choice": "Ranked choice", "look_ahead": "Ranked choice, looking ahead",
    CLAIRVOYANT: "Perfect foresight (the upper bound)",
}  # fmt: skip
MARKETS = {"slack": SLACK, "tight": TIGHT}
MARKET_WORDS = {
    "slack": "Slack: four places in five needed",
    "tight": "Tight: five per cent more children than places",
}
MOST_YEARS, MOST_RUNS = 10.0, 200


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated: which policies, in how many worlds of how many years, slack or tight, from which seed."""

    policies: tuple[str, ...]
    years: float = 1.0
    runs: int = 1
    market: str = "slack"
    seed: int = 1


@dataclass(frozen=True, slots=True)
class WorldResult:
    """The figures of one world: by policy, and by policy and group.

    When perfect foresight was asked for, `bound` is what nobody can exceed in the world without breakdowns.
    """

    number: int
    referrals: int
    places: int
    bound: float | None
    policies: dict[str, dict[str, float]]
    groups: dict[str, dict[str, dict[str, float]]]

    def as_json(self) -> dict[str, Any]:
        """For keeping."""
        return asdict(self)


def plan_problems(plan: Plan) -> list[Problem]:
    """Why a plan cannot be run; empty when it can."""
    known = {*POLICIES, CLAIRVOYANT}
    problems = [
        Problem(
            "policy_unknown", f"There is no policy “{name}”. Known: {', '.join(sorted(known))}.", "policies"
        )
        for name in plan.policies
        if name not in known
    ]
    if not [name for name in plan.policies if name in POLICIES]:
        problems.append(
            Problem("policy_missing", "Choose at least one policy that places children.", "policies")
        )
    if len(set(plan.policies)) < len(plan.policies):
        problems.append(Problem("policy_twice", "Name each policy once.", "policies"))
    if not 0 < plan.years <= MOST_YEARS:
        problems.append(
            Problem("years_out_of_range", f"Years must be above 0 and at most {MOST_YEARS:g}.", "years")
        )
    if not 1 <= plan.runs <= MOST_RUNS:
        problems.append(Problem("runs_out_of_range", f"Runs must be 1 to {MOST_RUNS}.", "runs"))
    if plan.market not in MARKETS:
        problems.append(Problem("market_unknown", "The market is slack or tight.", "market"))
    if not 0 <= plan.seed < 2**31:
        problems.append(
            Problem("seed_out_of_range", "The seed is a whole number from 0 to 2,147,483,647.", "seed")
        )
    return problems


def one_world(plan: Plan, number: int) -> WorldResult:
    """Run every policy of the plan in world `number` (from 0): the same referrals, homes and answers for each."""
    world = made_world(plan.seed * 1_000 + number, plan.years, MARKETS[plan.market])
    names = [name for name in plan.policies if name in POLICIES]
    records = {name: run(world, POLICIES[name]()) for name in names}
    found = {name: measured(world, record) for name, record in records.items()}
    bound = None
    if CLAIRVOYANT in plan.policies:
        even = steady(world)
        bound = clairvoyant_bound(stays_of(even)).value
        for name in names:
            found[name]["value_share"] = value_reached(even, run(even, POLICIES[name]())) / max(bound, 1e-9)
    return WorldResult(
        number=number, referrals=len(world.referrals), places=int(world.homes.places.sum()), bound=bound,
        policies=found, groups={name: by_group(world, record) for name, record in records.items()},
    )  # fmt: skip


def policy_intervals(plan: Plan, worlds: Sequence[WorldResult]) -> dict[str, dict[str, Interval]]:
    """By policy and measure: the mean over the worlds with its interval."""
    names = [name for name in plan.policies if name in POLICIES]
    return {
        name: {
            measure: interval([world.policies[name][measure] for world in worlds])
            for measure in worlds[0].policies[name]
        }
        for name in names
    }


def against(plan: Plan, worlds: Sequence[WorldResult], ours: str, theirs: str) -> dict[str, Interval]:
    """By measure: ours less theirs, world by world."""
    return {
        measure: difference(
            [world.policies[ours][measure] for world in worlds],
            [world.policies[theirs][measure] for world in worlds],
        )
        for measure in worlds[0].policies[ours]
    }
