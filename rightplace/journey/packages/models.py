"""Tables of services for a child: what is asked, offers, price from day to day, and dated milestones with what was found."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rightplace.core.services.items import ITEM_UNIT_WORDS, Item
from rightplace.core.services.kinds import UNIT_WORDS
from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.packages.states import PACKAGE
from rightplace.register.children.models import Child
from rightplace.register.services.models import Service

IN_BOUNDS = Q(amount_pence__gte=0, amount_pence__lte=10_000_000_000, quantity__gt=0)


class OfPackage(models.Model):
    """What every row has: whose it is."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Package(OfPackage):
    """A service or pathway of one kind for one child or care leaver."""

    child = models.ForeignKey(Child, models.PROTECT, related_name="packages")
    kind_code = models.SlugField(max_length=60)
    # The terms of the kind that hold for it: those of the day on which it was asked for.
    terms_on = models.DateField()
    state = models.CharField(max_length=20, default=PACKAGE.initial)
    version = models.PositiveIntegerField(default=1)
    needed_by = models.DateField()
    # Hours, sessions or nights a week that the child needs; null where that is not said.
    units_needed = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    likely_weeks = models.PositiveSmallIntegerField(default=26)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    chosen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    chosen_reason = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True)
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="packages")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="package_state_is_known", condition=Q(state__in=sorted(PACKAGE.states))
            ),
            models.CheckConstraint(
                name="nobody_permits_a_package_that_they_chose",
                condition=Q(decided_by__isnull=True)
                | (~Q(decided_by=F("chosen_by")) & ~Q(decided_by=F("asked_by"))),
            ),
            models.CheckConstraint(
                name="a_running_package_has_begun",
                condition=~Q(state__in=["running", "ended"]) | Q(starts_on__isnull=False),
            ),
            models.CheckConstraint(
                name="a_package_ends_after_it_began",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "kind_code", "id"], name="packages_by_state"),
            models.Index(fields=["child", "id"], name="packages_of_a_child"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number people use when they speak of it."""
        return f"PK-{self.pk:05d}"


class PackageAnswer(OfPackage):
    """What was answered to one part of the form of the kind."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="answers")
    part = models.CharField(max_length=200)
    words = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package", "part"], name="one_answer_to_a_part")
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.part


class Priced(OfPackage):
    """A price by a unit, so many of it a week."""

    unit = models.CharField(max_length=12)
    amount_pence = models.BigIntegerField()
    quantity = models.DecimalField(max_digits=7, decimal_places=2, default=1)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                name="%(class)s_is_in_bounds", condition=IN_BOUNDS & Q(unit__in=sorted(UNIT_WORDS))
            )
        ]

    def as_items(self) -> tuple[Item, ...]:
        """Everything that is paid for, as core prices it: the price of the kind first, then what comes beside it."""
        first = Item(unit=self.unit, amount_pence=self.amount_pence, quantity=self.quantity)
        return (first, *(row.as_item() for row in getattr(self, "items").all()))  # noqa: B009  # each has its own rows


class PackageOffer(Priced):
    """What a service offers for a package: price, first day, and that every must of the kind is met."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="offers")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField()
    words = models.TextField(blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(Priced.Meta):
        constraints: ClassVar = [
            *Priced.Meta.constraints,
            models.UniqueConstraint(fields=["package", "service"], name="one_offer_of_a_service"),
        ]
        ordering: ClassVar = ["amount_pence", "id"]

    def __str__(self) -> str:
        return f"{self.service} for {self.package_id}"


class PackagePrice(Priced):
    """What a package costs from a day on; each change says why, and on what evidence."""

    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    package = models.ForeignKey(Package, models.PROTECT, related_name="prices")
    starts_on = models.DateField()
    # What a week of its own unit comes to, kept so that it can be added up and sorted by; items have their own.
    weekly_pence = models.BigIntegerField()
    reason = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()

    class Meta(Priced.Meta):
        constraints: ClassVar = [
            *Priced.Meta.constraints,
            models.UniqueConstraint(fields=["package", "starts_on"], name="one_package_price_a_day"),
        ]
        ordering: ClassVar = ["starts_on"]

    def __str__(self) -> str:
        return f"{self.weekly_pence}p a week from {self.starts_on}"


class Itemised(OfPackage):
    """Something that is paid for beside the price by the kind's own unit, from a day until one."""

    words = models.CharField(max_length=200)
    unit = models.CharField(max_length=12)
    amount_pence = models.BigIntegerField()
    quantity = models.DecimalField(max_digits=7, decimal_places=2, default=1)
    # None: from the first day of the service, or as long as it runs.
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    weekly_pence = models.BigIntegerField()

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                name="%(class)s_is_in_bounds",
                condition=IN_BOUNDS & ~Q(words="") & Q(unit__in=sorted(ITEM_UNIT_WORDS)),
            ),
            models.CheckConstraint(
                name="%(class)s_ends_after_it_begins",
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.words

    def as_item(self) -> Item:
        """The same as core prices it."""
        return Item(
            unit=self.unit, amount_pence=self.amount_pence, quantity=self.quantity, words=self.words,
            starts_on=self.starts_on, ends_on=self.ends_on,
        )  # fmt: skip


class OfferItem(Itemised):
    """An item of what a service offers."""

    offer = models.ForeignKey(PackageOffer, models.CASCADE, related_name="items")


class PriceItem(Itemised):
    """An item of what is agreed."""

    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    price = models.ForeignKey(PackagePrice, models.PROTECT, related_name="items")


class Milestone(OfPackage):
    """Something due by a day: a review, a referral, an assessment, a follow-up; and what was found when it was done."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="milestones")
    words = models.CharField(max_length=120)
    due_on = models.DateField()
    is_again = models.BooleanField(default=False)
    done_on = models.DateField(null=True)
    found_words = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["package", "words"], name="one_open_milestone_of_its_words", condition=Q(done_on=None)
            ),
            models.CheckConstraint(
                name="a_met_milestone_says_what_was_found",
                condition=Q(done_on__isnull=True) | (~Q(found_words="") & Q(by__isnull=False)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "done_on", "due_on", "id"], name="milestones_due")
        ]
        ordering: ClassVar = ["due_on", "id"]

    def __str__(self) -> str:
        return self.words


class ItemNeed(OfPackage):
    """How many a week of an item are needed, as a review found; the need of the price of the kind is the package's own."""

    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    package = models.ForeignKey(Package, models.PROTECT, related_name="item_needs")
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="item_needs")
    words = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=7, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["milestone", "words"], name="one_need_of_an_item_in_a_review"),
            models.CheckConstraint(
                name="an_item_need_is_not_below_nothing", condition=Q(quantity__gte=0) & ~Q(words="")
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.words}: {self.quantity}"
