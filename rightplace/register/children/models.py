"""Tables of children looked after: who they are, their legal status, their brothers and sisters."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from rightplace.foundation.access.models import User
from rightplace.foundation.exclusions import key_as_range
from rightplace.foundation.organisations.models import Authority, Team
from rightplace.foundation.tenancy import Tenancy


class Child(models.Model):
    """A child known to an authority. Identifying: nothing here leaves except as `core.disclosure` allows."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    local_number = models.CharField(max_length=20)
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    known_as = models.CharField(max_length=80, blank=True)
    sex = models.CharField(max_length=1)
    born_on = models.DateField()
    ethnicity = models.CharField(max_length=4, blank=True)
    upn = models.CharField(max_length=13, blank=True)
    language = models.CharField(max_length=40, blank=True)
    faith = models.CharField(max_length=40, blank=True)
    need_code = models.CharField(max_length=2, blank=True)
    is_uasc = models.BooleanField(default=False)
    uasc_ends_on = models.DateField(null=True, blank=True)
    is_disabled = models.BooleanField(default=False)
    home_postcode = models.CharField(max_length=8, blank=True)
    school_name = models.CharField(max_length=120, blank=True)
    school_postcode = models.CharField(max_length=8, blank=True)
    social_worker = models.ForeignKey(User, models.SET_NULL, null=True, blank=True)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True)
    is_synthetic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "local_number"], name="one_child_of_a_number"),
            models.CheckConstraint(name="sex_is_a_code", condition=Q(sex__in=["M", "F", "U"])),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "last_name", "first_name", "id"], name="children_by_name")
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or f"Child {self.local_number}"


class LegalStatus(models.Model):
    """The legal basis on which a child is looked after, for a period; one at a time."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    child = models.ForeignKey(Child, models.CASCADE, related_name="legal_statuses")
    code = models.CharField(max_length=2)
    period = DateRangeField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_legal_status_at_a_time",
                expressions=[
                    (key_as_range("child_id"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="legal_status_has_days", condition=Q(period__isempty=False)),
        ]

    def __str__(self) -> str:
        return self.code


class ReviewingOfficer(models.Model):
    """The independent reviewing officer of a child over a period: one at a time, never who works on the case or pays for it.

    Children Act 1989, section 25A; Care Planning, Placement and Case Review (England) Regulations 2010, regulation 46(3).
    Triggers (migration 0003) keep officer and social worker two people, whoever writes.
    """

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    child = models.ForeignKey(Child, models.CASCADE, related_name="reviewing_officers")
    user = models.ForeignKey(User, models.PROTECT, related_name="reviews_children")
    period = DateRangeField()
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_reviewing_officer_at_a_time",
                expressions=[
                    (key_as_range("child_id"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="a_reviewing_officer_has_days", condition=Q(period__isempty=False)),
            models.CheckConstraint(
                name="nobody_names_themselves_reviewing_officer", condition=~Q(user=F("named_by"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Correction(models.Model):
    """A recorded fact that somebody said was wrong: put right, or not, and why. A statement may stand beside it.

    UK GDPR articles 16 and 19. Goes with the child's record; the audit trail keeps it sealed.
    """

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    child = models.ForeignKey(Child, models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=40)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    asked_by = models.CharField(max_length=200)
    evidence = models.CharField(max_length=500)
    is_made = models.BooleanField()
    reason = models.CharField(max_length=1000, blank=True)
    statement = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_refused_correction_says_why", condition=Q(is_made=True) | ~Q(reason="")
            )
        ]
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.field} of child {self.child_id}"


class Sibling(models.Model):
    """A brother or sister, stated once for the pair: `child` has the lower number."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    child = models.ForeignKey(Child, models.CASCADE, related_name="+")
    sibling = models.ForeignKey(Child, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["child", "sibling"], name="one_row_for_a_pair_of_siblings"),
            models.CheckConstraint(name="siblings_in_order", condition=Q(child__lt=F("sibling"))),
        ]
        indexes: ClassVar = [models.Index(fields=["sibling"], name="siblings_from_the_other_side")]

    def __str__(self) -> str:
        return f"{self.child_id} and {self.sibling_id}"


class LivingWith(models.Model):
    """Who a child can live with, and the needs and risks that others in a home should be thought of for: codes of matching."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    child = models.OneToOneField(Child, models.CASCADE, related_name="living_with")
    needs = ArrayField(models.CharField(max_length=40), default=list)
    companions = models.CharField(max_length=30, default="no_preference")
    not_with_sexes = ArrayField(models.CharField(max_length=1), default=list)
    not_with_risks = ArrayField(models.CharField(max_length=40), default=list)
    words = models.CharField(max_length=500, blank=True)
    kept_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["authority"], name="living_with_of_authority")]

    def __str__(self) -> str:
        return f"who child {self.child_id} can live with"


class KeptApart(models.Model):
    """Two children who are not to live in one home, from a day until a day: `child` has the lower number."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    child = models.ForeignKey(Child, models.CASCADE, related_name="kept_apart_from")
    other = models.ForeignKey(Child, models.CASCADE, related_name="kept_apart_by")
    reason = models.CharField(max_length=300)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="kept_apart_in_order", condition=Q(child__lt=F("other"))),
            models.UniqueConstraint(
                fields=["child", "other"], condition=Q(ends_on__isnull=True), name="kept_apart_once_at_a_time"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["other"], name="kept_apart_from_other_side")]

    def __str__(self) -> str:
        return f"{self.child_id} and {self.other_id} kept apart"
