"""The outbox: messages are written in the transaction of what they tell of, and sent by the worker at least once.

A message is first taken for a minute (so that another worker leaves it, and a killed worker's comes round again), then
sent outside any transaction, then noted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from time import monotonic
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
"""Messages in one run."""
TOGETHER = 8
"""Messages under way at the same time, each to another webhook."""
RUN_SECONDS = 20.0
"""After which a run begins no further message; one under way ends by itself within seconds (`sending.WHOLE_SECONDS`)."""
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


def deliver_due(now: datetime, *, sender: Sender = send, seconds: float = RUN_SECONDS) -> int:
    """Send what is due; how many were taken. One slow receiver holds up nobody else.

    Some messages are under way at once, but only one to each webhook, so that each gets its messages in their order. An
    address that fails is left alone for this run, and after `seconds` no further message is begun: the next run goes on.
    Threads do nothing but send; the database is this thread's alone.
    """
    until, begun, taken = monotonic() + seconds, 0, 0
    failed: set[int] = set()
    under_way: dict[Future[Sent], Delivery] = {}
    with ThreadPoolExecutor(TOGETHER, thread_name_prefix="webhook") as threads:
        while True:
            while len(under_way) < TOGETHER and begun < AT_ONCE and monotonic() < until:
                row = _take(now, failed | {one.webhook_id for one in under_way.values()})
                if row is None:
                    break
                begun += 1
                under_way[threads.submit(_send, sender, row, now)] = row
            if not under_way:
                return taken
            for done in wait(under_way, return_when=FIRST_COMPLETED).done:
                row, sent = under_way.pop(done), done.result()
                _note(row, sent, now)
                taken += sent.is_taken
                if not sent.is_taken:
                    failed.add(row.webhook_id)


def _send(sender: Sender, row: Delivery, now: datetime) -> Sent:
    body = json.dumps(row.body, separators=(",", ":"), sort_keys=True).encode()
    hook = row.webhook
    return sender(hook.url, secret=secret_of(hook.nonce), event_id=row.event_id, body=body, now=now)


def _take(now: datetime, left_alone: set[int]) -> Delivery | None:
    """The message that has waited longest, of webhooks not left alone; taken so that no other worker sends it meanwhile."""
    with transaction.atomic():
        due = Delivery.objects.filter(state="waiting", next_try_at__lte=now, webhook__state="active")
        rows = due.exclude(webhook_id__in=left_alone).select_for_update(skip_locked=True, of=("self",))
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
