"""Using a token: who it acts for now, if it still may, and whether it asks too often.

Runs before there is a scope, since the token is what gives one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.tokens.actions import digest_of
from rightplace.foundation.tokens.models import ApiToken

_COUNT = """
    UPDATE tokens_apitoken
    SET last_used_at = %s, minute_at = %s, minute_count = CASE WHEN minute_at = %s THEN minute_count + 1 ELSE 1 END
    WHERE id = %s RETURNING minute_count
"""


@dataclass(frozen=True, slots=True)
class Used:
    """A token that may be used now: which, for whom it acts, what it may do."""

    token_id: int
    actor: Actor
    scopes: frozenset[str]


def token_in_use(secret: str, now: datetime) -> Used | None:
    """The token with this secret, if it is neither ended nor expired and its person still holds the role today."""
    rows = ApiToken.objects.select_related("membership__user").filter(revoked_at=None, expires_at__gt=now)
    row = rows.filter(secret_sha256=digest_of(secret)).first()
    if row is None or not _is_held(row, now):
        return None
    return Used(row.pk, row.membership.as_actor(), frozenset(row.scopes))


def _is_held(row: ApiToken, now: datetime) -> bool:
    held, today = row.membership, timezone.localdate(now)
    return held.user.is_active and held.starts_on <= today and (held.ends_on is None or held.ends_on > today)


def seconds_to_wait(token_id: int, now: datetime, *, most_a_minute: int) -> int:
    """Count a request; how long the token has to wait when it has asked too often in this minute, else 0."""
    minute = now.replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [now, minute, minute, token_id])
        row = cursor.fetchone()
    return 0 if row is None or row[0] <= most_a_minute else 60 - now.second
