"""The rota of out-of-hours duty: one person from a moment to a moment; turns of an authority never overlap."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from rightplace.foundation.access.models import User
from rightplace.foundation.exclusions import key_as_range
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import Tenancy


class DutyTurn(models.Model):
    """One turn: who, from when to when, and the number to call."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    period = DateTimeRangeField()
    telephone = models.CharField(max_length=30)
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_person_on_duty_at_a_time",
                expressions=[
                    (key_as_range("authority_id"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(dropped_at__isnull=True),
            ),
            models.CheckConstraint(name="a_turn_has_time", condition=Q(period__isempty=False)),
        ]
        ordering: ClassVar = ["period"]

    def __str__(self) -> str:
        return f"{self.person} on duty"
