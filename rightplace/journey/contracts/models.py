"""Tables of contracts of placements and services: versions with their price lines and outcomes, text, and signatures."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from django.db import models
from django.db.models import Q, Value

from rightplace.core.pricing import PriceLine, VatTreatment
from rightplace.foundation.access.models import User
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import PLACED_THERE, Tenancy
from rightplace.journey.contracts.states import CONTRACT, RISE
from rightplace.journey.decisions.models import Delegation
from rightplace.journey.offers.models import PricedLine
from rightplace.journey.packages.models import Package
from rightplace.journey.placements.models import Placement
from rightplace.register.providers.models import Setting

RATE_KINDS = ("allowance", "birthday", "fee", "festival", "holiday", "mileage", "retainer")
VAT_TREATMENTS = tuple(sorted(treatment.value for treatment in VatTreatment))


class Contract(models.Model):
    """The contract of one placement or one service, between the authority and a provider (or its own fostering service)."""

    tenancy: ClassVar = Tenancy.also_carers(Tenancy.AUTHORITY_OR_PROVIDER, f"placement_id IN ({PLACED_THERE})")

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    placement = models.OneToOneField(Placement, models.PROTECT, null=True, related_name="contract")
    package = models.OneToOneField(Package, models.PROTECT, null=True, related_name="contract")
    state = models.CharField(max_length=20, default=CONTRACT.initial)
    version = models.PositiveIntegerField(default=1)
    # What the provider may call the child by; the name is disclosed in the signed text only.
    child_initials = models.CharField(max_length=8, blank=True)
    # A plain number for the audit trail: a provider signs where the child's own row cannot be read.
    child_id = models.BigIntegerField(null=True)
    home_words = models.CharField(max_length=200, db_default="", blank=True)
    starts_on = models.DateField()
    # The end that is expected; the day on which the placement truly ended stands in `ended_on`.
    ends_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    # The day on which notice was given, by either side: what is paid after leaving is counted from it.
    notice_given_on = models.DateField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="contract_state_is_known", condition=Q(state__in=sorted(CONTRACT.states))
            ),
            models.CheckConstraint(
                name="contract_is_of_a_placement_or_a_service",
                condition=Q(placement__isnull=False, package__isnull=True)
                | Q(placement__isnull=True, package__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "-made_at", "id"], name="contracts_by_state"),
            models.Index(fields=["provider", "state", "-made_at", "id"], name="contracts_of_a_provider"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number on the contract and on every invoice for it."""
        return f"IPC-{self.pk:06d}"

    @property
    def placed(self) -> Placement:
        """The placement that it is for. ValueError for the contract of a service: a child lives in no service."""
        if self.placement is None:
            raise ValueError(f"{self.reference} is of a service")
        return self.placement

    @property
    def household_id(self) -> int | None:
        """The household of the authority's own that is paid; none for a provider, and none for a service."""
        return self.placement.household_id if self.placement else None

    @property
    def setting(self) -> Setting | None:
        """The home in which the child lives; none with a carer, and none of a service."""
        return self.placement.setting if self.placement else None


class ContractVersion(models.Model):
    """The terms as they stand from a date: the first version, or a variation with its reason. Never edited once signed."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    in_force_from = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    services = models.TextField(blank=True)
    conditions = models.TextField(db_default="", blank=True)
    notice_days = models.PositiveSmallIntegerField(default=28)
    first_review_on = models.DateField(null=True)
    review_every_weeks = models.PositiveSmallIntegerField(default=26)
    # Nights, absences, notice, uplifts, ceilings and steps as agreed with the lines (`rules.py`).
    rules = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    # The document in parts, from which page and PDF are drawn; `text` is the same in plain words, and is what is signed.
    document = models.JSONField(db_default=Value({}, models.JSONField()))
    text = models.TextField(blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    made_by_id = models.BigIntegerField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    is_signed = models.BooleanField(default=False)
    # A later version rules from the same day or an earlier one: this one rules no night any more.
    replaced_at = models.DateTimeField(null=True)
    # A variation that makes the contract dearer is nobody's to sign, and not the provider's to read, before permission.
    waits_for_permission = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "number"], name="one_version_of_a_number"),
            models.CheckConstraint(
                name="nothing_dearer_is_signed_without_permission",
                condition=~Q(is_signed=True, waits_for_permission=True),
            ),
            # Two that rule from one day would be read differently by whoever sorts them differently.
            models.UniqueConstraint(
                fields=["contract", "in_force_from"],
                name="one_version_rules_from_a_day",
                condition=Q(is_signed=True, replaced_at__isnull=True),
            ),
        ]
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"{self.contract_id} version {self.number}"


class ContractLine(PricedLine):
    """A price line of a version: what is paid, by which unit, from when to when."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    contract_version = models.ForeignKey(ContractVersion, models.CASCADE, related_name="lines")
    vat = models.CharField(max_length=10, default="exempt", db_default="exempt")
    after_nights = models.PositiveSmallIntegerField(default=0, db_default=0)
    is_paid_when_away = models.BooleanField(default=False, db_default=False)
    step_group = models.CharField(max_length=10, blank=True, db_default="")
    # What each step adds, in pence: [["11 to 15", 2500], …].
    steps = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    # Which of the authority's rates for its own carers the amount follows; "" for an amount of its own.
    rate_kind = models.CharField(max_length=12, blank=True, db_default="")

    class Meta(PricedLine.Meta):
        constraints: ClassVar = [
            *PricedLine.Meta.constraints,
            models.CheckConstraint(name="contract_line_vat_is_known", condition=Q(vat__in=VAT_TREATMENTS)),
            # Two rates for the same thing from the same day: nobody could say which a charge was made by.
            models.UniqueConstraint(
                fields=["contract_version", "kind", "words", "starts_on"],
                name="one_rate_a_thing_and_start",
                nulls_distinct=False,
            ),
        ]

    def as_price_line(self) -> PriceLine:
        """The same line as core prices it, with all that a contract may say of it."""
        return replace(
            PricedLine.as_price_line(self),
            vat=VatTreatment(self.vat),
            after_nights=self.after_nights,
            is_paid_when_away=self.is_paid_when_away,
            step_group=self.step_group,
            steps=tuple((name, amount) for name, amount in self.steps),
        )


