"""Tables of searches: the search of a request, every option weighed with its reasons, who was asked, what they asked back.

A provider's people see of a search only their own invitations (with the snapshot of what was disclosed to them) and the
questions and answers, which are for all who were asked.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import OF_AUTHORITY, Policy, Tenancy
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search.reasons import RULED_OUT_REASONS
from rightplace.journey.search.states import INVITATION, MARKS, PROPOSAL_STATES, SEARCH
from rightplace.register.carers.models import Household
from rightplace.register.providers.models import Setting


class MatchingPolicy(models.Model):
    """How much each criterion counts in an authority from a day on: kept for ever, a later one takes its place.

    In force on a day is the one that starts last up to then, of those that were not taken back before they started.
    """

    tenancy: ClassVar = Tenancy.AUTHORITY
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    starts_on = models.DateField()
    # Points by the code of the criterion; only their proportion matters.
    weights = models.JSONField()
    must_codes = ArrayField(models.CharField(max_length=40), default=list)
    # What counts when homes are proposed for everyone who waits together.
    beds_kept_back = models.PositiveSmallIntegerField(default=0, db_default=0)
    split_penalty = models.PositiveSmallIntegerField(default=25, db_default=25)
    own_bonus = models.PositiveSmallIntegerField(default=0, db_default=0)
    spares_scarce = models.BooleanField(default=True, db_default=True)
    reason = models.CharField(max_length=500)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    taken_back_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["authority", "starts_on", "id"], name="policies_of_an_authority")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="parting_has_a_price", condition=Q(split_penalty__gt=0))
        ]

    def __str__(self) -> str:
        return f"Matching policy from {self.starts_on}"


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
    # Under which policy homes were ranked, with its weights as they were (none: the product's own), and how steady the first are.
    policy = models.ForeignKey(MatchingPolicy, models.PROTECT, null=True)
    ranked_by = models.JSONField(default=dict)
    steadiness = models.CharField(max_length=300, blank=True)
    # By rule how many homes it leaves out, how many it alone, and whether it may be set aside (left_out.py keeps it).
    left_out_by = models.JSONField(default=list)

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
    # The place in the ranking if cost did not count.
    rank_without_cost = models.PositiveIntegerField(null=True)
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
            models.Index(fields=["search", "is_eligible", "rank"], name="candidates_by_rank"),
            # A few own households among thousands of homes.
            models.Index(
                fields=["search", "is_eligible", "rank"],
                name="own_candidates_by_rank",
                condition=Q(household__isnull=False),
            ),
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


class NearMiss(models.Model):
    """A home that a search left out by little, and one thing that would make it possible (one skill, one bed, three miles)."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    search = models.ForeignKey(Search, models.CASCADE, related_name="near_misses")
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="near_misses")
    position = models.PositiveSmallIntegerField()
    # One row for each thing that would have to be given, such as "skill:autism"; `of` is how many the home needs in all.
    code = models.CharField(max_length=60)
    words = models.CharField(max_length=300)
    of = models.PositiveSmallIntegerField(default=1)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["search", "position"], name="near_misses_of_a_search")]

    def __str__(self) -> str:
        return self.words


class ProposalMark(models.Model):
    """A broker's word on the proposal: this home is settled for a request (pinned), or is not to be proposed (ruled out)."""

    tenancy: ClassVar = Tenancy.AUTHORITY
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    request = models.ForeignKey(PlacementRequest, models.PROTECT, related_name="proposal_marks")
    household = models.ForeignKey(Household, models.PROTECT, null=True)
    setting = models.ForeignKey(Setting, models.PROTECT, null=True)
    kind = models.CharField(max_length=10)
    # Why a home is ruled out: a code of `reasons.RULED_OUT_REASONS`, and words.
    reason_code = models.CharField(max_length=30, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="proposal_mark_is_known", condition=Q(kind__in=sorted(MARKS))),
            models.CheckConstraint(
                name="ruling_out_has_a_reason", condition=~Q(kind="barred") | ~Q(reason_code="")
            ),
            models.CheckConstraint(
                name="a_mark_names_one_home",
                condition=Q(household__isnull=False, setting__isnull=True)
                | Q(household__isnull=True, setting__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(kind="pinned", undone_at__isnull=True),
                name="one_pin_for_a_request",
            ),
            models.UniqueConstraint(
                fields=["request", "household"],
                condition=Q(undone_at__isnull=True),
                name="one_mark_for_a_household",
            ),
            models.UniqueConstraint(
                fields=["request", "setting"],
                condition=Q(undone_at__isnull=True),
                name="one_mark_for_a_setting",
            ),
        ]

    def __str__(self) -> str:
        return MARKS[self.kind]

    @property
    def reason_words(self) -> str:
        """Why, in words: the reason chosen, and what was said besides."""
        chosen = RULED_OUT_REASONS.get(self.reason_code, "") if self.reason_code != "other" else ""
        return ". ".join(part.rstrip(".") for part in (chosen, self.reason) if part)


class Proposal(models.Model):
    """A proposed set of homes for everyone who waits in an authority: advice, with how good it is known to be."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    state = models.CharField(max_length=10, default="solving")
    policy = models.ForeignKey(MatchingPolicy, models.PROTECT, null=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    groups = models.PositiveIntegerField(default=0)
    children = models.PositiveIntegerField(default=0)
    placed = models.PositiveIntegerField(default=0)
    # In points; the bound is what no set of homes can exceed.
    value = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    is_best = models.BooleanField(default=False)
    is_finished = models.BooleanField(default=False)
    problem = models.CharField(max_length=300, blank=True)
    # What was counted, in words: beds kept back, scarce places, who is kept apart.
    counted = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="proposal_state_is_known", condition=Q(state__in=sorted(PROPOSAL_STATES))
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "-asked_at"], name="proposals_of_an_authority")
        ]

    def __str__(self) -> str:
        return f"Proposal {self.pk}"


class ProposalLine(models.Model):
    """What a proposal says of one request: a home for so many of its children with the reason, or none and why."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="lines")
    request = models.ForeignKey(PlacementRequest, models.CASCADE, related_name="proposal_lines")
    household = models.ForeignKey(Household, models.CASCADE, null=True)
    setting = models.ForeignKey(Setting, models.CASCADE, null=True)
    children = models.PositiveSmallIntegerField(default=1)
    is_pinned = models.BooleanField(default=False)
    score = models.FloatField(null=True)
    # The place of the home in the request's own ranking, and how many homes would do.
    rank = models.PositiveIntegerField(null=True)
    suitable = models.PositiveIntegerField(default=0)
    # Keys of the homes proposed for others that would do for this request too, for the picture.
    also = ArrayField(models.CharField(max_length=30), default=list)
    words = models.CharField(max_length=500, blank=True)
    # What a pinned home costs the others, in points and words.
    pin_cost = models.FloatField(null=True)
    pin_words = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["proposal", "request"], name="lines_of_a_proposal")]

    def __str__(self) -> str:
        return f"line {self.pk}"


class MarketChange(models.Model):
    """That a home changed, for whoever keeps the market in memory: written by triggers, in the transaction of the change.

    `number` is the transaction's, so that a reader finds exactly what was not yet to be seen when it last looked. A row
    of an authority names an own household, one without names what all share.
    """

    tenancy: ClassVar = Policy(f"authority_id IS NULL OR {OF_AUTHORITY}", "false")

    authority = models.ForeignKey(Authority, models.CASCADE, null=True)
    kind = models.CharField(max_length=10)
    key = models.BigIntegerField(null=True)
    number = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["number"], name="market_changes_by_number"),
            models.Index(fields=["at"], name="market_changes_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


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
