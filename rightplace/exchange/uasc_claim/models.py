"""Tables of grant claims: a claim for a month, its lines by person, and what came of each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import Tenancy
from rightplace.register.children.models import Child

GRANTS = {"uasc": "UASC, by the night", "leaving_care": "Former UASC care leavers, by the week"}


class GrantClaim(models.Model):
    """What is claimed for a month: made from the record, sent, and settled by what was received."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    month = models.DateField()
    state = models.CharField(max_length=8, default="made")
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    received_on = models.DateField(null=True)
    received_pence = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "month"], name="one_grant_claim_a_month"),
            models.CheckConstraint(
                name="claim_state_is_known", condition=Q(state__in=["made", "sent", "settled"])
            ),
        ]
        ordering: ClassVar = ["-month"]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"


class GrantClaimLine(models.Model):
    """One person's nights (or weeks, in days) at one rate within the month of a claim."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    claim = models.ForeignKey(GrantClaim, models.PROTECT, related_name="lines")
    child = models.ForeignKey(Child, models.PROTECT, related_name="+")
    grant = models.CharField(max_length=12)
    starts_on = models.DateField()
    ends_on = models.DateField()
    nights = models.PositiveSmallIntegerField()
    rate_pence = models.BigIntegerField()
    pence = models.BigIntegerField()
    evidence = models.CharField(max_length=200)
    refused_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["claim", "child", "grant", "starts_on"], name="a_night_is_claimed_once"
            ),
            models.CheckConstraint(name="grant_is_known", condition=Q(grant__in=sorted(GRANTS))),
            # That nights are those between the days, and that none is claimed twice, stands in the migration.
            models.CheckConstraint(name="claimed_is_not_below_zero", condition=Q(pence__gte=0)),
        ]
        ordering: ClassVar = ["grant", "child_id", "starts_on"]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.child_id}"
