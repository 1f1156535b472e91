"""Matching at work: a policy planned, a home ruled out, homes proposed for everyone, a simulation, two children kept apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from rightplace.core.forecasting.scenarios import Scenario
from rightplace.core.matching.policy import DEFAULT_POLICY
from rightplace.core.simulation.many import Plan
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search.policies import PolicyGiven, set_policy
from rightplace.journey.search.proposing import mark_home, propose_homes
from rightplace.oversight.simulations.actions import start_simulation
from rightplace.oversight.sufficiency.actions import save_scenario
from rightplace.register.children.living_with import keep_apart
from rightplace.register.children.models import Child
from rightplace.register.providers.conditions import ConditionGiven, record_condition
from tests.cast import NOW, Cast

PLANNED = date(2126, 1, 1)


def matched(cast: Cast, request: PlacementRequest) -> dict[str, int]:
    """Cora plans a policy; Bola rules the Adams family (or its like) out for a request and has homes proposed."""
    given = PolicyGiven(
        dict(DEFAULT_POLICY.weights), frozenset({"above_ceiling"}), PLANNED, "Agreed by the board"
    )
    policy = set_policy(by=cast.cora, now=NOW, given=replace(given, must_codes=frozenset())).done()
    key = f"household:{cast.adams.pk}"
    mark = mark_home(
        by=cast.bola, now=NOW, request_id=request.pk, key=key, kind="barred", reason_code="too_far"
    ).done()
    propose_homes(by=cast.bola, now=NOW).done()
    plan = Plan(("ranked_choice",), 0.05, 1, "slack", 5)
    simulation = start_simulation(by=cast.cora, now=NOW, name="One small world", plan=plan).done()
    scenario = save_scenario(by=cast.cora, now=NOW, what_if=Scenario("Fewer come", entries=0.9)).done()
    child = request.children.get().child
    other = Child.objects.filter(authority=cast.croydon).exclude(pk=child.pk).order_by("pk")[0]
    apart = keep_apart(
        by=cast.sadia, now=NOW, child_id=child.pk, version=child.version, other_number=other.local_number,
        reason="They hurt each other.",
    ).done()  # fmt: skip
    given_terms = ConditionGiven("At most nine children", NOW.date(), max_places=9)
    condition = record_condition(
        by=cast.cora, now=NOW, setting_id=cast.beech_house.pk, given=given_terms
    ).done()
    return {
        "condition": condition.pk, "policy": policy.pk, "mark": mark.pk, "simulation": simulation.pk,
        "scenario": scenario.pk, "apart": apart.pk,
    }  # fmt: skip
