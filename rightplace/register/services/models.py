"""Tables of kinds of service (dated terms of an authority), of the services there are, and of transfer scheme counts."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from rightplace.core.services.kinds import LARGEST_AGE, KindTerms
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import Tenancy

LISTS = ("checks", "form_parts", "clocks", "price_units", "musts", "questions", "particulars", "indicators")


def lines() -> ArrayField[list[str], list[str]]:
    """A list of short lines, in the order in which they were written."""
    return ArrayField(models.CharField(max_length=200), default=list, blank=True)


class KindRow(models.Model):
    """What a kind of service is in an authority from a day on. Never edited: later terms take its place from their day."""

    tenancy: ClassVar = Tenancy.AUTHORITY
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    group = models.CharField(max_length=80, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    capacity = models.CharField(max_length=40, blank=True)
    is_home = models.BooleanField(default=False)
    home_kind = models.CharField(max_length=20, blank=True, default="", db_default="")
    min_age = models.PositiveSmallIntegerField(default=0)
    max_age = models.PositiveSmallIntegerField(default=LARGEST_AGE)
    checks = lines()
    form_parts = lines()
    clocks = lines()
    return_codes = models.CharField(max_length=60, blank=True)
    panel = models.CharField(max_length=60, blank=True)
    budget_line = models.CharField(max_length=60, blank=True)
    price_units = lines()
    musts = lines()
    questions = lines()
    particulars = ArrayField(models.CharField(max_length=200), default=list, blank=True, db_default=[])
    indicators = lines()
    source = models.CharField(max_length=200, blank=True)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["authority", "code", "starts_on"], name="one_kind_of_a_code_and_day"
            ),
            models.CheckConstraint(name="kind_ages_are_in_order", condition=Q(max_age__gte=F("min_age"))),
        ]
        ordering: ClassVar = ["code", "starts_on"]

    def __str__(self) -> str:
        return f"{self.name} from {self.starts_on}"

    def as_terms(self) -> KindTerms:
        """The same as core reads it."""
        facts = {name: getattr(self, name) for name in KindTerms.__dataclass_fields__}
        return KindTerms(**{**facts, **{name: tuple(facts[name]) for name in LISTS}})


class Service(models.Model):
    """A service that there is: of a kind, for whom, where, kept true by its provider. Names no child; everybody sees it."""

    tenancy: ClassVar = Tenancy.SHARED
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    # None where somebody without an account offers it, as a charity that an authority knows.
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="services")
    name = models.CharField(max_length=160)
    kind_code = models.SlugField(max_length=60)
    about = models.TextField(blank=True)
    needs = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    min_age = models.PositiveSmallIntegerField(default=0)
    max_age = models.PositiveSmallIntegerField(default=LARGEST_AGE)
    places = models.PositiveSmallIntegerField(null=True)
    postcode = models.CharField(max_length=8, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    is_in_area = models.BooleanField(default=True)
    email = models.EmailField(blank=True)
    url = models.URLField(blank=True)
    confirmed_on = models.DateField()
    closed_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="service_ages_are_in_order", condition=Q(max_age__gte=F("min_age"))),
            models.UniqueConstraint(
                fields=["provider", "name", "kind_code"], name="one_service_of_a_name_and_kind"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["kind_code", "name", "id"], name="services_of_a_kind")]
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class TransferCount(models.Model):
    """How many unaccompanied children an authority cares for on a day, as published: by the transfer scheme's table."""

    tenancy: ClassVar = Tenancy.SHARED
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    gss_code = models.CharField(max_length=9)
    as_at = models.DateField()
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=200)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gss_code", "as_at"], name="one_transfer_count_a_day")
        ]
        ordering: ClassVar = ["gss_code", "-as_at"]

    def __str__(self) -> str:
        return f"{self.gss_code} on {self.as_at}: {self.number}"
