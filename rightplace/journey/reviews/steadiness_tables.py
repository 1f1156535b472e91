"""Tables of the stability watch: signs that a placement is shaky, and the meetings held about it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.core.quality.stability import SIGNS
from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.placements.models import Placement
from rightplace.journey.reviews.states import STABILITY_MEETING
from rightplace.journey.reviews.words import MEETING_KINDS


class StabilitySign(models.Model):
    """Something that happened in a placement and may shake it, told by the authority's people or by the home."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="signs")
    kind = models.CharField(max_length=16)
    happened_on = models.DateField()
    words = models.CharField(max_length=1000)
    is_notified = models.BooleanField(default=False)
    by_name = models.CharField(max_length=200)
    by_role = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="sign_kind_is_known", condition=Q(kind__in=sorted(SIGNS)))
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "happened_on"], name="signs_by_day"),
            models.Index(fields=["placement", "happened_on"], name="signs_of_a_placement"),
        ]
        ordering: ClassVar = ["-happened_on", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} on {self.happened_on}"


class StabilityMeeting(models.Model):
    """A meeting to hold a placement, or after it broke down: what was agreed, and what is learnt for next time."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="stability_meetings")
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=20, default=STABILITY_MEETING.initial)
    version = models.PositiveIntegerField(default=1)
    why = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    held_on = models.DateField(null=True)
    who = models.CharField(max_length=300, blank=True)
    agreed = models.TextField(blank=True)
    # In words that name nobody: it stands on the provider's profile for our own people.
    lesson = models.CharField(max_length=500, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="stability_meeting_kind_is_known", condition=Q(kind__in=sorted(MEETING_KINDS))
            ),
            models.CheckConstraint(
                name="stability_meeting_state_is_known",
                condition=Q(state__in=sorted(STABILITY_MEETING.states)),
            ),
            models.UniqueConstraint(
                fields=["placement", "kind"], name="one_open_meeting_of_a_kind", condition=Q(state="asked")
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["authority", "state", "due_on"], name="stability_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.placement_id}"
