"""The table of what only the return knows: rows of modules that no work of ours records, as stated or entered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import Tenancy


class ReturnRow(models.Model):
    """One row of a module (health, reviews, missing…) of a child's return of a year, its cells as they were written.

    Episodes, the header's facts and the asylum list are derived from the journey and are never here; of the header
    only motherhood and a code for an unknown pupil number are.
    """

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    child = models.ForeignKey("children.Child", models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    module = models.CharField(max_length=20)
    position = models.PositiveIntegerField()
    cells = models.JSONField()
    stated_at = models.DateTimeField()
    stated_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["authority", "year", "module", "position"], name="one_row_at_a_place_of_a_module"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["child", "year"], name="return_rows_of_a_child")]

    def __str__(self) -> str:
        return f"{self.module} {self.year}"
