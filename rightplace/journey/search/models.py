"""Tables of searches: the search of a request, every option weighed with its reasons, who was asked, what they asked back.

A provider's people see of a search only their own invitations (with the snapshot of what was disclosed to them) and the
questions and answers, which are for all who were asked.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search.states import INVITATION, SEARCH
from rightplace.register.carers.models import Household
from rightplace.register.providers.models import Setting


class Search(models.Model):
    """A search for one request."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    request = models.OneToOneField(PlacementRequest, models.PROTECT, related_name="search")
    state = models.CharField(max_length=20, default=SEARCH.initial)
    version = models.PositiveIntegerField(default=1)
    broker = models.ForeignKey(User, models.PROTECT)
    suggested_strategy = models.CharField(max_length=30)
    strategy = models.CharField(max_length=30)
    override_reason = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField()
    own_until = models.DateTimeField(null=True)
    market_opened_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="search_state_is_known", condition=Q(state__in=sorted(SEARCH.states)))
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "closes_at", "id"], name="searches_by_closing")
        ]

    def __str__(self) -> str:
        return f"Search for {self.request_id}"


class Candidate(models.Model):
    """One option weighed in a search: an own household or a registered setting, eligible or excluded, with its fit."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    search = models.ForeignKey(Search, models.CASCADE, related_name="candidates")
    household = models.ForeignKey(Household, models.CASCADE, null=True)
    setting = models.ForeignKey(Setting, models.CASCADE, null=True)
    is_eligible = models.BooleanField()
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    rank = models.PositiveIntegerField(null=True)
    miles = models.FloatField(null=True)
    located_by = models.CharField(max_length=30, blank=True)
    # The contribution of each criterion in points and words, as core.matching explained it.
    explanation = models.JSONField(default=list)
    widened_by = models.ForeignKey(User, models.SET_NULL, null=True)
    widened_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["search", "household"], name="a_household_once_in_a_search"),
            models.UniqueConstraint(fields=["search", "setting"], name="a_setting_once_in_a_search"),
            models.CheckConstraint(
                name="a_candidate_is_a_household_or_a_setting",
                condition=Q(household__isnull=False, setting__isnull=True)
                | Q(household__isnull=True, setting__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["search", "is_eligible", "rank"], name="candidates_by_rank")
        ]

    def __str__(self) -> str:
        return f"candidate {self.pk}"


class Exclusion(models.Model):
    """One named reason why an option is out: which rule, in words, and whether a broker may set it aside."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="exclusions")
    code = models.CharField(max_length=40)
    words = models.CharField(max_length=300)
    may_waive = models.BooleanField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["candidate"], name="exclusions_of_a_candidate")]

    def __str__(self) -> str:
        return self.code


class Invitation(models.Model):
    """An option that was asked, and exactly what it was shown (`shown`: the anonymised request as disclosed)."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    search = models.ForeignKey(Search, models.CASCADE, related_name="invitations")
    household = models.ForeignKey(Household, models.PROTECT, null=True)
    setting = models.ForeignKey(Setting, models.PROTECT, null=True)
    state = models.CharField(max_length=20, default=INVITATION.initial)
    version = models.PositiveIntegerField(default=1)
    # The only name a provider knows the request by: drawn at random, tells nothing.
    reference = models.CharField(max_length=12)
    shown = models.JSONField()
    sent_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    decline_reasons = ArrayField(models.CharField(max_length=30), default=list)
    decline_words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="invitation_state_is_known", condition=Q(state__in=sorted(INVITATION.states))
            ),
            models.UniqueConstraint(fields=["search", "household"], name="a_household_asked_once"),
            models.UniqueConstraint(fields=["search", "setting"], name="a_setting_asked_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["provider", "state", "closes_at", "id"], name="invitations_of_a_provider"),
            models.Index(fields=["authority", "state", "closes_at"], name="invitations_of_an_authority"),
        ]

    def __str__(self) -> str:
        return self.reference


class Question(models.Model):
    """A question of one who was asked, with the broker's answer: both are shown to all who were asked, without the asker."""

    tenancy: ClassVar = Tenancy.invited()

    authority = models.ForeignKey(Authority, models.PROTECT)
    search = models.ForeignKey(Search, models.CASCADE, related_name="questions")
    invitation = models.ForeignKey(Invitation, models.CASCADE)
    words = models.CharField(max_length=1000)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["asked_at", "id"]

    def __str__(self) -> str:
        return self.words
