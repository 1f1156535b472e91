"""Tables of webhooks: where to tell what, and the outbox of messages with how each fared.

The signing secret is in no table: it is made from the installation's own key and the webhook's nonce.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import Tenancy


class Webhook(models.Model):
    """An address that is told of some kinds of event of one authority, or of one provider."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    authority = models.ForeignKey(Authority, models.PROTECT, null=True)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    kinds = ArrayField(models.CharField(max_length=40))
    nonce = models.UUIDField(default=uuid.uuid4, unique=True)
    state = models.CharField(max_length=10, default="active")
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_webhook_is_of_one_place",
                condition=Q(authority__isnull=False, provider__isnull=True)
                | Q(authority__isnull=True, provider__isnull=False),
            ),
            models.CheckConstraint(
                name="webhook_state_is_known", condition=Q(state__in=["active", "paused", "ended"])
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state"], name="webhooks_of_an_authority"),
            models.Index(fields=["provider", "state"], name="webhooks_of_a_provider"),
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """A message to one webhook: written with what it tells of, sent at least once by the worker."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    authority = models.ForeignKey(Authority, models.PROTECT, null=True)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    # The same for every attempt, so that the receiver can tell a repeat.
    event_id = models.UUIDField(default=uuid.uuid4)
    kind = models.CharField(max_length=40)
    body = models.JSONField()
    state = models.CharField(max_length=10, default="waiting")
    made_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_fault = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="delivery_state_is_known", condition=Q(state__in=["waiting", "delivered", "dead"])
            ),
            models.UniqueConstraint(fields=["webhook", "event_id"], name="an_event_once_to_a_webhook"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at", "id"], name="deliveries_waiting", condition=Q(state="waiting")
            ),
            models.Index(fields=["webhook", "-made_at", "-id"], name="deliveries_of_a_webhook"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
