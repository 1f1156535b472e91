"""Tables of decisions: which offer was chosen and why, and who gave permission to place at what real cost."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.decisions.states import PERMISSION
from rightplace.journey.offers.models import Offer
from rightplace.journey.requests.models import PlacementRequest


class Delegation(models.Model):
    """How much a role may agree to in an authority: the whole cost of a stay, from a date to a date."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    role = models.CharField(max_length=30)
    whole_cost_pence = models.BigIntegerField()
    weekly_pence = models.BigIntegerField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.role} up to {self.whole_cost_pence}p"


class Choice(models.Model):
    """The offer that the team manager chose, with the reason; an undone choice stays on record."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    request = models.ForeignKey(PlacementRequest, models.PROTECT, related_name="choices")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="choices")
    by = models.ForeignKey(User, models.PROTECT)
    at = models.DateTimeField()
    reason = models.TextField()
    few_offers_reason = models.TextField(blank=True)
    # What each other offer will be told of why it was not chosen: {offer number: words}.
    feedback = models.JSONField(default=dict)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["request"], name="one_current_choice", condition=Q(is_current=True)
            )
        ]

    def __str__(self) -> str:
        return f"choice of {self.offer_id}"


class Permission(models.Model):
    """Permission to place: asked for at the real cost, given or refused by somebody else than who asked."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    choice = models.OneToOneField(Choice, models.PROTECT, related_name="permission")
    state = models.CharField(max_length=20, default=PERMISSION.initial)
    version = models.PositiveIntegerField(default=1)
    # "delegated": a role whose limit covers the cost; "panel": the panel's chair records its decision.
    route = models.CharField(max_length=10)
    needs_role = models.CharField(max_length=30)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    whole_cost_pence = models.BigIntegerField()
    weekly_pence = models.BigIntegerField()
    # An emergency placement comes first and approval after: by when it must be there.
    is_retrospective = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    conditions = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="permission_state_is_known", condition=Q(state__in=sorted(PERMISSION.states))
            ),
            models.CheckConstraint(
                name="nobody_approves_their_own",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "needs_role", "asked_at"], name="permissions_waiting")
        ]

    def __str__(self) -> str:
        return f"permission {self.pk}"


class PermissionYear(models.Model):
    """The real cost of a permission in one financial year."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    permission = models.ForeignKey(Permission, models.CASCADE, related_name="years")
    financial_year = models.CharField(max_length=7)
    pence = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["permission", "financial_year"], name="one_cost_a_year")
        ]
        ordering: ClassVar = ["financial_year"]

    def __str__(self) -> str:
        return f"{self.financial_year}: {self.pence}p"
