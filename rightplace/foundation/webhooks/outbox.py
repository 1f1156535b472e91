"""The outbox: messages are written in the transaction of what they tell of, and sent by the worker at least once.

A message is first taken for a minute (so that another worker leaves it, and a killed worker's comes round again), then
sent outside any transaction, then noted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Q

from rightplace.foundation.access.roles import ACCESS_OFFICER
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.notices.actions import tell_provider, tell_role
from rightplace.foundation.webhooks.models import Delivery, Webhook
from rightplace.foundation.webhooks.sending import Sent, secret_of, send

TAKEN_FOR = timedelta(minutes=1)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
MOST_ATTEMPTS = len(WAITS) + 1
AT_ONCE = 200
Sender = Callable[..., Sent]


def enqueue(
    kind: str,
    *,
    now: datetime,
    authority_id: int = 0,
    data: Mapping[str, Any],
    provider_ids: Sequence[int] = (),
) -> int:
    """Write a message for every active webhook of the authority (or of these providers) that wants this kind.

    Call it within the action's transaction: what is undone is never told. How many were written.
    """
    whose = Q(provider_id__in=list(provider_ids)) if provider_ids else Q(authority_id=authority_id)
    with as_system():
        rows = Webhook.objects.filter(whose, state="active", kinds__contains=[kind])
        written = [message(row, kind, now, data) for row in rows]
        Delivery.objects.bulk_create(written)
    return len(written)


def wanting(kind: str, provider_ids: Sequence[int]) -> set[int]:
    """Which of these providers want to be told of this kind."""
    with as_system():
        rows = Webhook.objects.filter(
            provider_id__in=list(provider_ids), state="active", kinds__contains=[kind]
        )
        return set(rows.values_list("provider_id", flat=True))


def message(row: Webhook, kind: str, now: datetime, data: Mapping[str, Any]) -> Delivery:
    """A message to a webhook: its id, kind and moment, and numbers to read more by; nothing about a person."""
    event_id = uuid4()
    body = {"id": str(event_id), "type": kind, "timestamp": now.isoformat(), "data": dict(data)}
    return Delivery(
        authority_id=row.authority_id,
        provider_id=row.provider_id,
        webhook=row,
        event_id=event_id,
        kind=kind,
        body=body,
        made_at=now,
        next_try_at=now,
    )


def deliver_due(now: datetime, *, sender: Sender = send) -> int:
    """Send what is due, one after the other; how many were taken. An address that fails is left alone for this run."""
    taken, failed = 0, set[int]()
    for _ in range(AT_ONCE):
        row = _take(now, failed)
        if row is None:
            break
        hook = row.webhook
        body = json.dumps(row.body, separators=(",", ":"), sort_keys=True).encode()
        sent = sender(hook.url, secret=secret_of(hook.nonce), event_id=row.event_id, body=body, now=now)
        _note(row, sent, now)
        taken += sent.is_taken
        if not sent.is_taken:
            failed.add(hook.pk)
    return taken


def _take(now: datetime, failed: set[int]) -> Delivery | None:
    """The message that has waited longest, taken so that no other worker sends it meanwhile."""
    with transaction.atomic():
        due = Delivery.objects.filter(state="waiting", next_try_at__lte=now, webhook__state="active")
        rows = due.exclude(webhook_id__in=failed).select_for_update(skip_locked=True, of=("self",))
        row = rows.select_related("webhook").order_by("next_try_at", "id").first()
        if row is not None:
            row.attempts += 1
            Delivery.objects.filter(pk=row.pk).update(
                attempts=row.attempts, tried_at=now, next_try_at=now + TAKEN_FOR
            )
        return row


def _note(row: Delivery, sent: Sent, now: datetime) -> None:
    changes: dict[str, Any] = {"last_status": sent.status, "last_fault": sent.fault}
    if sent.is_taken:
        changes |= {"state": "delivered", "delivered_at": now, "next_try_at": None}
    elif row.attempts >= MOST_ATTEMPTS:
        changes |= {"state": "dead", "next_try_at": None}
    else:
        changes["next_try_at"] = now + WAITS[row.attempts - 1]
    with transaction.atomic():
        Delivery.objects.filter(pk=row.pk, state="waiting").update(**changes)
        if changes.get("state") == "dead":
            _tell(row, now)


def _tell(row: Delivery, now: datetime) -> None:
    """Say once on the keeper's desk that a message was given up."""
    words = f"A message to the webhook “{row.webhook.name}” could not be delivered and was given up"
    if row.provider_id is not None:
        link = f"/portal/webhooks/{row.webhook_id}/"
        tell_provider(authority_id=None, provider_id=row.provider_id, words=words, link=link, now=now)
    elif row.authority_id is not None:
        link = f"/governance/webhooks/{row.webhook_id}/"
        tell_role(authority_id=row.authority_id, role=ACCESS_OFFICER, words=words, link=link, now=now)


def send_again(rows: Any, now: datetime) -> int:
    """Let messages that were delivered or given up go out once more, under the same id; how many."""
    changed: int = rows.exclude(state="waiting").update(
        state="waiting", attempts=0, next_try_at=now, delivered_at=None, last_fault=""
    )
    return changed
