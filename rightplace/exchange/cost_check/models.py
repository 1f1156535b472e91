"""Tables of cost checks that are kept: what each came to, and its findings. No child's name stands in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import Tenancy


class CostCheck(models.Model):
    """One check of past costs, kept until it is deleted or has served its time. The spreadsheets themselves are not kept."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField()
    contracts = models.PositiveIntegerField()
    lines = models.PositiveIntegerField()
    rows_bad = models.PositiveIntegerField()
    paid_pence = models.BigIntegerField()
    owed_back_pence = models.BigIntegerField()
    still_due_pence = models.BigIntegerField()
    # How the lists were read, in sentences, and the names of the files; shown as they are.
    notes = models.JSONField(default=list)
    file_names = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["authority", "-made_at"], name="cost_checks_of_an_authority")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="cost_check_has_nights", condition=Q(starts_on__lt=F("ends_on")))
        ]

    def __str__(self) -> str:
        return self.name


class CostCheckFinding(models.Model):
    """One finding of a kept check, with its evidence. Lines are lines of the spreadsheet of payments."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    cost_check = models.ForeignKey(CostCheck, models.CASCADE, related_name="findings")
    authority = models.ForeignKey(Authority, models.PROTECT)
    kind = models.SlugField(max_length=40)
    provider = models.CharField(max_length=200)
    contract = models.CharField(max_length=200, blank=True)
    child = models.CharField(max_length=200, blank=True)
    invoice = models.CharField(max_length=200, blank=True)
    line = models.PositiveIntegerField(null=True)
    other_line = models.PositiveIntegerField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    pence = models.BigIntegerField()
    words = models.CharField(max_length=500)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["cost_check", "-pence"], name="findings_of_a_cost_check")]
        constraints: ClassVar = [
            models.CheckConstraint(name="cost_finding_is_of_money", condition=Q(pence__gte=0))
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.words}"

    @property
    def nights(self) -> int:
        """How many nights it is about."""
        return (self.ends_on - self.starts_on).days
