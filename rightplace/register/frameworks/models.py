"""Tables of buying routes: frameworks and dynamic markets, their lots, and who stands on them at what ceiling."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.foundation.organisations.models import Consortium, Provider
from rightplace.foundation.tenancy import Tenancy


class Framework(models.Model):
    """A tendered list of approved providers from which a consortium's members buy by call-off."""

    tenancy: ClassVar = Tenancy.SHARED

    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="frameworks")
    name = models.CharField(max_length=160, unique=True)
    route = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="buying_route_is_known",
                condition=Q(route__in=["framework", "open_framework", "dps", "dynamic_market"]),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Lot(models.Model):
    """A part of a framework for one kind of home."""

    tenancy: ClassVar = Tenancy.SHARED

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="lots")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "name"], name="one_lot_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class LotMember(models.Model):
    """A provider on a lot, from a date to a date, with its ceiling price a week."""

    tenancy: ClassVar = Tenancy.SHARED

    lot = models.ForeignKey(Lot, models.CASCADE, related_name="members")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="lot_places")
    ceiling_pence_week = models.BigIntegerField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lot", "provider"], name="one_place_on_a_lot")
        ]

    def __str__(self) -> str:
        return f"{self.provider} on {self.lot}"
