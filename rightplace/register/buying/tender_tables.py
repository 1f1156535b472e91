"""Tables of tenders: criteria, evaluators, what providers tender (sealed), scores given alone, moderated points."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority, Consortium, Provider
from rightplace.foundation.tenancy import Tenancy
from rightplace.register.buying import tenancy as whose
from rightplace.register.buying.states import ANSWERED, TENDER
from rightplace.register.buying.words import GROUNDS, TENDER_ROUTES
from rightplace.register.frameworks.models import Lot


class Tender(models.Model):
    """A purchase by competition, or directly on a stated ground."""

    tenancy: ClassVar = whose.tender()

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    lead = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="tenders")
    route = models.CharField(max_length=20)
    title = models.CharField(max_length=160)
    about = models.TextField(blank=True)
    state = models.CharField(max_length=20, default=TENDER.initial)
    version = models.PositiveIntegerField(default=1)
    places = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    closes_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)
    awarded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="tender_state_is_known", condition=Q(state__in=sorted(TENDER.states))
            ),
            models.CheckConstraint(
                name="tender_route_is_known", condition=Q(route__in=sorted(TENDER_ROUTES))
            ),
            models.CheckConstraint(
                name="tender_ends_after_it_starts", condition=Q(ends_on__gt=models.F("starts_on"))
            ),
            models.CheckConstraint(
                name="direct_award_says_its_ground",
                condition=(~Q(route="direct") & Q(ground=""))
                | (Q(route="direct", ground__in=sorted(GROUNDS)) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="further_competition_is_on_a_lot",
                condition=~Q(route="further_competition") | Q(lot__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["consortium", "state", "-made_at"], name="tenders_by_state")
        ]

    @property
    def reference(self) -> str:
        """Its number on papers."""
        return f"T-{self.pk:05d}"

    @property
    def weeks(self) -> int:
        """Over how many whole weeks the contract runs."""
        return max(1, (self.ends_on - self.starts_on).days // 7)

    @property
    def audited_as(self) -> tuple[str, int]:
        """As the trail calls it."""
        return ("tender", self.pk)

    def __str__(self) -> str:
        return self.title


class TenderCriterion(models.Model):
    """What tenders are judged by, with its weight of a hundred; cost is judged by whole cost."""

    tenancy: ClassVar = whose.with_tender("buying_tendercriterion")

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    tender = models.ForeignKey(Tender, models.CASCADE, related_name="criteria")
    name = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    weight = models.PositiveSmallIntegerField()
    is_cost = models.BooleanField(default=False)
    least = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "name"], name="one_criterion_of_a_name"),
            models.UniqueConstraint(
                fields=["tender"], name="cost_is_weighed_once", condition=Q(is_cost=True)
            ),
            models.CheckConstraint(
                name="criterion_weight_in_bounds", condition=Q(weight__gte=1, weight__lte=100)
            ),
            models.CheckConstraint(name="least_points_in_bounds", condition=Q(least__lte=5)),
        ]
        ordering: ClassVar = ["is_cost", "-weight", "id"]

    def __str__(self) -> str:
        return self.name


class Evaluator(models.Model):
    """Who scores a tender, and when they had finished."""

    tenancy: ClassVar = Tenancy.CONSORTIUM

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    tender = models.ForeignKey(Tender, models.CASCADE, related_name="evaluators")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tender", "user"], name="an_evaluator_once")]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.user.get_full_name()


class Answered(models.Model):
    """What one provider tenders: its one price, sealed until the tender closes; after the award its result and feedback."""

    tenancy: ClassVar = whose.sealed("buying_answered")

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="tendered")
    tender = models.ForeignKey(Tender, models.PROTECT, related_name="answered")
    state = models.CharField(max_length=20, default=ANSWERED.initial)
    version = models.PositiveIntegerField(default=1)
    weekly_pence = models.BigIntegerField(null=True)
    travel_pence_week = models.BigIntegerField(default=0)
    once_pence = models.BigIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=200, blank=True)
    # After the award: place, total in hundredths of a point, and what the provider was told.
    place = models.PositiveSmallIntegerField(null=True)
    total = models.PositiveIntegerField(null=True)
    is_winner = models.BooleanField(default=False)
    feedback = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "provider"], name="a_provider_tenders_once"),
            models.CheckConstraint(
                name="answered_state_is_known", condition=Q(state__in=sorted(ANSWERED.states))
            ),
            models.CheckConstraint(
                name="submitted_has_its_price",
                condition=~Q(state="submitted") | Q(weekly_pence__gt=0, submitted_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["tender"], name="one_winner_of_a_tender", condition=Q(is_winner=True)
            ),
        ]

    @property
    def audited_as(self) -> tuple[str, int]:
        """As the trail calls it."""
        return ("tender", self.tender_id)

    def __str__(self) -> str:
        return f"{self.provider} for {self.tender}"


class AnswerWords(models.Model):
    """What a provider says to one criterion."""

    tenancy: ClassVar = whose.sealed("buying_answerwords")

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    tender = models.ForeignKey(Tender, models.CASCADE, related_name="+")
    answered = models.ForeignKey(Answered, models.CASCADE, related_name="answers")
    criterion = models.ForeignKey(TenderCriterion, models.CASCADE, related_name="+")
    words = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["answered", "criterion"], name="one_answer_a_criterion")
        ]

    def __str__(self) -> str:
        return self.words[:60]


class Score(models.Model):
    """The points that one evaluator gives, alone, with why; nobody else reads it before the moderation."""

    tenancy: ClassVar = whose.scored_alone("buying_score")

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    tender = models.ForeignKey(Tender, models.CASCADE, related_name="scores")
    answered = models.ForeignKey(Answered, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(TenderCriterion, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField()
    words = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["answered", "criterion", "user"], name="one_score_a_person"),
            models.CheckConstraint(name="score_is_0_to_5", condition=Q(points__lte=5)),
        ]

    def __str__(self) -> str:
        return f"{self.points} points"


class Moderated(models.Model):
    """The points that all agreed on for a criterion, with the reason."""

    tenancy: ClassVar = Tenancy.CONSORTIUM

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    answered = models.ForeignKey(Answered, models.CASCADE, related_name="moderated")
    criterion = models.ForeignKey(TenderCriterion, models.CASCADE, related_name="+")
    points = models.PositiveSmallIntegerField()
    reason = models.TextField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["answered", "criterion"], name="moderated_once"),
            models.CheckConstraint(name="moderated_is_0_to_5", condition=Q(points__lte=5)),
            models.CheckConstraint(name="moderated_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.points} points"
