"""Tables of shared blocks: beds, who keeps them, who sleeps in them, whose turn it is, and what each month comes to.

No child stands here: other members read these rows. Whoever is or was part of a block sees it (`seen_by`), and the officer
of its consortium; nobody else. A trigger holds that the parts of a month add up to its cost (`migrations/0001_initial.py`).
"""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from rightplace.core.blocks import RISK_RULES, TURN_RULES, Member
from rightplace.core.pricing import PriceKind, PriceLine, PriceUnit
from rightplace.foundation.access.models import User
from rightplace.foundation.exclusions import key_as_range
from rightplace.foundation.organisations.models import Authority, Consortium
from rightplace.foundation.tenancy import AUTHORITIES, CONSORTIUM, Policy
from rightplace.journey.blocks.states import BLOCK, BLOCK_SHARE, HANDOVER, NOMINATION, OPEN_AGAIN, SETTLEMENT
from rightplace.register.providers.models import Setting

OF_PARTIES = f"seen_by && {AUTHORITIES}"
PARTIES = Policy(f"{OF_PARTIES} OR consortium_id = {CONSORTIUM}", OF_PARTIES, follows_child=False)
UNITS = {
    PriceUnit.NIGHT.value: "a night",
    PriceUnit.WEEK.value: "a week",
    PriceUnit.FOUR_WEEKS.value: "for four weeks",
    PriceUnit.MONTH.value: "a month",
}


