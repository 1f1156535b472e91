"""Starting, stopping, taking up and deleting a simulation. The worker runs it; nothing in the register changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rightplace.core.problems import Problem
from rightplace.core.simulation.many import Plan, WorldResult, plan_problems
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.oversight.simulations.models import SimulatedWorld, Simulation

MAY_SIMULATE = frozenset({roles.COMMISSIONER, roles.ANALYST, roles.SYSTEM})
MOST_YEARS_ON_A_PAGE = 2.0
MOST_RUNS_ON_A_PAGE = 40
NOT_YOURS = Problem("not_yours", "Your role may not run simulations.")
NONE_SUCH = Problem(MISSING, "There is no such simulation.")


@action
def start_simulation(*, by: Actor, now: datetime, name: str, plan: Plan) -> Outcome[Simulation]:
    """Put a simulation before the worker. Refused: a role that may not, no name, a plan that cannot be run or is too long."""
    if problems := [*_may(by), *_problems(name, plan), *plan_problems(plan)]:
        return refuse(problems)
    row = Simulation.objects.create(
        authority_id=by.authority_id, name=name.strip()[:120], policies=list(plan.policies), years=plan.years,
        runs=plan.runs, market=plan.market, seed=plan.seed, made_at=now, made_by=by.name,
    )  # fmt: skip
    _audit(by, now, "start_simulation", f"Started the simulation {row.name}", row.pk)
    return Outcome(row)


@action
def stop_simulation(*, by: Actor, now: datetime, simulation_id: int) -> Outcome[None]:
    """Stop after the world that is being run; what is done stays. Refused when it is not running."""
    return _moved(by, now, simulation_id, is_stopped=False)


@action
def take_up_simulation(*, by: Actor, now: datetime, simulation_id: int) -> Outcome[None]:
    """Go on with a stopped simulation from the worlds that are done. Refused when it is not stopped."""
    return _moved(by, now, simulation_id, is_stopped=True)


@action
def finish_simulation(*, by: Actor, now: datetime, simulation_id: int) -> Outcome[None]:
    """All worlds are done."""
    rows = Simulation.objects.filter(pk=simulation_id, authority_id=by.authority_id)
    if not rows.filter(stopped_at__isnull=True, finished_at__isnull=True).update(finished_at=now):
        return refuse(Problem("wrong_state", "This simulation is not running."))
    _audit(by, now, "finish_simulation", "Finished a simulation", simulation_id)
    return Outcome(None)


@action
def delete_simulation(*, by: Actor, now: datetime, simulation_id: int) -> Outcome[None]:
    """Delete a simulation with its figures. Refused: a role that may not; 404 for another authority's."""
    row = Simulation.objects.filter(authority_id=by.authority_id, pk=simulation_id).first()
    if row is None:
        return refuse(NONE_SUCH)
    if problems := _may(by):
        return refuse(problems)
    row.delete()
    _audit(by, now, "delete_simulation", f"Deleted the simulation {row.name}", simulation_id)
    return Outcome(None)


def keep_world(row: Simulation, result: WorldResult, now: datetime) -> None:
    """Keep the figures of one world; a world that another worker has kept meanwhile came to the same."""
    SimulatedWorld.objects.bulk_create(
        [
            SimulatedWorld(
                simulation=row, authority_id=row.authority_id, number=result.number, result=result.as_json(),
                made_at=now,
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _moved(by: Actor, now: datetime, simulation_id: int, *, is_stopped: bool) -> Outcome[None]:
    rows = Simulation.objects.filter(authority_id=by.authority_id, pk=simulation_id)
    if not rows.exists():
        return refuse(NONE_SUCH)
    if problems := _may(by):
        return refuse(problems)
    as_seen = rows.filter(finished_at__isnull=True, stopped_at__isnull=not is_stopped)
    if not as_seen.update(stopped_at=None if is_stopped else now):
        words = "This simulation is not stopped." if is_stopped else "This simulation is not running."
        return refuse(Problem("wrong_state", words))
    verb, words = ("take_up_simulation", "Took up") if is_stopped else ("stop_simulation", "Stopped")
    _audit(by, now, verb, f"{words} a simulation", simulation_id)
    return Outcome(None)


def _may(by: Actor) -> Sequence[Problem]:
    return [] if by.role in MAY_SIMULATE and by.authority_id else [NOT_YOURS]


def _problems(name: str, plan: Plan) -> list[Problem]:
    problems = []
    if not name.strip():
        problems.append(Problem("name_missing", "Give the simulation a name.", "name"))
    if plan.years > MOST_YEARS_ON_A_PAGE:
        words = (
            f"At most {MOST_YEARS_ON_A_PAGE:g} years here; the command rightplace simulate runs longer ones."
        )
        problems.append(Problem("too_long", words, "years"))
    if plan.runs > MOST_RUNS_ON_A_PAGE:
        words = f"At most {MOST_RUNS_ON_A_PAGE} worlds here; the command rightplace simulate runs more."
        problems.append(Problem("too_many", words, "runs"))
    return problems


def _audit(by: Actor, now: datetime, verb: str, words: str, subject_id: int) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="simulation", subject_id=subject_id)
