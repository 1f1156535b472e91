"""Tables of placements: a child at a setting or household from a date; statutory episodes are derived from them.

The database holds the two rules that matter most: no child lives in two placements at once, and no bed is given twice.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from rightplace.foundation.access.models import User
from rightplace.foundation.exclusions import key_as_range
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.decisions.models import Permission
from rightplace.journey.offers.models import Offer
from rightplace.journey.placements.states import MOVE, PLACEMENT
from rightplace.register.carers.models import Household
from rightplace.register.children.models import Child
from rightplace.register.providers.models import NamedCarer, Setting

LIVED = Q(state__in=["started", "ended"])
AS_COUNTED = (
    "id", "state", "period", "household", "named_carer", "setting", "urn", "place_code", "provider_code", "miles",
    "place_postcode", "change_reason", "offer",
)  # fmt: skip
"""What figures are counted from (`oversight.performance.reading`), beside the authority and the child."""
AGREED_HERE = "journey"
WITHOUT_PLAN = Q(state="started", source=AGREED_HERE, plan_agreed_on=None)
HOLDS_A_BED = Q(state__in=["planned", "started", "ended"], bed__isnull=False)


def no_bed_twice(place: str) -> ExclusionConstraint:
    """No two placements in the same bed of the same place on the same night."""
    return ExclusionConstraint(
        name=f"no_bed_of_a_{place}_twice",
        expressions=[
            (key_as_range(f"{place}_id"), RangeOperators.OVERLAPS),
            (key_as_range("bed"), RangeOperators.OVERLAPS),
            ("period", RangeOperators.OVERLAPS),
        ],
        condition=HOLDS_A_BED & Q(**{f"{place}__isnull": False}),
    )


class Placement(models.Model):
    """A child at a place over a half-open period of nights; the end is open while the child lives there."""

    tenancy: ClassVar = Tenancy.SHOWN_TO_CARER

    authority = models.ForeignKey(Authority, models.PROTECT)
    child = models.ForeignKey(Child, models.PROTECT, related_name="placements")
    permission = models.ForeignKey(Permission, models.PROTECT, null=True, related_name="placements")
    offer = models.ForeignKey(Offer, models.PROTECT, null=True, related_name="placements")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="placements")
    setting = models.ForeignKey(Setting, models.PROTECT, null=True, related_name="placements")
    named_carer = models.ForeignKey(NamedCarer, models.PROTECT, null=True, related_name="placements")
    bed = models.BigIntegerField(null=True)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    state = models.CharField(max_length=20, default=PLACEMENT.initial)
    version = models.PositiveIntegerField(default=1)
    period = DateRangeField()
    expected_end_on = models.DateField(null=True)
    plan_agreed_on = models.DateField(null=True)
    # As the statutory return codes them.
    place_code = models.CharField(max_length=3)
    provider_code = models.CharField(max_length=3, blank=True)
    urn = models.CharField(max_length=10, blank=True)
    start_reason = models.CharField(max_length=1, blank=True)
    end_reason = models.CharField(max_length=4, blank=True)
    change_reason = models.CharField(max_length=6, blank=True)
    end_words = models.CharField(max_length=500, blank=True)
    home_postcode = models.CharField(max_length=8, blank=True)
    place_postcode = models.CharField(max_length=8, blank=True)
    miles = models.FloatField(null=True)
    source = models.CharField(max_length=20, default=AGREED_HERE)
    import_run_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="placement_state_is_known", condition=Q(state__in=sorted(PLACEMENT.states))
            ),
            models.CheckConstraint(name="placement_has_nights", condition=Q(period__isempty=False)),
            models.CheckConstraint(
                name="placement_is_in_one_place", condition=~Q(household__isnull=False, setting__isnull=False)
            ),
            models.CheckConstraint(
                name="named_carer_needs_a_setting",
                condition=Q(named_carer__isnull=True) | Q(setting__isnull=False),
            ),
            ExclusionConstraint(
                name="no_child_in_two_placements",
                expressions=[
                    (key_as_range("child_id"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=LIVED,
            ),
            no_bed_twice("household"),
            no_bed_twice("named_carer"),
            ExclusionConstraint(
                name="no_bed_of_a_setting_twice",
                expressions=[
                    (key_as_range("setting_id"), RangeOperators.OVERLAPS),
                    (key_as_range("bed"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=HOLDS_A_BED & Q(setting__isnull=False, named_carer__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "id"], name="placements_by_state"),
            models.Index(fields=["child", "id"], name="placements_of_a_child"),
            models.Index(fields=["setting", "state"], name="placements_in_a_setting"),
            models.Index(fields=["household", "state"], name="placements_in_a_household"),
            models.Index(fields=["authority"], condition=WITHOUT_PLAN, name="placements_without_a_plan"),
            # What figures are counted from, whole in the index: the rows of one authority lie far apart in the table.
            models.Index(fields=["authority", "child"], include=AS_COUNTED, name="placements_as_counted"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number people use when they speak of this placement."""
        return f"P-{self.pk:06d}"


class Move(models.Model):
    """A move of a child who is placed: why, what else was tried, what the child says, and who agreed to it.

    Nobody decides on a move that they proposed, nor challenges it themselves.
    """

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="moves")
    leads_to = models.ForeignKey(Placement, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=20, default=MOVE.initial)
    version = models.PositiveIntegerField(default=1)
    reasons = models.TextField()
    alternatives = models.TextField(blank=True)
    child_view = models.TextField(blank=True)
    is_emergency = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    # In an emergency the child moves first: by when the discussion must have been held.
    due_at = models.DateTimeField(null=True)
    challenge_from = models.CharField(max_length=10, blank=True)
    challenge_name = models.CharField(max_length=200, blank=True)
    challenge_words = models.TextField(blank=True)
    reviewed_on = models.DateField(null=True)
    challenged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="move_state_is_known", condition=Q(state__in=sorted(MOVE.states))),
            models.CheckConstraint(
                name="nobody_decides_on_their_own_move",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("proposed_by")),
            ),
            models.CheckConstraint(
                name="nobody_challenges_their_own_move",
                condition=Q(challenged_by__isnull=True) | ~Q(challenged_by=models.F("proposed_by")),
            ),
            models.CheckConstraint(
                name="an_agreed_move_was_decided", condition=~Q(state="agreed") | Q(decided_by__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["placement"],
                name="one_open_move_of_a_placement",
                condition=Q(state__in=["proposed", "agreed"]),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["authority", "state", "due_at"], name="moves_by_state")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number people use when they speak of this move."""
        return f"M-{self.pk:06d}"


class MoveDiscussion(models.Model):
    """A discussion of a move: when, who took part, and what was said."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    move = models.ForeignKey(Move, models.CASCADE, related_name="discussions")
    held_on = models.DateField()
    who = models.CharField(max_length=300)
    words = models.TextField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["held_on", "id"]

    def __str__(self) -> str:
        return f"{self.held_on}: {self.who}"
