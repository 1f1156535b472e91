"""Tables of a board: risks, actions and meetings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import Tenancy
from rightplace.oversight.savings.models import Project


class Meeting(models.Model):
    """A meeting in the cycle, with the day by which its papers are out."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    name = models.CharField(max_length=120)
    on = models.DateField()
    papers_on = models.DateField()
    decisions_asked = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "name", "on"], name="one_meeting_of_a_name_a_day"),
            models.CheckConstraint(
                name="papers_come_before_the_meeting", condition=Q(papers_on__lte=models.F("on"))
            ),
        ]
        ordering: ClassVar = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.name}, {self.on:%-d %B %Y}"


class BoardAction(models.Model):
    """Something a meeting asked somebody to do."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="actions")
    words = models.CharField(max_length=300)
    # The name as it was given; the account beside it where the owner has one.
    owner = models.CharField(max_length=120)
    owned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    reminded_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["due_on", "id"]

    def __str__(self) -> str:
        return self.words


class Risk(models.Model):
    """What may go wrong, of the whole or of one project: likelihood and impact from 1 to 5."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="risks")
    words = models.CharField(max_length=300)
    response = models.CharField(max_length=300, blank=True)
    owner = models.CharField(max_length=120)
    owned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    likelihood = models.PositiveSmallIntegerField()
    impact = models.PositiveSmallIntegerField()
    weighed_on = models.DateField()
    reminded_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="risk_scores_are_known",
                condition=Q(likelihood__gte=1, likelihood__lte=5, impact__gte=1, impact__lte=5),
            )
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.words

    @property
    def score(self) -> int:
        """Likelihood times impact."""
        return self.likelihood * self.impact
