"""`rightplace simulate`: policies side by side in simulated markets; no database is asked."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rightplace.cli.terminal import CANNOT_RUN, Json, print_json, progress, say, say_error
from rightplace.site.cannot_start import CannotStart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rightplace.core.simulation.many import Plan, WorldResult

EVERY = "one_by_one,first_offer,own_authority_first,ranked_choice,look_ahead"


def simulate(
    policy: Annotated[
        str, typer.Option(help="Policies, with commas between; clairvoyant adds the upper bound.")
    ] = EVERY,
    years: Annotated[float, typer.Option(help="Years of each world.")] = 1.0,
    runs: Annotated[int, typer.Option(help="Worlds: more make narrower intervals.")] = 5,
    market: Annotated[str, typer.Option(help="slack or tight.")] = "slack",
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 1,
    processes: Annotated[int, typer.Option(help="Worlds run at a time; 0: one for each core.")] = 0,
    scheduler: Annotated[
        str,
        typer.Option(
            envvar="RIGHTPLACE_DASK", help="Address of a Dask scheduler, such as tcp://10.0.0.5:8786."
        ),
    ] = "",
    keep: Annotated[
        Path | None, typer.Option(help="Keep each world here; a run that was stopped goes on from it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare policies of choosing among offers in a simulated market of twelve authorities.

    The market is invented, calibrated on published figures. Every policy meets the same children, homes and answers.

    Example: rightplace simulate --policy ranked_choice,look_ahead --years 5 --runs 20 --keep worlds.jsonl
    """
    plan = _plan(policy, years, runs, market, seed)
    worlds = _run(plan, processes or os.cpu_count() or 1, scheduler, keep)
    print_json(_as_json(plan, worlds)) if as_json else _show(plan, worlds)


def _plan(policy: str, years: float, runs: int, market: str, seed: int) -> Plan:
    from rightplace.core.simulation.many import Plan, plan_problems

    names = tuple(name.strip() for name in policy.split(",") if name.strip())
    plan = Plan(names, years, runs, market, seed)
    if problems := plan_problems(plan):
        say_error("\n".join(one.sentence for one in problems))
        raise typer.Exit(CANNOT_RUN)
    return plan


def _run(plan: Plan, processes: int, scheduler: str, keep: Path | None) -> list[WorldResult]:
    from rightplace.oversight.simulations.spreading import run_plan

    worlds = _kept(plan, keep)
    with progress("Simulating") as advance:
        for world in run_plan(
            plan, done=[one.number for one in worlds], processes=processes, scheduler=scheduler
        ):
            worlds.append(world)
            _keep(world, keep)
            advance(f"World {len(worlds)} of {plan.runs}", len(worlds), plan.runs)
    return sorted(worlds, key=lambda one: one.number)


def _kept(plan: Plan, keep: Path | None) -> list[WorldResult]:
    """The worlds in the file, which must be of the same plan; a half-written last line is run again."""
    from rightplace.core.simulation.many import WorldResult

    if keep is None:
        return []
    if not keep.exists():
        keep.write_text(json.dumps(_asked(plan)) + "\n", encoding="utf-8")
        return []
    first, _, rest = keep.read_text(encoding="utf-8").partition("\n")
    if first != json.dumps(_asked(plan)):
        raise CannotStart(f"{keep} holds another simulation. Name another file with --keep.")
    whole = [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    keep.write_text("\n".join([first, ""]) + "".join(whole), encoding="utf-8")
    found = [WorldResult(**json.loads(line)) for line in whole]
    say(f"{len(found)} worlds are done already.")
    return found


def _keep(world: WorldResult, keep: Path | None) -> None:
    if keep is not None:
        with keep.open("a", encoding="utf-8") as file:
            file.write(json.dumps(world.as_json()) + "\n")


def _asked(plan: Plan) -> dict[str, Any]:
    """What makes worlds of one file belong together: all but how many there are."""
    return {"policies": list(plan.policies), "years": plan.years, "market": plan.market, "seed": plan.seed}


def _as_json(plan: Plan, worlds: Sequence[WorldResult]) -> dict[str, Any]:
    from rightplace.core.simulation.many import policy_intervals

    means = {
        policy: {name: {"mean": one.mean, "low": one.low, "high": one.high} for name, one in found.items()}
        for policy, found in policy_intervals(plan, worlds).items()
    }
    return {
        **_asked(plan),
        "runs": len(worlds),
        "policies": means,
        "worlds": [one.as_json() for one in worlds],
    }


def _show(plan: Plan, worlds: Sequence[WorldResult]) -> None:
    from rightplace.core.simulation.many import POLICY_WORDS, policy_intervals
    from rightplace.core.simulation.measures import MEASURES

    say("A simulated market; nothing here is about a real child or home.")
    found = policy_intervals(plan, worlds)
    for measure in MEASURES:
        rows = [(policy, of[measure.name]) for policy, of in found.items() if measure.name in of]
        if not rows:
            continue
        typer.echo(measure.words)
        for policy, one in rows:
            typer.echo(f"  {POLICY_WORDS[policy]:<34} {one.in_words(measure.unit)}")


def carry_on_simulations() -> None:
    """Go on with the simulations of the pages, world by world; the worker starts this beside itself."""
    from rightplace.cli import database

    database.django_ready()
    from rightplace.oversight.simulations.carrying_on import carry_on_alone

    carry_on_alone()
