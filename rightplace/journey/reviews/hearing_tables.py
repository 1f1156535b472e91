"""Tables of complaints and compliments with their stages, and of surveys, whose answers say nobody where that was promised."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.placements.models import Placement
from rightplace.journey.reviews.states import COMPLAINT, SURVEY
from rightplace.journey.reviews.words import AUDIENCES, FROM_WHOM, OUTCOMES
from rightplace.register.providers.models import Setting


class Complaint(models.Model):
    """A complaint with its statutory stage and clock, or a compliment."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    is_compliment = models.BooleanField(default=False)
    placement = models.ForeignKey(Placement, models.PROTECT, null=True, related_name="complaints")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    setting = models.ForeignKey(Setting, models.PROTECT, null=True, related_name="+")
    from_whom = models.CharField(max_length=10)
    from_name = models.CharField(max_length=120, blank=True)
    words = models.TextField()
    wanted = models.CharField(max_length=500, blank=True)
    received_on = models.DateField()
    state = models.CharField(max_length=20, default=COMPLAINT.initial)
    version = models.PositiveIntegerField(default=1)
    due_on = models.DateField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    answered_on = models.DateField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="complaint_state_is_known", condition=Q(state__in=sorted(COMPLAINT.states))
            ),
            models.CheckConstraint(
                name="complaint_comes_from_somebody", condition=Q(from_whom__in=sorted(FROM_WHOM))
            ),
            models.CheckConstraint(
                name="an_answered_complaint_has_an_outcome",
                condition=~Q(state="answered")
                | (Q(outcome__in=sorted(OUTCOMES), answered_on__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="a_compliment_has_no_stages",
                condition=Q(is_compliment=True, state="kept") | (Q(is_compliment=False) & ~Q(state="kept")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "due_on", "id"], name="complaints_by_state"),
            models.Index(fields=["setting", "received_on"], name="complaints_of_a_home"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number people use when they speak of it."""
        return f"{'K' if self.is_compliment else 'J'}-{self.pk:06d}"


class ComplaintStage(models.Model):
    """One stage that a complaint went through, with its clock."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="stages")
    stage = models.PositiveSmallIntegerField()
    began_on = models.DateField()
    due_on = models.DateField()
    extended_because = models.CharField(max_length=300, blank=True)
    ended_on = models.DateField(null=True)
    words = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["complaint", "stage"], name="a_complaint_is_once_in_a_stage"),
            models.CheckConstraint(name="there_are_three_stages", condition=Q(stage__gte=1, stage__lte=3)),
        ]
        ordering: ClassVar = ["stage"]

    def __str__(self) -> str:
        return f"stage {self.stage} of {self.complaint_id}"


class Survey(models.Model):
    """A short survey of one kind of people."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    audience = models.CharField(max_length=16)
    title = models.CharField(max_length=150)
    is_anonymous = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    closes_on = models.DateField()
    state = models.CharField(max_length=20, default=SURVEY.initial)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="survey_audience_is_known", condition=Q(audience__in=sorted(AUDIENCES))
            ),
            models.CheckConstraint(
                name="survey_state_is_known", condition=Q(state__in=sorted(SURVEY.states))
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SurveyLink(models.Model):
    """A link that answers a survey once: kept as a digest; whether it was used, and never by which answer."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    # For whom, where the survey is not anonymous.
    whose = models.CharField(max_length=200, blank=True)
    is_used = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"link of {self.survey_id}"


class SurveyAnswer(models.Model):
    """One answer. Of an anonymous survey it holds no person, no time and no number that tells the order."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    # Drawn at random, so that the order in which answers came cannot be read from it.
    id = models.UUIDField(primary_key=True)
    authority = models.ForeignKey(Authority, models.PROTECT)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="answers")
    scores = ArrayField(models.PositiveSmallIntegerField())
    words = models.TextField(blank=True)
    whose = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["survey"], name="answers_of_a_survey")]

    def __str__(self) -> str:
        return f"answer to {self.survey_id}"
