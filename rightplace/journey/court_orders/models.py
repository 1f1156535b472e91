"""The table of places that are not registered and that a court orders, with who agreed, when Ofsted was told, each review."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.court_orders.states import COURT_PLACE
from rightplace.journey.requests.models import PlacementRequest
from rightplace.register.providers.models import Setting


class CourtPlace(models.Model):
    """A place without registration in which a court orders a child to live, until a registered one is found."""

    tenancy: ClassVar = Tenancy.AUTHORITY
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    request = models.ForeignKey(PlacementRequest, models.PROTECT, related_name="court_places")
    # The place on the register, where it stands there (its registration applied for, suspended or ended).
    setting = models.ForeignKey(Setting, models.PROTECT, null=True, related_name="+")
    place = models.CharField(max_length=200)
    court = models.CharField(max_length=160)
    order_number = models.CharField(max_length=60)
    ordered_on = models.DateField()
    ends_on = models.DateField()
    why = models.TextField()
    state = models.CharField(max_length=20, default=COURT_PLACE.initial)
    version = models.PositiveIntegerField(default=1)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)
    told_on = models.DateField(null=True)
    told_reference = models.CharField(max_length=120, blank=True)
    ended_on = models.DateField(null=True)
    ended_words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="court_place_state_is_known", condition=Q(state__in=sorted(COURT_PLACE.states))
            ),
            models.CheckConstraint(
                name="a_court_order_ends_after_it_was_made", condition=Q(ends_on__gt=F("ordered_on"))
            ),
            models.CheckConstraint(
                name="nobody_agrees_to_a_court_place_alone",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="an_agreed_court_place_says_by_whom",
                condition=~Q(state="agreed") | (Q(decided_by__isnull=False) & ~Q(decision="")),
            ),
            models.UniqueConstraint(
                fields=["request"],
                name="one_court_place_at_a_time",
                condition=Q(state__in=["asked", "agreed"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "ordered_on", "id"], name="court_places_by_state")
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number people use when they speak of it."""
        return f"CO-{self.pk:05d}"


class CourtPlaceReview(models.Model):
    """One look at such a place: is the child safe and well there, and what was done to find a registered one."""

    tenancy: ClassVar = Tenancy.AUTHORITY
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    court_place = models.ForeignKey(CourtPlace, models.PROTECT, related_name="reviews")
    reviewed_on = models.DateField()
    safe_words = models.TextField()
    search_words = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_court_place_review_says_both", condition=~Q(safe_words="") & ~Q(search_words="")
            )
        ]
        ordering: ClassVar = ["reviewed_on", "id"]

    def __str__(self) -> str:
        return f"{self.court_place_id} on {self.reviewed_on}"
