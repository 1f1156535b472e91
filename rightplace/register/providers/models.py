"""Tables of the market: registered settings with their history, profiles, conditions, holds, and agencies' named carers.

A setting is a place registered with Ofsted (URN): a children's home, a fostering agency, supported accommodation.
These are shared facts: every authority sees the same row.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import Tenancy


class Setting(models.Model):
    """A setting on the Ofsted register, as last imported, with what its provider adds."""

    tenancy: ClassVar = Tenancy.SHARED

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="settings")
    urn = models.CharField(max_length=10, unique=True)
    # What it is on the register, as published, and which kind of home it is for matching.
    provision_type = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    is_name_withheld = models.BooleanField(default=False)
    status = models.CharField(max_length=30)
    sector = models.CharField(max_length=40, blank=True)
    places = models.PositiveSmallIntegerField(null=True)
    registered_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    local_authority = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=60, blank=True)
    constituency = models.CharField(max_length=80, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    located_by = models.CharField(max_length=30, blank=True)
    grade = models.CharField(max_length=40, blank=True)
    graded_on = models.DateField(null=True)
    is_short_break_only = models.BooleanField(default=False)
    as_at = models.DateField(null=True)

    # What the provider says of it, and when it last said so.
    min_age = models.PositiveSmallIntegerField(default=0)
    max_age = models.PositiveSmallIntegerField(default=17)
    sexes = models.CharField(max_length=1, blank=True)
    skills = ArrayField(models.CharField(max_length=40), default=list)
    languages = ArrayField(models.CharField(max_length=40), default=list)
    faiths = ArrayField(models.CharField(max_length=40), default=list)
    has_pets = models.BooleanField(null=True)
    is_adapted = models.BooleanField(null=True)
    is_solo = models.BooleanField(default=False)
    vacancies_stated = models.PositiveSmallIntegerField(null=True)
    vacancies_stated_at = models.DateTimeField(null=True)
    weekly_from_pence = models.BigIntegerField(null=True)
    # Expected on top of the fee for one child a week, and the needs that the home does not take.
    transport_weekly_pence = models.PositiveIntegerField(default=0, db_default=0)
    education_weekly_pence = models.PositiveIntegerField(default=0, db_default=0)
    needs_declined = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    profile_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "status"], name="settings_of_a_kind"),
            models.Index(fields=["local_authority"], name="settings_of_an_area"),
            models.Index(fields=["name", "id"], name="settings_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class SettingChange(models.Model):
    """One fact of a setting that a later import changed: grade, places, status or owner."""

    tenancy: ClassVar = Tenancy.SHARED

    setting = models.ForeignKey(Setting, models.CASCADE, related_name="changes")
    fact = models.CharField(max_length=30)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    as_at = models.DateField()
    import_run_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["setting", "as_at"], name="changes_of_a_setting")]

    def __str__(self) -> str:
        return f"{self.fact}: {self.before} → {self.after}"


class Condition(models.Model):
    """A condition of registration: it binds (ages, places, needs) from a day until another; ended, it stays as history.

    A home takes none of `needs_barred`, and where `needs_only` is not empty only children with one of those.
    """

    tenancy: ClassVar = Tenancy.SHARED

    setting = models.ForeignKey(Setting, models.CASCADE, related_name="conditions")
    words = models.CharField(max_length=500)
    min_age = models.PositiveSmallIntegerField(null=True)
    max_age = models.PositiveSmallIntegerField(null=True)
    max_places = models.PositiveSmallIntegerField(null=True)
    needs_only = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    needs_barred = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    # The authority that saw it on the certificate; none where it was imported.
    recorded_by = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, db_default=1)

    def __str__(self) -> str:
        return self.words


class Hold(models.Model):
    """No new placements for now: a suspension or a concern, shared at once with authorities that one has agreed to share with."""

    tenancy: ClassVar = Tenancy.shared_concern("raised_by_id", "setting_id")

    setting = models.ForeignKey(Setting, models.CASCADE, related_name="holds")
    kind = models.CharField(max_length=20)
    reason = models.CharField(max_length=500)
    raised_by = models.ForeignKey(Authority, models.PROTECT)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    # Placed by a concern: it ends when that is lifted, by two people.
    is_of_concern = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="hold_kind_is_known", condition=Q(kind__in=["suspension", "concern"]))
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.setting}"


class NamedCarer(models.Model):
    """A foster carer of an agency, under a reference of the agency's own: never a name or an address here."""

    tenancy: ClassVar = Tenancy.SHARED

    setting = models.ForeignKey(Setting, models.CASCADE, related_name="named_carers")
    reference = models.CharField(max_length=40)
    places = models.PositiveSmallIntegerField(default=1)
    postcode_district = models.CharField(max_length=4, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["setting", "reference"], name="one_named_carer_of_a_reference")
        ]

    def __str__(self) -> str:
        return self.reference


class Payee(models.Model):
    """A payee of published council spending, under all ways of writing its name, and the provider that it is.

    `state`: linked (by the rules), confirmed or refused (by a person: it is this provider, or none of the register),
    doubtful (near to `suggested`), unlinked (nothing near), withheld (no name: redacted, or a private person's).
    """

    tenancy: ClassVar = Tenancy.SHARED

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=20)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="payees")
    suggested = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    # The kind of home that it is paid for, where its provider has only one kind or the name is one home's.
    kind = models.CharField(max_length=20, blank=True)
    # How alike the names are, of 100.
    score = models.PositiveSmallIntegerField(default=0)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "name"], name="payees_by_state")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="payee_state_is_known",
                condition=Q(state__in=["linked", "confirmed", "refused", "doubtful", "unlinked", "withheld"]),
            ),
            models.CheckConstraint(
                name="linked_payee_has_its_provider",
                condition=Q(state__in=["linked", "confirmed"], provider__isnull=False)
                | (~Q(state__in=["linked", "confirmed"]) & Q(provider__isnull=True)),
            ),
            models.CheckConstraint(
                name="decided_payee_says_by_whom",
                condition=~Q(state__in=["confirmed", "refused"]) | Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
