"""Tables of panels: kinds with dated terms, members and agenda rules; meetings, their items, and what was decided."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils import timezone

from rightplace.foundation.access.models import User
from rightplace.foundation.exclusions import key_as_range
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.contracts.models import RisePermission
from rightplace.journey.decisions.models import Permission
from rightplace.journey.panels.states import PANEL_ITEM, PANEL_MEETING
from rightplace.journey.panels.words import OUTCOMES, PARTS
from rightplace.journey.placements.models import Placement
from rightplace.journey.requests.models import PlacementRequest


class PanelKind(models.Model):
    """A panel of an authority, such as its care panel; what it is and does stands in its dated terms."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)
    purpose = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    ends_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "code"], name="one_panel_of_a_code"),
        ]
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class PanelTerms(models.Model):
    """How a panel works over a period: rhythm, time and place, quorum, and when papers are due."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    kind = models.ForeignKey(PanelKind, models.PROTECT, related_name="terms")
    period = DateRangeField()
    every = models.CharField(max_length=12)
    weekday = models.PositiveSmallIntegerField()
    week_of_month = models.PositiveSmallIntegerField(default=1)
    starts_at = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=120)
    item_minutes = models.PositiveSmallIntegerField(default=15)
    place = models.CharField(max_length=120, blank=True)
    holiday_rule = models.CharField(max_length=20, default="skip")
    quorum = models.PositiveSmallIntegerField()
    # Somebody for each of these must be there, such as health and education for joint funding.
    sectors = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    papers_days = models.PositiveSmallIntegerField(default=2)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_terms_of_a_panel_at_a_time",
                expressions=[
                    (key_as_range("kind_id"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="panel_weekday_is_a_working_day", condition=Q(weekday__lte=4)),
            models.CheckConstraint(name="panel_quorum_is_somebody", condition=Q(quorum__gte=2)),
        ]

    def __str__(self) -> str:
        return f"terms of {self.kind_id}"


class PanelMember(models.Model):
    """Who sits on a panel in which part, from a date to a date; a partner need not have an account."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    kind = models.ForeignKey(PanelKind, models.PROTECT, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="panel_parts")
    name = models.CharField(max_length=120)
    organisation = models.CharField(max_length=120, blank=True)
    part = models.CharField(max_length=12)
    sector = models.CharField(max_length=20, default="social_care")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    # Drawn anew when the calendar address is made, emptied when it is taken back.
    feed_nonce = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="panel_part_is_known", condition=Q(part__in=sorted(PARTS))),
            models.UniqueConstraint(
                fields=["kind", "user"],
                name="one_part_in_a_panel",
                condition=Q(ends_on__isnull=True, user__isnull=False),
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class PanelAgendaRule(models.Model):
    """What is due at a panel: a kind of rule from the registry, its figure, and from when to when it holds."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    kind = models.ForeignKey(PanelKind, models.PROTECT, related_name="agenda_rules")
    rule = models.CharField(max_length=40)
    figure = models.BigIntegerField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "rule"], name="one_agenda_rule_of_a_sort", condition=Q(ends_on__isnull=True)
            )
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.rule


class PanelMeeting(models.Model):
    """One meeting of a panel. `planned_for` is the day that the rhythm gave; moving it keeps that day."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    kind = models.ForeignKey(PanelKind, models.PROTECT, related_name="meetings")
    state = models.CharField(max_length=20, default=PANEL_MEETING.initial)
    version = models.PositiveIntegerField(default=1)
    planned_for = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=120, blank=True)
    papers_due_on = models.DateField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    change_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="panel_meeting_state_is_known", condition=Q(state__in=sorted(PANEL_MEETING.states))
            ),
            models.UniqueConstraint(fields=["kind", "planned_for"], name="one_meeting_planned_for_a_day"),
            models.UniqueConstraint(fields=["kind"], name="one_meeting_under_way", condition=Q(state="open")),
        ]
        indexes: ClassVar = [models.Index(fields=["authority", "starts_at", "id"], name="panel_calendar")]
        ordering: ClassVar = ["starts_at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} on {timezone.localdate(self.starts_at):%-d %B %Y}"


class PanelAttendance(models.Model):
    """A member at a meeting: in the room, online, or apologies."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    meeting = models.ForeignKey(PanelMeeting, models.CASCADE, related_name="attendance")
    member = models.ForeignKey(PanelMember, models.PROTECT, related_name="attended")
    how = models.CharField(max_length=12)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "member"], name="a_member_once_at_a_meeting")
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.how}"


class PanelItem(models.Model):
    """Something brought to a panel: about a permission, a dearer variation, a request, a placement, or a matter of its own.

    An item decided before the meeting (urgently, or by views in writing) is ratified at the meeting it is listed for.
    """

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    meeting = models.ForeignKey(PanelMeeting, models.PROTECT, related_name="items")
    state = models.CharField(max_length=20, default=PANEL_ITEM.initial)
    version = models.PositiveIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=1)
    minutes = models.PositiveSmallIntegerField(default=15)
    permission = models.ForeignKey(Permission, models.PROTECT, null=True, related_name="panel_items")
    # The permission for a dearer variation of the placement's contract.
    rise = models.ForeignKey(RisePermission, models.PROTECT, null=True, related_name="panel_items")
    request = models.ForeignKey(PlacementRequest, models.PROTECT, null=True, related_name="panel_items")
    placement = models.ForeignKey(Placement, models.PROTECT, null=True, related_name="panel_items")
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="carried_to")
    title = models.CharField(max_length=200)
    asked = models.TextField(blank=True)
    # Which rule brought it here and by which figure, in words; or who added it by hand.
    rule = models.CharField(max_length=40, blank=True)
    rule_words = models.CharField(max_length=300, blank=True)
    is_urgent = models.BooleanField(default=False)
    presenter = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField()
    removed_reason = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=25, blank=True)
    reasons = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    manner = models.CharField(max_length=10, blank=True)
    quorum_words = models.CharField(max_length=300, blank=True)
    home_by = models.DateField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    ratified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ratified_at = models.DateTimeField(null=True)
    ratification_words = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="panel_item_state_is_known", condition=Q(state__in=sorted(PANEL_ITEM.states))
            ),
            models.CheckConstraint(
                name="panel_outcome_is_known", condition=Q(outcome__in=["", *sorted(OUTCOMES)])
            ),
            models.CheckConstraint(
                name="a_decision_has_somebody",
                condition=~Q(state__in=["decided", "to_ratify", "not_ratified"])
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="nobody_decides_what_they_present",
                condition=Q(decided_by__isnull=True)
                | Q(presenter__isnull=True)
                | ~Q(decided_by=models.F("presenter")),
            ),
            models.UniqueConstraint(
                fields=["permission"],
                name="a_permission_on_one_agenda",
                condition=Q(state__in=["listed", "to_ratify"], permission__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["rise"],
                name="a_variation_on_one_agenda",
                condition=Q(state__in=["listed", "to_ratify"], rise__isnull=False),
            ),
            models.CheckConstraint(
                name="an_item_asks_for_one_permission",
                condition=Q(permission__isnull=True) | Q(rise__isnull=True),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["authority", "state", "id"], name="panel_items_by_state")]
        ordering: ClassVar = ["position", "id"]

    @property
    def asks(self) -> Permission | RisePermission | None:
        """The permission that is asked for: to place, or for a dearer variation."""
        return self.permission or self.rise

    def __str__(self) -> str:
        return self.title


class PanelInterest(models.Model):
    """A conflict of interest of a member in one item: does not count and does not decide."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    item = models.ForeignKey(PanelItem, models.CASCADE, related_name="interests")
    member = models.ForeignKey(PanelMember, models.PROTECT, related_name="interests")
    words = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "member"], name="one_interest_in_an_item")
        ]

    def __str__(self) -> str:
        return self.words


class PanelView(models.Model):
    """What a member thinks of an item that is decided before the meeting; the clerk writes for who has no account."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    item = models.ForeignKey(PanelItem, models.CASCADE, related_name="views")
    member = models.ForeignKey(PanelMember, models.PROTECT, related_name="views")
    view = models.CharField(max_length=25)
    words = models.TextField(blank=True)
    written_by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "member"], name="one_view_of_an_item")
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.view
