"""Tables of what providers show once for every framework, what a framework asks for, and applications."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Consortium, Provider
from rightplace.foundation.tenancy import Tenancy
from rightplace.register.buying import tenancy as whose
from rightplace.register.buying.states import APPLICATION
from rightplace.register.buying.words import EVIDENCE_KINDS
from rightplace.register.frameworks.models import Framework, Lot


class Document(models.Model):
    """A file that a provider gave: taken in by foundation/files, clean, kept once and never written over."""

    tenancy: ClassVar = whose.evidence("buying_document")
    refused_rights: ClassVar = "UPDATE, TRUNCATE"

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Evidence(models.Model):
    """One thing that a provider shows, with its expiry; a newer one of the kind replaces it, and both stay on record."""

    tenancy: ClassVar = whose.evidence("buying_evidence")

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=30)
    reference = models.CharField(max_length=120, blank=True)
    cover_pence = models.BigIntegerField(null=True)
    starts_on = models.DateField()
    expires_on = models.DateField(null=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=200)
    replaced_at = models.DateTimeField(null=True)
    # How many days before its end the last reminder was for; none was sent yet where it is empty.
    reminded_days = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="evidence_kind_is_known", condition=Q(kind__in=sorted(EVIDENCE_KINDS))
            ),
            models.UniqueConstraint(
                fields=["provider", "kind"],
                name="one_evidence_of_a_kind_stands",
                condition=Q(replaced_at__isnull=True),
            ),
            models.CheckConstraint(
                name="evidence_expires_after_it_starts",
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=models.F("starts_on")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["expires_on"], name="evidence_by_expiry")]

    @property
    def words(self) -> str:
        """What it is."""
        return EVIDENCE_KINDS[self.kind]

    def __str__(self) -> str:
        return self.words


class EvidenceCheck(models.Model):
    """What a consortium found when it looked at a piece of evidence: good for every framework of that consortium."""

    tenancy: ClassVar = Tenancy.CONSORTIUM_OR_PROVIDER

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="checks")
    is_good = models.BooleanField()
    words = models.CharField(max_length=500, blank=True)
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["checked_at", "id"]

    def __str__(self) -> str:
        return f"{self.evidence}: {'good' if self.is_good else 'questioned'}"


class Requirement(models.Model):
    """What a framework asks of everyone on it: a kind of evidence, for insurance with the least cover."""

    tenancy: ClassVar = Tenancy.SHARED

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="requirements")
    kind = models.CharField(max_length=30)
    least_cover_pence = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "kind"], name="one_requirement_of_a_kind"),
            models.CheckConstraint(
                name="requirement_kind_is_known", condition=Q(kind__in=sorted(EVIDENCE_KINDS))
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return EVIDENCE_KINDS[self.kind]


class Application(models.Model):
    """A provider's wish to stand on a lot, and what came of it."""

    tenancy: ClassVar = Tenancy.CONSORTIUM_OR_PROVIDER

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="applications")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="applications")
    state = models.CharField(max_length=20, default=APPLICATION.initial)
    version = models.PositiveIntegerField(default=1)
    statement = models.TextField(blank=True)
    applied_at = models.DateTimeField()
    applied_by = models.CharField(max_length=200)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="application_state_is_known", condition=Q(state__in=sorted(APPLICATION.states))
            ),
            models.UniqueConstraint(
                fields=["lot", "provider"],
                name="one_application_waits",
                condition=Q(state__in=["submitted", "evaluating"]),
            ),
            models.CheckConstraint(
                name="refused_application_says_why", condition=~Q(state="refused") | ~Q(reason="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["consortium", "state", "applied_at"], name="applications_by_state")
        ]

    @property
    def audited_as(self) -> tuple[str, int]:
        """As the trail calls it."""
        return ("application", self.pk)

    def __str__(self) -> str:
        return f"{self.provider} for {self.lot}"


class ApplicationPrice(models.Model):
    """What the applicant asks a week for a band of need."""

    tenancy: ClassVar = Tenancy.CONSORTIUM_OR_PROVIDER

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, models.CASCADE, related_name="prices")
    band = models.CharField(max_length=20)
    weekly_pence = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "band"], name="one_price_a_band"),
            models.CheckConstraint(name="applied_price_is_above_nought", condition=Q(weekly_pence__gt=0)),
        ]
        ordering: ClassVar = ["weekly_pence"]

    def __str__(self) -> str:
        return f"{self.band}: {self.weekly_pence}p"
