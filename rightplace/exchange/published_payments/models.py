"""The table of published payments: public facts, the same for every authority."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rightplace.foundation.files.models import ImportRun
from rightplace.foundation.tenancy import Tenancy
from rightplace.register.providers.models import Payee


class PublishedPayment(models.Model):
    """One published payment. `fingerprint` names it by its facts and by which of equal lines it is, so that none comes twice:
    one fee for each of several children is published as several equal lines."""

    tenancy: ClassVar = Tenancy.SHARED

    fingerprint = models.CharField(max_length=32, unique=True)
    import_run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, related_name="published_payments")
    council = models.CharField(max_length=80)
    paid_on = models.DateField()
    financial_year = models.CharField(max_length=7)
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="payments")
    pence = models.BigIntegerField()
    unit = models.CharField(max_length=120, blank=True)
    reference = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["payee", "financial_year"], name="payments_of_a_payee"),
            models.Index(fields=["council", "financial_year"], name="payments_of_a_council"),
        ]

    def __str__(self) -> str:
        return f"{self.council} {self.paid_on} {self.pence}"
