"""The table of invitations to offer a service: what the provider was told stays as it was told, its answer beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.core.services.items import Item
from rightplace.core.services.kinds import LARGEST_AGE, UNIT_WORDS
from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.invitations.states import SERVICE_INVITATION
from rightplace.journey.packages.models import Itemised, Package
from rightplace.register.services.models import Service, lines


class ServiceInvitation(models.Model):
    """One service of the directory that is asked to offer. It names no child; the provider sees this row and no other."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    package = models.ForeignKey(Package, models.PROTECT, related_name="invitations")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, default=SERVICE_INVITATION.initial)
    version = models.PositiveIntegerField(default=1)
    # What is told: frozen when it was sent.
    kind_name = models.CharField(max_length=120)
    age = models.PositiveSmallIntegerField()
    needed_by = models.DateField()
    likely_weeks = models.PositiveSmallIntegerField()
    units_needed = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    told = models.TextField()
    musts = lines()
    price_units = lines()
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    answer_by = models.DateField()
    # The answer.
    unit = models.CharField(max_length=12, blank=True)
    amount_pence = models.BigIntegerField(null=True)
    quantity = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    starts_on = models.DateField(null=True)
    words = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package", "service"], name="one_invitation_of_a_service"),
            models.CheckConstraint(
                name="service_invitation_state_is_known",
                condition=Q(state__in=sorted(SERVICE_INVITATION.states)),
            ),
            models.CheckConstraint(
                name="an_offered_service_has_a_price",
                condition=~Q(state="offered")
                | Q(
                    amount_pence__gte=0, quantity__gt=0, starts_on__isnull=False, unit__in=sorted(UNIT_WORDS)
                ),
            ),
            models.CheckConstraint(name="an_invited_age_is_a_young_one", condition=Q(age__lte=LARGEST_AGE)),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["provider", "state", "answer_by", "id"], name="service_invitations_to_answer"
            )
        ]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"SI-{self.pk:05d}"

    def as_items(self) -> tuple[Item, ...]:
        """What was offered, as core prices it: the price of the kind first, then what comes beside it."""
        first = Item(
            unit=self.unit, amount_pence=self.amount_pence or 0, quantity=self.quantity or Decimal(1)
        )
        return (first, *(row.as_item() for row in self.items.all()))


class InvitationItem(Itemised):
    """Something that a provider offers beside the price by the kind's own unit."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    invitation = models.ForeignKey(ServiceInvitation, models.PROTECT, related_name="items")
