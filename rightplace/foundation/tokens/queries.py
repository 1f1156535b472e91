"""Questions about tokens: those that an actor may see."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ACCESS_OFFICER, PROVIDER
from rightplace.foundation.tokens.models import ApiToken


def tokens(actor: Actor) -> QuerySet[ApiToken]:
    """The tokens that this actor may see and end, the newest first: one's own; all of the authority for its access
    administrator, all of the provider for its people."""
    rows = ApiToken.objects.select_related("membership__user").order_by("-made_at", "-id")
    if actor.role == PROVIDER:
        return rows.filter(provider_id=actor.provider_id or 0)
    if actor.role == ACCESS_OFFICER:
        return rows.filter(authority_id=actor.authority_id)
    return own_tokens(actor)


def own_tokens(actor: Actor) -> QuerySet[ApiToken]:
    """The tokens that act as this person in this place, the newest first."""
    rows = ApiToken.objects.select_related("membership__user").order_by("-made_at", "-id")
    where = {"authority_id": actor.authority_id or None, "provider_id": actor.provider_id}
    return rows.filter(membership__user_id=actor.user_id or 0, membership__role=actor.role, **where)


def state_of(row: ApiToken, now: datetime) -> str:
    """How a token stands: active, expired, revoked, or ended because its person no longer holds the role."""
    if row.revoked_at is not None:
        return "revoked"
    if row.expires_at <= now:
        return "expired"
    held = row.membership
    has_left = not held.user.is_active or (
        held.ends_on is not None and held.ends_on <= timezone.localdate(now)
    )
    return "ended" if has_left else "active"
