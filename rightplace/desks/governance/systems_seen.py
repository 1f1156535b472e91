"""Tokens, webhooks and messages as their pages show them: plain values, since these pages are the portal's too.

A row in a template's reach would let a page wander to whatever it is related to (tests/security/test_pages.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rightplace.foundation.access.roles import ROLES
from rightplace.foundation.tokens.models import ApiToken
from rightplace.foundation.tokens.queries import state_of
from rightplace.foundation.webhooks.models import Delivery


@dataclass(frozen=True, slots=True)
class TokenSeen:
    """A token: who it acts as in words, and how it stands, as its code."""

    pk: int
    name: str
    hint: str
    acts_as: str
    scopes: tuple[str, ...]
    state: str
    made_at: datetime
    made_by: str
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str


def token_seen(row: ApiToken, now: datetime) -> TokenSeen:
    """A token as it stands now."""
    return TokenSeen(
        row.pk, row.name, row.hint, _acts_as(row), tuple(row.scopes), state_of(row, now), row.made_at, row.made_by,
        row.expires_at, row.last_used_at, row.revoked_at, row.revoked_by,
    )  # fmt: skip


def _acts_as(row: ApiToken) -> str:
    role = ROLES[row.membership.role].words.lower()
    return f"A system, {role}" if row.is_service else f"{row.membership.user}, {role}"


@dataclass(frozen=True, slots=True)
class WebhookSeen:
    """A webhook, with how many of its messages wait or were given up."""

    pk: int
    name: str
    url: str
    kinds: tuple[str, ...]
    state: str
    version: int
    made_at: datetime
    made_by: str
    waiting: int
    dead: int
    delivered_at: datetime | None


def webhook_seen(row: Any) -> WebhookSeen:
    """A webhook as `queries.webhooks` counted it."""
    return WebhookSeen(
        row.pk, row.name, row.url, tuple(row.kinds), row.state, row.version, row.made_at, row.made_by, row.waiting,
        row.dead, row.delivered_at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeliverySeen:
    """A message and how its last attempt fared."""

    pk: int
    kind: str
    state: str
    event_id: UUID
    made_at: datetime
    attempts: int
    tried_at: datetime | None
    next_try_at: datetime | None
    answer: str


def delivery_seen(row: Delivery) -> DeliverySeen:
    """A message as it stands."""
    answer = row.last_fault or (f"HTTP {row.last_status}" if row.last_status else "Not tried yet")
    return DeliverySeen(
        row.pk,
        row.kind,
        row.state,
        row.event_id,
        row.made_at,
        row.attempts,
        row.tried_at,
        row.next_try_at,
        answer,
    )
