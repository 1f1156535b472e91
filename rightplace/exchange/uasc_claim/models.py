"""Tables of grants: a month's claim with its lines by person, grants awarded by the year, a year's costs outside contracts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import Tenancy
from rightplace.register.children.models import Child

AWARDS = {
    "staying_put": "Staying put",
    "leaving_care": "Leaving care and personal advisers",
    "uasc_other": "Unaccompanied children, besides the claims",
    "other": "Another grant",
}
YEAR_COSTS = {"staffing": "Staffing", "running": "Running costs"}
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
    # What was refused of the line, the whole or a part, and why.
    refused_pence = models.BigIntegerField(default=0)
    refused_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["claim", "child", "grant", "starts_on"], name="a_night_is_claimed_once"
            ),
            models.CheckConstraint(name="grant_is_known", condition=Q(grant__in=sorted(GRANTS))),
            # That nights are those between the days, and that none is claimed twice, stands in the migration.
            models.CheckConstraint(name="claimed_is_not_below_zero", condition=Q(pence__gte=0)),
            models.CheckConstraint(
                name="refused_is_a_part_of_what_was_claimed",
                condition=Q(refused_pence__gte=0, refused_pence__lte=models.F("pence")),
            ),
            models.CheckConstraint(
                name="what_is_refused_says_why", condition=Q(refused_pence=0) | ~Q(refused_reason="")
            ),
        ]
        ordering: ClassVar = ["grant", "child_id", "starts_on"]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.child_id}"


class GrantAward(models.Model):
    """A grant that is awarded for a financial year, not claimed by the night: staying put and others."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    financial_year = models.CharField(max_length=7)
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    pence = models.BigIntegerField()
    conditions = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["authority", "financial_year", "name"], name="one_award_of_a_name_a_year"
            ),
            models.CheckConstraint(name="award_kind_is_known", condition=Q(kind__in=sorted(AWARDS))),
            models.CheckConstraint(name="an_award_is_above_zero", condition=Q(pence__gt=0)),
        ]
        ordering: ClassVar = ["-financial_year", "kind", "name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.financial_year}"


class GrantReceipt(models.Model):
    """A part of an award that was received. Never edited; what was recorded wrongly is taken back by an amount below zero."""

    tenancy: ClassVar = Tenancy.AUTHORITY
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    award = models.ForeignKey(GrantAward, models.PROTECT, related_name="receipts")
    received_on = models.DateField()
    pence = models.BigIntegerField()
    reference = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="a_receipt_is_not_nothing", condition=~Q(pence=0))
        ]
        ordering: ClassVar = ["received_on", "id"]

    def __str__(self) -> str:
        return f"{self.award_id}: {self.pence}p"


class YearCost(models.Model):
    """Staffing or running costs of asylum work in a financial year, as finance's own ledger has them: they stand in no contract.

    Never edited: said again, the newest amount of a year and kind stands.
    """

    tenancy: ClassVar = Tenancy.AUTHORITY
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    financial_year = models.CharField(max_length=7)
    kind = models.CharField(max_length=8)
    pence = models.BigIntegerField()
    source = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="year_cost_kind_is_known", condition=Q(kind__in=sorted(YEAR_COSTS))),
            models.CheckConstraint(name="year_cost_is_not_below_zero", condition=Q(pence__gte=0)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "financial_year", "kind", "id"], name="year_costs_by_kind")
        ]
        ordering: ClassVar = ["-financial_year", "kind", "id"]

    def __str__(self) -> str:
        return f"{YEAR_COSTS[self.kind]}, {self.financial_year}"
