"""Tables of reviews: when due, what went to the carer, how outcomes were scored, what the child said, what follows."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import OF_AUTHORITY, OF_PROVIDER, Policy, Tenancy
from rightplace.journey.contracts.models import Contract, ContractOutcome
from rightplace.journey.placements.models import Placement
from rightplace.journey.reviews.hearing_tables import (
    Complaint,
    ComplaintStage,
    Survey,
    SurveyAnswer,
    SurveyLink,
)
from rightplace.journey.reviews.states import FOLLOW_UP, REVIEW
from rightplace.journey.reviews.steadiness_tables import StabilityMeeting, StabilitySign
from rightplace.journey.reviews.words import CHILD_QUESTIONS, FOLLOW_UPS, SIDES
from rightplace.register.children.models import Child

__all__ = [
    "ChildLink", "ChildWords", "Complaint", "ComplaintStage", "FeeRule", "FollowUp", "OutcomeScore", "Review", "ReviewPapers",
    "StabilityMeeting", "StabilitySign", "Survey", "SurveyAnswer", "SurveyLink",
]  # fmt: skip

OWN_SCORES = f"({OF_PROVIDER} AND side = 'carer')"


class Review(models.Model):
    """A statutory review of a child's case: one open at a time, with the last day on which it is on time."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    child = models.ForeignKey(Child, models.PROTECT, related_name="reviews")
    looked_after_since = models.DateField()
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    why = models.CharField(max_length=120)
    state = models.CharField(max_length=20, default=REVIEW.initial)
    version = models.PositiveIntegerField(default=1)
    set_for = models.DateField(null=True)
    held_on = models.DateField(null=True)
    chaired_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="review_state_is_known", condition=Q(state__in=sorted(REVIEW.states))),
            models.CheckConstraint(
                name="a_held_review_says_when_and_by_whom",
                condition=~Q(state="held") | Q(held_on__isnull=False, chaired_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["child"], name="one_open_review_of_a_child", condition=Q(state__in=["due", "sent"])
            ),
            models.UniqueConstraint(
                fields=["child", "looked_after_since", "number"], name="one_review_of_a_number",
                condition=~Q(state="void"),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "due_on", "id"], name="reviews_by_state"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number people use when they speak of this review."""
        return f"V-{self.pk:06d}"


class ReviewPapers(models.Model):
    """What the carer was sent before a review: the contract with its outcomes; what the carer wrote back."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    review = models.ForeignKey(Review, models.PROTECT, related_name="papers")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="reviews")
    review_on = models.DateField()
    sent_at = models.DateTimeField()
    carer_words = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    is_closed = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "contract"], name="papers_are_sent_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["provider", "is_closed", "review_on"], name="papers_of_a_provider")
        ]

    def __str__(self) -> str:
        return f"papers of {self.review_id}"


class OutcomeScore(models.Model):
    """How one side sees one outcome at a review: achieved (2 half points), partly (1), not (0), with evidence."""

    tenancy: ClassVar = Policy(f"{OF_AUTHORITY} OR {OWN_SCORES}", f"{OF_AUTHORITY} OR {OWN_SCORES}")

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    review = models.ForeignKey(Review, models.PROTECT, related_name="scores")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+")
    outcome = models.ForeignKey(ContractOutcome, models.PROTECT, related_name="scores")
    side = models.CharField(max_length=20)
    half_points = models.PositiveSmallIntegerField()
    evidence = models.CharField(max_length=1000, blank=True)
    by_name = models.CharField(max_length=200)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="score_side_is_known", condition=Q(side__in=sorted(SIDES))),
            models.CheckConstraint(name="score_is_nought_half_or_one", condition=Q(half_points__lte=2)),
            models.CheckConstraint(
                name="a_score_has_its_evidence", condition=Q(side="child") | ~Q(evidence="")
            ),
            models.UniqueConstraint(
                fields=["review", "outcome", "side"], name="a_side_scores_an_outcome_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["contract", "side"], name="scores_of_a_contract")]

    def __str__(self) -> str:
        return f"{self.side}: {self.half_points}"


class ChildLink(models.Model):
    """A link by which a child reaches the page of a review: kept as a digest, for some days, until it is used or taken back."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    review = models.ForeignKey(Review, models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link of {self.review_id}"


class ChildWords(models.Model):
    """A child's answer to one question of the review, in the child's own words."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    review = models.ForeignKey(Review, models.CASCADE, related_name="child_words")
    question = models.CharField(max_length=20)
    face = models.PositiveSmallIntegerField(null=True)
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="child_question_is_known",
                condition=Q(question__in=sorted([*CHILD_QUESTIONS, "anything"])),
            ),
            models.CheckConstraint(
                name="a_face_is_one_of_three", condition=Q(face__isnull=True) | Q(face__gte=1, face__lte=3)
            ),
            models.UniqueConstraint(fields=["review", "question"], name="one_answer_to_a_question"),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.question


class FeeRule(models.Model):
    """By which rule a contract's fee follows its outcomes, as the contract says it."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    contract = models.OneToOneField(Contract, models.PROTECT, related_name="fee_rule")
    up_from = models.PositiveSmallIntegerField()
    down_below = models.PositiveSmallIntegerField()
    change = models.PositiveSmallIntegerField()
    in_a_row = models.PositiveSmallIntegerField(default=1)
    clause = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_fee_goes_up_above_where_it_goes_down",
                condition=Q(up_from__gt=models.F("down_below"), up_from__lte=10_000),
            )
        ]

    def __str__(self) -> str:
        return self.clause


class FollowUp(models.Model):
    """What follows from a review or a meeting: who does it by when, and what came of it."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    placement = models.ForeignKey(Placement, models.PROTECT, null=True, related_name="follow_ups")
    review = models.ForeignKey(Review, models.PROTECT, null=True, related_name="follow_ups")
    kind = models.CharField(max_length=12)
    words = models.CharField(max_length=500)
    state = models.CharField(max_length=20, default=FOLLOW_UP.initial)
    version = models.PositiveIntegerField(default=1)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_on = models.DateField()
    # Where the stage that exists went on with it.
    link = models.CharField(max_length=200, blank=True)
    done_on = models.DateField(null=True)
    done_words = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="follow_up_kind_is_known", condition=Q(kind__in=sorted(FOLLOW_UPS))),
            models.CheckConstraint(
                name="follow_up_state_is_known", condition=Q(state__in=sorted(FOLLOW_UP.states))
            ),
            models.CheckConstraint(
                name="a_done_follow_up_says_what_was_done",
                condition=~Q(state="done") | (Q(done_on__isnull=False) & ~Q(done_words="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "due_on"], name="follow_ups_by_state")
        ]

    def __str__(self) -> str:
        return self.words
