"""Tables of offers: a place proposed, its price lines, and how each need, outcome and essential criterion will be met."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.core.pricing import PriceKind, PriceLine, PriceUnit
from rightplace.foundation.access.models import User
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.offers.states import OFFER
from rightplace.journey.search.models import Invitation, Search
from rightplace.register.carers.models import Household
from rightplace.register.providers.models import NamedCarer, Setting

PRICE_KINDS = tuple(sorted(kind.value for kind in PriceKind))
PRICE_UNITS = tuple(sorted(unit.value for unit in PriceUnit))
OFFERED_KINDS = tuple(kind for kind in PRICE_KINDS if kind not in ("allowance", "block", "fee"))
OFFERED_UNITS = tuple(unit for unit in PRICE_UNITS if unit not in ("four_weeks", "session", "mile"))
"""What an offer is priced by, so that offers compare; a contract knows more."""


class Offer(models.Model):
    """A place proposed by a provider, or for an own household, in answer to an invitation. Sealed until the search closes."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    search = models.ForeignKey(Search, models.CASCADE, related_name="offers")
    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="offers")
    household = models.ForeignKey(Household, models.PROTECT, null=True)
    setting = models.ForeignKey(Setting, models.PROTECT, null=True)
    named_carer = models.ForeignKey(NamedCarer, models.PROTECT, null=True)
    home_words = models.CharField(max_length=200, blank=True)
    home_postcode_district = models.CharField(max_length=4, blank=True)
    state = models.CharField(max_length=20, default=OFFER.initial)
    version = models.PositiveIntegerField(default=1)
    starts_on = models.DateField(null=True)
    open_until = models.DateField(null=True)
    support_words = models.TextField(blank=True)
    education_words = models.TextField(blank=True)
    others_at_home = models.TextField(blank=True)
    made_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    made_by = models.CharField(max_length=200)
    is_on_behalf = models.BooleanField(default=False)
    # The broker who typed it on behalf: before closing only this person on the authority's side may open it.
    typed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    withdraw_reason = models.CharField(max_length=300, blank=True)
    feedback = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="offer_state_is_known", condition=Q(state__in=sorted(OFFER.states))),
            models.UniqueConstraint(
                fields=["invitation"], name="one_open_offer_to_an_invitation", condition=~Q(state="withdrawn")
            ),
            models.UniqueConstraint(
                fields=["search"],
                name="one_offer_chosen_in_a_search",
                condition=Q(state__in=["chosen", "accepted"]),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["provider", "-made_at", "id"], name="offers_of_a_provider")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number people use when they speak of this offer."""
        return f"O-{self.pk:06d}"


class PricedLine(models.Model):
    """What a price line is, in an offer and in the contract made from it.

    A discount is an amount taken off, or a percentage in `basis_points`; amounts are never negative.
    """

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    kind = models.CharField(max_length=20)
    unit = models.CharField(max_length=10)
    amount_pence = models.BigIntegerField(default=0)
    quantity = models.DecimalField(max_digits=8, decimal_places=2, default=1)
    basis_points = models.PositiveIntegerField(default=0)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(name="%(class)s_kind_is_known", condition=Q(kind__in=PRICE_KINDS)),
            models.CheckConstraint(name="%(class)s_unit_is_known", condition=Q(unit__in=PRICE_UNITS)),
            models.CheckConstraint(
                name="%(class)s_amount_in_bounds",
                condition=Q(amount_pence__gte=0, amount_pence__lte=10_000_000_000),
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_pence}p a {self.unit}"

    def as_price_line(self) -> PriceLine:
        """The same line as core prices it."""
        return PriceLine(
            kind=PriceKind(self.kind),
            unit=PriceUnit(self.unit),
            amount_pence=self.amount_pence,
            quantity=self.quantity,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            basis_points=self.basis_points,
        )


class OfferLine(PricedLine):
    """One line of an offer's price."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="lines")


class OfferAnswer(models.Model):
    """How one need, outcome or criterion of the request will be met: `topic` names which, `words` how."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="answers")
    about = models.CharField(max_length=10)
    # The key of the need, outcome or criterion within what was shown with the invitation, and its words then.
    topic = models.CharField(max_length=60)
    topic_words = models.CharField(max_length=500)
    is_met = models.BooleanField(null=True)
    words = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["offer", "about", "topic"], name="one_answer_to_a_topic"),
            models.CheckConstraint(
                name="offer_answer_is_about", condition=Q(about__in=["need", "outcome", "criterion"])
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.topic_words


class OfferEvidence(models.Model):
    """A file that supports an offer: a statement of purpose, a report, a profile."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.PROTECT)
    words = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.words
