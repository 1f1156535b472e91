"""Tables of in-house fostering: applicants with each step's day, and what is kept of own households beside their terms."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import Tenancy
from rightplace.register.carers.models import Household
from rightplace.register.fostering.states import APPLICANT


class OfFostering(models.Model):
    """What every row has: whose it is."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Applicant(OfFostering):
    """People who ask whether they can foster, until they are approved or it is closed."""

    names = models.CharField(max_length=160)
    heard_by = models.CharField(max_length=80)
    postcode = models.CharField(max_length=8, blank=True)
    wish = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20, default=APPLICANT.initial)
    version = models.PositiveIntegerField(default=1)
    enquired_on = models.DateField()
    # When the present step was reached.
    reached_on = models.DateField()
    household = models.OneToOneField(Household, models.PROTECT, null=True, related_name="applicant")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_words = models.CharField(max_length=500, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="applicant_state_is_known", condition=Q(state__in=sorted(APPLICANT.states))
            ),
            models.CheckConstraint(
                name="an_approved_applicant_has_a_household",
                condition=Q(state="approved", household__isnull=False, decided_by__isnull=False)
                | ~Q(state="approved"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "reached_on", "id"], name="applicants_by_step")
        ]

    def __str__(self) -> str:
        return f"FA-{self.pk:04d}"


class ApplicantStep(OfFostering):
    """A step that was reached, on which day, and what was found; it stays as it was written."""

    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=20)
    reached_on = models.DateField()
    words = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["applicant", "state"], name="an_applicant_reaches_a_step_once")
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return APPLICANT.states[self.state]


class OfHousehold(OfFostering):
    """Something about an own household, written by somebody."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        abstract = True


class CarerReview(OfHousehold):
    """A review of a household's approval: at most a year apart (Fostering Services Regulations 2011, reg 28)."""

    tenancy: ClassVar = Tenancy.SHOWN_TO_CARER

    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    held_on = models.DateField()
    found = models.TextField()
    is_suitable = models.BooleanField()
    at_panel = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["household", "held_on"], name="one_review_of_a_household_a_day")
        ]
        ordering: ClassVar = ["-held_on"]

    def __str__(self) -> str:
        return f"Review on {self.held_on}"


class Training(OfHousehold):
    """A course that carers finished, and until when it counts."""

    tenancy: ClassVar = Tenancy.SHOWN_TO_CARER

    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    course = models.CharField(max_length=120)
    done_on = models.DateField()
    counts_until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="training_counts_after_it_was_done",
                condition=Q(counts_until__isnull=True) | Q(counts_until__gt=F("done_on")),
            )
        ]
        ordering: ClassVar = ["-done_on", "-id"]

    def __str__(self) -> str:
        return self.course


class Departure(OfHousehold):
    """A household that stopped fostering: when and why."""

    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    left_on = models.DateField()
    reason = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["household"], name="a_household_leaves_once")
        ]

    def __str__(self) -> str:
        return f"Left on {self.left_on}"
