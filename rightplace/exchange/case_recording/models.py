"""Tables of the exchange with a case system: which person is which child, and where the two sides differ."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from rightplace.exchange.case_recording.states import DIFFERENCE, IDENTITY
from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import Tenancy


class CaseIdentity(models.Model):
    """A person of the case system, and the child that it is; while that is unsure, who it may be."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    person = models.CharField(max_length=48)
    child = models.ForeignKey("children.Child", models.CASCADE, null=True, related_name="+")
    state = models.CharField(max_length=12, default=IDENTITY.initial)
    version = models.PositiveIntegerField(default=1)
    # number, upn or names where the rule was sure; person where somebody decided.
    how = models.CharField(max_length=8, blank=True)
    candidates = ArrayField(models.BigIntegerField(), default=list)
    # As last stated, for the person who decides.
    stated_name = models.CharField(max_length=250)
    stated_born_on = models.DateField()
    stated_sex = models.CharField(max_length=1, blank=True)
    stated = models.JSONField(default=dict)
    seen_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "person"], name="one_identity_of_a_person"),
            models.UniqueConstraint(fields=["child"], name="one_person_of_a_child", condition=Q(child__isnull=False)),
            models.CheckConstraint(name="identity_state_is_known", condition=Q(state__in=sorted(IDENTITY.states))),
            models.CheckConstraint(
                name="linked_identity_has_its_child",
                condition=Q(state="linked", child__isnull=False) | (~Q(state="linked") & Q(child__isnull=True)),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "stated_name", "id"], name="identities_by_state")
        ]

    def __str__(self) -> str:
        return self.person


class CaseDifference(models.Model):
    """Something that the two sides tell differently of a child: what each says, and who settles it."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    child = models.ForeignKey("children.Child", models.CASCADE, related_name="+")
    # What it is about (`truth.TRUTHS`), and what tells it from others of the same child: a field, a day.
    about = models.CharField(max_length=12)
    key = models.CharField(max_length=60)
    words = models.CharField(max_length=200)
    theirs = models.CharField(max_length=200, blank=True)
    ours = models.CharField(max_length=200, blank=True)
    owner_role = models.CharField(max_length=30)
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, default=DIFFERENCE.initial)
    version = models.PositiveIntegerField(default=1)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="difference_state_is_known", condition=Q(state__in=sorted(DIFFERENCE.states))),
            models.UniqueConstraint(
                fields=["child", "about", "key"], name="a_difference_is_listed_once", condition=~Q(state="gone")
            ),
            models.CheckConstraint(
                name="a_difference_left_says_why", condition=~Q(state="left") | (~Q(reason="") & Q(ended_by__isnull=False))
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "-found_at", "id"], name="differences_by_state")
        ]

    def __str__(self) -> str:
        return self.words
