"""Tables of safeguards: cases that only named people may open, the ways in that leave a trace, and what is shared.

A child is a plain number here: the registers stand on floors above, and row security itself reads these tables.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from rightplace.foundation.access.models import User
from rightplace.foundation.exclusions import key_as_range
from rightplace.foundation.organisations.models import Authority, Consortium
from rightplace.foundation.safeguards.words import OUTCOMES, SHARED_KINDS, VISIT_STATES
from rightplace.foundation.tenancy import CONSORTIUM, OF_AUTHORITY, PERSON, Policy, Tenancy

LONGEST_EMERGENCY = timedelta(minutes=60)
LONGEST_VISIT = timedelta(hours=8)


def own_or(further: str) -> Policy:
    """Rows of the authority, and of whom a further condition names: read and written alike."""
    rows = f"{OF_AUTHORITY} OR {further}"
    return Policy(rows, rows)


class Restriction(models.Model):
    """A child's case that only named people of the authority may open, from a moment to a moment, with the reason."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    child_id = models.BigIntegerField()
    child_number = models.CharField(max_length=20)
    reason = models.CharField(max_length=500)
    period = DateTimeRangeField()
    review_on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    chased_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_restriction_at_a_time",
                expressions=[
                    (key_as_range("child_id"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="restriction_gives_a_reason", condition=~Q(reason="")),
        ]
        indexes: ClassVar = [models.Index(fields=["authority"], name="restrictions_of_an_authority")]

    def __str__(self) -> str:
        return f"restriction of child {self.child_number}"


class NamedPerson(models.Model):
    """One who may open a restricted case, and why; taken off the list by an end, never by deleting."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    restriction = models.ForeignKey(Restriction, models.PROTECT, related_name="people")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["restriction", "user"], name="a_person_named_once", condition=Q(ends_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} may open {self.restriction_id}"


class EmergencyAccess(models.Model):
    """A restricted case opened without being named, for at most an hour: who, why, and the review by somebody else."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    restriction = models.ForeignKey(Restriction, models.PROTECT, related_name="emergencies")
    child_id = models.BigIntegerField()
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    reason = models.CharField(max_length=500)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="+")
    review_due_on = models.DateField()
    chased_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    outcome_words = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="emergency_lasts_an_hour_at_most",
                condition=Q(ends_at__gt=F("starts_at")) & Q(ends_at__lte=F("starts_at") + LONGEST_EMERGENCY),
            ),
            models.CheckConstraint(name="emergency_gives_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="nobody_reviews_their_own_emergency", condition=~Q(reviewer=F("user"))
            ),
            models.CheckConstraint(
                name="nobody_reviewed_their_own_emergency",
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("user")),
            ),
            models.CheckConstraint(
                name="emergency_outcome_is_known", condition=Q(outcome__in=["", *sorted(OUTCOMES)])
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "ends_at"], name="emergencies_of_a_person"),
            models.Index(fields=["authority", "-starts_at"], name="emergencies_newest_first"),
        ]

    def __str__(self) -> str:
        return f"emergency access {self.pk}"


class SupportVisit(models.Model):
    """A support person looking into one authority, read-only, for a stated reason and time, once the authority agreed."""

    tenancy: ClassVar = own_or(f"user_id = {PERSON}")

    authority = models.ForeignKey(Authority, models.PROTECT)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    # The desk that is looked at: the visitor sees what somebody in this role would, and can do nothing.
    as_role = models.CharField(max_length=30)
    reason = models.CharField(max_length=500)
    hours = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="asked")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="visit_state_is_known", condition=Q(state__in=sorted(VISIT_STATES))),
            models.CheckConstraint(
                name="visit_is_agreed_by_somebody_else",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("user")),
            ),
            models.CheckConstraint(
                name="visit_is_short",
                condition=Q(ends_at__isnull=True) | Q(ends_at__lte=F("decided_at") + LONGEST_VISIT),
            ),
            models.CheckConstraint(
                name="visit_runs_only_when_agreed",
                condition=~Q(state="agreed") | Q(decided_by__isnull=False, ends_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["authority", "state"], name="visits_by_state")]

    def __str__(self) -> str:
        return f"support visit {self.pk}"


class SharingAgreement(models.Model):
    """What an authority shares with the others of its consortium, signed and until when. Nothing is shared without one."""

    tenancy: ClassVar = own_or(f"consortium_id = {CONSORTIUM}")

    authority = models.ForeignKey(Authority, models.PROTECT)
    consortium = models.ForeignKey(Consortium, models.PROTECT)
    kind = models.CharField(max_length=20)
    # Nobody: with every authority of the consortium and its officers.
    shared_with = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    signed_by = models.CharField(max_length=200)
    signed_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="shared_kind_is_known", condition=Q(kind__in=sorted(SHARED_KINDS))),
            models.CheckConstraint(name="agreement_has_days", condition=Q(ends_on__gt=F("starts_on"))),
            models.UniqueConstraint(
                fields=["authority", "kind", "shared_with"],
                name="one_agreement_of_a_kind",
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.authority_id}"


class AccessReview(models.Model):
    """The monthly review of an authority's accounts; signed off once every line is decided, and kept."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    month = models.DateField()
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    chased_at = models.DateTimeField(null=True)
    signed_off_at = models.DateTimeField(null=True)
    signed_off_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "month"], name="one_review_a_month"),
            models.CheckConstraint(name="review_month_is_its_first_day", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"


class ReviewedAccess(models.Model):
    """One account in a review as it stood when the review was opened, and what was decided about it."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    review = models.ForeignKey(AccessReview, models.PROTECT, related_name="lines")
    membership_id = models.BigIntegerField()
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=30)
    team = models.CharField(max_length=120, blank=True)
    last_sign_in = models.DateTimeField(null=True)
    looks = models.PositiveIntegerField(default=0)
    looks_outside_team = models.PositiveIntegerField(default=0)
    looks_in_emergency = models.PositiveIntegerField(default=0)
    is_dormant = models.BooleanField(default=False)
    decision = models.CharField(max_length=10, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "membership_id"], name="an_account_once_in_a_review"),
            models.CheckConstraint(
                name="access_decision_is_known", condition=Q(decision__in=["", "confirmed", "ended"])
            ),
            models.CheckConstraint(
                name="nobody_reviews_their_own_access",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("user")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} as {self.role}"
