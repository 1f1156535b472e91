"""Questions about webhooks: those that an actor keeps, and the messages of each."""

from __future__ import annotations

from django.db.models import Count, Max, Q, QuerySet

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ACCESS_OFFICER, PROVIDER
from rightplace.foundation.webhooks.models import Delivery, Webhook


def webhooks(actor: Actor) -> QuerySet[Webhook]:
    """The webhooks that this actor keeps, by name: the authority's for its access administrator, a provider's own."""
    rows = Webhook.objects.exclude(state="ended").order_by("name", "id")
    if actor.role == PROVIDER:
        rows = rows.filter(provider_id=actor.provider_id or 0)
    elif actor.role == ACCESS_OFFICER:
        rows = rows.filter(authority_id=actor.authority_id)
    else:
        return rows.none()
    return rows.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state="waiting")),
        dead=Count("deliveries", filter=Q(deliveries__state="dead")),
        delivered_at=Max("deliveries__delivered_at"),
    )


def deliveries(actor: Actor, webhook_id: int) -> QuerySet[Delivery]:
    """The messages of one of the actor's webhooks, the newest first."""
    kept = webhooks(actor).filter(pk=webhook_id).values("pk")
    return Delivery.objects.filter(webhook_id__in=kept).order_by("-made_at", "-id")
