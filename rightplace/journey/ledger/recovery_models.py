"""Tables of recovery invoices: what a payee was paid too much and nothing is left to set off against.

A trigger holds that what is set off and what is invoiced are together never more than was overpaid
(`migrations/0003_recoveries.py`).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rightplace.foundation.access.models import User
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.journey.invoices.models import Payable
from rightplace.journey.ledger.states import RECOVERY
from rightplace.journey.ledger.whose import KEPT, SHOWN_TO_PAYEE
from rightplace.register.carers.models import Household


class Recovery(models.Model):
    """An invoice to a payee for what it was paid too much: sent, chased, paid in one or more sums, or written off by two."""

    tenancy: ClassVar = SHOWN_TO_PAYEE
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=20, default=RECOVERY.initial)
    version = models.PositiveIntegerField(default=1)
    pence = models.BigIntegerField()
    received_pence = models.BigIntegerField(default=0)
    written_off_pence = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=300)
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    sent_on = models.DateField()
    due_on = models.DateField()
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_on = models.DateField(null=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    write_off_reason = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_words = models.CharField(max_length=500, blank=True)
    ended_on = models.DateField(null=True)
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="recovery_state_is_known", condition=Q(state__in=sorted(RECOVERY.states))
            ),
            models.CheckConstraint(
                name="a_recovery_is_of_one",
                condition=Q(provider__isnull=False, household__isnull=True)
                | Q(provider__isnull=True, household__isnull=False),
            ),
            models.CheckConstraint(
                name="no_more_is_recovered_than_asked",
                condition=Q(
                    pence__gt=0, received_pence__gte=0, written_off_pence__gte=0,
                    pence__gte=F("received_pence") + F("written_off_pence"),
                ),
            ),
            models.CheckConstraint(
                name="nobody_writes_off_alone",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="a_write_off_has_a_reason",
                condition=Q(written_off_pence=0) | (Q(decided_by__isnull=False) & ~Q(write_off_reason="")),
            ),
            models.CheckConstraint(
                name="an_ended_recovery_is_settled",
                condition=~Q(state__in=["paid", "written_off"])
                | Q(ended_on__isnull=False, pence=F("received_pence") + F("written_off_pence")),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "due_on"], name="recoveries_by_state")
        ]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number on the invoice, which the payee pays by."""
        return f"RI-{self.pk:06d}"

    @property
    def rest_pence(self) -> int:
        """What is still to be paid."""
        return self.pence - self.received_pence - self.written_off_pence if self.state != "withdrawn" else 0


class RecoveryItem(models.Model):
    """What a recovery invoice asks back of one payable, below zero. While it is live no payment sets the same off."""

    tenancy: ClassVar = SHOWN_TO_PAYEE
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    recovery = models.ForeignKey(Recovery, models.PROTECT, related_name="items")
    payable = models.ForeignKey(Payable, models.PROTECT, related_name="recovery_items")
    pence = models.BigIntegerField()
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recovery", "payable"], name="once_in_a_recovery"),
            models.CheckConstraint(name="a_recovery_takes_back", condition=Q(pence__lt=0)),
        ]
        indexes: ClassVar = [models.Index(fields=["payable", "is_live"], name="recovered_of_a_payable")]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.pence}p of payable {self.payable_id}"


class RecoveryReceipt(models.Model):
    """A sum that a payee paid on a recovery invoice, with the reference on the bank's statement."""

    tenancy: ClassVar = SHOWN_TO_PAYEE
    refused_rights: ClassVar = KEPT

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    recovery = models.ForeignKey(Recovery, models.PROTECT, related_name="receipts")
    pence = models.BigIntegerField()
    received_on = models.DateField()
    reference = models.CharField(max_length=60)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="a_receipt_is_something", condition=Q(pence__gt=0)),
            models.UniqueConstraint(
                fields=["recovery", "reference", "received_on", "pence"], name="a_receipt_is_recorded_once"
            ),
        ]
        ordering: ClassVar = ["received_on", "id"]

    def __str__(self) -> str:
        return f"{self.pence}p for {self.recovery_id}"
