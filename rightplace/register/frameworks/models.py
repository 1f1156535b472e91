"""Tables of buying routes: frameworks and dynamic markets, their lots, and who stands on them at what ceiling."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from rightplace.foundation.organisations.models import Authority, Consortium, Provider
from rightplace.foundation.tenancy import Tenancy


class Framework(models.Model):
    """A tendered list of approved providers from which a consortium's members buy by call-off."""

    tenancy: ClassVar = Tenancy.SHARED

    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="frameworks")
    name = models.CharField(max_length=160, unique=True)
    route = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField()
    # The authority that keeps it for all, and what it says of itself to those who may apply.
    lead = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    about = models.TextField(blank=True, db_default="")
    # How the uplift of its prices is settled: from which month of the year, by which index, at most by how much.
    review_month = models.PositiveSmallIntegerField(default=4, db_default=4)
    review_index = models.CharField(max_length=20, blank=True, db_default="")
    review_most_basis_points = models.PositiveIntegerField(null=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="buying_route_is_known",
                condition=Q(route__in=["framework", "open_framework", "dps", "dynamic_market"]),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Lot(models.Model):
    """A part of a framework for one kind of home."""

    tenancy: ClassVar = Tenancy.SHARED

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="lots")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    # Where homes of the lot may lie; none: anywhere.
    regions = ArrayField(models.CharField(max_length=60), default=list, db_default=[])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "name"], name="one_lot_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class LotMember(models.Model):
    """A provider on a lot, from a date to a date, with its ceiling price a week."""

    tenancy: ClassVar = Tenancy.SHARED

    lot = models.ForeignKey(Lot, models.CASCADE, related_name="members")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="lot_places")
    ceiling_pence_week = models.BigIntegerField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    # While it is suspended nothing new is bought from it; placements that run are not touched.
    suspended_on = models.DateField(null=True)
    # Why it is suspended, or was taken off.
    reason = models.CharField(max_length=500, blank=True, db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lot", "provider"], name="one_place_on_a_lot")
        ]

    def __str__(self) -> str:
        return f"{self.provider} on {self.lot}"


class Joining(models.Model):
    """An authority that may buy from a framework, from the day on which it joined."""

    tenancy: ClassVar = Tenancy.SHARED

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="joinings")
    member = models.ForeignKey(Authority, models.PROTECT, related_name="joinings")
    joined_on = models.DateField()
    left_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "member"], name="an_authority_joins_once"),
            models.CheckConstraint(
                name="joined_before_it_left",
                condition=Q(left_on__isnull=True) | Q(left_on__gte=models.F("joined_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} on {self.framework}"


class RefreshWindow(models.Model):
    """When an open framework takes new providers. A dynamic market is always open and has none."""

    tenancy: ClassVar = Tenancy.SHARED

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="windows")
    opens_on = models.DateField()
    closes_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="window_closes_after_it_opens", condition=Q(closes_on__gt=models.F("opens_on"))
            )
        ]
        ordering: ClassVar = ["opens_on"]

    def __str__(self) -> str:
        return f"{self.opens_on} to {self.closes_on}"


class BandCeiling(models.Model):
    """The most that a week may cost on a lot for a band of need, from a day."""

    tenancy: ClassVar = Tenancy.SHARED

    lot = models.ForeignKey(Lot, models.CASCADE, related_name="ceilings")
    band = models.CharField(max_length=20)
    weekly_pence = models.BigIntegerField()
    starts_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lot", "band", "starts_on"], name="one_ceiling_a_band_and_start"),
            models.CheckConstraint(name="ceiling_is_above_nought", condition=Q(weekly_pence__gt=0)),
        ]
        ordering: ClassVar = ["starts_on", "weekly_pence"]

    def __str__(self) -> str:
        return f"{self.band}: {self.weekly_pence}p"


class Discount(models.Model):
    """What is taken off the price on a lot: for brothers and sisters together, many children, or a long stay."""

    tenancy: ClassVar = Tenancy.SHARED

    lot = models.ForeignKey(Lot, models.CASCADE, related_name="discounts")
    kind = models.CharField(max_length=12)
    # From how many children (siblings, volume) or weeks (long_stay) on.
    at_least = models.PositiveSmallIntegerField()
    basis_points = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="discount_kind_is_known", condition=Q(kind__in=["siblings", "volume", "long_stay"])
            ),
            models.CheckConstraint(
                name="discount_is_a_part", condition=Q(basis_points__gt=0, basis_points__lte=5_000)
            ),
            models.UniqueConstraint(fields=["lot", "kind", "at_least"], name="one_discount_a_step"),
        ]
        ordering: ClassVar = ["kind", "at_least"]

    def __str__(self) -> str:
        return f"{self.kind} from {self.at_least}"


class MemberPrice(models.Model):
    """What a provider on a lot asks a week for a band of need, from a day."""

    tenancy: ClassVar = Tenancy.SHARED

    member = models.ForeignKey(LotMember, models.CASCADE, related_name="prices")
    band = models.CharField(max_length=20)
    weekly_pence = models.BigIntegerField()
    starts_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "band", "starts_on"], name="one_member_price_a_band_and_start"
            ),
            models.CheckConstraint(name="member_price_is_above_nought", condition=Q(weekly_pence__gt=0)),
        ]
        ordering: ClassVar = ["weekly_pence"]

    def __str__(self) -> str:
        return f"{self.band}: {self.weekly_pence}p"
