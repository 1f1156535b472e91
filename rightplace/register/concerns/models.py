"""Tables of concerns: what was raised about a home or its owner, fact or allegation, the holds it placed, and the forum.

A concern is of the authority that raised it. Authorities with which that one shares concerns by an agreement in force read
it; the provider reads it once it was told, and then only entries meant for it. A child is never named here.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority, Consortium, Provider
from rightplace.foundation.tenancy import (
    OF_AUTHORITY,
    OF_CONSORTIUM,
    OF_PROVIDER,
    SHARING_CONCERNS,
    Policy,
    Tenancy,
)
from rightplace.register.concerns.states import CONCERN, FORUM
from rightplace.register.concerns.words import ABOUT, ENTRY_KINDS, SEEN_BY
from rightplace.register.providers.models import Hold, Setting

SHARED = f"authority_id = ANY ({SHARING_CONCERNS})"


class Concern(models.Model):
    """A concern about one home or carer agency, or (without a home) about everything that a provider runs."""

    tenancy: ClassVar = Policy(
        f"{OF_AUTHORITY} OR {SHARED} OR ({OF_PROVIDER} AND provider_told_at IS NOT NULL)", OF_AUTHORITY
    )

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="concerns")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="concerns")
    setting = models.ForeignKey(Setting, models.PROTECT, null=True, related_name="concerns")
    # The authority in whose area the home lies, where it works here.
    host = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    about = models.CharField(max_length=20)
    grade = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=150)
    state = models.CharField(max_length=20, default=CONCERN.initial)
    version = models.PositiveIntegerField(default=1)
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    provider_told_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="concern_state_is_known", condition=Q(state__in=sorted(CONCERN.states))
            ),
            models.CheckConstraint(name="concern_grade_is_known", condition=Q(grade__gte=1, grade__lte=4)),
            models.CheckConstraint(name="concern_is_about_something", condition=Q(about__in=sorted(ABOUT))),
            models.CheckConstraint(
                name="nobody_lifts_what_they_proposed_to_lift",
                condition=Q(lifted_by__isnull=True) | ~Q(lifted_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="a_lifted_concern_says_by_whom",
                condition=~Q(state="lifted")
                | Q(lifted_by__isnull=False, lifted_at__isnull=False, proposed_by__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "-raised_at", "id"], name="concerns_by_state"),
            models.Index(fields=["provider", "state"], name="concerns_of_a_provider"),
            models.Index(fields=["setting", "state"], name="concerns_of_a_home"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number people use when they speak of this concern."""
        return f"Q-{self.pk:06d}"


class ConcernEntry(models.Model):
    """One line of a concern's timeline. Never edited: what was wrong is put right by a later line."""

    tenancy: ClassVar = Policy(
        f"{OF_AUTHORITY} OR ({SHARED} AND seen_by <> 'own') OR ({OF_PROVIDER} AND seen_by = 'provider')",
        f"{OF_AUTHORITY} OR ({OF_PROVIDER} AND kind = 'reply')",
    )
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="entries")
    # Who wrote it: an authority, or (with the raiser's authority) the provider.
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    words = models.TextField()
    how_known = models.CharField(max_length=200, blank=True)
    seen_by = models.CharField(max_length=12, default="authorities")
    by_name = models.CharField(max_length=200)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="concern_entry_kind_is_known", condition=Q(kind__in=sorted(ENTRY_KINDS))
            ),
            models.CheckConstraint(
                name="concern_entry_says_who_sees_it", condition=Q(seen_by__in=sorted(SEEN_BY))
            ),
            models.CheckConstraint(
                name="a_fact_says_how_it_is_known", condition=~Q(kind="fact") | ~Q(how_known="")
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["concern", "at", "id"], name="entries_of_a_concern")]
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.concern_id}"


class ConcernHold(models.Model):
    """A hold that a concern placed: it ends with the concern, and not before."""

    tenancy: ClassVar = Policy(f"{OF_AUTHORITY} OR {SHARED}", OF_AUTHORITY)

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, models.PROTECT, related_name="holds")
    hold = models.OneToOneField(Hold, models.PROTECT, related_name="of_concern")

    def __str__(self) -> str:
        return f"{self.concern_id} holds {self.hold_id}"


class Forum(models.Model):
    """A meeting at which the members of a consortium go through the concerns that they share."""

    tenancy: ClassVar = Tenancy.CONSORTIUM

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    held_on = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20, default=FORUM.initial)
    version = models.PositiveIntegerField(default=1)
    words = models.TextField(blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="forum_state_is_known", condition=Q(state__in=sorted(FORUM.states))),
            models.UniqueConstraint(fields=["consortium", "held_on"], name="one_forum_a_day"),
        ]

    def __str__(self) -> str:
        return f"Forum of {self.held_on:%-d %B %Y}"


# What was agreed about a concern is read by those members who may read the concern: its own rule is asked.
OF_CONCERN = "EXISTS (SELECT 1 FROM concerns_concern c WHERE c.id = concerns_forumitem.concern_id)"


class ForumItem(models.Model):
    """What a forum agreed about one concern, who does it and by when. No child is named."""

    tenancy: ClassVar = Policy(f"{OF_CONSORTIUM} AND {OF_CONCERN}", OF_CONSORTIUM)

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    forum = models.ForeignKey(Forum, models.CASCADE, related_name="items")
    concern = models.ForeignKey(Concern, models.PROTECT, related_name="forum_items")
    words = models.CharField(max_length=1000)
    owner = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["forum", "concern"], name="a_concern_once_in_a_forum"),
            models.CheckConstraint(name="a_forum_item_says_what", condition=~Q(words="")),
            models.CheckConstraint(
                name="who_does_it_knows_by_when",
                condition=Q(owner__isnull=True, due_on__isnull=True)
                | Q(owner__isnull=False, due_on__isnull=False),
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.words[:60]
