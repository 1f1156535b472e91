"""Tables of what is known of a service from a day on, and of milestones that were put off: rows are added, never edited."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.packages.models import Milestone, Package


class Kept(models.Model):
    """What every row has: whose it is, who wrote it and when; it stays as it was written."""

    tenancy: ClassVar = Tenancy.AUTHORITY
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        abstract = True


class Particular(Kept):
    """One particular of a service from a day on; a later one of the same words takes its place from its day."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="particulars")
    words = models.CharField(max_length=80)
    said_on = models.DateField()
    # As it is read: a choice, a text, an amount, a number or a day; beside it what can be counted.
    text = models.CharField(max_length=500)
    pence = models.BigIntegerField(null=True)
    # What it adds to a week's cost, below zero where somebody else pays it.
    weekly_pence = models.BigIntegerField(default=0)
    number = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="a_particular_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="particular_is_in_bounds",
                condition=Q(pence__isnull=True) | Q(pence__gte=0, pence__lte=10_000_000_000),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["package", "words", "-said_on", "-id"], name="particulars_by_day")
        ]
        ordering: ClassVar = ["said_on", "id"]

    def __str__(self) -> str:
        return f"{self.words}: {self.text}"


class Extension(Kept):
    """A milestone that was put off, from which day to which, and why."""

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="extensions")
    was_due_on = models.DateField()
    due_on = models.DateField()
    reason = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="a_milestone_is_put_off", condition=Q(due_on__gt=F("was_due_on"))),
            models.CheckConstraint(name="an_extension_says_why", condition=~Q(reason="")),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.was_due_on} to {self.due_on}"