class ContractOutcome(models.Model):
    """An outcome expected of the placement, agreed in a version: written in the request, scored at every review."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    contract_version = models.ForeignKey(ContractVersion, models.CASCADE, related_name="outcomes")
    words = models.CharField(max_length=500)
    measure = models.CharField(max_length=300, blank=True)
    how = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.words


class Signature(models.Model):
    """One side's signature under a version: who, when, and the hash of the very text that was signed."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER
    # What was signed is not written over; terms that are issued again are signed again.
    refused_rights: ClassVar = "UPDATE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    contract_version = models.ForeignKey(ContractVersion, models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=10)
    signed_name = models.CharField(max_length=200)
    user_id = models.BigIntegerField()
    signed_at = models.DateTimeField()
    text_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract_version", "side"], name="a_side_signs_once"),
            models.UniqueConstraint(fields=["contract_version", "user_id"], name="nobody_signs_for_both"),
            models.CheckConstraint(
                name="signature_side_is_known", condition=Q(side__in=["authority", "provider"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signed_name} for the {self.side}"


class RisePermission(models.Model):
    """Permission for a variation that makes a contract dearer: at the real cost of the whole stay as varied."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    contract_version = models.OneToOneField(ContractVersion, models.CASCADE, related_name="rise")
    state = models.CharField(max_length=20, default=RISE.initial)
    version = models.PositiveIntegerField(default=1)
    # "delegated": a role whose limit covers the cost; "panel": the panel's chair decides.
    route = models.CharField(max_length=10)
    needs_role = models.CharField(max_length=30)
    home_kind = models.CharField(max_length=12, blank=True)
    # By how much the stay becomes dearer, what the whole stay then costs, and a week from the day of the change.
    rise_pence = models.BigIntegerField()
    whole_cost_pence = models.BigIntegerField()
    weekly_pence = models.BigIntegerField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_under = models.ForeignKey(Delegation, models.PROTECT, null=True, related_name="+")
    decided_for = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    # What a panel made its agreement depend on.
    conditions = models.TextField(blank=True, db_default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="rise_state_is_known", condition=Q(state__in=sorted(RISE.states))),
            models.CheckConstraint(
                name="nobody_permits_their_own_variation",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
            ),
            models.CheckConstraint(
                name="nobody_permits_for_who_made_the_variation",
                condition=Q(decided_for__isnull=True) | ~Q(decided_for=models.F("asked_by")),
            ),
            models.CheckConstraint(name="permission_is_for_a_rise", condition=Q(rise_pence__gt=0)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "needs_role", "asked_at"], name="rises_waiting")
        ]

    @property
    def audited_as(self) -> tuple[str, int]:
        """The trail tells its deeds as those of the contract."""
        return ("contract", self.contract_version.contract_id)

    def __str__(self) -> str:
        return f"permission for a variation of {self.contract_version.contract_id}"


class CarerRate(models.Model):
    """What an authority pays its own foster carers from a date: by what for, age band of the child, level of the carer.

    A later row of the same kind, band and level takes the place of an earlier one from its date. A rate of no pence ends one.
    """

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="carer_rates")
    kind = models.CharField(max_length=12)
    # From which birthday on; and for carers of which level, 0 for any.
    age_from = models.PositiveSmallIntegerField(default=0)
    level = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField()
    amount_pence = models.BigIntegerField(default=0)
    # Of a retainer: the part that is paid while the child is away, after so many nights in full.
    basis_points = models.PositiveIntegerField(default=0)
    nights = models.PositiveSmallIntegerField(default=0)
    # Of a festival or holiday: the day of the year.
    in_month = models.PositiveSmallIntegerField(default=0)
    in_day = models.PositiveSmallIntegerField(default=0)
    words = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["authority", "kind", "age_from", "level", "in_month", "in_day", "starts_on"],
                name="one_carer_rate_a_start",
            ),
            models.CheckConstraint(name="carer_rate_kind_is_known", condition=Q(kind__in=RATE_KINDS)),
            models.CheckConstraint(
                name="carer_rate_in_bounds",
                condition=Q(amount_pence__gte=0, amount_pence__lte=10_000_000, basis_points__lte=10_000),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.starts_on}"
