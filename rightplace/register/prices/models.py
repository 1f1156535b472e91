"""The table of agreed prices: one row for each price of a contract from a day, with the need behind it and no child."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import Tenancy
from rightplace.register.providers.models import Setting

ROUTES = {"framework": "Framework", "block": "Block", "spot": "Spot purchase"}


class AgreedPrice(models.Model):
    """A price a week that an authority agreed with a provider, from a day until the next or the end of the stay."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT)
    setting = models.ForeignKey(Setting, models.PROTECT, null=True)
    # A plain number: the contract is the authority's own, and leads to a child.
    contract_number = models.BigIntegerField()
    home_kind = models.CharField(max_length=20)
    route = models.CharField(max_length=12)
    band = models.CharField(max_length=20, blank=True)
    need_points = models.PositiveSmallIntegerField(default=0)
    age = models.PositiveSmallIntegerField(default=0)
    is_alone = models.BooleanField(default=False)
    weekly_pence = models.BigIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["authority", "contract_number", "starts_on"], name="one_price_a_contract_and_start"
            ),
            models.CheckConstraint(name="price_route_is_known", condition=Q(route__in=sorted(ROUTES))),
            models.CheckConstraint(name="price_is_not_below_nought", condition=Q(weekly_pence__gte=0)),
            models.CheckConstraint(
                name="price_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
            ),
        ]
        # What is included lets a list of a million prices be counted, paged and added up from the index alone: what is filtered
        # by, and the provider, whom row security asks for.
        indexes: ClassVar = [
            models.Index(
                fields=["authority", "-starts_on", "-id"], include=["provider", "home_kind", "route"], name="prices_by_start"
            ),
            models.Index(
                fields=["authority", "weekly_pence", "id"], include=["provider", "home_kind", "route"], name="prices_by_amount"
            ),
            models.Index(fields=["provider", "-starts_on"], name="prices_of_a_provider"),
            models.Index(fields=["setting", "-starts_on"], name="prices_of_a_home"),
            models.Index(
                fields=["authority", "home_kind", "-starts_on", "-id"], include=["provider", "route"], name="prices_of_a_kind"
            ),
            models.Index(
                fields=["authority", "ends_on"], include=["provider", "starts_on", "home_kind", "route", "weekly_pence"],
                name="prices_by_end",
            ),
            models.Index(
                fields=["authority", "home_kind", "ends_on"],
                include=["provider", "starts_on", "weekly_pence", "need_points", "age", "is_alone", "band"],
                name="prices_to_compare",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.weekly_pence}p a week from {self.starts_on}"
