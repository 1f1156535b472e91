"""Tables of joint funding: partners, shares by line and period, and what partners are charged and have paid.

Nothing charged is ever edited: a change adds a line of the difference, with its reason; the database holds it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from rightplace.core.sharing import Share
from rightplace.foundation.access.models import User
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.contracts.models import Contract, ContractLine
from rightplace.journey.funding.states import FUNDING, PARTNER_KINDS, RECHARGE

OWN = "social_care"


class Partner(models.Model):
    """Somebody with whom an authority shares the cost of placements; its own social care is one of them."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    # What their finance team wants to see on an invoice: a cost code or an order number.
    their_reference = models.CharField(max_length=60, blank=True)
    pays_within_days = models.PositiveSmallIntegerField(null=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="partner_kind_is_known", condition=Q(kind__in=sorted(PARTNER_KINDS))),
            models.UniqueConstraint(fields=["authority", "name"], name="one_partner_of_a_name"),
            models.UniqueConstraint(
                fields=["authority"], name="one_social_care_of_ones_own", condition=Q(kind=OWN)
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class Funding(models.Model):
    """The shares of a contract from a day on: proposed with evidence, agreed or not. Later shares supersede them."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="fundings")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20, default=FUNDING.initial)
    version = models.PositiveIntegerField(default=1)
    starts_on = models.DateField()
    reason = models.CharField(max_length=300)
    evidence_words = models.TextField()
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    # "panel": the tripartite panel's decision; "manager": a manager's record of what was agreed with the partners.
    agreed_how = models.CharField(max_length=10, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_words = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="funding_state_is_known", condition=Q(state__in=sorted(FUNDING.states))
            ),
            models.CheckConstraint(
                name="nobody_agrees_to_shares_of_their_own",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="agreed_shares_were_decided",
                condition=~Q(state__in=["agreed", "superseded"]) | Q(decided_by__isnull=False),
            ),
            models.UniqueConstraint(fields=["contract", "number"], name="one_funding_of_a_number"),
            models.UniqueConstraint(
                fields=["contract"], name="one_open_proposal_of_shares", condition=Q(state="proposed")
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["authority", "state", "id"], name="fundings_by_state")]
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"{self.contract_id} shares {self.number}"


class FundingRow(models.Model):
    """For which price lines and which days a division of shares holds; empty kind and line: for every other line."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    funding = models.ForeignKey(Funding, models.CASCADE, related_name="rows")
    kind = models.CharField(max_length=20, blank=True)
    line = models.ForeignKey(ContractLine, models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.kind or "every line"

    def as_shares(self) -> tuple[Share, ...]:
        """The division as core computes it, in the order in which it was entered."""
        return tuple(share.as_share() for share in self.shares.all())


class FundingShare(models.Model):
    """What one partner bears in a row: an exact fraction, or pence for seven nights, or (with neither) the rest."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    row = models.ForeignKey(FundingRow, models.CASCADE, related_name="shares")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    top = models.BigIntegerField(null=True)
    bottom = models.BigIntegerField(null=True)
    weekly_pence = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["row", "partner"], name="one_share_of_a_partner"),
            models.CheckConstraint(
                name="a_share_is_of_one_kind",
                condition=Q(top__isnull=True, bottom__isnull=True)
                | Q(weekly_pence__isnull=True, top__gt=0, bottom__gte=F("top")),
            ),
            models.CheckConstraint(
                name="a_fixed_share_is_not_negative",
                condition=Q(weekly_pence__isnull=True) | Q(weekly_pence__gte=0),
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.partner_id} in {self.row_id}"

    def as_share(self) -> Share:
        """The share as core computes it."""
        part = Fraction(self.top, self.bottom) if self.top is not None and self.bottom else None
        return Share(self.partner_id, part, self.weekly_pence)


class FundingEvidence(models.Model):
    """A file for a proposal of shares or for its agreement."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    funding = models.ForeignKey(Funding, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.words or self.file.name


class RechargeInvoice(models.Model):
    """An invoice (or, below zero, a credit note) to a partner for its shares up to a day."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="invoices")
    state = models.CharField(max_length=20, default=RECHARGE.initial)
    version = models.PositiveIntegerField(default=1)
    up_to = models.DateField()
    total_pence = models.BigIntegerField(default=0)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sent_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_on = models.DateField(null=True)
    dispute_words = models.TextField(blank=True)
    paid_on = models.DateField(null=True)
    paid_reference = models.CharField(max_length=60, blank=True)
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="recharge_state_is_known", condition=Q(state__in=sorted(RECHARGE.states))
            ),
            models.CheckConstraint(
                name="a_sent_recharge_is_due",
                condition=Q(state__in=["draft", "void"]) | Q(sent_on__isnull=False, due_on__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["partner"], name="one_draft_of_a_partner", condition=Q(state="draft")
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["authority", "state", "due_on"], name="recharges_by_state")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number on the invoice, which the partner pays by."""
        return f"RC-{self.pk:06d}"


class RechargeLine(models.Model):
    """What a partner owes for one kind of price of a contract and the nights of one month; or the difference to it."""

    tenancy: ClassVar = Tenancy.AUTHORITY
    refused_rights: ClassVar = "DELETE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    # None where it is for something else than a contract of ours, which `source` names and `words` say.
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="recharges")
    source = models.CharField(max_length=60, blank=True, db_default="")
    words = models.CharField(max_length=300, blank=True, db_default="")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="lines")
    funding = models.ForeignKey(Funding, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    period = DateRangeField()
    financial_year = models.CharField(max_length=7)
    pence = models.BigIntegerField()
    is_difference = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    # The only column that changes: the invoice that the line stands on.
    invoice = models.ForeignKey(RechargeInvoice, models.PROTECT, null=True, related_name="lines")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract", "partner", "kind", "period"],
                name="nothing_is_charged_twice",
                condition=Q(is_difference=False),
            ),
            models.UniqueConstraint(
                fields=["partner", "source"], name="a_source_is_charged_once", condition=~Q(source="")
            ),
            models.CheckConstraint(
                name="a_recharge_is_for_something", condition=Q(contract__isnull=False) ^ ~Q(source="")
            ),
            models.CheckConstraint(
                name="a_difference_has_a_reason", condition=Q(is_difference=False) | ~Q(reason="")
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["contract", "partner"], name="recharges_of_a_contract")]
        ordering: ClassVar = ["period", "id"]

    def __str__(self) -> str:
        return f"{self.pence}p of {self.partner_id}"
