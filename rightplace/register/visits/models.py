"""Tables of visits: planned, done with findings by area, and the actions that follow, with owners and evidence."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import OF_AUTHORITY, OF_PROVIDER, SHARING_CONCERNS, Policy
from rightplace.register.carers.models import Household
from rightplace.register.providers.models import Setting
from rightplace.register.visits.states import VISIT, VISIT_ACTION
from rightplace.register.visits.words import JUDGEMENTS, OWNERS, VISIT_KINDS

SHARED = f"(authority_id = ANY ({SHARING_CONCERNS}) AND is_shared)"


class Visit(models.Model):
    """A visit to a home, carer agency or own household. Shared ones are read by those who share concerns with one another."""

    tenancy: ClassVar = Policy(
        f"{OF_AUTHORITY} OR {SHARED} OR ({OF_PROVIDER} AND state = 'done')", OF_AUTHORITY
    )

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="quality_visits")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    setting = models.ForeignKey(Setting, models.PROTECT, null=True, related_name="visits")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="visits")
    kind = models.CharField(max_length=12)
    why = models.CharField(max_length=200)
    # Who else comes along, in words; an authority that does is linked by a visit of its own.
    joint_with = models.CharField(max_length=200, blank=True)
    # The visit of the authority that leads: it writes up for both, and its findings are read through this link.
    joined = models.ForeignKey("self", models.PROTECT, null=True, related_name="companions")
    planned_on = models.DateField()
    visitor = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, default=VISIT.initial)
    version = models.PositiveIntegerField(default=1)
    visited_on = models.DateField(null=True)
    judgement = models.CharField(max_length=12, blank=True)
    words = models.TextField(blank=True)
    # Counted for the scorecard: posts that stand empty, of how many; children spoken with.
    posts = models.PositiveSmallIntegerField(null=True)
    posts_empty = models.PositiveSmallIntegerField(null=True)
    children_heard = models.PositiveSmallIntegerField(null=True)
    is_shared = models.BooleanField(default=False)
    not_done_because = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="visit_kind_is_known", condition=Q(kind__in=sorted(VISIT_KINDS))),
            models.CheckConstraint(
                name="quality_visit_state_is_known", condition=Q(state__in=sorted(VISIT.states))
            ),
            models.CheckConstraint(
                name="a_visit_is_to_a_home_or_a_household",
                condition=Q(setting__isnull=False, household__isnull=True)
                | Q(setting__isnull=True, household__isnull=False),
            ),
            models.CheckConstraint(
                name="a_done_visit_has_a_day_and_a_judgement",
                condition=~Q(state="done") | Q(visited_on__isnull=False, judgement__in=sorted(JUDGEMENTS)),
            ),
            models.UniqueConstraint(
                fields=["authority", "joined"],
                condition=~Q(state="not_done"),
                name="an_authority_joins_a_visit_once",
            ),
            models.CheckConstraint(
                name="no_more_posts_empty_than_there_are",
                condition=Q(posts__isnull=True)
                | Q(posts_empty__isnull=True)
                | Q(posts_empty__lte=models.F("posts")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "planned_on", "id"], name="quality_visits_by_state"),
            models.Index(fields=["setting", "visited_on"], name="visits_of_a_home"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number people use when they speak of this visit."""
        return f"T-{self.pk:06d}"

    @property
    def place(self) -> str:
        """The name of what was visited."""
        return str(self.setting or self.household)


class VisitFinding(models.Model):
    """What a visit found in one area of the framework."""

    tenancy: ClassVar = Policy(f"{OF_AUTHORITY} OR {SHARED} OR {OF_PROVIDER}", OF_AUTHORITY)

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="findings")
    is_shared = models.BooleanField(default=False)
    area = models.CharField(max_length=20)
    score = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "area"], name="one_finding_in_an_area"),
            models.CheckConstraint(name="finding_score_is_known", condition=Q(score__lte=4)),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.area


class VisitAction(models.Model):
    """Something to be put right after a visit: by whom, by when, what shows it. Together they are the improvement plan."""

    tenancy: ClassVar = Policy(
        f"{OF_AUTHORITY} OR {SHARED} OR {OF_PROVIDER}", f"{OF_AUTHORITY} OR {OF_PROVIDER}"
    )

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="actions")
    is_shared = models.BooleanField(default=False)
    words = models.CharField(max_length=500)
    owner = models.CharField(max_length=10)
    owner_name = models.CharField(max_length=120)
    due_on = models.DateField()
    state = models.CharField(max_length=20, default=VISIT_ACTION.initial)
    version = models.PositiveIntegerField(default=1)
    evidence = models.CharField(max_length=1000, blank=True)
    reported_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    closed_words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="visit_action_owner_is_known", condition=Q(owner__in=sorted(OWNERS))),
            models.CheckConstraint(
                name="visit_action_state_is_known", condition=Q(state__in=sorted(VISIT_ACTION.states))
            ),
            models.CheckConstraint(
                name="a_met_action_has_its_evidence", condition=~Q(state="met") | ~Q(evidence="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "due_on"], name="visit_actions_by_state")
        ]
        ordering: ClassVar = ["due_on", "id"]

    def __str__(self) -> str:
        return self.words


# Whoever may read a visit reads its files: the visit's own rule is asked.
OF_VISIT = "EXISTS (SELECT 1 FROM visits_visit v WHERE v.id = visits_visitfile.visit_id)"


class VisitFile(models.Model):
    """A file that shows something: what a visitor saw, or that an action is done. Taken in clean, kept, never written over."""

    tenancy: ClassVar = Policy(
        f"{OF_AUTHORITY} OR {OF_VISIT}", f"{OF_AUTHORITY} OR {OF_PROVIDER}", is_read_by_others=True
    )
    refused_rights: ClassVar = "UPDATE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="files")
    action = models.ForeignKey(VisitAction, models.CASCADE, null=True, related_name="files")
    words = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.words or self.name
