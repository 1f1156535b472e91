"""Tables of simulations that are kept: what was asked, and the figures of each world as soon as it is finished."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from rightplace.core.simulation.many import MOST_RUNS, Plan
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import Tenancy


class Simulation(models.Model):
    """One simulation: policies side by side in so many worlds. It can be stopped and taken up again; what is done stays."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    name = models.CharField(max_length=120)
    policies = ArrayField(models.CharField(max_length=40))
    years = models.FloatField()
    runs = models.PositiveSmallIntegerField()
    market = models.CharField(max_length=10)
    seed = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    stopped_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["authority", "-made_at"], name="simulations_of_an_authority")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="simulation_has_runs", condition=Q(runs__gte=1, runs__lte=MOST_RUNS, years__gt=0)
            ),
            models.CheckConstraint(
                name="simulation_is_stopped_or_finished",
                condition=Q(stopped_at__isnull=True) | Q(finished_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def plan(self) -> Plan:
        """What is to be run."""
        return Plan(tuple(self.policies), self.years, self.runs, self.market, self.seed)

    @property
    def state(self) -> str:
        """Where it stands: finished, stopped or running."""
        if self.finished_at:
            return "finished"
        return "stopped" if self.stopped_at else "running"


class SimulatedWorld(models.Model):
    """The figures of one world of a simulation, kept as the core gives them: a figure is never changed."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    simulation = models.ForeignKey(Simulation, models.CASCADE, related_name="worlds")
    authority = models.ForeignKey(Authority, models.PROTECT)
    number = models.PositiveSmallIntegerField()
    result = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["simulation", "number"], name="a_world_is_run_once")
        ]

    def __str__(self) -> str:
        return f"{self.simulation_id}, world {self.number}"
