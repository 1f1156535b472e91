"""Tables of payments: the schedule, one dated line per price line and month, exact to the penny; and its cost codes.

Nothing settled is ever edited: when a change moves what is due, lines that were not settled are marked as superseded, and
beside those that were stands a line of the difference, with its reason.
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
from rightplace.foundation.tenancy import CONTRACTED_THERE, Tenancy
from rightplace.journey.contracts.models import Contract, ContractLine, ContractVersion
from rightplace.journey.contracts.rules import AWAY_REASONS
from rightplace.journey.payments.states import MILES_CLAIM
from rightplace.register.carers.models import Household

ABSENCE_REASONS = tuple(sorted({reason or "other" for reason in AWAY_REASONS}))


class CostCode(models.Model):
    """Under which cost centre, subjective code and section 251 line a kind of price in a kind of home is booked, from when.

    An empty `home_kind` or `kind` is for any. A row is never changed but for its end.
    """

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    home_kind = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    cost_centre = models.CharField(max_length=30)
    subjective = models.CharField(max_length=30)
    section_251_line = models.CharField(max_length=30, blank=True)
    words = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["authority", "home_kind", "kind", "starts_on"], name="one_cost_code_a_start"
            ),
            models.CheckConstraint(
                name="cost_code_ends_after_its_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=models.F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cost_centre} {self.subjective}"


class ScheduleLine(models.Model):
    """What is due for one price line over one period within one month: the charge, or a difference to what was settled."""

    # Sums stay right when a case is restricted: a line names nobody.
    tenancy: ClassVar = Tenancy.also_carers(Tenancy.FIGURES, f"contract_id IN ({CONTRACTED_THERE})")

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="schedule")
    contract_version = models.ForeignKey(ContractVersion, models.PROTECT)
    contract_line = models.ForeignKey(ContractLine, models.PROTECT)
    kind = models.CharField(max_length=20)
    period = DateRangeField()
    due_on = models.DateField()
    financial_year = models.CharField(max_length=7)
    # The first day of the month that its nights lie in; a difference may be due much later.
    month = models.DateField()
    pence = models.BigIntegerField()
    vat_pence = models.BigIntegerField(default=0, db_default=0)
    cost_code = models.ForeignKey(CostCode, models.PROTECT, null=True)
    is_difference = models.BooleanField(default=False, db_default=False)
    reason = models.CharField(max_length=300, blank=True, db_default="")
    # Invoiced or paid: from then on the line stays as it is.
    settled_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, default="due")
    made_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="schedule_state_is_known", condition=Q(state__in=["due", "superseded"])
            ),
            # Of a month of which a part was invoiced one line is settled and another open: never two for a night.
            ExclusionConstraint(
                name="one_charge_a_line_and_night",
                expressions=[
                    (key_as_range("contract_line_id"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(state="due", is_difference=False),
            ),
            models.UniqueConstraint(
                fields=["contract_line", "month"],
                name="one_open_difference_a_line_and_month",
                condition=Q(state="due", is_difference=True, settled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="nothing_settled_is_superseded",
                condition=Q(state="due") | Q(settled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="a_difference_says_why", condition=Q(is_difference=False) | ~Q(reason="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "due_on", "id"], name="schedule_by_date"),
            models.Index(fields=["provider", "state", "due_on", "id"], name="schedule_of_a_provider"),
            models.Index(fields=["contract", "state", "due_on"], name="schedule_of_a_contract"),
        ]

    def __str__(self) -> str:
        return f"{self.pence}p due on {self.due_on}"


class Absence(models.Model):
    """Nights that a child was away from the home: why, from when, until when; what is paid for them says the contract.

    The end is open while the child is away. One that was recorded by mistake is taken back and stays on record.
    """

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="absences")
    reason = models.CharField(max_length=10)
    period = DateRangeField()
    words = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="absence_reason_is_known", condition=Q(reason__in=ABSENCE_REASONS)),
            models.CheckConstraint(name="absence_has_nights", condition=Q(period__isempty=False)),
            ExclusionConstraint(
                name="nobody_is_away_twice_on_a_night",
                expressions=[
                    (key_as_range("contract_id"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(taken_back_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} from {self.period.lower}"


class Delivery(models.Model):
    """Sessions held or miles driven for a price line on a day: what such a line is charged by; or hours given, as a record."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="deliveries")
    contract_line = models.ForeignKey(ContractLine, models.PROTECT)
    on = models.DateField()
    quantity = models.DecimalField(max_digits=8, decimal_places=2)
    words = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract_line", "on"],
                name="one_delivery_a_line_and_day",
                condition=Q(taken_back_at__isnull=True),
            ),
            models.CheckConstraint(name="delivery_is_above_zero", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} on {self.on}"


class MilesClaim(models.Model):
    """Miles that an own foster carer says they drove for a child on a day; due once the fostering officer agrees."""

    tenancy: ClassVar = Tenancy.SAID_BY_CARER
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, related_name="miles_claims")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="miles_claims")
    on = models.DateField()
    miles = models.DecimalField(max_digits=6, decimal_places=1)
    words = models.CharField(max_length=300)
    state = models.CharField(max_length=12, default=MILES_CLAIM.initial)
    version = models.PositiveIntegerField(default=1)
    claimed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="miles_claim_state_is_known", condition=Q(state__in=sorted(MILES_CLAIM.states))
            ),
            models.CheckConstraint(name="claimed_miles_are_above_zero", condition=Q(miles__gt=0)),
            models.CheckConstraint(
                name="who_claims_miles_does_not_agree_them",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("claimed_by")),
            ),
            models.UniqueConstraint(
                fields=["contract", "on"],
                name="miles_of_a_day_are_claimed_once",
                condition=Q(state__in=["claimed", "agreed"]),
            ),
        ]
        ordering: ClassVar = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.miles.normalize():f} miles on {self.on:%-d %B %Y}"
