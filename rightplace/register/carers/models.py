"""Tables of the authority's own foster carers: households, their terms of approval, skills and rests."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from rightplace.foundation.access.models import User
from rightplace.foundation.exclusions import key_as_range
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import HOUSEHOLDS, Tenancy


class Household(models.Model):
    """A household of own foster carers. Its address is never printed by default."""

    tenancy: ClassVar = Tenancy.also_carers(Tenancy.AUTHORITY, f"id = ANY ({HOUSEHOLDS})")

    authority = models.ForeignKey(Authority, models.PROTECT)
    reference = models.CharField(max_length=20)
    carers = models.CharField(max_length=160)
    status = models.CharField(max_length=20, default="approved")
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    located_by = models.CharField(max_length=30, blank=True)
    skills = ArrayField(models.CharField(max_length=40), default=list)
    languages = ArrayField(models.CharField(max_length=40), default=list)
    faiths = ArrayField(models.CharField(max_length=40), default=list)
    ethnicity = models.CharField(max_length=4, blank=True)
    has_pets = models.BooleanField(default=False)
    is_adapted = models.BooleanField(default=False)
    # What the carers themselves say they cannot care for; the terms of approval say what they may not.
    needs_declined = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    own_children_ages = ArrayField(models.PositiveSmallIntegerField(), default=list)
    weekly_pence = models.BigIntegerField(null=True)
    # Expected on top of the fee for one child a week.
    transport_weekly_pence = models.PositiveIntegerField(default=0, db_default=0)
    education_weekly_pence = models.PositiveIntegerField(default=0, db_default=0)
    # The level of the carers' skills by the authority's own scheme of payment; 0 for none.
    skill_level = models.PositiveSmallIntegerField(default=0, db_default=0)
    unavailable_from = models.DateField(null=True)
    unavailable_until = models.DateField(null=True)
    is_synthetic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "reference"], name="one_household_of_a_reference"),
            models.CheckConstraint(
                name="household_status_is_known", condition=Q(status__in=["approved", "on_hold", "left"])
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Approval(models.Model):
    """Terms of approval of a household for a period: how many children, of what age and sex."""

    tenancy: ClassVar = Tenancy.SHOWN_TO_CARER

    authority = models.ForeignKey(Authority, models.PROTECT)
    household = models.ForeignKey(Household, models.CASCADE, related_name="approvals")
    period = DateRangeField()
    places = models.PositiveSmallIntegerField()
    min_age = models.PositiveSmallIntegerField(default=0)
    max_age = models.PositiveSmallIntegerField(default=17)
    sexes = models.CharField(max_length=1, blank=True)
    exemption = models.CharField(max_length=300, blank=True)
    # Approved only for children with one of these needs (none: any), and for none with one of those.
    needs_only = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    needs_barred = ArrayField(models.CharField(max_length=40), default=list, db_default=[])

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_approval_at_a_time",
                expressions=[
                    (key_as_range("household_id"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="approval_ages_in_order", condition=Q(min_age__lte=F("max_age"))),
        ]

    def __str__(self) -> str:
        return f"{self.places} places, ages {self.min_age} to {self.max_age}"


class CarerAccount(models.Model):
    """A carer who signs in and sees their own household: let in by one person, until that is ended."""

    tenancy: ClassVar = Tenancy.SHOWN_TO_CARER

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, related_name="accounts")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ended_on = models.DateField(null=True)
    let_in_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], name="a_carer_has_one_household", condition=Q(ended_on__isnull=True)
            ),
            models.CheckConstraint(name="no_carer_lets_themselves_in", condition=~Q(user=F("let_in_by"))),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.user} of {self.household_id}"


class CarerSaying(models.Model):
    """What carers say of when they are free or away; it stays as it was said, and a later one of the same days counts."""

    tenancy: ClassVar = Tenancy.SAID_BY_CARER
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, related_name="sayings")
    is_free = models.BooleanField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    words = models.CharField(max_length=300, blank=True)
    said_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="what_carers_say_has_days",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
            ),
        ]
        ordering: ClassVar = ["-said_at", "-id"]

    def __str__(self) -> str:
        return f"{'Free' if self.is_free else 'Away'} from {self.starts_on:%-d %B %Y}"
