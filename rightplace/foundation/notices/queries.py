"""Questions about notices: what waits on this actor's desk."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.notices.models import Notice


def notices(actor: Actor) -> QuerySet[Notice]:
    """Everything told to this actor: to the person, to the role, or to the provider; newest first."""
    if actor.provider_id is not None:
        mine = Q(provider_id=actor.provider_id)
    else:
        mine = Q(authority_id=actor.authority_id) & (Q(user_id=actor.user_id) | Q(role=actor.role))
    return Notice.objects.filter(mine).order_by("-at", "-id")


def unread_count(actor: Actor) -> int:
    """How many notices this actor has not read."""
    return notices(actor).filter(read_at__isnull=True).count()
