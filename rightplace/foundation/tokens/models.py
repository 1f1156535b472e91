"""The table of tokens. The secret is not in it: only its hash, and its first letters to tell one from another."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from rightplace.foundation.access.models import Membership
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import Tenancy

LONGEST = timedelta(days=366)


class ApiToken(models.Model):
    """A token acts in one membership: when that ends, or its person leaves, the token ends at the next request."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    authority = models.ForeignKey(Authority, models.PROTECT, null=True)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    # Made by an access administrator for a system, with an account of its own that nobody can sign in to.
    is_service = models.BooleanField(default=False)
    scopes = ArrayField(models.CharField(max_length=40))
    hint = models.CharField(max_length=12)
    secret_sha256 = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    # The running minute and how many requests it has seen: the limit on requests is kept here.
    minute_at = models.DateTimeField(null=True)
    minute_count = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_token_acts_for_one_place",
                condition=Q(authority__isnull=False, provider__isnull=True)
                | Q(authority__isnull=True, provider__isnull=False),
            ),
            models.CheckConstraint(
                name="a_token_lives_at_most_a_year",
                condition=Q(expires_at__gt=F("made_at")) & Q(expires_at__lte=F("made_at") + LONGEST),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "-made_at"], name="tokens_of_an_authority"),
            models.Index(fields=["provider", "-made_at"], name="tokens_of_a_provider"),
        ]

    def __str__(self) -> str:
        return self.name
