"""Tables of planning and of the consortium: what is to be bought and when, who leads, shared services, published releases."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority, Consortium, Provider
from rightplace.foundation.tenancy import Tenancy
from rightplace.register.buying.tender_tables import Tender
from rightplace.register.buying.words import PLAN_KINDS, RELEASE_KINDS, SERVICE_KINDS
from rightplace.register.frameworks.models import Framework
from rightplace.register.providers.models import Setting


class Plan(models.Model):
    """One line of the pipeline: what is to be bought, by which route, at what value, by when, who owns it."""

    tenancy: ClassVar = Tenancy.CONSORTIUM

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    lead = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=12)
    route = models.CharField(max_length=20)
    value_pence = models.BigIntegerField()
    owner = models.CharField(max_length=120)
    begins_on = models.DateField()
    needed_on = models.DateField()
    framework = models.ForeignKey(Framework, models.PROTECT, null=True, related_name="plans")
    decision = models.CharField(max_length=300, blank=True)
    decided_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="plan_kind_is_known", condition=Q(kind__in=sorted(PLAN_KINDS))),
            models.CheckConstraint(name="plan_has_time", condition=Q(needed_on__gt=models.F("begins_on"))),
        ]
        indexes: ClassVar = [models.Index(fields=["consortium", "needed_on"], name="plans_by_need")]

    @property
    def audited_as(self) -> tuple[str, int]:
        """As the trail calls it."""
        return ("plan", self.pk)

    def __str__(self) -> str:
        return self.title


class Milestone(models.Model):
    """A step of a plan with its day and owner."""

    tenancy: ClassVar = Tenancy.CONSORTIUM

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="milestones")
    words = models.CharField(max_length=160)
    owner = models.CharField(max_length=120, blank=True)
    due_on = models.DateField()
    done_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["due_on", "id"]

    def __str__(self) -> str:
        return self.words


class ProviderLead(models.Model):
    """The authority that leads for a provider in a consortium: it agrees fees and leads visits for all."""

    tenancy: ClassVar = Tenancy.CONSORTIUM_OR_PROVIDER

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="leads")
    lead = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    starts_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consortium", "provider"], name="one_lead_a_provider")
        ]

    def __str__(self) -> str:
        return f"{self.lead} for {self.provider}"


class SharedService(models.Model):
    """What one member has that the others may use."""

    tenancy: ClassVar = Tenancy.CONSORTIUM

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    lead = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=12)
    about = models.TextField()
    contact = models.CharField(max_length=200)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="service_kind_is_known", condition=Q(kind__in=sorted(SERVICE_KINDS)))
        ]

    def __str__(self) -> str:
        return self.name


class Release(models.Model):
    """One published notice as an OCDS release; never written over: a later release of the same process follows it."""

    tenancy: ClassVar = Tenancy.CONSORTIUM
    refused_rights: ClassVar = "UPDATE, TRUNCATE"

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    tender = models.ForeignKey(Tender, models.PROTECT, null=True, related_name="releases")
    kind = models.CharField(max_length=30)
    ocid = models.CharField(max_length=80)
    number = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=200)
    body = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="release_kind_is_known", condition=Q(kind__in=sorted(RELEASE_KINDS)))
        ]
        indexes: ClassVar = [models.Index(fields=["consortium", "-published_at"], name="releases_by_day")]

    def __str__(self) -> str:
        return self.number


class BedTurn(models.Model):
    """Two members or more want one bed: who goes first by the consortium's rule, why, and until when the others wait."""

    tenancy: ClassVar = Tenancy.CONSORTIUM

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    setting = models.ForeignKey(Setting, models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    # Every authority that wants it, the first one among them.
    seen_by = ArrayField(models.BigIntegerField())
    why = models.CharField(max_length=300)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    until = models.DateTimeField()
    is_over = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["consortium", "setting"],
                name="one_turn_for_a_bed_at_a_time",
                condition=Q(is_over=False),
            ),
            models.CheckConstraint(name="a_bed_turn_says_why", condition=~Q(why="")),
        ]

    def __str__(self) -> str:
        return f"{self.authority} first in {self.setting}"
