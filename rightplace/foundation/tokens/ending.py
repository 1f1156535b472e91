"""Tokens of somebody who left end with their sessions, in the same transaction."""

from __future__ import annotations

from django.utils import timezone

from rightplace.foundation.access.events import PersonLeft
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.queries import not_over
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.tokens.models import ApiToken


def follow_person_left(event: PersonLeft) -> None:
    """End every token that acts in a role this person no longer holds.

    A token is asked for its role at each request anyway; ended, it stays so when the person comes back.
    """
    with as_system():
        held = Membership.objects.filter(not_over(timezone.localdate(event.now)), user_id=event.user_id)
        rows = ApiToken.objects.filter(membership__user_id=event.user_id, revoked_at=None)
        rows.exclude(membership__in=held).update(revoked_at=event.now, revoked_by=event.by.name)