class OfBlock(models.Model):
    """What every row of a block has: whose it is, and who sees it."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    consortium = models.ForeignKey(Consortium, models.PROTECT, null=True, related_name="+")
    seen_by = ArrayField(models.BigIntegerField())

    class Meta:
        abstract = True


class SharedBlock(OfBlock):
    """Beds in one home kept to a date at a price; `authority` leads: it holds the contract and recharges the others."""

    tenancy: ClassVar = PARTIES
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    name = models.CharField(max_length=120)
    setting = models.ForeignKey(Setting, models.PROTECT, related_name="+")
    beds = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    turn_rule = models.CharField(max_length=20)
    risk_rule = models.CharField(max_length=20)
    # After so many hours the lead may pass a turn for a member that has not said what it wants.
    turn_hours = models.PositiveSmallIntegerField(default=48)
    state = models.CharField(max_length=20, default=BLOCK.initial)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="block_state_is_known", condition=Q(state__in=sorted(BLOCK.states))),
            models.CheckConstraint(name="block_has_beds", condition=Q(beds__gte=1, beds__lte=200)),
            models.CheckConstraint(
                name="block_ends_after_it_starts", condition=Q(ends_on__gt=F("starts_on"))
            ),
            models.CheckConstraint(
                name="block_rules_are_known",
                condition=Q(turn_rule__in=sorted(TURN_RULES), risk_rule__in=sorted(RISK_RULES)),
            ),
        ]
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        """The number of the block."""
        return f"BL-{self.pk:05d}"

    def price_lines(self) -> tuple[PriceLine, ...]:
        """Its price from day to day, for all beds together, as core prices it."""
        prices = list(self.prices.all())
        ends = [*(one.starts_on for one in prices[1:]), None]
        return tuple(
            PriceLine(
                PriceKind.BLOCK, PriceUnit(one.unit), one.amount_pence, starts_on=one.starts_on, ends_on=end
            )
            for one, end in zip(prices, ends, strict=True)
        )


class BlockPrice(OfBlock):
    """What all beds of a block cost together from a day on."""

    tenancy: ClassVar = PARTIES
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    block = models.ForeignKey(SharedBlock, models.PROTECT, related_name="prices")
    starts_on = models.DateField()
    amount_pence = models.BigIntegerField()
    unit = models.CharField(max_length=12)
    reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["block", "starts_on"], name="one_block_price_a_day"),
            models.CheckConstraint(
                name="block_price_is_known", condition=Q(unit__in=sorted(UNITS), amount_pence__gte=0)
            ),
        ]
        ordering: ClassVar = ["starts_on"]

    def __str__(self) -> str:
        return f"{self.amount_pence}p {UNITS[self.unit]}"


class BlockMember(OfBlock):
    """An authority (`authority`) that keeps the beds with others, in the order agreed, with its share of the whole."""

    tenancy: ClassVar = PARTIES
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    block = models.ForeignKey(SharedBlock, models.PROTECT, related_name="members")
    place = models.PositiveSmallIntegerField()
    top = models.BigIntegerField()
    bottom = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["block", "authority"], name="one_member_once"),
            models.UniqueConstraint(fields=["block", "place"], name="one_member_at_a_place"),
            models.CheckConstraint(name="a_member_has_a_share", condition=Q(top__gt=0, bottom__gte=F("top"))),
        ]
        ordering: ClassVar = ["place"]

    def __str__(self) -> str:
        return f"{self.authority_id} in {self.block_id}"

    def as_member(self) -> Member:
        """As core divides by it."""
        return Member(self.authority_id, Fraction(self.top, self.bottom))


class BlockNomination(OfBlock):
    """An authority (`authority`) asks for a bed; it is taken when it is its turn. No child is named to the others."""

    tenancy: ClassVar = PARTIES
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    block = models.ForeignKey(SharedBlock, models.PROTECT, related_name="nominations")
    needed_on = models.DateField()
    words = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=20, default=NOMINATION.initial)
    version = models.PositiveIntegerField(default=1)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="nomination_state_is_known", condition=Q(state__in=sorted(NOMINATION.states))
            )
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"BN-{self.pk:06d}"


class BlockTurn(OfBlock):
    """A turn that a member (`authority`) had: it took a bed, passed, or did not answer in time."""

    tenancy: ClassVar = PARTIES
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    block = models.ForeignKey(SharedBlock, models.PROTECT, related_name="turns")
    kind = models.CharField(max_length=8)
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="turn_kind_is_known", condition=Q(kind__in=["took", "passed", "lapsed"])
            )
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.authority_id} {self.kind}"


class BlockHandover(OfBlock):
    """An empty bed offered to an authority (`authority`) at an agreed price a night."""

    tenancy: ClassVar = PARTIES
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    block = models.ForeignKey(SharedBlock, models.PROTECT, related_name="handovers")
    starts_on = models.DateField()
    ends_on = models.DateField()
    night_pence = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=20, default=HANDOVER.initial)
    version = models.PositiveIntegerField(default=1)
    offered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="handover_state_is_known", condition=Q(state__in=sorted(HANDOVER.states))
            ),
            models.CheckConstraint(
                name="handover_is_for_nights", condition=Q(ends_on__gt=F("starts_on"), night_pence__gte=0)
            ),
        ]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"BH-{self.pk:05d}"


class BlockStay(OfBlock):
    """Nights for which an authority (`authority`) has a bed: as a member, or taken over at a price a night."""

    tenancy: ClassVar = PARTIES
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    block = models.ForeignKey(SharedBlock, models.PROTECT, related_name="stays")
    bed = models.PositiveSmallIntegerField()
    period = DateRangeField()
    nomination = models.OneToOneField(BlockNomination, models.PROTECT, null=True, related_name="stay")
    handover = models.OneToOneField(BlockHandover, models.PROTECT, null=True, related_name="stay")
    night_pence = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="no_bed_of_a_block_twice",
                expressions=[
                    (key_as_range("block_id"), RangeOperators.OVERLAPS),
                    (key_as_range("bed"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="a_bed_is_used_or_taken_over",
                condition=Q(nomination__isnull=False, handover__isnull=True, night_pence__isnull=True)
                | Q(nomination__isnull=True, handover__isnull=False, night_pence__gte=0),
            ),
        ]
        ordering: ClassVar = ["bed", "period"]

    def __str__(self) -> str:
        return f"bed {self.bed} of {self.block_id}"


class BlockSettlement(OfBlock):
    """A month of a block worked out: its cost, its nights, and what was at risk; signed by each authority."""

    tenancy: ClassVar = PARTIES
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    block = models.ForeignKey(SharedBlock, models.PROTECT, related_name="settlements")
    month = models.DateField()
    period = DateRangeField()
    cost_pence = models.BigIntegerField()
    bed_nights = models.PositiveIntegerField()
    risk_pence = models.BigIntegerField()
    state = models.CharField(max_length=20, default=SETTLEMENT.initial)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    # The signed statement of the same month that this one takes the place of; the difference alone is charged.
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="settlement_state_is_known", condition=Q(state__in=sorted(SETTLEMENT.states))
            ),
            models.UniqueConstraint(
                fields=["block", "month"], name="one_settlement_of_a_month",
                condition=~Q(state__in=OPEN_AGAIN),
            ),
            models.CheckConstraint(name="settled_from_the_first", condition=Q(month__day=1)),
        ]  # fmt: skip
        ordering: ClassVar = ["-month", "-id"]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"


class BlockShare(OfBlock):
    """What an authority (`authority`) bears of a month: nights used, nights taken over, its risk or (below zero) reward."""

    tenancy: ClassVar = PARTIES
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    settlement = models.ForeignKey(BlockSettlement, models.PROTECT, related_name="shares")
    nights = models.PositiveIntegerField()
    used_pence = models.BigIntegerField()
    handed_nights = models.PositiveIntegerField()
    handed_pence = models.BigIntegerField()
    risk_pence = models.BigIntegerField()
    pence = models.BigIntegerField()
    state = models.CharField(max_length=20, default=BLOCK_SHARE.initial)
    version = models.PositiveIntegerField(default=1)
    words = models.CharField(max_length=500, blank=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="block_share_state_is_known", condition=Q(state__in=sorted(BLOCK_SHARE.states))
            ),
            models.UniqueConstraint(fields=["settlement", "authority"], name="one_share_of_a_month"),
            models.CheckConstraint(
                name="a_share_is_its_parts",
                condition=Q(pence=F("used_pence") + F("handed_pence") + F("risk_pence")),
            ),
            models.CheckConstraint(
                name="a_signature_has_a_name",
                condition=~Q(state="signed") | Q(signed_by__isnull=False, signed_at__isnull=False),
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.authority_id} {self.pence}p"
