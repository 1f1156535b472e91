"""Tables of payments: the schedule, one dated line per price line and month, exact to the penny.

Nothing paid is ever edited: when a variation changes what is due, the lines it replaces are marked as superseded.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.contracts.models import Contract, ContractLine, ContractVersion


class ScheduleLine(models.Model):
    """What is due for one price line over one period within one financial year."""

    # Sums stay right when a case is restricted: a line names nobody.
    tenancy: ClassVar = Tenancy.FIGURES

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="schedule")
    contract_version = models.ForeignKey(ContractVersion, models.PROTECT)
    contract_line = models.ForeignKey(ContractLine, models.PROTECT)
    kind = models.CharField(max_length=20)
    period = DateRangeField()
    due_on = models.DateField()
    financial_year = models.CharField(max_length=7)
    pence = models.BigIntegerField()
    state = models.CharField(max_length=12, default="due")
    made_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="schedule_state_is_known", condition=Q(state__in=["due", "superseded"])
            ),
            models.UniqueConstraint(
                fields=["contract_line", "period"], name="one_line_a_period", condition=Q(state="due")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "due_on", "id"], name="schedule_by_date"),
            models.Index(fields=["provider", "state", "due_on", "id"], name="schedule_of_a_provider"),
            models.Index(fields=["contract", "state", "due_on"], name="schedule_of_a_contract"),
        ]

    def __str__(self) -> str:
        return f"{self.pence}p due on {self.due_on}"
