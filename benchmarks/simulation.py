"""What policies of choosing among offers come to over many simulated worlds, and how quickly a world is simulated.

Run `python -m benchmarks.simulation [--quick] [--json] [--worlds 20] [--processes 1] [--keep FOLDER]`. Every policy meets the
same children, homes and answers, so differences are taken world by world; intervals are 95% (Student's t). The share is of an
upper bound on what perfect foresight could reach; how much of that bound a plan that knows every arrival does reach stands beside
it. What is assumed, and what would overturn it: benchmarks/SIMULATION.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.report import Measured, show, wants_json
from rightplace.core.simulation.clairvoyant import clairvoyant_plan
from rightplace.core.simulation.many import (
    CLAIRVOYANT,
    MARKETS,
    POLICIES,
    POLICY_WORDS,
    Plan,
    WorldResult,
    against,
    one_world,
    policy_intervals,
)
from rightplace.core.simulation.measures import GROUP_MEASURES, Interval, interval, worse_groups
from rightplace.core.simulation.world import made_world, steady
from rightplace.oversight.simulations.spreading import run_plan

WORLDS = 20
PLANNED = 5
AIMS = {"slack": 0.95, "tight": 0.86}
OURS, THEIRS = "look_ahead", "ranked_choice"
SHOWN = ("value_share", "offers_where_held", "days", "placed", "in_area", "within_20", "together", "three_or_more",
         "weekly_pounds")  # fmt: skip
UNITS = {"days": ("days", 1.0), "offers_where_held": ("", 1.0), "weekly_pounds": ("£", 1.0)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the worlds, print the table, time two sizes; exit code 1 when an aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--years", type=float, default=1.0)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="keep finished worlds here, and go on from them")
    parser.add_argument("--quick", action="store_true", help="three worlds of a quarter, and no aims")
    chosen = parser.parse_known_args(arguments)[0]
    if chosen.quick:
        chosen.worlds, chosen.years = 3, 0.25
    with tempfile.TemporaryDirectory() as folder:
        keep = chosen.keep or Path(folder)
        measured = [
            one
            for market in AIMS
            for one in measure_market(worlds_of(market, chosen, keep), market, chosen.quick)
        ]
    measured += measure_speed(chosen.quick)
    return show(measured, as_json=wants_json(arguments))


def worlds_of(market: str, chosen: argparse.Namespace, folder: Path) -> tuple[Plan, list[WorldResult]]:
    """All worlds of a market; those kept in the folder are not run again."""
    plan = Plan((*POLICIES, CLAIRVOYANT), chosen.years, chosen.worlds, market, 1)
    file = folder / f"{market}-{chosen.years:g}.jsonl"
    lines = file.read_text().splitlines() if file.exists() else []
    worlds = [WorldResult(**json.loads(line)) for line in lines][: chosen.worlds]
    with file.open("a") as kept:
        for world in run_plan(plan, done=[one.number for one in worlds], processes=chosen.processes):
            worlds.append(world)
            kept.write(json.dumps(world.as_json()) + "\n")
            kept.flush()
    return plan, sorted(worlds, key=lambda one: one.number)


def measure_market(run: tuple[Plan, list[WorldResult]], market: str, is_quick: bool) -> list[Measured]:
    """Every policy's measures, what looking ahead adds to ranked choice, and whom it leaves worse off."""
    plan, worlds = run
    measured = []
    for policy, found in policy_intervals(plan, worlds).items():
        # A quick run is shorter than the year of which placements are counted.
        for name in (name for name in SHOWN if name in found):
            measured.append(_row(f"{market}, {POLICY_WORDS[policy].lower()}: {name}", name, found[name]))
    measured += _foresight(plan, worlds, market) + _gains(plan, worlds, market, is_quick)
    if not is_quick:
        ours = next(
            one for one in measured if one.name == f"{market}, {POLICY_WORDS[OURS].lower()}: value_share"
        )
        measured.append(
            Measured(
                f"{market}: share that looking ahead reaches", ours.value, "%", AIMS[market] * 100, "", True
            )
        )
    return measured


