"""The table of releases that others published: public facts, kept as they came."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rightplace.foundation.tenancy import Tenancy


class PublicRelease(models.Model):
    """One release of another publisher, whole in `body`; what is searched and counted stands in columns."""

    tenancy: ClassVar = Tenancy.SHARED

    ocid = models.CharField(max_length=120)
    number = models.CharField(max_length=160)
    dated_at = models.DateTimeField()
    tag = models.CharField(max_length=40)
    buyer = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=300, blank=True)
    value_pence = models.BigIntegerField(null=True)
    awarded_to = models.PositiveIntegerField(default=0)
    ends_on = models.DateField(null=True)
    body = models.JSONField()
    imported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ocid", "number"], name="a_release_comes_once")
        ]
        indexes: ClassVar = [models.Index(fields=["-dated_at", "id"], name="public_releases_by_day")]

    def __str__(self) -> str:
        return self.number
