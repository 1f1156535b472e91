"""Tables of decisions: which offer was chosen and why, and who gave permission to place at what real cost."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.decisions.states import KINDS, LIMIT_CHANGE, PERMISSION
from rightplace.journey.offers.models import Offer
from rightplace.journey.requests.models import PlacementRequest


class DelegationChange(models.Model):
    """A change of a limit: asked for by one person, put in force by a second. Rows are kept as the history of limits."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    state = models.CharField(max_length=20, default=LIMIT_CHANGE.initial)
    version = models.PositiveIntegerField(default=1)
    role = models.CharField(max_length=30)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=12, blank=True)
    home_kind = models.CharField(max_length=12, blank=True)
    # None: the limit that holds comes to an end and nothing takes its place.
    whole_cost_pence = models.BigIntegerField(null=True)
    weekly_pence = models.BigIntegerField(null=True)
    longest_weeks = models.PositiveSmallIntegerField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="limit_change_state_is_known", condition=Q(state__in=sorted(LIMIT_CHANGE.states))
            ),
            models.CheckConstraint(
                name="two_people_change_a_limit",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
            ),
            models.CheckConstraint(
                name="nobody_confirms_a_limit_of_their_own",
                condition=Q(decided_by__isnull=True) | Q(user__isnull=True) | ~Q(decided_by=models.F("user")),
            ),
        ]

    def __str__(self) -> str:
        return f"change of the limit of {self.role} from {self.starts_on}"


class Delegation(models.Model):
    """How much may be agreed to, from a date to a date: by a role, or by one named person in it.

    `kind` narrows it to a kind of decision and `home_kind` to a kind of home; empty means any. The narrowest row that
    fits counts: the named person's before the role's, then the kind's, then the home's. A row is never changed, only
    ended, so that it can be seen what held when something was agreed.
    """

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    role = models.CharField(max_length=30)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=12, blank=True, db_default="")
    home_kind = models.CharField(max_length=12, blank=True, db_default="")
    whole_cost_pence = models.BigIntegerField()
    weekly_pence = models.BigIntegerField(null=True)
    longest_weeks = models.PositiveSmallIntegerField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    change = models.ForeignKey(DelegationChange, models.PROTECT, null=True, related_name="made")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="delegation_kind_is_known", condition=Q(kind__in=["", *sorted(KINDS)])
            ),
            models.CheckConstraint(
                name="delegation_has_days",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
            ),
            models.UniqueConstraint(
                fields=["authority", "role", "user", "kind", "home_kind"],
                name="one_open_limit_of_a_kind",
                condition=Q(ends_on__isnull=True),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} up to {self.whole_cost_pence}p"


class Cover(models.Model):
    """Absence cover: one person acts for another, with the other's limit, from a day up to another."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    absent = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=300)
    version = models.PositiveIntegerField(default=1)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="nobody_covers_for_themselves", condition=~Q(absent=models.F("by"))),
            models.CheckConstraint(
                name="nobody_takes_cover_up_themselves", condition=~Q(recorded_by=models.F("by"))
            ),
            models.CheckConstraint(name="cover_has_days", condition=Q(ends_on__gte=models.F("starts_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.by} for {self.absent}"


class Choice(models.Model):
    """The offer that the team manager chose, with the reason; an undone choice stays on record."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    request = models.ForeignKey(PlacementRequest, models.PROTECT, related_name="choices")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="choices")
    by = models.ForeignKey(User, models.PROTECT)
    at = models.DateTimeField()
    reason = models.TextField()
    few_offers_reason = models.TextField(blank=True)
    # What each other offer will be told of why it was not chosen: {offer number: words}.
    feedback = models.JSONField(default=dict)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["request"], name="one_current_choice", condition=Q(is_current=True)
            )
        ]

    def __str__(self) -> str:
        return f"choice of {self.offer_id}"


class Permission(models.Model):
    """Permission to place: asked for at the real cost, given or refused by somebody else than who asked."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    choice = models.OneToOneField(Choice, models.PROTECT, related_name="permission")
    state = models.CharField(max_length=20, default=PERMISSION.initial)
    version = models.PositiveIntegerField(default=1)
    # "delegated": a role whose limit covers the cost; "panel": the panel's chair records its decision.
    route = models.CharField(max_length=10)
    needs_role = models.CharField(max_length=30)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    # The social worker whose request it is: a second person who may not agree to it.
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    whole_cost_pence = models.BigIntegerField()
    weekly_pence = models.BigIntegerField()
    # Which limits are looked at: bought outside every framework, and the kind of home.
    is_spot = models.BooleanField(default=False, db_default=False)
    home_kind = models.CharField(max_length=12, blank=True, db_default="")
    # An emergency placement comes first and approval after: by when it must be there.
    is_retrospective = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # Under which limit it was decided, and for whom where one person acted for another who was away.
    decided_under = models.ForeignKey(Delegation, models.PROTECT, null=True, related_name="+")
    decided_for = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    conditions = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="who_requested_does_not_approve",
                condition=Q(decided_by__isnull=True)
                | Q(requested_by__isnull=True)
                | ~Q(decided_by=models.F("requested_by")),
            ),
            models.CheckConstraint(
                name="nobody_approves_for_who_asked",
                condition=Q(decided_for__isnull=True) | ~Q(decided_for=models.F("asked_by")),
            ),
            models.CheckConstraint(
                name="permission_state_is_known", condition=Q(state__in=sorted(PERMISSION.states))
            ),
            models.CheckConstraint(
                name="nobody_approves_their_own",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "needs_role", "asked_at"], name="permissions_waiting")
        ]

    @property
    def audited_as(self) -> tuple[str, int]:
        """The trail tells its deeds as those of the request."""
        return ("request", self.choice.request_id)

    def __str__(self) -> str:
        return f"permission {self.pk}"


class PermissionYear(models.Model):
    """The real cost of a permission in one financial year."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    permission = models.ForeignKey(Permission, models.CASCADE, related_name="years")
    financial_year = models.CharField(max_length=7)
    pence = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["permission", "financial_year"], name="one_cost_a_year")
        ]
        ordering: ClassVar = ["financial_year"]

    def __str__(self) -> str:
        return f"{self.financial_year}: {self.pence}p"
