"""Kept simulations: started by who may, run by the worker a world at a time, stopped, taken up, the authority's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from rightplace.core.simulation.many import Plan, one_world
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.retention.clearing import clear_what_is_old
from rightplace.oversight.simulations import actions, beside, carrying_on, queries
from rightplace.oversight.simulations.carrying_on import carry_on_simulations
from rightplace.oversight.simulations.models import SimulatedWorld, Simulation
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

PLAN = Plan(("one_by_one", "ranked_choice"), 0.03, 2, "slack", 1)


def started(cast: Cast, plan: Plan = PLAN) -> Simulation:
    return actions.start_simulation(by=cast.cora, now=NOW, name="Telephone or rank", plan=plan).done()


def test_the_worker_runs_every_world_and_finishes(cast: Cast) -> None:
    row = started(cast)
    assert queries.simulation(cast.cora, row.pk).state == "running"
    assert carry_on_simulations(NOW) == 2
    assert queries.simulation(cast.cora, row.pk).state == "finished"
    assert queries.results(cast.cora, row.pk) == [one_world(PLAN, 0), one_world(PLAN, 1)]
    assert carry_on_simulations(NOW) == 0
    verbs = AuditEntry.objects.filter(subject="simulation").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["start_simulation", "finish_simulation"]


def test_a_simulation_stops_between_worlds_and_is_taken_up_where_it_was(cast: Cast) -> None:
    """The clock passes its limit after the first world; then somebody stops it; then it goes on with the second alone."""
    row = started(cast)
    ticks = iter([0.0, 0.0, 99.0])
    assert carry_on_simulations(NOW, seconds=10, clock=lambda: next(ticks)) == 1
    assert actions.stop_simulation(by=cast.cora, now=NOW, simulation_id=row.pk).is_done
    assert carry_on_simulations(NOW) == 0
    assert (
        actions.stop_simulation(by=cast.cora, now=NOW, simulation_id=row.pk).problems[0].code == "wrong_state"
    )
    first = SimulatedWorld.objects.get().pk
    assert actions.take_up_simulation(by=cast.cora, now=NOW, simulation_id=row.pk).is_done
    assert carry_on_simulations(NOW) == 1
    assert SimulatedWorld.objects.order_by("number")[0].pk == first
    assert queries.simulation(cast.cora, row.pk).state == "finished"


def test_who_may_not_starts_nothing_and_a_plan_too_long_for_the_page_is_refused(cast: Cast) -> None:
    refused = actions.start_simulation(by=cast.sadia, now=NOW, name="x", plan=PLAN)
    assert refused.problems[0].code == "not_yours"
    wrong = actions.start_simulation(by=cast.cora, now=NOW, name=" ", plan=Plan(("guess",), 5.0, 100))
    codes = [one.code for one in wrong.problems]
    assert codes == ["name_missing", "too_long", "too_many", "policy_unknown", "policy_missing"]
    assert Simulation.objects.count() == 0


def test_another_authority_neither_sees_nor_stops_nor_deletes_it(cast: Cast) -> None:
    row = started(cast)
    with acting_as(cast.brenda):
        assert queries.simulation(cast.brenda, row.pk) is None
        for verb in (actions.stop_simulation, actions.take_up_simulation, actions.delete_simulation):
            assert verb(by=cast.brenda, now=NOW, simulation_id=row.pk).problems[0].code == "missing"
    assert Simulation.objects.get().state == "running"


def test_a_simulation_is_deleted_with_its_worlds_by_a_person_or_by_its_age(cast: Cast) -> None:
    row = started(cast)
    carry_on_simulations(NOW)
    assert actions.delete_simulation(by=cast.cora, now=NOW, simulation_id=row.pk).is_done
    assert SimulatedWorld.objects.count() == 0
    started(cast)
    assert clear_what_is_old(now=NOW + timedelta(days=740)).done()["simulation"] == 1


def test_one_process_at_a_time_goes_on_and_the_worker_starts_none_beside_it(cast: Cast) -> None:
    assert beside.start_beside() is None
    started(cast)
    elsewhere = connection.copy()
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [carrying_on.KEY])
        assert carrying_on.is_taken() and carrying_on.carry_on_alone() is None
        assert beside.start_beside() is None
        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [carrying_on.KEY])
    finally:
        elsewhere.close()
    assert carrying_on.carry_on_alone() == 2 and not carrying_on.is_taken()
    assert beside.start_beside() is None
