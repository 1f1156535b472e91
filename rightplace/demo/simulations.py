"""Simulations in the demonstration: one that is finished, and one that was stopped half-way and can be taken up."""

from rightplace.core.simulation.many import Plan
from rightplace.demo.asking import Office
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import system_actor
from rightplace.oversight.simulations import actions
from rightplace.oversight.simulations.spreading import run_plan

POLICIES = ("one_by_one", "first_offer", "ranked_choice", "look_ahead")
YEARS = 0.2


def simulate_market(office: Office) -> None:
    """Small worlds, so that loading stays quick."""
    analyst = office.who(roles.COMMISSIONER)
    plan = Plan(POLICIES, YEARS, 3, "slack", 1)
    finished = actions.start_simulation(
        by=analyst, now=office.ago(4), name="Telephone, broadcast or ranked choice", plan=plan
    ).done()
    for world in run_plan(plan):
        actions.keep_world(finished, world, office.ago(4))
    actions.finish_simulation(
        by=system_actor(authority_id=finished.authority_id), now=office.ago(4), simulation_id=finished.pk
    ).done()
    waiting = actions.start_simulation(
        by=analyst,
        now=office.ago(1),
        name="A tight market (stopped)",
        plan=Plan(POLICIES, 1.0, 10, "tight", 2),
    ).done()
    actions.stop_simulation(by=analyst, now=office.ago(1), simulation_id=waiting.pk).done()
