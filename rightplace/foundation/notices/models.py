"""Tables of telling people: notices on their desk, and e-mails waiting to go out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import Tenancy


class Notice(models.Model):
    """A sentence on somebody's desk, to one person, or to everyone of a role in an authority, or to a provider."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    authority = models.ForeignKey(Authority, models.CASCADE, null=True)
    provider = models.ForeignKey(Provider, models.CASCADE, null=True)
    user = models.ForeignKey(User, models.CASCADE, null=True)
    role = models.CharField(max_length=30, blank=True)
    words = models.CharField(max_length=300)
    link = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["authority", "role", "-at"], name="notices_of_a_desk"),
            models.Index(fields=["provider", "-at"], name="notices_of_a_provider"),
        ]

    def __str__(self) -> str:
        return self.words


class OutgoingEmail(models.Model):
    """An e-mail in the outbox. It never carries personal data: only that something waits, and a link."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    authority = models.ForeignKey(Authority, models.CASCADE, null=True)
    provider = models.ForeignKey(Provider, models.CASCADE, null=True)
    to = models.EmailField()
    subject = models.CharField(max_length=150)
    body = models.TextField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["made_at"], name="outbox", condition=models.Q(sent_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"
