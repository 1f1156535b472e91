"""Questions to kept simulations, each by the actor's own authority."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from rightplace.core.simulation.many import WorldResult
from rightplace.foundation.access.actor import Actor
from rightplace.oversight.simulations.models import SimulatedWorld, Simulation


def simulations(actor: Actor, words: str = "", order: str = "-made_at") -> QuerySet[Simulation]:
    """The authority's simulations, with how many worlds of each are done."""
    rows = Simulation.objects.filter(authority_id=actor.authority_id, name__icontains=words.strip())
    return rows.annotate(done=Count("worlds")).order_by(order, "-id")


def simulation(actor: Actor, simulation_id: int) -> Simulation | None:
    """One simulation; None when there is none or it is another authority's."""
    return simulations(actor).filter(pk=simulation_id).first()


def results(actor: Actor, simulation_id: int) -> list[WorldResult]:
    """The worlds that are done, in order of their number."""
    rows = SimulatedWorld.objects.filter(authority_id=actor.authority_id, simulation_id=simulation_id)
    return [WorldResult(**row.result) for row in rows.order_by("number")]