def _foresight(plan: Plan, worlds: list[WorldResult], market: str) -> list[Measured]:
    """How much of the bound a real plan reaches that knows every arrival, and how much of that plan the policies reach."""
    few = worlds[:PLANNED]
    made = (steady(made_world(plan.seed * 1_000 + one.number, plan.years, MARKETS[market])) for one in few)
    shares = [
        clairvoyant_plan(world).value / (one.bound or 1.0) for world, one in zip(made, few, strict=True)
    ]
    measured = [
        _row(f"{market}, a plan with perfect foresight: value_share", "value_share", interval(shares))
    ]
    for name in (OURS, THEIRS):
        pairs = zip(few, shares, strict=True)
        of_plan = interval([one.policies[name]["value_share"] / share for one, share in pairs])
        words = f"{market}, {POLICY_WORDS[name].lower()}: share of that plan"
        measured.append(_row(words, "value_share", of_plan))
    return measured


def _gains(plan: Plan, worlds: list[WorldResult], market: str, is_quick: bool) -> list[Measured]:
    """Looking ahead less ranked choice, world by world: the aim is two points more, nobody unplaced for it, no longer wait."""
    apart = against(plan, worlds, OURS, THEIRS)
    goals = {"value_share": (2.0, True), "placed": (0.0, True), "days": (0.0, False)}
    measured = []
    for name, (goal, is_higher) in goals.items():
        row = _row(f"{market}: looking ahead less ranked choice, {name}", name, apart[name])
        measured.append(
            Measured(row.name, row.value, row.unit, None if is_quick else goal, row.against, is_higher)
        )
    groups = [[world.groups[name] for world in worlds] for name in (OURS, THEIRS)]
    worse = {measure: worse_groups(*groups, measure) for measure in GROUP_MEASURES if measure != "offers"}
    words = "; ".join(
        f"{measure}, {group}: {one.mean:+.4f} ({one.low:+.4f} to {one.high:+.4f})"
        for measure, found in worse.items()
        for group, one in found.items()
    )
    many = sum(len(found) for found in worse.values())
    words = words or "value, placed and days by ethnic group, disability and needs"
    measured.append(Measured(f"{market}: groups worse off", many, "", None if is_quick else 0, words))
    held = policy_intervals(plan, worlds)[OURS]["offers_where_held"]
    measured.append(
        Measured(
            f"{market}: suitable offers where three are held", held.mean, "", 3.0, _between(held, 1.0), True
        )
    )
    return measured


def _row(words: str, name: str, found: Interval) -> Measured:
    unit, scale = UNITS.get(name, ("%", 100.0))
    return Measured(words, found.mean * scale, unit, None, _between(found, scale))


def _between(found: Interval, scale: float) -> str:
    return f"{found.low * scale:,.2f} to {found.high * scale:,.2f}"


def measure_speed(is_quick: bool) -> list[Measured]:
    """Seconds of processor time for one world of twelve authorities: building it, and with each policy; two sizes."""
    measured = []
    for years in (0.25, 0.5) if is_quick else (1.0, 5.0):
        for policy in (THEIRS, OURS):
            began, clock = time.process_time(), time.perf_counter()
            world = one_world(Plan((policy,), years, 1, "slack", 1), 0)
            seconds = time.process_time() - began
            words = f"{world.referrals:,} referrals, {world.places:,} places; {time.perf_counter() - clock:.1f} s by the clock"
            goal = 10.0 if years == 5.0 else None
            name = f"{years:g} years, 12 authorities, 1 run, {POLICY_WORDS[policy].lower()}"
            measured.append(Measured(name, seconds, "s", goal, words))
    return measured


if __name__ == "__main__":
    sys.exit(main())
