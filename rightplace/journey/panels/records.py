"""Tables of what panels leave behind: packs, minutes, actions to be done, and appeals."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.foundation.access.models import User
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.panels.states import PANEL_ACTION, PANEL_APPEAL
from rightplace.journey.panels.tables import PanelItem, PanelKind, PanelMeeting


class PanelPack(models.Model):
    """The papers of a meeting as they were issued: one PDF with its SHA-256. A change makes a new number."""

    tenancy: ClassVar = Tenancy.AUTHORITY
    refused_rights: ClassVar = "UPDATE, DELETE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    meeting = models.ForeignKey(PanelMeeting, models.PROTECT, related_name="packs")
    number = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT)
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField(default=0)
    # The items as they stood, to tell whether anything has changed since.
    fingerprint = models.CharField(max_length=64)
    issued_by = models.ForeignKey(User, models.PROTECT)
    issued_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "number"], name="one_pack_of_a_number")
        ]
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"pack {self.number}"


class PanelMinutes(models.Model):
    """The minutes of a meeting: drafted from the record, edited, agreed by the chair, frozen. A correction is a new number."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    meeting = models.ForeignKey(PanelMeeting, models.PROTECT, related_name="minutes_versions")
    number = models.PositiveSmallIntegerField()
    # A heading and its words, in order: [{"heading": …, "words": …, "item": number or null}].
    parts = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    reason = models.CharField(max_length=300, blank=True)
    drafted_by = models.CharField(max_length=150)
    drafted_at = models.DateTimeField()
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True)
    agreed_at = models.DateTimeField(null=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "number"], name="one_minutes_of_a_number"),
            models.UniqueConstraint(
                fields=["meeting"], name="one_draft_of_minutes", condition=Q(agreed_at__isnull=True)
            ),
            models.CheckConstraint(
                name="agreed_minutes_are_kept",
                condition=Q(agreed_at__isnull=True)
                | (Q(file__isnull=False, agreed_by__isnull=False) & ~Q(sha256="")),
            ),
        ]
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"minutes {self.number}"


class PanelAction(models.Model):
    """Something somebody is to do by a day: a condition of a decision, or an action agreed at a meeting."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    kind = models.ForeignKey(PanelKind, models.PROTECT, related_name="actions")
    item = models.ForeignKey(PanelItem, models.PROTECT, related_name="actions")
    state = models.CharField(max_length=20, default=PANEL_ACTION.initial)
    version = models.PositiveIntegerField(default=1)
    what = models.CharField(max_length=500)
    is_condition = models.BooleanField(default=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="panel_actions")
    due_on = models.DateField()
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    chased_on = models.DateField(null=True)
    times_chased = models.PositiveSmallIntegerField(default=0)
    finished_by = models.CharField(max_length=150, blank=True)
    finished_at = models.DateTimeField(null=True)
    words = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="panel_action_state_is_known", condition=Q(state__in=sorted(PANEL_ACTION.states))
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "due_on", "id"], name="panel_actions_due"),
            models.Index(fields=["owner", "state", "due_on"], name="panel_actions_of_an_owner"),
        ]
        ordering: ClassVar = ["due_on", "id"]

    def __str__(self) -> str:
        return self.what


class PanelAppeal(models.Model):
    """A challenge to a decision, with its grounds: heard by another panel's chair or by the director."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    item = models.ForeignKey(PanelItem, models.PROTECT, related_name="appeals")
    state = models.CharField(max_length=20, default=PANEL_APPEAL.initial)
    version = models.PositiveIntegerField(default=1)
    grounds = models.TextField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    # The other panel that hears it; none: the director.
    hearer = models.ForeignKey(PanelKind, models.PROTECT, null=True, related_name="appeals_heard")
    heard_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    heard_at = models.DateTimeField(null=True)
    words = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="panel_appeal_state_is_known", condition=Q(state__in=sorted(PANEL_APPEAL.states))
            ),
            models.UniqueConstraint(fields=["item"], name="one_appeal_at_a_time", condition=Q(state="asked")),
            models.CheckConstraint(
                name="nobody_hears_their_own_appeal",
                condition=Q(heard_by__isnull=True) | ~Q(heard_by=models.F("asked_by")),
            ),
        ]
        ordering: ClassVar = ["-asked_at", "id"]

    def __str__(self) -> str:
        return f"appeal of {self.item_id}"
