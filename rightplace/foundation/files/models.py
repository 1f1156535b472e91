"""Tables of files that people upload or the product makes, and of runs of imports."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import Tenancy


class StoredFile(models.Model):
    """A file kept in the database, so that every web process sees it and one backup holds all."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER
    # A file is kept or removed, never written over.
    refused_rights: ClassVar = "UPDATE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One run of an import: what came in, what it changed, what it could not read."""

    tenancy: ClassVar = Tenancy.AUDIT

    # Null for shared facts (the register of providers), which belong to no authority.
    authority = models.ForeignKey(Authority, models.PROTECT, null=True)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    kind = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    as_at = models.DateField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_bad = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    made_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class SavedMapping(models.Model):
    """How an authority's own headings map to ours, kept from one upload of a tracker to the next."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.CASCADE)
    kind = models.CharField(max_length=40)
    mapping = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "kind"], name="one_mapping_of_a_kind")
        ]

    def __str__(self) -> str:
        return self.kind
