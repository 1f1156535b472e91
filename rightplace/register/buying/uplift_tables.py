"""Tables of uplift rounds: what a provider asks for and why, each step of the negotiation, what was agreed and saved."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority, Consortium, Provider
from rightplace.foundation.tenancy import Tenancy
from rightplace.register.buying.evidence_tables import Document
from rightplace.register.buying.states import UPLIFT


class UpliftRequest(models.Model):
    """A provider asks all members of a consortium for a rise of its prices from a day; its lead authority agrees for all."""

    tenancy: ClassVar = Tenancy.CONSORTIUM_OR_PROVIDER

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="uplifts")
    lead = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=20, default=UPLIFT.initial)
    version = models.PositiveIntegerField(default=1)
    asked_basis_points = models.PositiveIntegerField()
    from_on = models.DateField()
    reason = models.TextField()
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    # What the members paid the provider a week, all together, on the day of asking.
    base_weekly_pence = models.BigIntegerField(default=0)
    base_prices = models.PositiveIntegerField(default=0)
    agreed_basis_points = models.PositiveIntegerField(null=True)
    agreed_from = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decision_reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="uplift_state_is_known", condition=Q(state__in=sorted(UPLIFT.states))
            ),
            models.CheckConstraint(
                name="uplift_asked_in_bounds",
                condition=Q(asked_basis_points__gt=0, asked_basis_points__lte=5_000),
            ),
            models.CheckConstraint(
                name="uplift_agreed_up_to_what_was_asked",
                condition=Q(agreed_basis_points__isnull=True)
                | Q(agreed_basis_points__gt=0, agreed_basis_points__lte=models.F("asked_basis_points")),
            ),
            models.CheckConstraint(
                name="uplift_agreed_from_a_day",
                condition=~Q(state="agreed")
                | Q(agreed_basis_points__isnull=False, agreed_from__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["consortium", "provider"],
                name="one_uplift_is_asked",
                condition=Q(state__in=["asked", "negotiating"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["consortium", "state", "-asked_at"], name="uplifts_by_state")
        ]

    @property
    def saved_pence_year(self) -> int | None:
        """What the members do not pay in a year of what was asked, at the prices of the day of asking: 365 ÷ 7 weeks."""
        if self.agreed_basis_points is None:
            return None
        less = self.asked_basis_points - self.agreed_basis_points
        return round(self.base_weekly_pence * less * 365 / 7 / 10_000)

    @property
    def audited_as(self) -> tuple[str, int]:
        """As the trail calls it."""
        return ("uplift", self.pk)

    def __str__(self) -> str:
        return f"uplift of {self.provider}"


class UpliftStep(models.Model):
    """One step of the negotiation: who said what, and which per cent they put forward."""

    tenancy: ClassVar = Tenancy.CONSORTIUM_OR_PROVIDER

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    uplift = models.ForeignKey(UpliftRequest, models.CASCADE, related_name="steps")
    side = models.CharField(max_length=10)
    basis_points = models.PositiveIntegerField(null=True)
    words = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="uplift_side_is_known", condition=Q(side__in=["provider", "authority"])
            )
        ]
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return self.words[:60]
