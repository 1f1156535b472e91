"""Tables of placement requests: what is asked for, for which children, with needs, criteria, outcomes and places.

The words are those of the Placements Data Standard v2 (codes in `core.matching.vocabulary`) plus what brokers need.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority, Team
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.requests.states import REQUEST
from rightplace.register.children.models import Child


class PlacementRequest(models.Model):
    """A request for a placement for one child, or for a group of brothers and sisters."""

    tenancy: ClassVar = Tenancy.AUTHORITY
    # The children asked for point at the request: with one of them restricted, so is the request.
    children_in: ClassVar = ("requests_requestchild", "request_id")

    authority = models.ForeignKey(Authority, models.PROTECT)
    team = models.ForeignKey(Team, models.PROTECT, null=True)
    social_worker = models.ForeignKey(User, models.PROTECT, related_name="requests_asked")
    broker = models.ForeignKey(User, models.PROTECT, null=True, related_name="requests_brokered")
    state = models.CharField(max_length=20, default=REQUEST.initial)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=300, blank=True)
    # The placement that broke down and is replaced by what is asked here; a later stage, so a plain number.
    replaces_placement_id = models.BigIntegerField(null=True)
    is_emergency = models.BooleanField(default=False)
    # today, under_5_days, over_5_days: as in the standard, fixed when the request is submitted.
    urgency = models.CharField(max_length=20, blank=True)

    needed_by = models.DateField(null=True)
    likely_weeks = models.PositiveSmallIntegerField(null=True)
    why_now = models.TextField(blank=True)
    about = models.TextField(blank=True)
    foster_suitability = models.CharField(max_length=20, default="not_specified")
    residential_suitability = models.CharField(max_length=20, default="not_specified")
    supported_suitability = models.CharField(max_length=20, default="not_specified")
    # A secure home suits nobody until somebody says so, and says which criterion of section 25 is met.
    is_secure_needed = models.BooleanField(null=True)
    secure_words = models.TextField(blank=True, default="", db_default="")
    living_companions = models.CharField(max_length=30, blank=True)
    living_companions_words = models.TextField(blank=True)
    pets = models.CharField(max_length=20, blank=True)
    siblings_together = models.BooleanField(null=True)
    siblings_words = models.TextField(blank=True)
    home_adaptation = models.BooleanField(null=True)
    adaptations = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    home_adaptation_words = models.TextField(blank=True)
    cultural_needs = models.CharField(max_length=20, blank=True)
    culture_words = models.TextField(blank=True)
    language = models.CharField(max_length=40, blank=True)
    faith = models.CharField(max_length=40, blank=True)
    communication_needs = models.CharField(max_length=20, blank=True)
    communication_requirements = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    additional_support = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    additional_support_words = models.TextField(blank=True)
    deprivation_of_liberty = models.BooleanField(null=True)
    health_words = models.TextField(blank=True)
    contact_words = models.TextField(blank=True)
    keep_school = models.BooleanField(null=True)
    school_words = models.TextField(blank=True)
    ceiling_pence_week = models.BigIntegerField(null=True)
    ceiling_reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="request_state_is_known", condition=Q(state__in=sorted(REQUEST.states))
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "needed_by", "id"], name="requests_by_need"),
            models.Index(fields=["social_worker", "state"], name="requests_of_a_social_worker"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number people use when they speak of this request."""
        return f"R-{self.pk:06d}"


class RequestChild(models.Model):
    """A child of the request; several are brothers and sisters asked for together."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    request = models.ForeignKey(PlacementRequest, models.CASCADE, related_name="children")
    child = models.ForeignKey(Child, models.PROTECT, related_name="asked_in")
    position = models.PositiveSmallIntegerField(default=1)
    strengths = models.TextField(blank=True)
    child_view = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "child"], name="a_child_once_in_a_request")
        ]
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.request_id}: child {self.child_id}"


class Need(models.Model):
    """A need of a child: kind, severity 1 (some) to 3 (high), and the evidence for it."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    request_child = models.ForeignKey(RequestChild, models.CASCADE, related_name="needs")
    kind = models.CharField(max_length=40)
    severity = models.PositiveSmallIntegerField()
    evidence = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request_child", "kind"], name="one_need_of_a_kind"),
            models.CheckConstraint(name="severity_is_1_to_3", condition=Q(severity__gte=1, severity__lte=3)),
        ]
        ordering: ClassVar = ["-severity", "kind"]

    def __str__(self) -> str:
        return self.kind


class Criterion(models.Model):
    """Something the home must have (essential) or should have (desirable)."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    request = models.ForeignKey(PlacementRequest, models.CASCADE, related_name="criteria")
    # A code of the vocabulary, which matching can check; empty when the criterion is in free words only.
    code = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=300)
    is_essential = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["-is_essential", "id"]

    def __str__(self) -> str:
        return self.words


class DesiredOutcome(models.Model):
    """What should be better for the child, and how one would see it."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    request = models.ForeignKey(PlacementRequest, models.CASCADE, related_name="outcomes")
    area = models.CharField(max_length=40)
    words = models.CharField(max_length=500)
    measure = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.words


class RequestPlace(models.Model):
    """A place that matters: to be near to (home, school, family), or unsafe within a radius."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    request = models.ForeignKey(PlacementRequest, models.CASCADE, related_name="places")
    kind = models.CharField(max_length=20)
    is_unsafe = models.BooleanField(default=False)
    label = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=8)
    miles = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["is_unsafe", "id"]

    def __str__(self) -> str:
        return self.label or self.postcode


class SiblingWish(models.Model):
    """A brother or sister to be placed together with or apart from, with the reason."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    request = models.ForeignKey(PlacementRequest, models.CASCADE, related_name="sibling_wishes")
    sibling = models.ForeignKey(Child, models.PROTECT)
    wish = models.CharField(max_length=10)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "sibling"], name="one_wish_for_a_sibling"),
            models.CheckConstraint(name="sibling_wish_is_known", condition=Q(wish__in=["together", "apart"])),
        ]

    def __str__(self) -> str:
        return self.wish


class Comment(models.Model):
    """What the broker asks to be mended, field by field, and when it was."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    request = models.ForeignKey(PlacementRequest, models.CASCADE, related_name="comments")
    field = models.CharField(max_length=40, blank=True)
    words = models.TextField()
    by = models.ForeignKey(User, models.PROTECT)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.words


class QualityCheck(models.Model):
    """A broker's check of a request before it leaves: score 0 to 100, what was found, and the verdict."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    request = models.ForeignKey(PlacementRequest, models.CASCADE, related_name="quality_checks")
    by = models.ForeignKey(User, models.PROTECT)
    at = models.DateTimeField()
    score = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=10)
    findings = models.JSONField(default=list)
    # Words flagged in free text and what the broker said of each: masked or confirmed harmless.
    confirmed_words = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="quality_verdict_is_known", condition=Q(verdict__in=["passed", "returned"])
            )
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.verdict} at {self.score}"


class ClockPause(models.Model):
    """The request's clock stands still while it is back with the social worker."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    request = models.ForeignKey(PlacementRequest, models.CASCADE, related_name="pauses")
    stopped_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="clock_starts_after_it_stops",
                condition=Q(started_at__isnull=True) | Q(started_at__gte=F("stopped_at")),
            ),
            models.UniqueConstraint(
                fields=["request"], name="one_pause_at_a_time", condition=Q(started_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"paused {self.stopped_at}"
